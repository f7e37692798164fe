/*
 * agent_register - taking up identities and making them, by the rules of
 * each tool. Runs inside write operations only: whoever looked a name up here and
 * found it free can insert it.
 */
#include <stddef.h>

#include "conf/conf.h"
#include "mail/agent/agent.h"
#include "mail/agent/agent_archive.h"
#include "mail/agent/agent_missing.h"
#include "mail/agent/auth.h"
#include "mail/agent/mistake.h"
#include "mail/agent/names.h"
#include "mail/project/project.h"
#include "mail/agent/window.h"
#include "store/changes.h"
#include "store/cx.h"
#include "store/db.h"
#include "store/stmt.h"

#define SHOWN 200
/* Pairs tried before a number is added; with 4,278 pairs this fails only in projects that have nearly all of them. */
#define RANDOM_TRIES 64

static int
fail_empty(struct cx *cx, enum err code, struct str given, const char *text)
{
	fail(cx, code, "%s", text);
	jw_kstr(fail_data(cx), "provided", str_cut_chars(given, SHOWN));
	return -1;
}

int
agent_check_program(struct cx *cx, struct str program, struct str model)
{
	if (str_blank(program))
		return fail_empty(cx, ERR_EMPTY_PROGRAM, program,
		    "program cannot be empty. Provide the name of your AI coding tool (e.g., 'claude-code', 'codex-cli', "
		    "'cursor', 'cline').");
	if (str_blank(model))
		return fail_empty(cx, ERR_EMPTY_MODEL, model,
		    "model cannot be empty. Provide the name of the model you run on (e.g., 'claude-opus-4.5', 'gpt-5').");
	return 0;
}

/* The stored word for a policy asked for: unknown words count as auto; absent takes `kept`. */
static struct str
attachments_policy(struct str asked, struct str kept)
{
	static const char *const words[] = { "auto", "inline", "file" };

	if (asked.p == NULL)
		return kept;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (str_eqc_ci(asked, words[i]))
			return str_c(words[i]);
	return STR("auto");
}

/* A name that nobody in the project has. */
static int
invent_name(struct cx *cx, int64_t project_id, struct str *out)
{
	struct agent other;
	struct str base;
	int rc = 1;

	for (int tries = 0; rc > 0 && tries < RANDOM_TRIES; tries++) {
		*out = name_random(cx->arena);
		rc = agent_lookup_exact(cx, project_id, *out, &other);
	}
	base = *out;
	for (int64_t number = 2; rc > 0; number++) {
		*out = arena_printf(cx->arena, "%" PRIstr "-%lld", FSTR(base), (long long)number);
		rc = agent_lookup_exact(cx, project_id, *out, &other);
	}
	return rc;
}

/* `token` absent for an agent that somebody else names. */
static int
insert(struct cx *cx, const struct agent_registration *in, struct str name, struct str token, struct agent *out)
{
	struct stmt *s = stmt_get(cx->db, STMT_AGENT_INSERT);
	struct str policy = attachments_policy(in->attachments_policy, STR("auto"));
	struct str task = in->task_description.p != NULL ? in->task_description : STR("");

	stmt_bind_int(s, 1, in->project->id);
	stmt_bind_str(s, 2, name);
	stmt_bind_str(s, 3, name_key(cx->arena, name));
	stmt_bind_str(s, 4, in->program);
	stmt_bind_str(s, 5, in->model);
	stmt_bind_str(s, 6, task);
	stmt_bind_str(s, 7, policy);
	stmt_bind_str(s, 8, token);
	stmt_bind_time(s, 9, cx->now);
	stmt_bind_int(s, 10, in->has_reaper_exempt && in->reaper_exempt);
	if (stmt_run(cx, s) < 0)
		return -1;
	*out = (struct agent){ .id = db_last_id(cx->db),
		.project_id = in->project->id,
		.name = arena_dup(cx->arena, name),
		.program = in->program,
		.model = in->model,
		.task_description = task,
		.attachments_policy = policy,
		.contact_policy = STR("auto"),
		.registration_token = token,
		.inception_ts = cx->now,
		.last_active_ts = cx->now };
	if (cx_changed(cx, TOPIC_OF(AGENTS, out->project_id), CHANGE_CREATED, out->id) < 0)
		return -1;
	return agent_to_archive(cx, out);
}

