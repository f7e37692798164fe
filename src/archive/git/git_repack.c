/*
 * git_repack - finds the packs and loose objects, has them joined and the old ones removed; packs become one in archive/pack/packmerge.c.
 *
 * All objects of the packs chosen go along, also those that nobody names: to
 * decide that is `git gc`'s business.
 */
#include "archive/git/git_repack.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archive/git/git_priv.h"
#include "archive/pack/pack.h"
#include "archive/pack/packmerge.h"
#include "archive/pack/error.h"
#include "base/fault.h"
#include "base/log.h"

#define PACKS_MAX 4096
/* One pack has offsets of 31 bits. */
#define BYTES_MAX ((size_t)INT32_MAX - (1 << 20))
#define ZLIB_LEVEL 6

struct one_pack {
	char name[256];
	size_t bytes;
};

struct repack_job {
	struct repo *r;
	bool sync;
	struct one_pack *packs;
	int npacks, taken; /* the first `taken` go into the new one */
	struct pack *more; /* loose objects */
	struct oid *loose;
	int nloose;
	struct arch_error why;
};

static void
pack_path(const struct repack_job *j, const char *name, const char *suffix, char out[PATH_MAX])
{
	must((size_t)snprintf(out, PATH_MAX, "%s/%s%s", j->r->packdir, name, suffix) < PATH_MAX);
}

/*
 * True for packs that are marked as not to be touched: by .keep, as a partial clone's, as gc's
 * collection of the unreachable.
 */
static bool
is_kept(const struct repack_job *j, const char *name)
{
	static const char *const marks[] = { ".keep", ".promisor", ".mtimes" };
	char path[PATH_MAX];

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		pack_path(j, name, marks[i], path);
		if (access(path, F_OK) == 0)
			return true;
	}
	pack_path(j, name, ".pack", path);
	return access(path, F_OK) != 0;
}

static int
by_bytes(const void *a, const void *b)
{
	size_t x = ((const struct one_pack *)a)->bytes, y = ((const struct one_pack *)b)->bytes;

	return x < y ? -1 : x > y;
}

static void
list_packs(struct repack_job *j)
{
	DIR *d = opendir(j->r->packdir);
	struct dirent *e;

	while (d && j->npacks < PACKS_MAX && (e = readdir(d)) != NULL) {
		struct one_pack *p = &j->packs[j->npacks];
		char *dot;

		snprintf(p->name, sizeof(p->name), "%s", e->d_name);
		dot = strrchr(p->name, '.');
		if (strncmp(p->name, "pack-", 5) != 0 || !dot || strcmp(dot, ".idx") != 0)
			continue;
		*dot = '\0';
		if (!is_kept(j, p->name) && (p->bytes = pack_mergeable(j->r->packdir, p->name)) > 0)
			j->npacks++;
	}
	if (d)
		closedir(d);
	qsort(j->packs, (size_t)j->npacks, sizeof(*j->packs), by_bytes);
}

/*
 * The largest ones stay as long as each holds twice what all smaller ones hold
 * together: so an object is copied again only when the archive has doubled.
 */
static void
choose(struct repack_job *j)
{
	size_t sum = 0;

	for (int i = 0; i < j->npacks; i++)
		sum += j->packs[i].bytes;
	for (j->taken = j->npacks; j->taken > 0; j->taken--) {
		size_t largest = j->packs[j->taken - 1].bytes;

		sum -= largest;
		if (sum + largest < BYTES_MAX && (largest < 2 * sum || sum == 0))
			break;
	}
}

/* Calls fn for each loose object's directory number and file name. */
static int
each_loose(struct repack_job *j, int (*fn)(struct repack_job *j, const char *path, const struct oid *id))
{
	int rc = 0;

	for (unsigned i = 0; rc == 0 && i < 256; i++) {
		char dir[PATH_MAX], path[PATH_MAX], hex[OID_HEX + 1];
		struct dirent *e;
		struct oid id;
		DIR *d;

		if ((size_t)snprintf(dir, sizeof(dir), "%s/objects/%02x", j->r->gitdir, i) >= sizeof(dir) - 64)
			continue;
		d = opendir(dir);
		while (rc == 0 && d && (e = readdir(d)) != NULL) {
			if (strlen(e->d_name) != OID_HEX - 2)
				continue;
			snprintf(hex, sizeof(hex), "%02x%.38s", i, e->d_name);
			if (snprintf(path, sizeof(path), "%.3000s/%.38s", dir, e->d_name) > 0 &&
			    oid_parse(str_c(hex), &id))
				rc = fn(j, path, &id);
		}
		if (d)
			closedir(d);
	}
	return rc;
}

