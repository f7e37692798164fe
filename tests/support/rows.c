/*
 * rows - see rows.h.
 */
#include "support/rows.h"

#include <check.h>

#include "store/db.h"
#include "store/stmt.h"
#include "support/fixture.h"

static int64_t
add(struct fixture *f, struct stmt *s)
{
	ck_assert_msg(stmt_run(&f->cx, s) == 0, "%.*s", (int)f->cx.fail.msg.n, f->cx.fail.msg.p);
	return db_last_id(f->db);
}

int64_t
rows_project(struct fixture *f, const char *slug)
{
	struct stmt *s =
	    stmt_adhoc(f->db, STR("INSERT INTO projects (slug, human_key, created_at) VALUES (?1, '/' || ?1, ?2)"));

	stmt_bind_str(s, 1, str_c(slug));
	stmt_bind_int(s, 2, f->cx.now);
	return add(f, s);
}

int64_t
rows_agent(struct fixture *f, int64_t project, const char *name)
{
	struct stmt *s = stmt_adhoc(f->db,
	    STR("INSERT INTO agents (project_id, name, name_key, program, model, inception_ts, last_active_ts)"
		" VALUES (?1, ?2, lower(?2), 'p', 'm', ?3, ?3)"));

	stmt_bind_int(s, 1, project);
	stmt_bind_str(s, 2, str_c(name));
	stmt_bind_int(s, 3, f->cx.now);
	return add(f, s);
}

static void
recipient(struct fixture *f, int64_t agent, int64_t message, const char *kind)
{
	struct stmt *s;

	if (agent == 0)
		return;
	s = stmt_adhoc(f->db, STR("INSERT INTO message_recipients (agent_id, message_id, kind) VALUES (?1, ?2, ?3)"));
	stmt_bind_int(s, 1, agent);
	stmt_bind_int(s, 2, message);
	stmt_bind_str(s, 3, str_c(kind));
	add(f, s);
}

int64_t
rows_message(
    struct fixture *f, int64_t project, int64_t from, int64_t to, int64_t bcc, const char *subject, const char *body)
{
	struct stmt *s = stmt_adhoc(f->db,
	    STR("INSERT INTO messages (project_id, sender_id, created_ts, subject, body_md)"
		" VALUES (?1, ?2, ?3, ?4, ?5)"));
	int64_t id;

	stmt_bind_int(s, 1, project);
	stmt_bind_int(s, 2, from);
	stmt_bind_int(s, 3, f->cx.now);
	stmt_bind_str(s, 4, str_c(subject));
	stmt_bind_str(s, 5, str_c(body));
	id = add(f, s);
	recipient(f, to, id, "to");
	recipient(f, bcc, id, "bcc");
	return id;
}

int64_t
rows_messages(struct fixture *f, int n, int64_t project, int64_t from, int64_t to, const char *subject, const char *body)
{
	int64_t id = 0;

	fixture_sql(f, "BEGIN");
	while (n-- > 0)
		id = rows_message(f, project, from, to, 0, subject, body);
	fixture_sql(f, "COMMIT");
	return id;
}
