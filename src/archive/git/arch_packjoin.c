/*
 * arch_packjoin - see arch_packjoin.h. Called by the repacking child.
 */
#include "archive/git/arch_packjoin.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archive/content/arch_why.h"
#include "archive/git/arch_packfile.h"
#include "base/log.h"

#define IDX_TAIL (2 * OID_SIZE)
#define OFFSET_IS_LARGE 0x80000000u
/* gitformat-pack: types of objects that are deltas, in bits 4 to 6 of the first byte. */
#define TYPE_OF(byte) ((byte) >> 4 & 7)
#define OFS_DELTA 6
#define REF_DELTA 7

struct file {
	const unsigned char *p;
	size_t n;
};

struct part {
	struct file pack, idx;
	uint32_t objects;
};

static uint32_t
be32(const unsigned char *p)
{
	uint32_t v;

	memcpy(&v, p, 4);
	return ntohl(v);
}

static bool
map(const char *dir, const char *name, const char *suffix, struct file *f)
{
	char path[PATH_MAX];
	struct stat st;
	void *p = MAP_FAILED;
	int fd;

	*f = (struct file){ NULL, 0 };
	if ((size_t)snprintf(path, sizeof(path), "%s/%s%s", dir, name, suffix) >= sizeof(path))
		return false;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0 && fstat(fd, &st) == 0 && st.st_size > 0)
		p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (fd >= 0)
		close(fd);
	if (p == MAP_FAILED)
		return false;
	*f = (struct file){ p, (size_t)st.st_size };
	return true;
}

static void
unmap(struct part *t)
{
	if (t->pack.p)
		munmap((void *)(uintptr_t)t->pack.p, t->pack.n);
	if (t->idx.p)
		munmap((void *)(uintptr_t)t->idx.p, t->idx.n);
	*t = (struct part){ .objects = 0 };
}

/* Pack and index, of one another and of the versions that are known. */
static bool
open_part(const char *dir, const char *name, struct part *t)
{
	static const unsigned char magic[8] = { 0xff, 't', 'O', 'c', 0, 0, 0, 2 };
	unsigned char head[PACKFILE_HEADER];

	*t = (struct part){ .objects = 0 };
	if (!map(dir, name, ".idx", &t->idx) || !map(dir, name, ".pack", &t->pack) ||
	    t->idx.n < PACKFILE_IDX_NAMES + IDX_TAIL || memcmp(t->idx.p, magic, sizeof(magic)) != 0)
		goto bad;
	t->objects = be32(t->idx.p + PACKFILE_IDX_NAMES - 4);
	packfile_header(head, t->objects);
	if ((t->idx.n - PACKFILE_IDX_NAMES - IDX_TAIL) / (OID_SIZE + 8) >= t->objects &&
	    t->pack.n >= PACKFILE_HEADER + OID_SIZE && memcmp(t->pack.p, head, sizeof(head)) == 0 &&
	    memcmp(t->idx.p + t->idx.n - IDX_TAIL, t->pack.p + t->pack.n - OID_SIZE, OID_SIZE) == 0)
		return true;
bad:
	unmap(t);
	return false;
}

/* Object i in the order of names; false when its offset is none of the pack's, or takes more than 31 bits. */
static bool
object(const struct part *t, uint32_t i, struct pack_object *o)
{
	const unsigned char *names = t->idx.p + PACKFILE_IDX_NAMES, *crcs = names + (size_t)t->objects * OID_SIZE,
			    *offsets = crcs + (size_t)t->objects * 4;
	uint32_t offset = be32(offsets + (size_t)i * 4);

	memcpy(o->id.b, names + (size_t)i * OID_SIZE, OID_SIZE);
	o->crc = be32(crcs + (size_t)i * 4);
	o->offset = offset;
	return !(offset & OFFSET_IS_LARGE) && offset >= PACKFILE_HEADER && offset < t->pack.n - OID_SIZE;
}

bool
pack_has_deltas(const char *dir, const char *name)
{
	bool found = false;
	struct part t;

	if (!open_part(dir, name, &t))
		return true;
	for (uint32_t i = 0; !found && i < t.objects; i++) {
		struct pack_object o;

		found = !object(&t, i, &o) || TYPE_OF(t.pack.p[o.offset]) == OFS_DELTA || TYPE_OF(t.pack.p[o.offset]) == REF_DELTA;
	}
	unmap(&t);
	return found;
}

size_t
pack_payload(const char *dir, const char *name)
{
	struct part t;
	size_t n = 0;

	if (open_part(dir, name, &t))
		n = t.pack.n - PACKFILE_HEADER - OID_SIZE;
	unmap(&t);
	return n;
}

static int
by_id(const void *a, const void *b)
{
	return oid_cmp(&((const struct pack_object *)a)->id, &((const struct pack_object *)b)->id);
}

