/*
 * query - the table of what is done for each kind; see query.h.
 */
#include "helper/query.h"

#include "ipc/query/archive.h"
#include "ipc/query/chat.h"
#include "ipc/query/guard.h"
#include "ipc/query/head.h"
#include "ipc/query/identity.h"
#include "ipc/query/path_activity.h"
#include "ipc/query/picture.h"

static const struct {
	const struct query_kind *kind;
	bool (*run)(struct helper_task *t);
} table[] = {
	{ &path_activity_kind, helper_path_activity },
	{ &head_kind, helper_head },
	{ &identity_kind, helper_identity },
	{ &archive_kind, helper_archive },
	{ &guard_kind, helper_guard },
	{ &picture_kind, helper_picture },
	{ &chat_kind, helper_chat },
};

int
query_run(const struct conf *conf, struct str query, int64_t deadline, struct arena *a, struct buf *out)
{
	struct helper_task t = {
		.arena = a, .conf = conf, .deadline = deadline, .query = query, .result = out, .pass = -1
	};
	const struct query_kind *kind = query_kind_of(query);

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (table[i].kind == kind)
			(void)table[i].run(&t);
	return t.pass;
}
