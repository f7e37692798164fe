/*
 * build_slot_json - build slots as JSON of the tools and of REST.
 */
#include "view/build_slot_json.h"

#include "mail/build_slot/build_slot.h"

void
shape_build_slot(struct jw *w, const struct build_slot *l)
{
	jw_obj(w);
	jw_kstr(w, "slot", l->slot);
	jw_kstr(w, "agent", l->agent);
	jw_kstr(w, "branch", l->branch.n > 0 ? l->branch : STR_NONE);
	jw_kbool(w, "exclusive", l->exclusive);
	jw_ktime(w, "acquired_ts", l->acquired_ts);
	jw_ktime(w, "expires_ts", l->expires_ts);
	if (l->released_ts != 0)
		jw_ktime(w, "released_ts", l->released_ts);
	jw_end(w);
}
