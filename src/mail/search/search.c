/*
 * search - one search from the cleaned query to the rows: candidates from index and tail, ranking,
 * the page, the rows to its caller.
 *
 * Called by tools and REST. Everything is read in one snapshot, so that what the keeper indexes
 * meanwhile is neither missed nor shown twice. Time is bounded: a scan that uses up its budget
 * ends with what it has.
 */
#include "mail/search/search.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "conf/conf.h"
#include "mail/project/project.h"
#include "mail/search/search_query.h"
#include "mail/search/search_sql.h"
#include "store/cx.h"
#include "store/fts.h"
#include "store/stmt.h"

/* Longest query in bytes: each of its words costs an index scan. */
#define QUERY_MAX 4096
/* Newest matches that are ranked. */
#define WINDOW 5000
/* Budget of scans that do not rank, where none is configured. */
#define SCAN_US 100000

struct candidate {
	double score;
	int64_t id;
};

struct run {
	struct search_scope scope;
	struct str query; /* cleaned */
	struct query_filter filter;
	int64_t through; /* highest id in the index */
	int64_t before;  /* ids from here on have been looked at */
	int64_t until;   /* monotonic: end of the scan's budget */
	bool rank;
	bool over; /* nothing is left below `before` */
	struct candidate *v;
	size_t n, max, size;
};

static bool
add(struct run *r, int64_t id, double score)
{
	if (r->n == r->size)
		return false;
	r->v[r->n++] = (struct candidate){ score, id };
	return r->n < r->max;
}

/*
 * Steps a scan within its budget: 1 a row, 0 the end, -1 failed, -2 the budget
 * is used up, which is no failure.
 */
static int
step(struct cx *cx, struct run *r, struct stmt *s)
{
	int64_t own = cx->deadline;
	int rc;

	if (clock_mono_us() >= r->until)
		return -2;
	if (own == 0 || r->until < own)
		cx->deadline = r->until;
	rc = stmt_step(cx, s);
	cx->deadline = own;
	if (rc >= 0 || cx->fail.code != ERR_TIMEOUT || (own != 0 && clock_mono_us() >= own))
		return rc;
	fail_clear(&cx->fail);
	return -2;
}

/* What the index does not hold yet. 1 go on below, 0 enough found, -1 failed, -2 out of time. */
static int
scan_tail(struct cx *cx, struct run *r)
{
	struct stmt *s = search_sql_tail(cx, &r->scope, r->through, r->before);
	struct fts_tail *tail = fts_tail_new(cx, r->query);
	bool more = true;
	double score;
	int rc;

	while (more && (rc = step(cx, r, s)) > 0) {
		struct str subject = stmt_peek(s, 1), body = stmt_peek(s, 2);

		r->before = stmt_int(s, 0);
		if (query_filter_pass(&r->filter, subject, body) && fts_tail_match(tail, subject, body, &score))
			more = add(r, r->before, r->rank ? score : 0);
	}
	stmt_done(s);
	if (!more)
		return 0;
	if (rc < 0)
		return rc;
	r->before = r->through + 1;
	return 1;
}

static int
scan_statement(struct cx *cx, struct run *r, struct stmt *s, bool scores)
{
	int rc;

	while ((rc = step(cx, r, s)) > 0) {
		r->before = stmt_int(s, 0);
		if (!add(r, r->before, scores ? stmt_double(s, 1) : 0))
			break;
	}
	stmt_done(s);
	r->over = rc == 0;
	return rc < 0 ? rc : 0;
}

/* Gathers candidates newest first until there are r->max, all have been seen, or time is up. */
static int
scan(struct cx *cx, struct run *r, bool rank, size_t max, int64_t budget_us)
{
	int rc = 1;

	r->rank = rank;
	r->max = max < r->size ? max : r->size;
	r->until = clock_mono_us() + (budget_us > 0 ? budget_us : SCAN_US);
	if (r->n >= r->max)
		return 0;
	if (rank && fts_weigh(cx, r->query, r->through) < 0)
		return -1;
	if (r->before > r->through + 1)
		rc = scan_tail(cx, r);
	if (rc == 1)
		rc = scan_statement(cx, r, search_sql_index(cx, &r->scope, r->query, rank, r->before), true);
	return rc == -1 ? -1 : 0;
}

