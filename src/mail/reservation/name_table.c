/*
 * name_table - a hash table of fixed size in an arena, from texts to numbers; a text may be there
 * several times.
 */
#include "mail/reservation/name_table.h"

#include <string.h>

#include "base/hash.h"

void
name_table_init(struct arena *a, struct name_table *t, size_t room)
{
	size_t size = 16;

	while (size < room * 2)
		size *= 2;
	*t = (struct name_table){ .v = arena_array(a, struct name_entry, room), .mask = size - 1 };
	t->chains = arena_get(a, size * sizeof(*t->chains));
	memset(t->chains, 0xff, size * sizeof(*t->chains));
}

void
name_table_add(struct name_table *t, struct str text, uint32_t value)
{
	uint32_t *chain = &t->chains[hash_fast(text) & t->mask];

	t->v[t->n] = (struct name_entry){ text, value, *chain };
	*chain = t->n++;
}

uint32_t
name_table_next(const struct name_table *t, struct str text, uint32_t after)
{
	uint32_t i = after == NAME_NONE ? t->chains[hash_fast(text) & t->mask] : t->v[after].next;

	while (i != NAME_NONE && !str_eq(t->v[i].text, text))
		i = t->v[i].next;
	return i;
}
