/*
 * json_write - the scope stack, escaping, and numbers.
 *
 * Texts are the hot part: eight bytes are looked at together, and as many of them kept as are
 * printable ASCII without quotes. Misuse of the stack is a panic: half a document must never leave
 * the process.
 */
#include "base/json_write.h"

#include <endian.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"

void
jw_init(struct jw *w, struct buf *b, unsigned style)
{
	memset(w, 0, sizeof(*w));
	w->buf = b;
	w->style = style;
}

void
jw_reopen(struct jw *w, struct buf *b, struct str object)
{
	must(object.n >= 2 && object.p[0] == '{' && object.p[object.n - 1] == '}');
	jw_init(w, b, JW_COMPACT);
	jw_obj(w);
	w->some[w->depth] = object.n > 2;
	buf_ref(b, str_sub(object, 1, object.n - 2));
}

static void
newline(struct jw *w)
{
	buf_putc(w->buf, '\n');
	for (int i = 0; i < w->depth; i++)
		buf_put(w->buf, "  ", 2);
}

/* What stands before a value: nothing after a key, else the comma of its scope. */
static void
before_value(struct jw *w)
{
	if (w->key) {
		w->key = false;
		return;
	}
	if (w->kind[w->depth] == '{')
		log_panic("json_write: a value without its key");
	if (w->kind[w->depth] == 0) {
		if (w->some[w->depth])
			log_panic("json_write: two values at the top");
		w->some[w->depth] = true;
		return;
	}
	if (w->some[w->depth])
		buf_put(w->buf, ", ", w->style & JW_SPACED ? 2 : 1);
	w->some[w->depth] = true;
	if (w->style & JW_INDENT2)
		newline(w);
}

static void
open_scope(struct jw *w, char c)
{
	before_value(w);
	must(w->depth + 1 < JW_DEPTH);
	w->depth++;
	w->kind[w->depth] = (unsigned char)c;
	w->some[w->depth] = false;
	buf_putc(w->buf, c);
}

void
jw_obj(struct jw *w)
{
	open_scope(w, '{');
}

void
jw_arr(struct jw *w)
{
	open_scope(w, '[');
}

void
jw_end(struct jw *w)
{
	char c = w->kind[w->depth] == '{' ? '}' : ']';

	if (w->depth == 0 || w->key)
		log_panic("json_write: end without a beginning");
	w->depth--;
	if ((w->style & JW_INDENT2) && w->some[w->depth + 1])
		newline(w);
	buf_putc(w->buf, c);
}

#define ONES UINT64_C(0x0101010101010101)
#define HIGHS UINT64_C(0x8080808080808080)
#define HAS_ZERO(v) (((v)-ONES) & ~(v)&HIGHS)

/* How many of the eight bytes at p, from the first on, need no escape and are ASCII. */
static unsigned
clean_bytes(const char *p)
{
	uint64_t v, dirty;

	memcpy(&v, p, 8);
	v = le64toh(v);
	/* Borrows set bits above the first hit only, so that the lowest one is right. */
	dirty =
	    (v & HIGHS) | HAS_ZERO(v ^ (ONES * '"')) | HAS_ZERO(v ^ (ONES * '\\')) | ((v - ONES * 0x20) & ~v & HIGHS);
	return dirty == 0 ? 8 : (unsigned)__builtin_ctzll(dirty) / 8;
}

static char *
put_u16(char *o, unsigned v)
{
	static const char hex[] = "0123456789abcdef";

	*o++ = '\\';
	*o++ = 'u';
	for (int shift = 12; shift >= 0; shift -= 4)
		*o++ = hex[v >> shift & 15];
	return o;
}

static char *
put_ascii(char *o, unsigned char c)
{
	static const char short_form[] = "btn\0fr";

	if (c >= 0x20 && c != '"' && c != '\\') {
		*o++ = (char)c;
	} else if (c >= 0x20) {
		*o++ = '\\';
		*o++ = (char)c;
	} else if (c >= 8 && c <= 13 && short_form[c - 8] != '\0') {
		*o++ = '\\';
		*o++ = short_form[c - 8];
	} else {
		o = put_u16(o, c);
	}
	return o;
}

/* Code point at s.p[i] and its length; U+FFFD and 1 for a byte that is no UTF-8. */
static unsigned
code_point(struct str s, size_t i, size_t *len)
{
	const unsigned char *p = (const unsigned char *)s.p + i;
	size_t n = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;

	if (i + n > s.n || !str_utf8_ok((struct str){ s.p + i, n })) {
		*len = 1;
		return 0xfffd;
	}
	*len = n;
	if (n == 2)
		return (p[0] & 0x1fU) << 6 | (p[1] & 0x3fU);
	if (n == 3)
		return (p[0] & 0x0fU) << 12 | (p[1] & 0x3fU) << 6 | (p[2] & 0x3fU);
	return (p[0] & 0x07U) << 18 | (p[1] & 0x3fU) << 12 | (p[2] & 0x3fU) << 6 | (p[3] & 0x3fU);
}

static char *
put_wide(char *o, unsigned style, struct str s, size_t *i)
{
	size_t len;
	unsigned c = code_point(s, *i, &len);

	if (!(style & JW_ASCII)) {
		memcpy(o, len == 1 ? "\xef\xbf\xbd" : s.p + *i, len == 1 ? 3 : len);
		o += len == 1 ? 3 : len;
	} else if (c >= 0x10000) {
		o = put_u16(o, 0xd800 + ((c - 0x10000) >> 10));
		o = put_u16(o, 0xdc00 + ((c - 0x10000) & 0x3ff));
	} else {
		o = put_u16(o, c);
	}
	*i += len;
	return o;
}

