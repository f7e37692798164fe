/*
 * apply - one outbox row into files, by its kind; one function for each.
 *
 * Applying a row again is harmless: a message whose canonical file is there already is not written
 * a second time, the others are snapshots. It stages only; nothing reaches the repository before
 * arch_commit.
 */
#include <stdio.h>
#include <string.h>

#include "archive/group.h"
#include "archive/content/json.h"
#include "archive/content/layout.h"
#include "archive/content/mail.h"
#include "archive/content/build_slot.h"
#include "base/clock.h"
#include "base/json_read.h"
#include "store/archive_payload.h"
#include "store/archive_queue.h"
#include "store/stmt.h"

/* The slug of the row's project. 0, or -1 with a->why: POISON when there is no such project. */
static int
project_slug(struct arch *a, int64_t id, struct str *slug)
{
	struct stmt *s = stmt_get(a->cx.db, STMT_ARCH_PROJECT);
	int rc;

	stmt_bind_int(s, 1, id);
	rc = stmt_step(&a->cx, s);
	*slug = rc > 0 ? stmt_str(s, 0, &a->group) : STR_NONE;
	stmt_done(s);
	if (rc < 0)
		return arch_error(&a->why, ARCH_AGAIN, "project: %" PRIstr, FSTR(a->cx.fail.msg));
	if (rc == 0)
		return arch_error(&a->why, ARCH_POISON, "there is no project %lld", (long long)id);
	if (!arch_name_ok(*slug))
		return arch_error(&a->why, ARCH_POISON, "project \"%" PRIstr "\" cannot be a file name", FSTR(*slug));
	return 0;
}

static int
parse(struct arch *a, const struct arch_row *row, struct jr *v)
{
	struct jr_error err;

	if (!jr_parse(&a->group, row->payload.p ? row->payload : STR(""), v, &err))
		return arch_error(&a->why, ARCH_POISON, "payload: %s at byte %zu", err.why, err.offset);
	if (v->type != JR_OBJ)
		return arch_error(&a->why, ARCH_POISON, "payload: expected an object");
	return 0;
}

static int
apply_agent(struct arch *a, const struct arch_row *row, struct arch_op *op)
{
	struct str slug, name;
	struct jr v;

	if (parse(a, row, &v) != 0 || project_slug(a, row->project_id, &slug) != 0)
		return -1;
	name = profile_payload_name(v);
	if (!arch_name_ok(name))
		return arch_error(&a->why, ARCH_POISON, "agent \"%" PRIstr "\" cannot be a file name", FSTR(name));
	op->line = arena_printf(&a->group, "agent: profile %" PRIstr, FSTR(name));
	return arch_stage_file(a, layout_profile(&a->group, slug, name), arch_json_file(v, &a->group));
}

static int
apply_record(struct arch *a, struct str slug, struct jr record)
{
	struct record_read r;
	struct str file;

	if (!record_payload_read(record, &r))
		return arch_error(&a->why, ARCH_POISON, "record: needs path_pattern and id");
	file = arch_json_file(record, &a->group);
	if (arch_stage_file(a, layout_lease_by_pattern(&a->group, slug, r.path_pattern), file) != 0)
		return -1;
	return arch_stage_file(a, layout_lease_by_id(&a->group, slug, r.id), file);
}

/* contract/reservations-resources.md 9.3: one record names itself, more are listed. */
static void
describe_lease(struct arch *a, const struct records_read *in, struct arch_op *op)
{
	size_t n = jr_len(in->records);
	struct buf list;

	buf_init(&list, &a->group);
	for (size_t i = 0; i < n; i++) {
		struct record_read r;
		struct str line;

		(void)record_payload_read(jr_at(in->records, i), &r);
		line = arena_printf(&a->group, "%" PRIstr " %" PRIstr, FSTR(r.agent.n ? r.agent : in->agent),
		    FSTR(layout_line(&a->group, r.path_pattern)));
		if (i == 0)
			op->line = n == 1
			    ? arena_printf(&a->group, "file_reservation: %" PRIstr, FSTR(line))
			    : arena_printf(&a->group, "file_reservation: %" PRIstr " (+%zu more)", FSTR(line), n - 1);
		if (n > 1)
			buf_printf(&list, "- %" PRIstr "\n", FSTR(line));
	}
	op->list = n > 1 ? buf_flat(&list) : STR_NONE;
	op->trailers = arena_printf(&a->group, "Agent: %" PRIstr "\n", FSTR(layout_line(&a->group, in->agent)));
}