static int
best_first(const void *va, const void *vb)
{
	const struct candidate *a = va, *b = vb;

	if (a->score != b->score)
		return a->score > b->score ? -1 : 1;
	return a->id > b->id ? -1 : a->id < b->id;
}

/* Drops what the cursor has shown already. */
static void
cut(struct run *r, const struct search_cursor *after)
{
	size_t i = 0;

	if (!after->set)
		return;
	while (i < r->n && (r->v[i].score > after->score || (r->v[i].score == after->score && r->v[i].id >= after->id)))
		i++;
	r->v += i;
	r->n -= i;
	r->size -= i;
}

/* Ranked candidates first; beyond them, if they do not fill the page, the newest (score 0). */
static int
by_relevance(struct cx *cx, struct run *r, size_t need, struct search_report *report)
{
	int64_t budget = cx->conf->search_budget;

	if (budget > 0 && scan(cx, r, true, WINDOW, budget) < 0)
		return -1;
	report->candidates = r->n;
	report->bounded = !r->over;
	qsort(r->v, r->n, sizeof(r->v[0]), best_first);
	cut(r, &r->scope.ask->after);
	if (r->over || r->n >= need)
		return 0;
	if (r->scope.ask->after.set && r->scope.ask->after.score == 0 && r->scope.ask->after.id < r->before)
		r->before = r->scope.ask->after.id;
	return scan(cx, r, false, need, budget);
}

static int
by_recency(struct cx *cx, struct run *r, size_t need, struct search_report *report)
{
	if (scan(cx, r, false, need, cx->conf->search_budget) < 0)
		return -1;
	report->candidates = r->n;
	report->bounded = !r->over && r->n < need;
	return 0;
}

static int
by_words(struct cx *cx, struct run *r, size_t need, struct search_report *report)
{
	struct str words[QUERY_WORDS];
	size_t n = query_words(r->scope.ask->query, words);
	int rc;

	report->fallback = true;
	if (n == 0)
		return 0;
	r->max = need;
	r->until = clock_mono_us() + (cx->conf->search_budget > 0 ? cx->conf->search_budget : SCAN_US);
	rc = scan_statement(cx, r, search_sql_words(cx, &r->scope, words, n, r->before), false);
	report->candidates = r->n;
	report->bounded = rc == -2;
	return rc == -1 ? -1 : 0;
}

/* Looks up where a message lies; 0 when it was removed. */
static int
place_of(struct cx *cx, const struct run *r, int64_t id, struct search_place *out)
{
	struct stmt *s;
	int64_t project_id;
	int rc;

	*out = r->scope.places[0];
	if (r->scope.nplaces == 1)
		return 1;
	s = stmt_get(cx->db, STMT_REST_MESSAGE_PROJECT);
	stmt_bind_int(s, 1, id);
	if ((rc = stmt_run_int(cx, s, &project_id)) <= 0)
		return rc;
	for (size_t i = 0; i < r->scope.nplaces; i++)
		if (r->scope.places[i].project_id == project_id)
			*out = r->scope.places[i];
	return 1;
}

/* One row to fn; 0 when it was removed meanwhile, which a snapshot excludes, 1 shown, -1. */
static int
show(struct cx *cx, const struct run *r, int64_t id, message_fn *fn, void *arg, int64_t *created)
{
	struct search_place place;
	struct message m;
	struct stmt *s;
	int rc;

	if ((rc = place_of(cx, r, id, &place)) <= 0)
		return rc;
	s = stmt_get(cx->db, STMT_MSG_ONE);
	stmt_bind_int(s, 1, id);
	stmt_bind_int(s, 2, place.project_id);
	stmt_bind_int(s, 3, place.viewer_id);
	rc = stmt_step(cx, s);
	if (rc > 0 && message_read_row(cx, s, place.project_id, r->scope.ask->body, &m) == 0) {
		*created = m.created_ts;
		rc = fn(cx, &m, arg) < 0 ? -1 : 1;
	} else if (rc > 0)
		rc = -1;
	stmt_done(s);
	return rc;
}

