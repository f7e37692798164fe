/*
 * archive_verify_rest - compares profiles and reservations, and looks for digests and files that
 * nobody in the database knows: the half of archive_verify.h that is not messages.
 */
#include <stdlib.h>
#include <string.h>

#include "archive/content/layout.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/json_read.h"
#include "base/log.h"
#include "cli/archive_verify_priv.h"
#include "mail/agent/agent.h"
#include "mail/agent/agent_archive.h"
#include "mail/project/project.h"
#include "mail/reservation/reserve_archive.h"
#include "store/archive_queue.h"
#include "store/stmt.h"

static int
from_mail(struct verify *v)
{
	return arch_error(&v->why, ARCH_AGAIN, "%" PRIstr, FSTR(v->cx.fail.msg));
}

/* Members that change without an archive order are not compared. */
static const char *const profile_members[] = { "id", "name", "program", "model", "task_description",
	"attachments_policy", "project_id", "inception_ts", NULL };
static const char *const record_members[] = { "id", "project", "agent", "path_pattern", "exclusive", "reason",
	"created_ts", "expires_ts", "released_ts", NULL };

static bool
same_value(struct jr a, struct jr b, struct arena *arena)
{
	struct buf x, y;

	if (a.type == JR_ABSENT || b.type == JR_ABSENT)
		return a.type == b.type;
	buf_init(&x, arena);
	buf_init(&y, arena);
	jr_write(a, &x);
	jr_write(b, &y);
	return str_eq(buf_flat(&x), buf_flat(&y));
}

/* Name of the first member that differs, NULL when all are the same. */
static const char *
first_difference(struct verify *v, struct str file, struct str want, const char *const *members)
{
	struct jr_error err;
	struct jr a, b;

	if (!jr_parse(&v->arena, file, &a, &err) || !jr_parse(&v->arena, want, &b, &err))
		return "the text: it is no JSON";
	for (; *members; members++)
		if (!same_value(jr_get(a, *members), jr_get(b, *members), &v->arena))
			return *members;
	return NULL;
}

/* Compares one JSON file; looks again at the newest tip before it says that something is wrong. */
static int
check_json(struct verify *v, struct str path, struct str want, const char *const *members, const char *about, int64_t id)
{
	const char *differs = NULL;
	struct str file;
	int rc = 0;

	for (int look = 0; look < 2; look++) {
		rc = verify_read(v, path, &file);
		if (rc < 0)
			return -1;
		differs = rc > 0 ? first_difference(v, file, want, members) : NULL;
		if (rc > 0 && !differs)
			break;
		if (look == 0 && (rc = verify_tip(v)) <= 0 && rc < 0)
			return -1;
	}
	rc = verify_read(v, path, &file);
	if (rc == 0)
		verify_differs(v, &v->out->missing, "missing", path, "%s %lld", about, (long long)id);
	else if (differs)
		verify_differs(v, &v->out->differing, "differs", path, "%s %lld: %s", about, (long long)id, differs);
	else
		v->out->files++;
	return rc < 0 ? -1 : 0;
}

static int
check_profile(struct verify *v, int64_t id)
{
	struct project p;
	struct agent a;
	int rc = verify_pending(v, QUEUE_AGENT, id);

	if (rc != 0) {
		v->out->pending += rc > 0;
		return rc < 0 ? -1 : 0;
	}
	rc = agent_by_id(&v->cx, id, &a);
	if (rc > 0)
		rc = project_by_id(&v->cx, a.project_id, &p);
	if (rc <= 0)
		return rc < 0 ? from_mail(v) : 0;
	v->out->profiles++;
	return check_json(
	    v, layout_profile(&v->arena, p.slug, a.name), agent_profile(&v->arena, &a), profile_members, "agent", id);
}

int
verify_profiles(struct verify *v)
{
	return verify_each(v, STMT_ARCH_AGENT_IDS, check_profile);
}

/* An order may hold several records and names only the first: so all of its project wait with it. */
static int
leases_pending(struct verify *v, int64_t project)
{
	struct stmt *s = stmt_get(v->cx.db, STMT_ARCH_PENDING_KIND);
	int64_t one;
	int rc;

	stmt_bind_int(s, 1, QUEUE_RESERVATION);
	stmt_bind_int(s, 2, project);
	rc = stmt_run_int(&v->cx, s, &one);
	return rc < 0 ? from_mail(v) : rc;
}