/* The name of the people who write to agents (mail/message/overseer.h), however it is spelled: nobody may take it. */
static bool
is_overseer(struct cx *cx, struct str name)
{
	return str_eqc(name_key(cx->arena, name), "humanoverseer");
}

/* An identity of the caller's own: with a token, and its session bound to it. */
static int
insert_own(struct cx *cx, const struct agent_registration *in, struct str name, struct agent *out)
{
	if (is_overseer(cx, name))
		return fail(cx, ERR_INVALID_AGENT_NAME,
		    "name: '%" PRIstr "' is how people sign who write to agents; choose another", FSTR(name));
	if (insert(cx, in, name, auth_token_new(cx), out) < 0)
		return -1;
	return auth_bind(cx, out->project_id, out->id);
}

static int
authenticate(struct cx *cx, const struct agent_registration *in, const struct agent *a)
{
	const char *label = arena_printf(cx->arena, "%s for an existing identity", in->label).p;

	/* Made by somebody else and never registered: the first who comes gets the token (decision 3.11). */
	if (a->registration_token.n == 0 && in->token.n == 0)
		return 0;
	return auth_known(cx, in->project, a, in->token, label, "registration_token");
}

/* Takes up `a`, which is authenticated. */
static int
update(struct cx *cx, const struct agent_registration *in, struct agent *a)
{
	enum change_what what = a->retired_auto ? CHANGE_UNRETIRED : CHANGE_UPDATED;
	struct stmt *s;

	a->program = in->program;
	a->model = in->model;
	a->task_description = in->task_description.p != NULL ? in->task_description : STR("");
	a->attachments_policy = attachments_policy(in->attachments_policy, a->attachments_policy);
	a->last_active_ts = cx->now;
	if (a->retired_auto)
		a->retired_at = 0;
	if (a->registration_token.n == 0)
		a->registration_token = auth_token_new(cx);
	s = stmt_get(cx->db, STMT_AGENT_UPDATE);
	stmt_bind_int(s, 1, a->id);
	stmt_bind_str(s, 2, a->program);
	stmt_bind_str(s, 3, a->model);
	stmt_bind_str(s, 4, a->task_description);
	stmt_bind_str(s, 5, a->attachments_policy);
	stmt_bind_str(s, 6, a->registration_token);
	stmt_bind_time(s, 7, cx->now);
	if (in->has_reaper_exempt)
		stmt_bind_int(s, 8, in->reaper_exempt);
	else
		stmt_bind_null(s, 8);
	if (stmt_run(cx, s) < 0 || auth_bind(cx, a->project_id, a->id) < 0 ||
	    cx_changed(cx, TOPIC_OF(AGENTS, a->project_id), what, a->id) < 0)
		return -1;
	return agent_to_archive(cx, a);
}

int
agent_give_token(struct cx *cx, struct agent *a)
{
	struct stmt *s;

	if (a->registration_token.n > 0)
		return 0;
	a->registration_token = auth_token_new(cx);
	s = stmt_get(cx->db, STMT_AGENT_GIVE_TOKEN);
	stmt_bind_int(s, 1, a->id);
	stmt_bind_str(s, 2, a->registration_token);
	return stmt_run(cx, s);
}

/* What MCP may make of a name as it was given: itself, or its letters when they are a pair; absent when nothing. */
static struct str
usable_name(struct cx *cx, struct str trimmed)
{
	struct str letters;

	if (name_is_explicit(trimmed))
		return trimmed;
	letters = name_sanitise(cx->arena, trimmed);
	return name_is_pair(letters) ? letters : STR_NONE;
}

/*
 * The agent that a registration under this name means. A name that can stand by
 * itself means only that very agent: `agent-11` must not take up `agent-1.1`.
 * Other spellings (`Blue Lake`) are looked up by their letters, so that none
 * slips past the authentication.
 */