static int
show_page(struct cx *cx, struct run *r, bool ranked, message_fn *fn, void *arg, struct search_report *report)
{
	const struct search_request *ask = r->scope.ask;
	size_t offset = ask->after.set ? 0 : (size_t)ask->offset, end = offset + (size_t)ask->limit;
	int64_t created = 0;

	for (size_t i = offset; i < r->n && i < end; i++) {
		int rc = show(cx, r, r->v[i].id, fn, arg, &created);

		if (rc < 0)
			return -1;
		report->rows += (size_t)rc;
		report->next.score = ranked ? r->v[i].score : -(double)created;
		report->next.id = r->v[i].id;
	}
	report->next.set = report->rows > 0 && report->rows == (size_t)ask->limit;
	return 0;
}

static int
search_in_snapshot(struct cx *cx, struct run *r, message_fn *fn, void *arg, struct search_report *report)
{
	const struct search_request *ask = r->scope.ask;
	size_t need = (size_t)ask->limit + (ask->after.set ? 0 : (size_t)ask->offset);
	bool parses = fts_parses(cx->db, r->query), ranked = parses && ask->ranking == SEARCH_RELEVANCE;
	int rc;

	if (!parses && ask->syntax == SEARCH_STRICT)
		return 0;
	if (stmt_run_int(cx, stmt_get(cx->db, STMT_INDEX_THROUGH), &r->through) < 0)
		return -1;
	if (!ranked && ask->after.set)
		r->before = ask->after.id;
	rc = !parses ? by_words(cx, r, need, report)
	    : ranked ? by_relevance(cx, r, need, report)
		     : by_recency(cx, r, need, report);
	return rc < 0 ? -1 : show_page(cx, r, ranked, fn, arg, report);
}

int
search_messages(struct cx *cx, const struct project *p, int64_t viewer_id, const struct search_request *ask,
    message_fn *fn, void *arg, struct search_report *report)
{
	const struct search_place place = { p->id, viewer_id };

	return search_places(cx, &place, 1, ask, fn, arg, report);
}

int
search_places(struct cx *cx, const struct search_place *places, size_t n, const struct search_request *ask,
    message_fn *fn, void *arg, struct search_report *report)
{
	struct run r = { .scope = { ask, places, n, 0 }, .before = INT64_MAX, .size = WINDOW + MESSAGE_LIST_MAX };
	struct cx quiet = { .arena = NULL };
	int rc;

	*report = (struct search_report){ .searched = false };
	must(n >= 1 && n <= SEARCH_PLACES);
	if (ask->query.n > QUERY_MAX)
		return fail(cx, ERR_INVALID_ARGUMENT, "query: longer than %d bytes.", QUERY_MAX);
	r.query = ask->syntax == SEARCH_STRICT ? query_clean_strict(cx->arena, ask->query)
					       : query_clean(cx->arena, ask->query);
	report->normalized = r.query;
	if (r.query.p == NULL || ask->limit == 0)
		return 0;
	report->searched = true;
	r.v = arena_get(cx->arena, r.size * sizeof(r.v[0]));
	if (!str_int(ask->thread_id, &r.scope.thread_message))
		r.scope.thread_message = 0;
	query_filter_init(&r.filter, cx->arena, r.query);
	fts_ready(cx->db);
	if (stmt_run(cx, stmt_get(cx->db, STMT_SEARCH_SNAPSHOT)) < 0)
		return -1;
	rc = search_in_snapshot(cx, &r, fn, arg, report);
	/* The failure to be told is the first one. */
	quiet.arena = cx->arena;
	stmt_run(rc < 0 ? &quiet : cx, stmt_get(cx->db, STMT_SEARCH_SNAPSHOT_END));
	return rc;
}