static int
check_reservation(struct verify *v, int64_t id)
{
	struct reservation r;
	struct project p;
	struct record_payload record;
	int rc = reserve_by_id(&v->cx, id, &r);

	if (rc > 0)
		rc = project_by_id(&v->cx, r.project_id, &p);
	if (rc <= 0)
		return rc < 0 ? from_mail(v) : 0;
	rc = leases_pending(v, p.id);
	if (rc != 0) {
		v->out->pending += rc > 0;
		return rc < 0 ? -1 : 0;
	}
	v->out->reservations++;
	record = reserve_record(&p, &r);
	return check_json(v, layout_lease_by_id(&v->arena, p.slug, id), record_payload(&v->arena, &record),
	    record_members, "reservation", id);
}

int
verify_reservations(struct verify *v)
{
	return verify_each(v, STMT_ARCH_LEASE_IDS, check_reservation);
}

static void
note_shown(struct verify *v, struct str path)
{
	if (v->nshown == v->shown_room) {
		v->shown_room = v->shown_room * 2 + 1024;
		v->shown = realloc(v->shown, v->shown_room * sizeof(*v->shown));
		must(v->shown != NULL);
	}
	v->shown[v->nshown++] = hash_fast(path);
}

static int
by_number(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

bool
verify_shown(const struct verify *v, struct str path)
{
	uint64_t h = hash_fast(path);

	return v->nshown > 0 && bsearch(&h, v->shown, v->nshown, sizeof(h), by_number) != NULL;
}

static void
read_digest(struct verify *v, struct str text)
{
	const struct str link = STR("[View canonical](");
	struct str line;

	while (str_next(&text, '\n', &line))
		if (str_starts(line, link) && str_ends(line, STR(")")))
			note_shown(v, str_sub(line, link.n, line.n - link.n - 1));
}

/* <time>__<subject>__<id>.md, or <id>.md of old. */
static bool
id_in_name(struct str name, int64_t *id)
{
	size_t from;

	if (!str_ends(name, STR(".md")))
		return false;
	name.n -= 3;
	for (from = name.n; from > 0 && name.p[from - 1] != '_'; from--)
		;
	return str_int(str_sub(name, from, name.n), id);
}

/* Whether the database has a row for it. */
static int
has_row(struct verify *v, int stmt, int64_t id)
{
	struct stmt *s = stmt_get(v->cx.db, (enum stmt_id)stmt);
	int64_t one;
	int rc;

	stmt_bind_int(s, 1, id);
	rc = stmt_run_int(&v->cx, s, &one);
	return rc < 0 ? from_mail(v) : rc;
}

static int
check_known(struct verify *v, struct str path, struct str name)
{
	int64_t id = 0;
	int rc = id_in_name(name, &id) ? has_row(v, STMT_ARCH_MAIL_EXISTS, id) : 0;

	if (rc == 0 && id > 0) {
		rc = has_row(v, STMT_ARCH_REMOVED, id);
		v->out->removed += rc > 0;
	}
	if (rc == 0)
		verify_differs(v, &v->out->unknown, "unknown", path, "no message in the database");
	return rc < 0 ? -1 : 0;
}

struct walk {
	struct verify *v;
	struct str dir;
	int depth; /* parts of the path below projects/ */
};

/* projects/<slug>/messages/{YYYY/MM/<file>,threads/<file>} */
static int
walk(void *arg, struct str name, unsigned mode, const struct oid *id)
{
	struct walk *w = arg, below = { w->v, STR_NONE, w->depth + 1 };
	struct arena_mark m = arena_mark(&w->v->arena);
	struct str path = arena_printf(&w->v->arena, "%" PRIstr "/%" PRIstr, FSTR(w->dir), FSTR(name)), text;
	int rc = 0;

	if (mode == MODE_DIR && (w->depth != 1 || str_eqc(name, "messages"))) {
		below.dir = path;
		rc = trees_each(w->v->trees, path, walk, &below, &w->v->why);
	} else if (mode != MODE_DIR && w->depth == 4) {
		rc = check_known(w->v, path, name);
	} else if (mode != MODE_DIR && w->depth == 3) {
		rc = verify_read(w->v, path, &text);
		if (rc > 0)
			read_digest(w->v, text);
	}
	arena_rewind(&w->v->arena, m);
	return rc < 0 ? -1 : 0;
}

int
verify_walk(struct verify *v)
{
	struct walk w = { v, STR("projects"), 0 };

	if (trees_each(v->trees, w.dir, walk, &w, &v->why) != 0)
		return -1;
	if (v->nshown > 0)
		qsort(v->shown, v->nshown, sizeof(*v->shown), by_number);
	arena_reset(&v->arena);
	return 0;
}
