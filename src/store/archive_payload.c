/*
 * archive_payload - writes what a row of the archive queue says, as its readers in archive/ take it. Called by mail/, archive/ and the
 * verbs that rebuild and verify an archive.
 */
#include "store/archive_payload.h"

#include "base/json_write.h"

struct str
profile_payload(struct arena *a, const struct profile_payload *p)
{
	struct buf b;
	struct jw w;

	buf_init(&b, a);
	jw_init(&w, &b, JW_INDENT2 | JW_ASCII);
	jw_obj(&w);
	jw_kstr(&w, "attachments_policy", p->attachments_policy);
	jw_kint(&w, "id", p->id);
	jw_ktime(&w, "inception_ts", p->inception_ts);
	jw_ktime(&w, "last_active_ts", p->last_active_ts);
	jw_kstr(&w, "model", p->model);
	jw_kstr(&w, "name", p->name);
	jw_kstr(&w, "program", p->program);
	jw_kint(&w, "project_id", p->project_id);
	if (p->retired_at != 0)
		jw_ktime(&w, "retired_at", p->retired_at);
	jw_kstr(&w, "task_description", p->task_description);
	jw_end(&w);
	buf_putc(&b, '\n');
	return buf_flat(&b);
}

struct str
profile_payload_name(struct jr payload)
{
	return jr_str(jr_get(payload, "name"));
}

/* A released record expires when it was released: old guards know no released_ts. */
static void
put_record(struct jw *w, const struct record_payload *r)
{
	bool released = r->released_ts != 0;

	jw_obj(w);
	jw_kint(w, "id", r->id);
	jw_kstr(w, "project", r->project);
	jw_kstr(w, "agent", r->agent);
	jw_kstr(w, "path_pattern", str_trim(r->path_pattern));
	jw_kbool(w, "exclusive", r->exclusive);
	jw_kstr(w, "reason", r->reason);
	jw_ktime(w, "created_ts", r->created_ts);
	jw_ktime(w, "expires_ts", released && r->released_ts < r->expires_ts ? r->released_ts : r->expires_ts);
	if (released)
		jw_ktime(w, "released_ts", r->released_ts);
	if (r->branch.p != NULL)
		jw_kstr(w, "branch", r->branch);
	if (r->worktree.p != NULL)
		jw_kstr(w, "worktree", r->worktree);
	jw_end(w);
}

struct str
record_payload(struct arena *a, const struct record_payload *r)
{
	struct buf b;
	struct jw w;

	buf_init(&b, a);
	jw_init(&w, &b, JW_COMPACT);
	put_record(&w, r);
	return buf_flat(&b);
}

struct str
records_payload(struct arena *a, const struct record_payload *records, size_t n)
{
	struct buf b;
	struct jw w;

	buf_init(&b, a);
	jw_init(&w, &b, JW_COMPACT);
	jw_obj(&w);
	jw_kstr(&w, "agent", records[0].agent);
	jw_karr(&w, "records");
	for (size_t i = 0; i < n; i++)
		put_record(&w, &records[i]);
	jw_end(&w);
	jw_end(&w);
	return buf_flat(&b);
}

bool
records_payload_read(struct jr payload, struct records_read *out)
{
	*out = (struct records_read){ jr_str(jr_get(payload, "agent")), jr_get(payload, "records") };
	return out->records.type == JR_ARR;
}

bool
record_payload_read(struct jr record, struct record_read *out)
{
	struct jr id = jr_get(record, "id");

	*out =
	    (struct record_read){ jr_int(id), jr_str(jr_get(record, "agent")), jr_str(jr_get(record, "path_pattern")) };
	return !str_blank(out->path_pattern) && id.type == JR_INT && out->id > 0;
}

struct str
build_slot_payload(struct arena *a, const struct build_slot_payload *s)
{
	struct buf b;
	struct jw w;

	buf_init(&b, a);
	jw_init(&w, &b, JW_COMPACT);
	jw_obj(&w);
	jw_kstr(&w, "dir", s->dir);
	jw_kstr(&w, "file", s->file);
	jw_kobj(&w, "lease");
	jw_kstr(&w, "slot", s->slot);
	jw_kstr(&w, "agent", s->agent);
	jw_kstr(&w, "branch", s->branch.n > 0 ? s->branch : STR_NONE);
	jw_kbool(&w, "exclusive", s->exclusive);
	jw_ktime(&w, "acquired_ts", s->acquired_ts);
	jw_ktime(&w, "expires_ts", s->expires_ts);
	if (s->released_ts != 0)
		jw_ktime(&w, "released_ts", s->released_ts);
	jw_end(&w);
	jw_end(&w);
	return buf_flat(&b);
}

/* The lease with its members in their order, two spaces of indent, no newline at the end. */
static struct str
lease_file(struct arena *a, struct jr lease)
{
	static const char *const keys[] = { "slot", "agent", "branch", "exclusive", "acquired_ts", "expires_ts",
		"released_ts" };
	struct buf b;
	struct jw w;

	buf_init(&b, a);
	jw_init(&w, &b, JW_INDENT2 | JW_ASCII);
	jw_obj(&w);
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		struct jr v = jr_get(lease, keys[i]);

		if (v.type == JR_STR)
			jw_kstr(&w, keys[i], jr_str(v));
		else if (v.type == JR_BOOL)
			jw_kbool(&w, keys[i], jr_bool(v));
		else if (v.type == JR_NULL)
			jw_knull(&w, keys[i]);
	}
	jw_end(&w);
	return buf_flat(&b);
}

void
build_slot_payload_read(struct arena *a, struct jr payload, struct build_slot_read *out)
{
	out->dir = jr_str(jr_get(payload, "dir"));
	out->file = jr_str(jr_get(payload, "file"));
	out->lease = lease_file(a, jr_get(payload, "lease"));
}

/* An object with one member, or none where it is absent. */
static struct str
one_member(struct arena *a, const char *key, struct str value)
{
	struct buf b;
	struct jw w;

	buf_init(&b, a);
	jw_init(&w, &b, JW_COMPACT);
	jw_obj(&w);
	if (value.p != NULL)
		jw_kstr(&w, key, value);
	jw_end(&w);
	return buf_flat(&b);
}

struct str
removal_payload(struct arena *a, struct str agent)
{
	return one_member(a, "agent", agent);
}

struct str
removal_payload_agent(struct jr payload)
{
	return jr_str(jr_get(payload, "agent"));
}

struct str
snapshot_payload(struct arena *a, struct str message)
{
	return one_member(a, "message", message);
}

struct str
snapshot_payload_message(struct jr payload)
{
	return jr_str(jr_get(payload, "message"));
}
