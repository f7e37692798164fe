/*
 * name_table - texts to numbers, as many as were planned for; for pattern_set.c and reserve.c.
 */
#ifndef MAIL_RESERVATION_NAME_TABLE_H
#define MAIL_RESERVATION_NAME_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

#define NAME_NONE UINT32_MAX

struct name_entry {
	struct str text; /* borrowed */
	uint32_t value;
	uint32_t next; /* in its chain */
};

struct name_table {
	struct name_entry *v;
	uint32_t n;
	uint32_t *chains;
	size_t mask;
};

/* An empty table with room for so many entries, in `a`. */
void name_table_init(struct arena *a, struct name_table *t, size_t room);
void name_table_add(struct name_table *t, struct str text, uint32_t value);
/* Entry of this text, the one added last first; the next one after `after`, or the first with NAME_NONE. NAME_NONE: no more. */
uint32_t name_table_next(const struct name_table *t, struct str text, uint32_t after);

#endif