static int
take_loose(struct repack_job *j, const char *path, const struct oid *id)
{
	git_odb_object *o = NULL;
	git_oid g;
	int rc;

	memcpy(g.id, id->b, OID_SIZE);
	rc = git_odb_read(&o, j->r->odb, &g);
	if (rc != 0)
		return git_why(&j->why, path, rc);
	pack_put(j->more, (enum obj_type)git_odb_object_type(o), git_odb_object_data(o), git_odb_object_size(o), id);
	git_odb_object_free(o);
	if (j->nloose % 1024 == 0) {
		j->loose = realloc(j->loose, ((size_t)j->nloose + 1024) * sizeof(*j->loose));
		must(j->loose != NULL);
	}
	j->loose[j->nloose++] = *id;
	return 0;
}

static int
cmp_oid(const void *a, const void *b)
{
	return oid_cmp(a, b);
}

/* Removes the loose objects that went into the pack; others may have come meanwhile. */
static int
drop_loose(struct repack_job *j, const char *path, const struct oid *id)
{
	if (bsearch(id, j->loose, (size_t)j->nloose, sizeof(*j->loose), cmp_oid) && unlink(path) != 0)
		log_warn("cannot remove %s: %s", path, strerror(errno));
	return 0;
}

static void
drop_old(struct repack_job *j, const char *made)
{
	char path[PATH_MAX];

	/* A multi-pack-index that names packs which are gone would make git complain. */
	pack_path(j, "multi-pack-index", "", path);
	unlink(path);
	for (int i = 0; i < j->taken; i++) {
		if (strcmp(j->packs[i].name, made) != 0 && !is_kept(j, j->packs[i].name))
			pack_unlink(j->r->packdir, j->packs[i].name);
		(void)FAULT("repack.between_removals");
	}
	if (j->nloose == 0)
		return;
	qsort(j->loose, (size_t)j->nloose, sizeof(*j->loose), cmp_oid);
	each_loose(j, drop_loose);
}

static int
build(struct repack_job *j)
{
	const char *names[PACKS_MAX];
	char made[PACK_NAME_SIZE];

	if (each_loose(j, take_loose) != 0)
		return -1;
	if (j->taken < 2 && j->nloose == 0)
		return 0;
	for (int i = 0; i < j->taken; i++)
		names[i] = j->packs[i].name;
	if (packs_merge(j->r->packdir, names, (size_t)j->taken, j->more, ZLIB_LEVEL, j->sync, made, &j->why) != 0)
		return -1;
	(void)FAULT("repack.after_write");
	drop_old(j, made);
	return 0;
}

int
repack_now(const char *dir, bool sync)
{
	struct repack_job j = {
		.sync = sync, .packs = calloc(PACKS_MAX, sizeof(*j.packs)), .more = pack_new(ZLIB_LEVEL)
	};
	int rc = -1;

	must(j.packs != NULL);
	j.r = repo_open(dir, REPO_EXISTING, sync, &j.why);
	if (j.r) {
		list_packs(&j);
		choose(&j);
		rc = build(&j);
	}
	if (rc != 0)
		log_warn("repack: %s", j.why.text);
	repo_close(&j.r);
	pack_free(&j.more);
	free(j.loose);
	free(j.packs);
	return rc;
}

int
repack_count_packs(const char *packdir)
{
	DIR *d = opendir(packdir);
	struct dirent *e;
	int n = 0;

	while (d && (e = readdir(d)) != NULL) {
		const char *dot = strrchr(e->d_name, '.');

		n += dot && strcmp(dot, ".idx") == 0;
	}
	if (d)
		closedir(d);
	return n;
}

int
repack_count_loose(const char *gitdir)
{
	int n = 0;

	for (unsigned i = 0; i < 256; i++) {
		char path[PATH_MAX];
		struct dirent *e;
		DIR *d;

		snprintf(path, sizeof(path), "%s/objects/%02x", gitdir, i);
		d = opendir(path);
		while (d && (e = readdir(d)) != NULL)
			n += strlen(e->d_name) == OID_HEX - 2;
		if (d)
			closedir(d);
	}
	return n;
}
