/*
 * fuzz_pack - a damaged pack is never read out of bounds, never makes a loop, and is never merged as if it were whole.
 *
 * An input is a list of changes to a pack that is made here (with whole trees and deltas) and to its index: the first
 * byte says which checksums are made right again afterwards, so that what lies behind them is reached; then four bytes
 * for each change: what, place (two bytes), value.
 */
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "archive/pack/error.h"
#include "archive/pack/packfile.h"
#include "archive/pack/packmerge.h"
#include "archive/pack/packread.h"
#include "base/hash.h"
#include "base/rng.h"
#include "fuzz/fuzz.h"

#define MENDS_CRC 1
#define MENDS_IDX 2
#define FILE_MAX 65536

struct image {
	unsigned char bytes[FILE_MAX];
	size_t n;
};

static char dir[64];
static struct image whole_pack, whole_idx, pack_bytes_now, idx_now;
static char other[PACK_NAME_SIZE];  /* a second pack, that stays whole */
static char merged[PACK_NAME_SIZE]; /* what both become */

#define DAMAGED "pack-damaged"

static void
must_be(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "%s\n", what);
	abort();
}

static char *
path_of(const char *name, const char *suffix)
{
	static char path[2][256];
	static int turn;

	turn = !turn;
	snprintf(path[turn], sizeof(path[turn]), "%s/%s%s", dir, name, suffix);
	return path[turn];
}

static void
load(const char *name, const char *suffix, struct image *out)
{
	int fd = open(path_of(name, suffix), O_RDONLY);
	ssize_t n = read(fd, out->bytes, sizeof(out->bytes));

	must_be(fd >= 0 && n > 0 && n < FILE_MAX, "cannot read a pack");
	out->n = (size_t)n;
	close(fd);
}

static void
store(const char *name, const char *suffix, const struct image *image)
{
	int fd = open(path_of(name, suffix), O_WRONLY | O_CREAT | O_TRUNC, 0600);

	must_be(fd >= 0 && write(fd, image->bytes, image->n) == (ssize_t)image->n, "cannot write a pack");
	close(fd);
}

static void
drop(const char *name)
{
	static const char *const suffixes[] = { ".idx", ".pack", ".keep" };

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++)
		unlink(path_of(name, suffixes[i]));
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	return remove(path);
}

