/*
 * macros - keeps and finds macros, a project's own before the built-in ones. Called by REST.
 *
 * Steps are stored and given back as they are; nothing here runs them.
 */
#include "mail/project/macros.h"

#include "mail/project/project.h"
#include "store/cx.h"
#include "store/stmt.h"

#define NAME_CHARS 128
#define DESCRIPTION_BYTES 4096
#define STEPS_BYTES (64 << 10)

enum { C_ID, C_NAME, C_DESCRIPTION, C_STEPS, C_COUNT };

#define STEP(tool, what) "{\"tool\":\"" tool "\",\"description\":\"" what "\"}"

/* Names, descriptions and numbers of steps are those of the Rust server; in the order in which it made them. */
static const struct macro built_in[] = {
	{ 1, LIT("start_session"),
	    LIT("Register an agent in the project and immediately check their inbox for pending messages."),
	    LIT("[" STEP("register_agent", "Register the agent") "," STEP("fetch_inbox", "Read its mail") "]"), 2 },
	{ 2, LIT("file_reservation_cycle"),
	    LIT("Complete file reservation workflow: reserve files, do work, then release them."),
	    LIT("[" STEP("file_reservation_paths", "Reserve the files") "," STEP("", "Do the work") "," STEP(
		"release_file_reservations", "Release them") "]"),
	    3 },
	{ 3, LIT("contact_handshake"), LIT("Establish a bidirectional contact between two agents across projects."),
	    LIT("[" STEP("request_contact", "Ask") "," STEP("respond_contact", "Answer, as the other agent") "]"), 2 },
	{ 4, LIT("broadcast_message"), LIT("Send a message to multiple agents in the project at once."),
	    LIT("[" STEP("list_agents", "See who is there") "," STEP("send_message", "Write to them") "]"), 2 },
	{ 5, LIT("prepare_thread"), LIT("Send an initial message to create a thread and reserve files for the work."),
	    LIT("[" STEP("send_message", "Begin the thread") "," STEP("file_reservation_paths", "Reserve the files") "]"),
	    2 },
};
#define BUILT_IN (sizeof(built_in) / sizeof(built_in[0]))

static const struct macro *
find_built_in(struct str name)
{
	for (size_t i = 0; i < BUILT_IN; i++)
		if (str_eq(built_in[i].name, name))
			return &built_in[i];
	return NULL;
}

static void
read_row(struct cx *cx, struct stmt *s, struct macro *m)
{
	*m = (struct macro){ stmt_int(s, C_ID), stmt_str(s, C_NAME, cx->arena), stmt_str(s, C_DESCRIPTION, cx->arena),
		stmt_str(s, C_STEPS, cx->arena), stmt_int(s, C_COUNT) };
}

static bool
has_row(const struct macro *rows, size_t n, struct str name)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(rows[i].name, name))
			return true;
	return false;
}

int
macros_list(struct cx *cx, const struct project *p, struct macros *out)
{
	struct macro *rows = arena_array(cx->arena, struct macro, MACROS_MAX + 1);
	struct stmt *s = stmt_get(cx->db, STMT_MACROS);
	size_t n = 0;
	int rc;

	*out = (struct macros){ arena_array(cx->arena, struct macro, MACROS_MAX + BUILT_IN + 1), 0 };
	stmt_bind_int(s, 1, p->id);
	stmt_bind_int(s, 2, MACROS_MAX);
	while ((rc = stmt_step(cx, s)) > 0) {
		read_row(cx, s, &rows[n]);
		if (rows[n++].steps.p != NULL)
			out->v[out->n++] = rows[n - 1];
	}
	stmt_done(s);
	for (size_t i = BUILT_IN; i-- > 0;)
		if (!has_row(rows, n, built_in[i].name))
			out->v[out->n++] = built_in[i];
	return rc < 0 ? -1 : 0;
}