/* All objects where they will be, sorted; NULL when one comes twice or lies too far. */
static struct pack_object *
collect(const struct part *parts, size_t n, size_t *nobj)
{
	struct pack_object *all;
	size_t at = PACKFILE_HEADER, k = 0;

	*nobj = 0;
	for (size_t i = 0; i < n; i++)
		*nobj += parts[i].objects;
	all = malloc((*nobj + 1) * sizeof(*all));
	must(all != NULL);
	for (size_t i = 0; i < n; i++) {
		for (uint32_t j = 0; j < parts[i].objects; j++, k++) {
			if (!object(&parts[i], j, &all[k]))
				goto cannot;
			all[k].offset += at - PACKFILE_HEADER;
		}
		at += parts[i].pack.n - PACKFILE_HEADER - OID_SIZE;
	}
	qsort(all, *nobj, sizeof(*all), by_id);
	for (size_t i = 1; i < *nobj; i++)
		if (oid_eq(&all[i].id, &all[i - 1].id))
			goto cannot;
	if (at < PACKFILE_MAX - OID_SIZE && *nobj < UINT32_MAX)
		return all;
cannot:
	free(all);
	return NULL;
}

/* The bytes of all, one after the other; *sum is what they end with. */
static int
copy(const struct part *parts, size_t n, size_t nobj, int fd, struct oid *sum)
{
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	unsigned char head[PACKFILE_HEADER];
	int rc;

	must(md != NULL && EVP_DigestInit_ex(md, EVP_sha1(), NULL) == 1);
	packfile_header(head, nobj);
	must(EVP_DigestUpdate(md, head, sizeof(head)) == 1);
	rc = packfile_put(fd, head, sizeof(head));
	for (size_t i = 0; rc == 0 && i < n; i++) {
		const unsigned char *p = parts[i].pack.p + PACKFILE_HEADER;
		size_t len = parts[i].pack.n - PACKFILE_HEADER - OID_SIZE;

		must(EVP_DigestUpdate(md, p, len) == 1);
		rc = packfile_put(fd, p, len);
	}
	must(EVP_DigestFinal_ex(md, sum->b, NULL) == 1);
	EVP_MD_CTX_free(md);
	return rc == 0 ? packfile_put(fd, sum->b, OID_SIZE) : -1;
}

static int
write_pack(const char *path, const struct part *parts, size_t n, size_t nobj, bool sync, struct oid *sum, struct arch_why *why)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0444);
	int rc = fd < 0 ? -1 : copy(parts, n, nobj, fd, sum);

	if (rc == 0 && sync)
		rc = fdatasync(fd);
	if (fd >= 0 && close(fd) != 0)
		rc = -1;
	return rc == 0 ? 0 : arch_why(why, ARCH_AGAIN, "cannot write %s: %s", path, strerror(errno));
}

static int
join(const char *dir, const struct part *parts, size_t n, bool sync, char name[PACK_NAME_SIZE], struct arch_why *why)
{
	char tmp_pack[PATH_MAX], tmp_idx[PATH_MAX];
	unsigned char *idx = NULL;
	struct pack_object *all;
	size_t nobj, nidx = 0;
	struct oid sum;
	int rc;

	all = collect(parts, n, &nobj);
	if (!all)
		return 0;
	snprintf(tmp_pack, sizeof(tmp_pack), "%s/%s", dir, PACKFILE_TMP_JOINED);
	snprintf(tmp_idx, sizeof(tmp_idx), "%s/%s", dir, PACKFILE_TMP_JOINED_IDX);
	rc = write_pack(tmp_pack, parts, n, nobj, sync, &sum, why);
	if (rc == 0) {
		idx = packfile_index(all, nobj, &sum, &nidx);
		rc = packfile_write_file(tmp_idx, idx, nidx, sync, why);
	}
	memcpy(name, "pack-", 5);
	oid_hex(&sum, name + 5);
	if (rc == 0)
		rc = packfile_place(dir, name, tmp_pack, tmp_idx, why);
	free(idx);
	free(all);
	if (rc == 0) {
		if (sync)
			packfile_sync_dir(dir);
		return 1;
	}
	unlink(tmp_pack);
	unlink(tmp_idx);
	pack_unlink(dir, name);
	return -1;
}

int
packs_join(const char *dir, const char *const *names, size_t n, bool sync, char name[PACK_NAME_SIZE], struct arch_why *why)
{
	struct part *parts = calloc(n + 1, sizeof(*parts));
	size_t opened = 0;
	int rc = 0;

	must(parts != NULL);
	while (opened < n && open_part(dir, names[opened], &parts[opened]))
		opened++;
	if (opened < n)
		rc = arch_why(why, ARCH_AGAIN, "%s/%s.pack or its index cannot be read", dir, names[opened]);
	else if (n > 1)
		rc = join(dir, parts, n, sync, name, why);
	for (size_t i = 0; i < opened; i++)
		unmap(&parts[i]);
	free(parts);
	return rc;
}