static void
remove_dir(void)
{
	nftw(dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* A directory of 60 files, a version of it. */
static void
add_tree(struct pack *p, int version)
{
	char tree[8192];
	size_t n = 0;
	struct oid id;

	for (int i = 0; i < 60 + version; i++) {
		n += (size_t)snprintf(tree + n, 64, "100644 %04d-message.md", i) + 1;
		oid_of(OBJ_BLOB, i == version ? "b" : "a", 1, &id);
		memcpy(tree + n, id.b, OID_SIZE);
		n += OID_SIZE;
	}
	pack_add(p, OBJ_TREE, tree, n, &id);
}

static void
write_pack(struct pack *p, char name[PACK_NAME_SIZE])
{
	struct oid commit = { { 1 } };
	struct arch_error why;

	must_be(pack_write(p, dir, false, &commit, name, &why) == 0, "pack_write");
	pack_reset(p);
}

static int
merge_two(const char *a, const char *b, char name[PACK_NAME_SIZE])
{
	const char *const names[] = { a, b };
	struct arch_error why;

	return packs_merge(dir, names, 2, NULL, 1, false, name, &why);
}

/* The pack that will be damaged is one that was merged: trees lie in it as deltas too. */
static void
begin(void)
{
	struct pack *p = pack_new(1);
	char one[PACK_NAME_SIZE], two[PACK_NAME_SIZE], name[PACK_NAME_SIZE], noise[3000];
	struct oid id;

	snprintf(dir, sizeof(dir), "%s/fuzz-pack-XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	must_be(mkdtemp(dir) != NULL, "mkdtemp");
	atexit(remove_dir);
	rng_seed_for_tests(1);
	for (size_t i = 0; i < sizeof(noise); i++)
		noise[i] = (char)rng_below(256);
	for (int i = 0; i < 3; i++)
		add_tree(p, i);
	for (size_t n = 0; n < sizeof(noise); n = n * 3 + 1)
		pack_add(p, OBJ_BLOB, noise, n, &id);
	write_pack(p, one);
	add_tree(p, 3);
	pack_add(p, OBJ_COMMIT, "tree\n", 5, &id);
	write_pack(p, two);
	must_be(merge_two(one, two, name) == 0, "whole packs are merged");
	load(name, ".pack", &whole_pack);
	load(name, ".idx", &whole_idx);
	add_tree(p, 4);
	write_pack(p, other);
	must_be(merge_two(name, other, merged) == 0, "whole packs are merged");
	pack_free(&p);
}

static void
change(const uint8_t *c)
{
	struct image *f = c[0] & 1 ? &idx_now : &pack_bytes_now;
	size_t at = (size_t)(c[1] << 8 | c[2]);

	if (f->n == 0)
		return;
	switch (c[0] >> 1 & 3) {
	case 0: f->bytes[at % f->n] = c[3]; break;
	case 1: f->bytes[at % f->n] ^= (unsigned char)(1u << (c[3] & 7)); break;
	case 2: f->n = at % (f->n + 1); break;
	default:
		/* Longer by what lies behind it. */
		f->n = f->n + c[3] < FILE_MAX ? f->n + c[3] : f->n;
	}
}

/* CRCs of what the index now says lies in the pack. */
static void
mend_crcs(void)
{
	struct packed_object o;
	struct pack_map m;
	bool good = true;

	if (!pack_map(dir, DAMAGED, &m))
		return;
	while (good && m.at < m.objects) {
		uint32_t i = m.order[m.at], crc;
		size_t at = PACKFILE_IDX_NAMES + (size_t)m.objects * OID_SIZE + (size_t)i * 4;

		if ((good = pack_next(&m, &o))) {
			crc = __builtin_bswap32((uint32_t)crc32(0, (const Bytef *)m.pack.p + o.offset, (uInt)o.length));
			memcpy(idx_now.bytes + at, &crc, 4);
		}
	}
	pack_unmap(&m);
}

static void
mend_idx(void)
{
	struct oid sum;
	char hex[SHA1_HEX + 1];

	if (idx_now.n < OID_SIZE)
		return;
	hash_sha1_hex((struct str){ (const char *)idx_now.bytes, idx_now.n - OID_SIZE }, hex);
	if (oid_parse(str_c(hex), &sum))
		memcpy(idx_now.bytes + idx_now.n - OID_SIZE, sum.b, OID_SIZE);
}

static bool
same(const struct image *a, const struct image *b)
{
	return a->n == b->n && memcmp(a->bytes, b->bytes, a->n) == 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	char name[PACK_NAME_SIZE];
	unsigned mends;
	int rc;

	if (n == 0 || n > 1 + 4 * 64)
		return 0;
	if (dir[0] == '\0')
		begin();
	pack_bytes_now = whole_pack;
	idx_now = whole_idx;
	mends = p[0];
	for (size_t i = 1; i + 4 <= n; i += 4)
		change(p + i);
	if (mends & MENDS_IDX)
		mend_idx();
	store(DAMAGED, ".pack", &pack_bytes_now);
	store(DAMAGED, ".idx", &idx_now);
	if ((mends & MENDS_CRC) != 0 && (mends & MENDS_IDX) != 0) {
		mend_crcs();
		mend_idx();
		store(DAMAGED, ".idx", &idx_now);
	}
	(void)pack_mergeable(dir, DAMAGED);
	rc = merge_two(DAMAGED, other, name);
	if (same(&pack_bytes_now, &whole_pack) && same(&idx_now, &whole_idx))
		must_be(rc == 0 && strcmp(name, merged) == 0, "a whole pack is refused");
	else if ((mends & MENDS_IDX) == 0)
		must_be(rc != 0, "a damaged pack is taken for a whole one");
	if (rc == 0 && strcmp(name, merged) != 0)
		drop(name);
	return 0;
}

static const unsigned char seeds[][13] = {
	{ 0 },
	{ 0, 0, 0, 20, 7 },
	{ 0, 1, 4, 8, 1 },
	{ 3, 0, 0, 12, 0xff, 0, 0, 13, 0xff },
	{ 3, 1, 4, 4, 1, 1, 5, 0, 9 },
	{ 2, 1, 0, 9, 200 },
	{ 3, 4, 1, 0, 0 },
	{ 3, 5, 4, 40, 0 },
	{ 3, 6, 0, 0, 200, 7, 0, 0, 30 },
};

void
fuzz_seeds(void (*put)(void *arg, const void *p, size_t n), void *arg)
{
	for (size_t i = 0; i < sizeof(seeds) / sizeof(seeds[0]); i++)
		put(arg, seeds[i], sizeof(seeds[i]));
}