static int
apply_lease(struct arch *a, const struct arch_row *row, struct arch_op *op)
{
	struct records_read in;
	struct str slug;
	struct jr v;

	if (parse(a, row, &v) != 0 || project_slug(a, row->project_id, &slug) != 0)
		return -1;
	if (!records_payload_read(v, &in))
		return arch_error(&a->why, ARCH_POISON, "payload: expected a list of records");
	for (size_t i = 0; i < jr_len(in.records); i++)
		if (apply_record(a, slug, jr_at(in.records, i)) != 0)
			return -1;
	if (jr_len(in.records) > 0)
		describe_lease(a, &in, op);
	return 0;
}

/* mail: A -> B, C | Subject, with the reference's lines as trailers (decision 3.14). */
static void
describe_mail(struct arch *a, const struct arch_mail *m, struct arch_op *op)
{
	struct str sender = layout_sender(&a->group, m);
	char created[CLOCK_ISO_SIZE], id[24];
	const char *comma = "";
	struct buf b;

	buf_init(&b, &a->group);
	buf_printf(&b, "mail: %" PRIstr " -> ", FSTR(sender));
	for (size_t i = 0; i < m->to.n + m->cc.n; i++, comma = ", ")
		buf_printf(&b, "%s%" PRIstr, comma, FSTR(i < m->to.n ? m->to.v[i] : m->cc.v[i - m->to.n]));
	buf_printf(
	    &b, "%s | %" PRIstr, m->to.n + m->cc.n ? "" : "undisclosed", FSTR(layout_line(&a->group, m->subject)));
	op->line = str_trim(buf_flat(&b));
	clock_iso(created, m->created);
	snprintf(id, sizeof(id), "%lld", (long long)m->id);
	op->trailers = arena_printf(&a->group,
	    "TOOL: send_message\nAgent: %" PRIstr "\nProject: %" PRIstr
	    "\nStarted: %s\nStatus: SUCCESS\nThread: %" PRIstr "\n",
	    FSTR(sender), FSTR(layout_line(&a->group, m->human_key)), created,
	    FSTR(m->thread.p ? layout_line(&a->group, m->thread) : str_c(id)));
}

/* 1 when the very same message lies there already. */
static int
is_there(struct arch *a, struct str path, struct str bytes)
{
	struct oid id, mine;
	unsigned mode;
	int rc = trees_find(a->trees, path, &id, &mode, &a->why);

	if (rc <= 0)
		return rc;
	oid_of(OBJ_BLOB, bytes.p, bytes.n, &mine);
	return oid_eq(&id, &mine);
}

static int
stage_file(void *arg, struct str path, struct str bytes)
{
	return arch_stage_file(arg, path, bytes);
}

static int
stage_mail(struct arch *a, const struct arch_mail *m, struct arch_op *op)
{
	struct str canonical = layout_message(&a->group, m, LAYOUT_BCC_NONE, STR_NONE);
	struct str path = layout_canonical(&a->group, m);
	int rc = is_there(a, path, canonical);

	if (rc != 0)
		return rc < 0 ? -1 : 0;
	if (layout_files(&a->group, m, canonical, stage_file, a) != 0)
		return -1;
	if (m->thread.p && m->thread.n > 0 &&
	    arch_stage_digest(a, m->slug, m->thread, layout_digest_entry(&a->group, m)) != 0)
		return -1;
	describe_mail(a, m, op);
	return 0;
}

