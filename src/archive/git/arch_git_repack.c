/*
 * arch_git_repack - many packs into one, with deltas: libgit2's pack builder,
 * which looks for all deltas anew each time.
 *
 * All objects of the packs chosen go along, also those that nobody names: to
 * decide that is `git gc`'s business.
 */
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archive/git/arch_git_priv.h"
#include "archive/git/arch_pack.h"
#include "archive/git/arch_packjoin.h"
#include "archive/git/arch_repack.h"
#include "archive/content/arch_why.h"
#include "base/fault.h"
#include "base/log.h"

#define PACKS_MAX 4096
#define IDX_FANOUT 8
#define IDX_NAMES (8 + 256 * 4)
/* After a fast repack at most so many packs remain; one pack has offsets of 31 bits. */
#define JOIN_AT 10
#define JOIN_BYTES ((size_t)INT32_MAX - 1024)

struct one_pack {
	char name[256];
	uint32_t objects;
	bool deltas;
	size_t bytes;      /* looked up only where packs are joined */
};

struct job {
	struct repo *r;
	git_packbuilder *pb;
	bool sync;
	struct one_pack *packs;
	int npacks, taken;     /* the first `taken` go into the new one */
	struct oid *loose;
	int nloose;
	struct arch_why why;
};

static void
pack_path(const struct job *j, const char *name, const char *suffix, char out[PATH_MAX])
{
	must((size_t)snprintf(out, PATH_MAX, "%s/%s%s", j->r->packdir, name, suffix) < PATH_MAX);
}

static int
open_idx(const struct job *j, const char *name)
{
	char path[PATH_MAX];

	pack_path(j, name, ".idx", path);
	return open(path, O_RDONLY | O_CLOEXEC);
}

/* Marked by somebody as not to be touched: .keep, a partial clone's, gc's collection of the unreachable. */
static bool
is_kept(const struct job *j, const char *name)
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

static bool
count_objects(const struct job *j, struct one_pack *p)
{
	uint32_t last;
	int fd = open_idx(j, p->name);
	bool ok = fd >= 0 && pread(fd, &last, 4, IDX_FANOUT + 255 * 4) == 4;

	if (fd >= 0)
		close(fd);
	p->objects = ok ? ntohl(last) : 0;
	return ok;
}

static int
by_objects(const void *a, const void *b)
{
	uint32_t x = ((const struct one_pack *)a)->objects, y = ((const struct one_pack *)b)->objects;

	return x < y ? -1 : x > y;
}

static void
list_packs(struct job *j)
{
	DIR *d = opendir(j->r->packdir);
	struct dirent *e;

	j->npacks = 0;
	while (d && j->npacks < PACKS_MAX && (e = readdir(d)) != NULL) {
		struct one_pack *p = &j->packs[j->npacks];
		char *dot;

		snprintf(p->name, sizeof(p->name), "%s", e->d_name);
		dot = strrchr(p->name, '.');
		if (strncmp(p->name, "pack-", 5) != 0 || !dot || strcmp(dot, ".idx") != 0)
			continue;
		*dot = '\0';
		j->npacks += !is_kept(j, p->name) && count_objects(j, p);
	}
	if (d)
		closedir(d);
	qsort(j->packs, (size_t)j->npacks, sizeof(*j->packs), by_objects);
}

/*
 * The largest ones stay as long as each holds twice what all smaller ones hold
 * together: so an object is packed again only when the archive has doubled.
 */
static void
choose(struct job *j)
{
	uint64_t sum = 0;

	for (int i = 0; i < j->npacks; i++)
		sum += j->packs[i].objects;
	for (j->taken = j->npacks; j->taken > 0; j->taken--) {
		uint32_t largest = j->packs[j->taken - 1].objects;

		sum -= largest;
		if (largest < 2 * sum || sum == 0)
			break;
	}
}

static int
by_deltas(const void *a, const void *b)
{
	return ((const struct one_pack *)a)->deltas - ((const struct one_pack *)b)->deltas;
}

/* Those that hold no delta yet: how long it takes to find some does not depend on what was packed before. */
static void
choose_plain(struct job *j)
{
	for (int i = 0; i < j->npacks; i++)
		j->packs[i].deltas = pack_has_deltas(j->r->packdir, j->packs[i].name);
	qsort(j->packs, (size_t)j->npacks, sizeof(*j->packs), by_deltas);
	for (j->taken = 0; j->taken < j->npacks && !j->packs[j->taken].deltas;)
		j->taken++;
}

static int
insert(struct job *j, const unsigned char *id)
{
	git_oid g;
	int rc;

	memcpy(g.id, id, OID_SIZE);
	rc = git_packbuilder_insert(j->pb, &g, NULL);
	return rc == 0 ? 0 : git_why(&j->why, "pack builder", rc);
}

