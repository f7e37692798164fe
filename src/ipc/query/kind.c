/*
 * kind - the table of kinds, and the limits of their lanes; see kind.h.
 */
#include "ipc/query/kind.h"

#include "conf/conf.h"
#include "ipc/query/archive.h"
#include "ipc/query/chat.h"
#include "ipc/query/guard.h"
#include "ipc/query/head.h"
#include "ipc/query/identity.h"
#include "ipc/query/path_activity.h"
#include "ipc/query/picture.h"

#define LIGHT_CHILDREN 8
/* Each takes memory. */
#define PICTURE_CHILDREN 2

static const struct query_kind *const kinds[] = {
	&path_activity_kind,
	&head_kind,
	&identity_kind,
	&archive_kind,
	&guard_kind,
	&picture_kind,
	&chat_kind,
};

struct query_limits
query_limits(const struct conf *conf, enum query_lane lane)
{
	const struct query_limits of_lane[LANES] = {
		[LANE_LIGHT] = { LIGHT_CHILDREN, conf->helper_timeout },
		[LANE_PICTURES] = { PICTURE_CHILDREN, conf->image_timeout },
		[LANE_MODEL] = { (int)conf->llm_parallel, conf->llm_timeout },
	};

	return of_lane[lane];
}

const struct query_kind *
query_kind_of(struct str bytes)
{
	ptrdiff_t end = str_chr(bytes, ' ');
	struct str name = str_sub(bytes, 0, end > 0 ? (size_t)end : 0);

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (str_eqc(name, kinds[i]->name))
			return kinds[i];
	return NULL;
}
