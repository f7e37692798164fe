/*
 * conf_foreign - environment keys of other servers that are set and mean nothing
 * here (conf/foreign.def). Called by the master when it starts, for its log, and
 * by the manual.
 */
#include <stdlib.h>

#include "conf/conf.h"

const struct conf_foreign conf_foreign_table[] = {
#define FOREIGN(name, reason) { #name, reason },
#include "conf/foreign.def"
#undef FOREIGN
	{ NULL, NULL },
};

struct str
conf_foreign_set(struct arena *a)
{
	struct buf names;

	buf_init(&names, a);
	for (const struct conf_foreign *f = conf_foreign_table; f->name != NULL; f++) {
		const char *value = getenv(f->name);

		if (value != NULL && value[0] != '\0')
			buf_printf(&names, "%s%s", names.n > 0 ? ", " : "", f->name);
	}
	return buf_flat(&names);
}
