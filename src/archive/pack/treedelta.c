/*
 * treedelta - one walk over two trees, written as copies and insertions.
 *
 * Called by arch_packmerge. The result is right for any two trees; only its length depends on how
 * alike they are.
 */
#include "archive/pack/treedelta.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "archive/pack/oid.h"

/* Longest copy of one instruction. The format has three bytes for it, but readers differ above two. */
#define COPY_MAX 0xffffu
#define INSERT_MAX 127u

struct delta {
	unsigned char *out;
	size_t n, room;
	bool full;
	size_t copy_at, copy_n; /* of the base, not yet written */
	const char *insert;     /* of the target, not yet written */
	size_t insert_n;
};

static void
put(struct delta *d, const void *p, size_t n)
{
	if (d->full || n > d->room - d->n) {
		d->full = true;
		return;
	}
	memcpy(d->out + d->n, p, n);
	d->n += n;
}

/* Seven bits in each byte, the lowest first. */
static void
put_size(struct delta *d, size_t n)
{
	unsigned char c[10];
	size_t k = 0;

	for (; n >= 0x80; n >>= 7)
		c[k++] = (unsigned char)(n | 0x80);
	c[k++] = (unsigned char)n;
	put(d, c, k);
}

/* Only bytes that are not zero are written; bits of the first byte say which. */
static void
put_copy(struct delta *d, size_t at, size_t n)
{
	unsigned char c[8] = { 0x80 };
	size_t k = 1;

	for (unsigned i = 0; i < 4; i++)
		if (at >> 8 * i & 0xff) {
			c[0] |= (unsigned char)(1u << i);
			c[k++] = (unsigned char)(at >> 8 * i);
		}
	for (unsigned i = 0; i < 2; i++)
		if (n >> 8 * i & 0xff) {
			c[0] |= (unsigned char)(0x10u << i);
			c[k++] = (unsigned char)(n >> 8 * i);
		}
	put(d, c, k);
}

static void
flush(struct delta *d)
{
	for (size_t n; d->copy_n > 0; d->copy_at += n, d->copy_n -= n) {
		n = d->copy_n < COPY_MAX ? d->copy_n : COPY_MAX;
		put_copy(d, d->copy_at, n);
	}
	for (size_t n; d->insert_n > 0; d->insert += n, d->insert_n -= n) {
		unsigned char c;

		n = d->insert_n < INSERT_MAX ? d->insert_n : INSERT_MAX;
		c = (unsigned char)n;
		put(d, &c, 1);
		put(d, d->insert, n);
	}
}

static void
copy(struct delta *d, size_t at, size_t n)
{
	if (d->insert_n > 0 || (d->copy_n > 0 && d->copy_at + d->copy_n != at))
		flush(d);
	if (d->copy_n == 0)
		d->copy_at = at;
	d->copy_n += n;
}

static void
insert(struct delta *d, const char *p, size_t n)
{
	if (d->copy_n > 0)
		flush(d);
	if (d->insert_n == 0)
		d->insert = p;
	d->insert_n += n;
}

/* Bytes of the entry at `at` - mode, blank, name, NUL, id; *name is what it is sorted by. 0 at the end, and for what is none. */
static size_t
entry(struct str tree, size_t at, struct str *name)
{
	const char *p = tree.p + at, *blank, *end;
	size_t left = tree.n - at;

	*name = STR_NONE;
	if (left == 0 || (end = memchr(p, '\0', left)) == NULL || (size_t)(end - p) + 1 + OID_SIZE > left ||
	    (blank = memchr(p, ' ', (size_t)(end - p))) == NULL)
		return 0;
	*name = (struct str){ blank + 1, (size_t)(end - blank - 1) };
	return (size_t)(end - p) + 1 + OID_SIZE;
}

size_t
tree_delta(struct str base, struct str target, unsigned char *out, size_t room)
{
	struct delta d = { .out = out, .room = room };
	size_t b = 0, t = 0, nb, nt;
	struct str bname, tname;

	put_size(&d, base.n);
	put_size(&d, target.n);
	nb = entry(base, 0, &bname);
	while (!d.full && (nt = entry(target, t, &tname)) > 0) {
		int order = nb == 0 ? 1 : str_cmp(bname, tname);

		if (order < 0) {
			b += nb;
			nb = entry(base, b, &bname);
			continue;
		}
		if (order == 0 && nb == nt && memcmp(base.p + b, target.p + t, nt) == 0)
			copy(&d, b, nt);
		else
			insert(&d, target.p + t, nt);
		t += nt;
		if (order == 0) {
			b += nb;
			nb = entry(base, b, &bname);
		}
	}
	flush(&d);
	return d.full || t < target.n ? 0 : d.n;
}