static int
insert_pack(struct job *j, const struct one_pack *p)
{
	size_t n = (size_t)p->objects * OID_SIZE;
	unsigned char *names = malloc(n + 1);
	int fd = open_idx(j, p->name), rc = 0;

	must(names != NULL);
	if (fd < 0 || pread(fd, names, n, IDX_NAMES) != (ssize_t)n)
		rc = arch_why(&j->why, ARCH_AGAIN, "%s.idx cannot be read", p->name);
	for (uint32_t i = 0; rc == 0 && i < p->objects; i++)
		rc = insert(j, names + (size_t)i * OID_SIZE);
	if (fd >= 0)
		close(fd);
	free(names);
	return rc;
}

/* Calls fn for each loose object's directory number and file name. */
static int
each_loose(struct job *j, int (*fn)(struct job *j, const char *path, const struct oid *id))
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
			if (snprintf(path, sizeof(path), "%.3000s/%.38s", dir, e->d_name) > 0 && oid_parse(str_c(hex), &id))
				rc = fn(j, path, &id);
		}
		if (d)
			closedir(d);
	}
	return rc;
}

static int
take_loose(struct job *j, const char *path, const struct oid *id)
{
	if (j->nloose % 1024 == 0) {
		j->loose = realloc(j->loose, ((size_t)j->nloose + 1024) * sizeof(*j->loose));
		must(j->loose != NULL);
	}
	j->loose[j->nloose++] = *id;
	return insert(j, id->b);
}

static int
cmp_oid(const void *a, const void *b)
{
	return oid_cmp(a, b);
}

/* Only what went into the pack: more may have come meanwhile. */
static int
drop_loose(struct job *j, const char *path, const struct oid *id)
{
	if (bsearch(id, j->loose, (size_t)j->nloose, sizeof(*j->loose), cmp_oid) && unlink(path) != 0)
		log_warn("cannot remove %s: %s", path, strerror(errno));
	return 0;
}

static void
drop_old(struct job *j, const char *made)
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
build(struct job *j)
{
	char made[300];
	int rc = git_packbuilder_new(&j->pb, j->r->git);

	if (rc != 0)
		return git_why(&j->why, "pack builder", rc);
	git_packbuilder_set_threads(j->pb, 1);
	for (int i = 0; i < j->taken; i++)
		if (insert_pack(j, &j->packs[i]) != 0)
			return -1;
	if (each_loose(j, take_loose) != 0)
		return -1;
	if (git_packbuilder_object_count(j->pb) == 0 || (j->taken < 2 && j->nloose == 0))
		return 0;
	rc = git_packbuilder_write(j->pb, j->r->packdir, 0444, NULL, NULL);
	if (rc != 0)
		return git_why(&j->why, "writing a pack", rc);
	(void)FAULT("repack.after_write");
	snprintf(made, sizeof(made), "pack-%s", git_packbuilder_name(j->pb));
	drop_old(j, made);
	return 0;
}

static int
by_bytes(const void *a, const void *b)
{
	size_t x = ((const struct one_pack *)a)->bytes, y = ((const struct one_pack *)b)->bytes;

	return x < y ? -1 : x > y;
}

/* Where many packs were made with deltas in haste, the smaller ones become one, as many as fit. */
static int
join_small(struct job *j)
{
	const char *names[PACKS_MAX];
	char made[PACK_NAME_SIZE];
	size_t sum = 0;
	int rc;

	list_packs(j);
	if (j->npacks < JOIN_AT)
		return 0;
	for (int i = 0; i < j->npacks; i++)
		j->packs[i].bytes = pack_payload(j->r->packdir, j->packs[i].name);
	qsort(j->packs, (size_t)j->npacks, sizeof(*j->packs), by_bytes);
	for (j->taken = 0; j->taken < j->npacks && sum + j->packs[j->taken].bytes < JOIN_BYTES; j->taken++) {
		sum += j->packs[j->taken].bytes;
		names[j->taken] = j->packs[j->taken].name;
	}
	rc = packs_join(j->r->packdir, names, (size_t)j->taken, j->sync, made, &j->why);
	j->nloose = 0;
	if (rc > 0)
		drop_old(j, made);
	return rc < 0 ? -1 : 0;
}

int
repack_now(const char *dir, bool sync, enum repack_how how)
{
	struct job j = { .packs = NULL, .sync = sync };
	int rc;

	j.packs = calloc(PACKS_MAX, sizeof(*j.packs));
	must(j.packs != NULL);
	j.r = repo_open(dir, REPO_EXISTING, sync, &j.why);
	if (!j.r) {
		log_warn("repack: %s", j.why.text);
		free(j.packs);
		return -1;
	}
	list_packs(&j);
	if (how == REPACK_WELL)
		choose(&j);
	else
		choose_plain(&j);
	rc = build(&j);
	if (rc == 0 && how == REPACK_FAST)
		rc = join_small(&j);
	if (rc != 0)
		log_warn("repack: %s", j.why.text);
	git_packbuilder_free(j.pb);
	repo_close(&j.r);
	free(j.loose);
	free(j.packs);
	return rc;
}