static int
apply_mail(struct arch *a, const struct arch_row *row, struct arch_op *op)
{
	struct arch_mail m;
	struct stmt *s;
	int64_t removed;
	int rc = arch_mail_read(&a->cx, row->ref_id, &m, &a->why);

	if (rc < 0)
		return -1;
	op->message = row->ref_id;
	if (rc > 0)
		return stage_mail(a, &m, op);
	/* Purged before it came here: nothing to write (decision 3.46). */
	s = stmt_get(a->cx.db, STMT_ARCH_REMOVED);
	stmt_bind_int(s, 1, row->ref_id);
	rc = stmt_run_int(&a->cx, s, &removed);
	if (rc < 0)
		return arch_error(&a->why, ARCH_AGAIN, "removed mail: %" PRIstr, FSTR(a->cx.fail.msg));
	return rc > 0 ? 0 : arch_error(&a->why, ARCH_POISON, "there is no message %lld", (long long)row->ref_id);
}

static int
apply_project(struct arch *a, const struct arch_row *row, struct arch_op *op)
{
	return 0; /* the first file makes the directory */
}

/* An agent's directory, or a whole project (decision 3.46). What is not there needs no commit. */
static int
apply_remove(struct arch *a, const struct arch_row *row, struct arch_op *op)
{
	struct str slug, name, path;
	struct jr v;
	int rc;

	if (parse(a, row, &v) != 0 || project_slug(a, row->project_id, &slug) != 0)
		return -1;
	name = removal_payload_agent(v);
	if (name.p && !arch_name_ok(name))
		return arch_error(&a->why, ARCH_POISON, "agent \"%" PRIstr "\" cannot be a file name", FSTR(name));
	path = name.p ? layout_agent(&a->group, slug, name) : layout_project(&a->group, slug);
	if ((rc = arch_stage_remove(a, path)) < 0)
		return -1;
	if (rc > 0 && name.p)
		op->line = arena_printf(&a->group, "agent: removed %" PRIstr, FSTR(name));
	else if (rc > 0)
		op->line = arena_printf(&a->group, "project: removed %" PRIstr, FSTR(slug));
	return 0;
}

static int
apply_slot(struct arch *a, const struct arch_row *row, struct arch_op *op)
{
	struct str slug;
	struct jr v;

	if (parse(a, row, &v) != 0 || project_slug(a, row->project_id, &slug) != 0)
		return -1;
	return build_slot_write(&a->group, a->conf, slug, v, &a->why); /* nothing to commit */
}

/* Whatever came before it is in its commit or in an earlier one. */
static int
apply_snapshot(struct arch *a, const struct arch_row *row, struct arch_op *op)
{
	struct str slug, message;
	struct jr v;

	if (parse(a, row, &v) != 0 || project_slug(a, row->project_id, &slug) != 0)
		return -1;
	message = layout_line(&a->group, snapshot_payload_message(v));
	op->line = arena_printf(&a->group, "snapshot: %" PRIstr, FSTR(str_blank(message) ? slug : message));
	op->trailers = arena_printf(&a->group, "Project: %" PRIstr "\n", FSTR(slug));
	op->snapshot = row->ref_id;
	return 0;
}

int
arch_apply(struct arch *a, const struct arch_row *row, struct arch_op *op)
{
	static int (*const by_kind[])(struct arch *, const struct arch_row *, struct arch_op *) = {
		[QUEUE_PROJECT] = apply_project,
		[QUEUE_AGENT] = apply_agent,
		[QUEUE_MAIL] = apply_mail,
		[QUEUE_RESERVATION] = apply_lease,
		[QUEUE_REMOVAL] = apply_remove,
		[QUEUE_BUILD_SLOT] = apply_slot,
		[QUEUE_SNAPSHOT] = apply_snapshot,
	};

	memset(op, 0, sizeof(*op));
	op->outbox = row->id;
	op->kind = row->kind;
	if (row->kind < QUEUE_PROJECT || row->kind > QUEUE_SNAPSHOT)
		return arch_error(&a->why, ARCH_POISON, "unknown kind %d", row->kind);
	return by_kind[row->kind](a, row, op);
}