/* Looks up the project's own row, also one that hides a built-in macro. */
static int
find_row(struct cx *cx, const struct project *p, struct str name, struct macro *out)
{
	struct stmt *s = stmt_get(cx->db, STMT_MACRO_FIND);
	int rc;

	stmt_bind_int(s, 1, p->id);
	stmt_bind_str(s, 2, name);
	if ((rc = stmt_step(cx, s)) > 0)
		read_row(cx, s, out);
	stmt_done(s);
	return rc;
}

int
macros_find(struct cx *cx, const struct project *p, struct str name, struct macro *out)
{
	int rc = find_row(cx, p, name, out);

	if (rc != 0)
		return rc < 0 ? -1 : out->steps.p != NULL;
	if (find_built_in(name) == NULL)
		return 0;
	*out = *find_built_in(name);
	return 1;
}

static int
check(struct cx *cx, const struct project *p, const struct macro *m)
{
	struct stmt *s = stmt_get(cx->db, STMT_MACRO_COUNT);
	int64_t n = 0;

	stmt_bind_int(s, 1, p->id);
	if (stmt_run_int(cx, s, &n) < 0)
		return -1;
	if (str_blank(m->name) || str_chars(m->name) > NAME_CHARS)
		return fail(cx, ERR_INVALID_ARGUMENT, "Invalid input: name: expected 1 to %d characters, got %zu",
		    NAME_CHARS, str_blank(m->name) ? 0 : str_chars(m->name));
	if (m->description.n > DESCRIPTION_BYTES)
		return fail(cx, ERR_INVALID_ARGUMENT, "Invalid input: description: %zu bytes, at most %d",
		    m->description.n, DESCRIPTION_BYTES);
	if (m->steps.n > STEPS_BYTES)
		return fail(cx, ERR_INVALID_ARGUMENT, "Invalid input: steps: %zu bytes of JSON, at most %d", m->steps.n,
		    STEPS_BYTES);
	if (n >= MACROS_MAX)
		return fail(
		    cx, ERR_RESOURCE_EXHAUSTED, "The project has %d macros already; unregister some", MACROS_MAX);
	return 0;
}

static int
put(struct cx *cx, const struct project *p, const struct macro *m)
{
	struct stmt *s = stmt_get(cx->db, STMT_MACRO_PUT);

	stmt_bind_int(s, 1, p->id);
	stmt_bind_str(s, 2, m->name);
	stmt_bind_str(s, 3, m->description);
	stmt_bind_str(s, 4, m->steps);
	stmt_bind_int(s, 5, m->nsteps);
	stmt_bind_time(s, 6, cx->now);
	return stmt_run(cx, s);
}

/* Deletes the project's row; 0 when there was none. */
static int
drop(struct cx *cx, const struct project *p, struct str name)
{
	struct stmt *s = stmt_get(cx->db, STMT_MACRO_DELETE);

	stmt_bind_int(s, 1, p->id);
	stmt_bind_str(s, 2, name);
	return stmt_run(cx, s) < 0 ? -1 : db_changes(cx->db) > 0;
}

int
macros_register(struct cx *cx, const struct project *p, struct macro *m)
{
	struct macro other;
	int rc = macros_find(cx, p, m->name, &other);

	if (rc < 0)
		return -1;
	if (rc > 0)
		return fail(cx, ERR_CONFLICT, "A record with this name already exists");
	/* Of a built-in one that was unregistered a row may be left. */
	if (check(cx, p, m) < 0 || drop(cx, p, m->name) < 0 || put(cx, p, m) < 0)
		return -1;
	m->id = db_last_id(cx->db);
	return 0;
}

int
macros_unregister(struct cx *cx, const struct project *p, struct str name)
{
	struct macro m, hidden = { .name = name, .description = STR("") };
	int rc = macros_find(cx, p, name, &m);

	if (rc <= 0)
		return rc;
	if (drop(cx, p, name) < 0 || (find_built_in(name) != NULL && put(cx, p, &hidden) < 0))
		return -1;
	return 1;
}
