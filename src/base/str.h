/*
 * str - a borrowed run of bytes with its length.
 *
 * A struct str never owns memory and is not terminated: who owns the bytes is
 * said in the header that returns it. A string that is absent has p == NULL,
 * an empty one has p != NULL and n == 0.
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

struct str {
	const char *p;
	size_t n;
};

struct str_list {
	struct str *v;
	size_t n;
};

/* A literal as struct str; LIT also serves in static initialisers. */
#define STR(lit) ((struct str){ ("" lit), sizeof(lit) - 1 })
#define LIT(lit) \
	{ \
		("" lit), sizeof(lit) - 1 \
	}
#define STR_NONE ((struct str){ NULL, 0 })

/* For printf: printf("%" PRIstr, FSTR(s)). */
#define PRIstr ".*s"
#define FSTR(s) (int)(s).n, ((s).p ? (s).p : "")

/* Bytes of a terminated string; NULL gives STR_NONE. Borrowed. */
struct str str_c(const char *s);

/* The same bytes; an absent one equals an empty one. */
bool str_eq(struct str a, struct str b);
/* Equal when ASCII letters are folded. */
bool str_eq_ci(struct str a, struct str b);
bool str_eqc(struct str a, const char *b);
bool str_eqc_ci(struct str a, const char *b);
/* <0, 0, >0 by bytes, the shorter first. */
int str_cmp(struct str a, struct str b);
bool str_starts(struct str s, struct str prefix);
bool str_starts_ci(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
/* Offset of the first match, or -1. */
ptrdiff_t str_find(struct str s, struct str what);
ptrdiff_t str_chr(struct str s, char c);
bool str_has_ci(struct str s, struct str what);

/* Part from byte `from` on, at most `n` bytes; both are clipped. */
struct str str_sub(struct str s, size_t from, size_t n);
/* Without ASCII white space at both ends. */
struct str str_trim(struct str s);
bool str_blank(struct str s);
/*
 * Cuts the next field off *rest at `sep`; false when nothing is left.
 * "a,,b" gives "a", "", "b"; an absent string gives nothing.
 */
bool str_next(struct str *rest, char sep, struct str *field);
/* Longest prefix of at most n bytes that ends on a UTF-8 boundary. */
struct str str_cut_utf8(struct str s, size_t n);
/* Longest prefix of at most n Unicode characters. */
struct str str_cut_chars(struct str s, size_t n);
size_t str_chars(struct str s);
size_t str_utf8_prefix(struct str s); /* bytes of the longest prefix that is UTF-8 (RFC 3629) */
bool str_utf8_ok(struct str s);

/* ASCII lower case copy in `a`. */
struct str str_lower(struct arena *a, struct str s);
struct str str_upper(struct arena *a, struct str s);

/* Whole string as an integer in base 10; false on anything else or overflow. */
bool str_int(struct str s, int64_t *out);
bool str_double(struct str s, double *out);

#endif
