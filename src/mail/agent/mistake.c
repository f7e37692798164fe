/*
 * mistake - the table of names that are no agent names, in the order in which
 * they are tried. Called by agent_find, strict registration and send_message.
 */
#include "mail/agent/mistake.h"

#include <stddef.h>

#include "mail/agent/names.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static bool
is_email(struct str s)
{
	for (size_t i = s.n; i > 0; i--)
		if (s.p[i - 1] == '@')
			return str_chr(str_sub(s, i, s.n), '.') >= 0;
	return false;
}

static bool
is_broadcast(struct str s)
{
	static const char *const words[] = { "all", "*", "everyone", "broadcast", "@all", "@everyone" };
	struct str t = str_trim(s);

	for (size_t i = 0; i < COUNT(words); i++)
		if (str_eqc_ci(t, words[i]))
			return true;
	return false;
}

static bool
is_descriptive(struct str s)
{
	static const char *const roles[] = { "agent", "bot", "assistant", "helper", "manager", "coordinator",
		"developer", "engineer", "migrator", "refactorer", "fixer", "harmonizer", "integrator", "optimizer",
		"analyzer", "worker" };

	for (size_t i = 0; i < COUNT(roles); i++) {
		struct str role = str_c(roles[i]);

		if (s.n >= role.n && str_eq_ci(str_sub(s, s.n - role.n, role.n), role))
			return true;
	}
	return false;
}

static bool
is_unix_user(struct str s)
{
	struct str t = str_trim(s);
	bool letter = false;

	if (t.n < 2 || t.n > 16)
		return false;
	for (size_t i = 0; i < t.n; i++) {
		if (t.p[i] >= 'a' && t.p[i] <= 'z')
			letter = true;
		else if (t.p[i] < '0' || t.p[i] > '9')
			return false;
	}
	return letter && !name_is_word(t);
}

#define PAIRS "Agent names are an adjective and a noun, like 'BlueLake' or 'GreenCastle'. "

static const struct {
	bool (*fits)(struct str name);
	struct mistake m;
} kinds[] = {
	{ name_is_program,
	    { ERR_PROGRAM_NAME_AS_AGENT, "a program name, not an agent name",
		PAIRS "The program belongs into 'program'; leave 'name' out to be given a valid agent name." } },
	{ name_has_model,
	    { ERR_MODEL_NAME_AS_AGENT, "a model name, not an agent name",
		PAIRS "The model belongs into 'model'; leave 'name' out to be given a valid agent name." } },
	{ is_email,
	    { ERR_EMAIL_AS_AGENT, "an email address",
		PAIRS "Mail goes to agents by name; resource://agents/{project_key} lists those of a project." } },
	{ is_broadcast,
	    { ERR_BROADCAST_ATTEMPT, "a broadcast attempt",
		"Name each recipient, or send with broadcast=true and without 'to'. resource://agents/{project_key} lists "
		"the agents of a project." } },
	{ is_descriptive,
	    { ERR_DESCRIPTIVE_NAME, "a descriptive role name",
		"Agent names are a random adjective and noun, like 'WhiteMountain' or 'BrownCreek', and say nothing about "
		"the agent's task. Leave 'name' out to be given a valid one." } },
	{ is_unix_user,
	    { ERR_UNIX_USERNAME_AS_AGENT, "a Unix username (possibly from $USER environment variable)",
		PAIRS "register_agent has probably given you one: look at 'name' in its answer, or at "
		      "resource://agents/{project_key}, which lists all agents of the project." } },
};

const struct mistake *
mistake_detect(struct str name)
{
	for (size_t i = 0; i < COUNT(kinds); i++)
		if (kinds[i].fits(name))
			return &kinds[i].m;
	return NULL;
}

struct str
mistake_text(struct arena *a, const struct mistake *m, struct str name)
{
	return arena_printf(
	    a, "'%" PRIstr "' looks like %s. %s", FSTR(str_cut_chars(name, NAME_MAX_BYTES)), m->looks, m->advice);
}