#define PIECE 512    /* bytes of text that are escaped into one room */
#define BYTE_MAX 6   /* what one byte may become: \u001f */
#define PIECE_OVER 8 /* a piece ends with the eight bytes or the character that it began */

/* The escaped text without its quotes. */
static void
escape(struct jw *w, struct str s)
{
	size_t i = 0;

	while (i < s.n) {
		size_t end = s.n - i < PIECE ? s.n : i + PIECE;
		char *out = buf_room(w->buf, (end - i + PIECE_OVER) * BYTE_MAX), *o = out;

		while (i < end) {
			if (i + 8 <= s.n) {
				unsigned n = clean_bytes(s.p + i);

				memcpy(o, s.p + i, 8);
				o += n;
				i += n;
				if (n == 8)
					continue;
			}
			if ((unsigned char)s.p[i] >= 0x80)
				o = put_wide(o, w->style, s, &i);
			else
				o = put_ascii(o, (unsigned char)s.p[i++]);
		}
		buf_used(w->buf, (size_t)(o - out));
	}
}

static void
quoted(struct jw *w, struct str s)
{
	buf_putc(w->buf, '"');
	escape(w, s);
	buf_putc(w->buf, '"');
}

void
jw_key_str(struct jw *w, struct str key)
{
	if (w->kind[w->depth] != '{' || w->key)
		log_panic("json_write: key %.*s outside an object", FSTR(key));
	if (w->some[w->depth])
		buf_put(w->buf, ", ", w->style & JW_SPACED ? 2 : 1);
	w->some[w->depth] = true;
	if (w->style & JW_INDENT2)
		newline(w);
	quoted(w, key);
	buf_put(w->buf, ": ", w->style & (JW_INDENT2 | JW_SPACED) ? 2 : 1);
	w->key = true;
}

void
jw_key(struct jw *w, const char *key)
{
	jw_key_str(w, str_c(key));
}

void
jw_str(struct jw *w, struct str s)
{
	if (s.p == NULL) {
		jw_null(w);
		return;
	}
	before_value(w);
	quoted(w, s);
}

void
jw_cstr(struct jw *w, const char *s)
{
	jw_str(w, str_c(s));
}

void
jw_int(struct jw *w, int64_t v)
{
	before_value(w);
	buf_int(w->buf, v);
}

void
jw_double(struct jw *w, double v)
{
	char text[32];

	if (!isfinite(v)) {
		jw_null(w);
		return;
	}
	for (int precision = 15; precision <= 17; precision++) {
		snprintf(text, sizeof(text), "%.*g", precision, v);
		if (strtod(text, NULL) == v)
			break;
	}
	before_value(w);
	buf_cstr(w->buf, text);
	if (strpbrk(text, ".en") == NULL)
		buf_put(w->buf, ".0", 2);
}

void
jw_bool(struct jw *w, bool v)
{
	before_value(w);
	buf_cstr(w->buf, v ? "true" : "false");
}

void
jw_null(struct jw *w)
{
	before_value(w);
	buf_put(w->buf, "null", 4);
}

void
jw_raw(struct jw *w, struct str json)
{
	before_value(w);
	buf_str(w->buf, json);
}

void
jw_raw_buf(struct jw *w, const struct buf *json)
{
	before_value(w);
	for (const struct buf_block *k = json->first; k != NULL; k = k->next)
		buf_put(w->buf, k->p, k->used);
}

void
jw_quoted_buf(struct jw *w, const struct buf *json)
{
	before_value(w);
	buf_putc(w->buf, '"');
	/* A character may lie across two blocks: such a text is escaped in one piece. */
	if (json->first != NULL && json->first->next == NULL)
		escape(w, (struct str){ json->first->p, json->first->used });
	else
		escape(w, buf_flat(json));
	buf_putc(w->buf, '"');
}

void
jw_time(struct jw *w, int64_t us)
{
	char text[CLOCK_ISO_SIZE];

	if (us == 0) {
		jw_null(w);
		return;
	}
	before_value(w);
	buf_putc(w->buf, '"');
	buf_put(w->buf, text, w->style & JW_NAIVE_TIME ? clock_iso_naive(text, us) : clock_iso(text, us));
	buf_putc(w->buf, '"');
}

void
jw_kstr(struct jw *w, const char *key, struct str s)
{
	jw_key(w, key);
	jw_str(w, s);
}

void
jw_kcstr(struct jw *w, const char *key, const char *s)
{
	jw_key(w, key);
	jw_cstr(w, s);
}

void
jw_kint(struct jw *w, const char *key, int64_t v)
{
	jw_key(w, key);
	jw_int(w, v);
}

void
jw_kbool(struct jw *w, const char *key, bool v)
{
	jw_key(w, key);
	jw_bool(w, v);
}

void
jw_knull(struct jw *w, const char *key)
{
	jw_key(w, key);
	jw_null(w);
}

void
jw_ktime(struct jw *w, const char *key, int64_t us)
{
	jw_key(w, key);
	jw_time(w, us);
}

void
jw_kstrs(struct jw *w, const char *key, const struct str_list *list)
{
	jw_key(w, key);
	jw_arr(w);
	for (size_t i = 0; i < list->n; i++)
		jw_str(w, list->v[i]);
	jw_end(w);
}

void
jw_kobj(struct jw *w, const char *key)
{
	jw_key(w, key);
	jw_obj(w);
}

void
jw_karr(struct jw *w, const char *key)
{
	jw_key(w, key);
	jw_arr(w);
}