static int
existing(struct cx *cx, const struct agent_registration *in, struct str trimmed, struct agent *out)
{
	if (name_is_explicit(trimmed) || name_is_pair(trimmed))
		return agent_lookup_exact(cx, in->project->id, trimmed, out);
	return agent_lookup(cx, in->project->id, trimmed, out);
}

static int
refuse_name(struct cx *cx, struct str given)
{
	static struct str examples[] = { LIT("BlueLake"), LIT("GreenCastle"), LIT("RedStone"), LIT("alpha-one"),
		LIT("cc-0") };
	struct str_list list = { examples, sizeof(examples) / sizeof(examples[0]) };
	struct str letters = name_sanitise(cx->arena, given), shown = str_cut_chars(given, SHOWN);
	const struct mistake *m = mistake_detect(given);
	struct jw *w;

	if (letters.n == 0)
		return fail(cx, ERR_INVALID_ARGUMENT,
		    "Agent name '%" PRIstr "' holds no letter or digit. Leave 'name' out to be given a valid one.",
		    FSTR(shown));
	if (m != NULL)
		fail(cx, m->code, "%" PRIstr, FSTR(mistake_text(cx->arena, m, shown)));
	else
		fail(cx, ERR_INVALID_AGENT_NAME,
		    "Invalid agent name format: '%" PRIstr
		    "'. Use an adjective and a noun like 'BlueLake', or an id with '-', "
		    "'_' or '.' like 'cc-0'; or leave 'name' out to be given a valid one.",
		    FSTR(shown));
	w = fail_data(cx);
	jw_kstr(w, "provided_name", shown);
	jw_kstrs(w, "valid_examples", &list);
	return -1;
}

/* The name of a new agent: `given` (may be absent) if it can be used, else an invented one, as the mode says. */
static int
new_name(struct cx *cx, const struct agent_registration *in, struct str given, const char *param, struct str *out)
{
	struct str use;

	if (given.p == NULL || cx->conf->agent_name_enforcement_mode == NAME_ALWAYS_AUTO)
		return invent_name(cx, in->project->id, out);
	if (agent_refuse_placeholder(cx, param, given) < 0)
		return -1;
	use = usable_name(cx, str_trim(given));
	if (use.p != NULL) {
		*out = use;
		return 0;
	}
	if (cx->conf->agent_name_enforcement_mode == NAME_STRICT)
		return refuse_name(cx, given);
	if (invent_name(cx, in->project->id, out) < 0)
		return -1;
	cx_warn(cx,
	    "'%" PRIstr
	    "' is no agent name (an adjective and a noun, or an id like 'cc-0'): the agent is called '%" PRIstr "'",
	    FSTR(str_cut_chars(given, SHOWN)), FSTR(*out));
	return 0;
}

/* `fixed`: the name holds whatever agent_name_enforcement_mode says. */
static int
take_up(struct cx *cx, const struct agent_registration *in, bool fixed, struct agent *out, bool *created)
{
	bool always_auto = !fixed && cx->conf->agent_name_enforcement_mode == NAME_ALWAYS_AUTO;
	struct str name, given = in->name.p != NULL ? str_trim(in->name) : STR_NONE;
	int rc = 0;

	if (created != NULL)
		*created = false;
	if (given.n > 0 && !is_overseer(cx, given) && (rc = existing(cx, in, given, out)) < 0)
		return -1;
	if (rc > 0 && authenticate(cx, in, out) < 0)
		return -1;
	if (rc > 0 && !always_auto)
		return update(cx, in, out);
	if (created != NULL)
		*created = true;
	name = given;
	if (!fixed && new_name(cx, in, in->name, "name", &name) < 0)
		return -1;
	return insert_own(cx, in, name, out);
}

/*
 * A window gives unnamed registrations its name, and takes the name of others
 * when it is new (contract/messaging.md 6.4). *own is `in` as it counts then.
 * Returns whether its name is the window's.
 */
