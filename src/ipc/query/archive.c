/*
 * archive - the archive looked through for history and files: query and results to and from the wire.
 */
#include "ipc/query/archive.h"

#include "ipc/helper_query.h"
#include "ipc/query/wire.h"

/* How a result that was found begins, and ends. */
#define FOUND "archive {\"found\":"
#define FOUND_END "}\n"

const struct query_kind archive_kind = { "archive", LANE_LIGHT };

static const char *const whats[] = {
	[ARCHIVE_LOG] = "log",
	[ARCHIVE_COMMIT] = "commit",
	[ARCHIVE_TREE] = "tree",
	[ARCHIVE_FILE] = "file",
	[ARCHIVE_ACTIVITY] = "activity",
	[ARCHIVE_CHANGES] = "changes",
};

static const char *const ends[] = {
	[ARCHIVE_FOUND] = "found",
	[ARCHIVE_ABSENT] = "absent",
	[ARCHIVE_AMBIGUOUS] = "ambiguous",
	[ARCHIVE_LARGE] = "large",
	[ARCHIVE_LATE] = "late",
	[ARCHIVE_TROUBLE] = "trouble",
};

void
archive_query_put(struct buf *out, const struct archive_query *q)
{
	struct jw w;

	wire_begin(&w, out, &archive_kind);
	jw_kcstr(&w, "what", whats[q->what]);
	jw_kstr(&w, "dir", q->dir);
	jw_kstr(&w, "sha", q->sha);
	jw_kstr(&w, "path", q->path);
	jw_kstr(&w, "author", q->author);
	jw_kint(&w, "since", q->since);
	jw_kint(&w, "until", q->until);
	jw_kint(&w, "limit", q->limit);
	jw_kint(&w, "offset", q->offset);
	jw_karr(&w, "items");
	for (size_t i = 0; i < q->nitems; i++) {
		jw_obj(&w);
		jw_kint(&w, "id", q->items[i].message);
		jw_kstr(&w, "sha", q->items[i].sha);
		jw_end(&w);
	}
	jw_end(&w);
	wire_end(&w);
}

bool
archive_query_get(struct arena *a, struct str bytes, struct archive_query *q)
{
	struct wire in = wire_open(a, bytes, &archive_kind, HELPER_QUERY_MAX);
	struct jr list = wire_list(&in, in.body, "items");
	struct archive_item *items = arena_array(a, struct archive_item, jr_len(list));

	*q = (struct archive_query){
		.what = (enum archive_what)wire_word(&in, in.body, "what", whats, sizeof(whats) / sizeof(whats[0])),
		.dir = wire_str(&in, in.body, "dir"),
		.sha = wire_str_or_none(&in, in.body, "sha"),
		.path = wire_str_or_none(&in, in.body, "path"),
		.author = wire_str_or_none(&in, in.body, "author"),
		.since = wire_int(&in, in.body, "since"),
		.until = wire_int(&in, in.body, "until"),
		.limit = wire_int(&in, in.body, "limit"),
		.offset = wire_int(&in, in.body, "offset"),
		.items = items,
		.nitems = jr_len(list),
	};
	for (size_t i = 0; i < q->nitems; i++)
		items[i] =
		    (struct archive_item){ wire_int(&in, jr_at(list, i), "id"), wire_str(&in, jr_at(list, i), "sha") };
	return wire_close(&in);
}

void
archive_result_put(struct buf *out, const struct archive_result *r)
{
	struct jw w;

	wire_begin(&w, out, &archive_kind);
	if (r->end == ARCHIVE_FOUND) {
		jw_key(&w, "found");
		jw_raw(&w, r->json);
	} else {
		jw_kcstr(&w, "refused", ends[r->end]);
		jw_kint(&w, "size", r->size);
		jw_kstr(&w, "why", r->why);
	}
	wire_end(&w);
}

bool
archive_result_get(struct arena *a, struct str bytes, struct archive_result *r)
{
	const struct str head = STR(FOUND), tail = STR(FOUND_END);
	struct wire in;

	if (bytes.n <= HELPER_RESULT_MAX && bytes.n > head.n + tail.n && str_starts(bytes, head) &&
	    str_ends(bytes, tail)) {
		*r = (struct archive_result){ .json = str_sub(bytes, head.n, bytes.n - head.n - tail.n) };
		return true;
	}
	in = wire_open(a, bytes, &archive_kind, HELPER_RESULT_MAX);
	*r = (struct archive_result){
		.end = (enum archive_end)wire_word(&in, in.body, "refused", ends, sizeof(ends) / sizeof(ends[0])),
		.size = wire_int(&in, in.body, "size"),
		.why = wire_str_or_none(&in, in.body, "why"),
	};
	in.good &= r->end != ARCHIVE_FOUND;
	return wire_close(&in);
}
