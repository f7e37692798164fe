/*
 * arch_json - see arch_json.h.
 */
#include "archive/content/arch_json.h"

#include <stdlib.h>

struct member {
	struct str key;
	struct jr val;
};

struct members {
	struct member *v;
	size_t n;
};

static bool
collect(struct str key, struct jr val, void *arg)
{
	struct members *m = arg;

	m->v[m->n++] = (struct member){ key, val };
	return true;
}

static int
by_key(const void *a, const void *b)
{
	return str_cmp(((const struct member *)a)->key, ((const struct member *)b)->key);
}

static void
write_object(struct jw *w, struct jr v, struct arena *a)
{
	struct members m = { arena_array(a, struct member, jr_len(v)), 0 };

	jr_each(v, collect, &m);
	qsort(m.v, m.n, sizeof(*m.v), by_key);
	jw_obj(w);
	for (size_t i = 0; i < m.n; i++) {
		jw_keys(w, m.v[i].key);
		arch_json_sorted(w, m.v[i].val, a);
	}
	jw_end(w);
}

static void
write_number(struct jw *w, struct jr v, struct arena *a)
{
	struct buf b;

	buf_init(&b, a);
	jr_write(v, &b);
	jw_raw(w, buf_flat(&b));
}

void
arch_json_sorted(struct jw *w, struct jr v, struct arena *a)
{
	switch (v.type) {
	case JR_OBJ:
		write_object(w, v, a);
		break;
	case JR_ARR:
		jw_arr(w);
		for (size_t i = 0; i < jr_len(v); i++)
			arch_json_sorted(w, jr_at(v, i), a);
		jw_end(w);
		break;
	case JR_STR:
		jw_str(w, jr_str(v));
		break;
	case JR_BOOL:
		jw_bool(w, jr_bool(v));
		break;
	case JR_INT:
	case JR_DOUBLE:
		write_number(w, v, a);
		break;
	case JR_NULL:
	case JR_ABSENT:
		jw_null(w);
		break;
	}
}

struct str
arch_json_file(struct jr v, struct arena *a)
{
	struct buf b;
	struct jw w;

	buf_init(&b, a);
	jw_init(&w, &b, JW_INDENT2 | JW_ASCII);
	arch_json_sorted(&w, v, a);
	buf_chr(&b, '\n');
	return buf_flat(&b);
}
