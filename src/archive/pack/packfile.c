/*
 * packfile - writes a pack, its index (version 2) and its .keep file, and cleans up after a
 * crash; pack.h gives the order and its reasons.
 *
 * A file gets its name only when it is complete, so a reader never meets half a pack.
 */
#include "archive/pack/packfile.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "archive/pack/error.h"
#include "base/fault.h"
#include "base/log.h"

#define KEEP_TEXT "agentmail "
#define PART 65536

static void
sha1(const void *p, size_t n, unsigned char out[OID_SIZE])
{
	must(EVP_Digest(p, n, out, NULL, EVP_sha1(), NULL) == 1);
}

void
packfile_header(unsigned char out[PACKFILE_HEADER], size_t nobj)
{
	uint32_t head[3] = { htonl(0x5041434b), htonl(2), htonl((uint32_t)nobj) }; /* "PACK", version */

	memcpy(out, head, PACKFILE_HEADER);
}

size_t
packfile_object_header(unsigned char *out, unsigned type, size_t n)
{
	unsigned char c = (unsigned char)(type << 4 | (n & 15));
	size_t k = 0;

	for (n >>= 4; n; n >>= 7) {
		out[k++] = c | 0x80;
		c = n & 0x7f;
	}
	out[k++] = c;
	return k;
}

int
packfile_put(int fd, const void *p, size_t n)
{
	const char *at = p;

	while (n > 0) {
		ssize_t w = write(fd, at, n);

		if (w < 0 && errno == EINTR)
			continue;
		if (w < 0)
			return -1;
		at += w;
		n -= (size_t)w;
	}
	return 0;
}

int
packfile_open(struct packfile_out *o, const char *path)
{
	*o = (struct packfile_out){ .fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0444) };
	if (o->fd < 0)
		return -1;
	o->part = malloc(PART);
	o->digest = EVP_MD_CTX_new();
	must(o->part != NULL && o->digest != NULL && EVP_DigestInit_ex(o->digest, EVP_sha1(), NULL) == 1);
	return 0;
}

static void
write_part(struct packfile_out *o, const void *p, size_t n)
{
	must(EVP_DigestUpdate(o->digest, p, n) == 1);
	if (!o->failed)
		o->failed = packfile_put(o->fd, p, n) != 0;
}

void
packfile_out(struct packfile_out *o, const void *p, size_t n)
{
	o->n += n;
	if (n > PART - o->npart) {
		write_part(o, o->part, o->npart);
		o->npart = 0;
	}
	if (n >= PART) {
		write_part(o, p, n);
		return;
	}
	memcpy(o->part + o->npart, p, n);
	o->npart += n;
}

int
packfile_close(struct packfile_out *o, bool sync, struct oid *sum)
{
	int rc;

	write_part(o, o->part, o->npart);
	must(EVP_DigestFinal_ex(o->digest, sum->b, NULL) == 1);
	rc = o->failed || packfile_put(o->fd, sum->b, OID_SIZE) != 0 || (sync && fdatasync(o->fd) != 0) ? -1 : 0;
	EVP_MD_CTX_free(o->digest);
	free(o->part);
	return close(o->fd) == 0 ? rc : -1;
}

int
packfile_write_file(const char *path, const void *p, size_t n, bool sync, struct arch_error *why)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0444);

	if (fd < 0)
		return arch_error(why, ARCH_AGAIN, "cannot create %s: %s", path, strerror(errno));
	if (FAULT("archive.disk_full")) {
		errno = ENOSPC;
		goto failed;
	}
	if (packfile_put(fd, p, n) != 0 || (sync && fdatasync(fd) != 0))
		goto failed;
	if (close(fd) == 0)
		return 0;
	fd = -1;
failed:
	arch_error(why, ARCH_AGAIN, "cannot write %s: %s", path, strerror(errno));
	if (fd >= 0)
		close(fd);
	unlink(path);
	return -1;
}

static int
by_id(const void *a, const void *b)
{
	return oid_cmp(&((const struct pack_object *)a)->id, &((const struct pack_object *)b)->id);
}

void
packfile_sort(struct pack_object *obj, size_t nobj)
{
	qsort(obj, nobj, sizeof(*obj), by_id);
}

/* Version 2: fan-out, names, checksums, offsets, then the pack's and its own checksum. */
unsigned char *
packfile_index(const struct pack_object *obj, size_t nobj, const struct oid *sum, size_t *size)
{
	size_t n = PACKFILE_IDX_NAMES + nobj * (OID_SIZE + 8) + 2 * OID_SIZE;
	unsigned char *idx = malloc(n), *at = idx;
	uint32_t fan[256], v;

	must(idx != NULL);
	memcpy(at, PACKFILE_IDX_MAGIC, 8);
	at += 8;
	memset(fan, 0, sizeof(fan));
	for (size_t i = 0; i < nobj; i++)
		fan[obj[i].id.b[0]]++;
	for (uint32_t i = 0, all = 0; i < 256; i++, at += 4) {
		v = htonl(all += fan[i]);
		memcpy(at, &v, 4);
	}
	for (size_t i = 0; i < nobj; i++, at += OID_SIZE)
		memcpy(at, obj[i].id.b, OID_SIZE);
	for (size_t i = 0; i < nobj; i++, at += 4) {
		v = htonl(obj[i].crc);
		memcpy(at, &v, 4);
	}
	for (size_t i = 0; i < nobj; i++, at += 4) {
		must(obj[i].offset < PACKFILE_MAX);
		v = htonl((uint32_t)obj[i].offset);
		memcpy(at, &v, 4);
	}
	memcpy(at, sum->b, OID_SIZE);
	at += OID_SIZE;
	sha1(idx, (size_t)(at - idx), at);
	*size = n;
	return idx;
}