static int
by_window(struct cx *cx, const struct agent_registration *in, struct str uuid, struct agent_registration *own)
{
	bool named = !str_blank(in->name) && cx->conf->agent_name_enforcement_mode != NAME_ALWAYS_AUTO;
	struct window w;
	int rc;

	*own = *in;
	if (uuid.p == NULL || named)
		return 0;
	if ((rc = window_find(cx, in->project->id, uuid, &w)) >= 0)
		own->name = rc > 0 ? w.display_name : STR_NONE;
	return rc;
}

int
agent_register(struct cx *cx, const struct agent_registration *in, struct agent *out, bool *created)
{
	struct str uuid = window_of(cx);
	struct agent_registration own;
	int fixed = by_window(cx, in, uuid, &own);

	if (fixed < 0 || take_up(cx, &own, fixed > 0, out, created) < 0)
		return -1;
	return uuid.p != NULL ? window_touch(cx, in->project->id, uuid, out->name) : 0;
}

int
agent_registered(struct cx *cx, const struct agent_registration *in, struct agent *out)
{
	struct agent_registration own;
	struct str given;
	int rc;

	if (by_window(cx, in, window_of(cx), &own) < 0)
		return -1;
	given = own.name.p != NULL ? str_trim(own.name) : STR_NONE;
	if (given.n == 0 || (rc = existing(cx, &own, given, out)) == 0)
		return 0;
	return rc < 0 || authenticate(cx, &own, out) < 0 ? -1 : 1;
}

int
agent_create_identity(struct cx *cx, const struct agent_registration *in, struct agent *out)
{
	struct agent other;
	struct str name = STR_NONE;
	int rc;

	if (new_name(cx, in, in->name, "name_hint", &name) < 0 ||
	    (rc = agent_lookup_exact(cx, in->project->id, name, &other)) < 0)
		return -1;
	if (rc > 0 && cx->conf->agent_name_enforcement_mode == NAME_STRICT)
		return fail(cx, ERR_INVALID_ARGUMENT,
		    "Agent name '%" PRIstr "' is already in use. Choose another name_hint.", FSTR(other.name));
	if (rc > 0) {
		if (invent_name(cx, in->project->id, &name) < 0)
			return -1;
		cx_warn(cx, "'%" PRIstr "' is already in use: the agent is called '%" PRIstr "'", FSTR(other.name),
		    FSTR(name));
	}
	return insert_own(cx, in, name, out);
}

static int
check_identifier(struct cx *cx, struct str name)
{
	if (name_is_identifier(name))
		return 0;
	return fail(cx, ERR_INVALID_AGENT_NAME,
	    "name: expected 1 to 128 letters, digits, '.', '_' or '-', beginning with a letter or digit, got '%" PRIstr
	    "'",
	    FSTR(str_cut_chars(name, SHOWN)));
}

int
agent_create_named(struct cx *cx, const struct agent_registration *in, struct agent *out)
{
	struct agent other;
	int rc;

	if (check_identifier(cx, in->name) < 0)
		return -1;
	if (agent_refuse_placeholder(cx, "name", in->name) < 0 ||
	    (rc = agent_lookup_exact(cx, in->project->id, in->name, &other)) < 0)
		return -1;
	if (rc > 0)
		return fail(cx, ERR_CONFLICT, "A record with this name already exists");
	return insert_own(cx, in, in->name, out);
}

int
agent_create_implicit(struct cx *cx, const struct agent_registration *in, struct agent *out)
{
	struct str name = str_trim(in->name);

	if (!name_is_explicit(name))
		name = name_sanitise(cx->arena, name);
	if (!name_is_explicit(name) && !name_is_pair(name))
		return refuse_name(cx, in->name);
	return insert(cx, in, name, STR_NONE, out);
}

int
agent_create_service(struct cx *cx, const struct agent_registration *in, struct agent *out)
{
	if (check_identifier(cx, in->name) < 0)
		return -1;
	return insert(cx, in, in->name, STR_NONE, out);
}
