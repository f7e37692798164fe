/*
 * wire - name, space, JSON and newline: writes and reads that frame, and tells what is cut off.
 */
#include "ipc/query/wire.h"

#include "base/log.h"
#include "ipc/query/kind.h"

void
wire_begin(struct jw *w, struct buf *out, const struct query_kind *kind)
{
	buf_cstr(out, kind->name);
	buf_cstr(out, " ");
	jw_init(w, out, JW_COMPACT);
	jw_obj(w);
}

void
wire_end(struct jw *w)
{
	jw_end(w);
	buf_cstr(w->buf, "\n");
}

bool
wire_whole(struct str bytes)
{
	return bytes.n > 0 && bytes.p[bytes.n - 1] == '\n';
}

struct wire
wire_open(struct arena *a, struct str bytes, const struct query_kind *kind, size_t max)
{
	struct wire in = { .kind = kind, .body = JR_NONE, .absent = bytes.p == NULL };
	size_t name = str_c(kind->name).n + 1;
	struct jr_error err;

	if (in.absent || bytes.n > max || !wire_whole(bytes) || query_kind_of(bytes) != kind)
		return in;
	in.good = jr_parse(a, str_sub(bytes, name, bytes.n - name - 1), &in.body, &err) && in.body.type == JR_OBJ;
	return in;
}

bool
wire_close(const struct wire *in)
{
	if (!in->good && !in->absent)
		log_warn("helper: malformed query or result of kind %s", in->kind->name);
	return in->good;
}

/* The member if it is of this type; JR_NONE, and all is spoilt, if not. */
static struct jr
member(struct wire *in, struct jr from, const char *key, enum jr_type type)
{
	struct jr v = jr_get(from, key);

	if (v.type == type)
		return v;
	in->good = false;
	return JR_NONE;
}

int64_t
wire_int(struct wire *in, struct jr from, const char *key)
{
	struct jr v = member(in, from, key, JR_INT);

	in->good &= !jr_int_overflow(v);
	return jr_int(v);
}

bool
wire_bool(struct wire *in, struct jr from, const char *key)
{
	return jr_bool(member(in, from, key, JR_BOOL));
}

struct str
wire_str(struct wire *in, struct jr from, const char *key)
{
	return jr_str(member(in, from, key, JR_STR));
}

struct str
wire_str_or_none(struct wire *in, struct jr from, const char *key)
{
	return wire_has(from, key) ? wire_str(in, from, key) : STR_NONE;
}

size_t
wire_word(struct wire *in, struct jr from, const char *key, const char *const *words, size_t n)
{
	struct str word = wire_str(in, from, key);

	for (size_t i = 0; i < n; i++)
		if (str_eqc(word, words[i]))
			return i;
	in->good = false;
	return 0;
}

struct jr
wire_list(struct wire *in, struct jr from, const char *key)
{
	return member(in, from, key, JR_ARR);
}

struct str_list
wire_strs(struct wire *in, struct arena *a, struct jr from, const char *key)
{
	struct jr list = wire_list(in, from, key);
	struct str_list out = { arena_array(a, struct str, jr_len(list)), jr_len(list) };

	for (size_t i = 0; i < out.n; i++) {
		out.v[i] = jr_str(jr_at(list, i));
		in->good &= out.v[i].p != NULL;
	}
	return out;
}

struct jr
wire_obj(struct wire *in, struct jr from, const char *key)
{
	return member(in, from, key, JR_OBJ);
}

bool
wire_has(struct jr from, const char *key)
{
	enum jr_type type = jr_get(from, key).type;

	return type != JR_ABSENT && type != JR_NULL;
}