void
packfile_sync_dir(const char *dir)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (fsync(fd) != 0)
		log_warn("cannot fsync directory %s: %s", dir, strerror(errno));
	close(fd);
}

int
packfile_place(const char *dir, const char *name, const char *tmp_pack, const char *tmp_idx, struct arch_error *why)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s.pack", dir, name);
	if (rename(tmp_pack, path) != 0)
		return arch_error(why, ARCH_AGAIN, "cannot rename %s to %s: %s", tmp_pack, path, strerror(errno));
	(void)FAULT("archive.between_renames");
	snprintf(path, sizeof(path), "%s/%s.idx", dir, name);
	if (rename(tmp_idx, path) != 0)
		return arch_error(why, ARCH_AGAIN, "cannot rename %s to %s: %s", tmp_idx, path, strerror(errno));
	return 0;
}

static int
write_keep(const char *dir, const char *name, const struct oid *commit, struct arch_error *why)
{
	char path[PATH_MAX], text[sizeof(KEEP_TEXT) + OID_HEX + 1], hex[OID_HEX + 1];
	int n;

	oid_hex(commit, hex);
	n = snprintf(text, sizeof(text), "%s%s\n", KEEP_TEXT, hex);
	snprintf(path, sizeof(path), "%s/%s.keep", dir, name);
	return packfile_write_file(path, text, (size_t)n, false, why);
}

int
packfile_write(struct pack *p, const char *dir, bool sync, const struct oid *commit, char name[PACK_NAME_SIZE],
    struct arch_error *why)
{
	char tmp_pack[PATH_MAX], tmp_idx[PATH_MAX];
	unsigned char *idx;
	struct oid sum;
	size_t nidx;
	int rc;

	sha1(p->bytes, p->n, sum.b);
	memcpy(p->bytes + p->n, sum.b, OID_SIZE);
	memcpy(name, "pack-", 5);
	oid_hex(&sum, name + 5);
	snprintf(tmp_pack, sizeof(tmp_pack), "%s/%s", dir, PACKFILE_TMP_PACK);
	snprintf(tmp_idx, sizeof(tmp_idx), "%s/%s", dir, PACKFILE_TMP_IDX);
	idx = packfile_index(p->obj, p->nobj, &sum, &nidx);
	rc = packfile_write_file(tmp_pack, p->bytes, p->n + OID_SIZE, sync, why);
	if (rc == 0)
		rc = packfile_write_file(tmp_idx, idx, nidx, sync, why);
	free(idx);
	if (rc == 0)
		rc = write_keep(dir, name, commit, why);
	if (rc == 0)
		rc = packfile_place(dir, name, tmp_pack, tmp_idx, why);
	if (rc != 0) {
		unlink(tmp_pack);
		unlink(tmp_idx);
		pack_unlink(dir, name);
		return -1;
	}
	if (sync)
		packfile_sync_dir(dir);
	return 0;
}

static void
unlink_part(const char *dir, const char *name, const char *suffix)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s%s", dir, name, suffix);
	if (unlink(path) != 0 && errno != ENOENT)
		log_warn("cannot remove %s: %s", path, strerror(errno));
}

void
pack_release(const char *dir, const char *name)
{
	unlink_part(dir, name, ".keep");
}

void
pack_unlink(const char *dir, const char *name)
{
	static const char *const parts[] = { ".idx", ".rev", ".bitmap", ".pack", ".keep" };

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		unlink_part(dir, name, parts[i]);
		(void)FAULT("archive.pack_unlink");
	}
}

/* 1 when the .keep file is ours, with the commit it names. */
static int
read_keep(const char *dir, const char *file, struct oid *commit)
{
	char path[PATH_MAX], text[128];
	struct str s = { text, 0 };
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", dir, file);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	n = read(fd, text, sizeof(text));
	close(fd);
	s.n = n > 0 ? (size_t)n : 0;
	if (!str_starts(s, STR(KEEP_TEXT)))
		return 0;
	return oid_parse(str_sub(s, sizeof(KEEP_TEXT) - 1, s.n), commit);
}

/* A pack without an index is what a crash leaves between two renames or two removals; fresh ones may be somebody's fetch. */
static bool
is_orphan(const char *dir, const char *name)
{
	char path[PATH_MAX];
	struct stat st;

	snprintf(path, sizeof(path), "%s/%s.idx", dir, name);
	if (access(path, F_OK) == 0)
		return false;
	snprintf(path, sizeof(path), "%s/%s.pack", dir, name);
	return stat(path, &st) == 0 && st.st_mtime < time(NULL) - 3600;
}

void
pack_recover(const char *dir, bool (*reached)(void *arg, const struct oid *commit), void *arg)
{
	static const char *const left[] = { PACKFILE_TMP_PACK, PACKFILE_TMP_IDX, PACKFILE_TMP_MERGED,
		PACKFILE_TMP_MERGED_IDX };
	DIR *d = opendir(dir);
	struct dirent *e;

	for (size_t i = 0; i < sizeof(left) / sizeof(left[0]); i++)
		unlink_part(dir, left[i], "");
	while (d && (e = readdir(d)) != NULL) {
		char name[256];
		char *dot;
		struct oid commit;

		snprintf(name, sizeof(name), "%s", e->d_name);
		if (strncmp(name, "pack-", 5) != 0 || (dot = strrchr(name, '.')) == NULL)
			continue;
		*dot = '\0';
		if (strcmp(dot + 1, "keep") == 0 && read_keep(dir, e->d_name, &commit)) {
			if (reached(arg, &commit))
				pack_release(dir, name);
			else
				pack_unlink(dir, name);
		} else if (strcmp(dot + 1, "pack") == 0 && is_orphan(dir, name)) {
			pack_unlink(dir, name);
		}
	}
	if (d)
		closedir(d);
}
