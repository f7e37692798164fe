/*
 * profile - judges a tool by the configured profile and by the capabilities that an agent was
 * given.
 */
#include "tool/profile.h"

#include "base/json_write.h"
#include "conf/conf.h"
#include "store/cx.h"

#define WORKFLOW "identity|messaging|"
/*
 * Tools that the reference does not have: left out of the profiles that promise few tokens, so
 * that these stay small.
 */
#define BEYOND \
	"list_agents|resolve_pane_identity|cleanup_pane_identities|check_file_reservation_conflicts|" \
	"fetch_inbox_events|get_message_delivery_receipt"

static const struct profile {
	const char *name, *clusters, *tools, *without; /* words between '|' */
} profiles[] = {
	{ "core", WORKFLOW "file_reservations|workflow_macros", "health_check|ensure_project", BEYOND },
	{ "minimal", "", "health_check|ensure_project|register_agent|send_message|fetch_inbox|acknowledge_message", "" },
	{ "messaging", WORKFLOW "contact", "health_check|ensure_project|search_messages", BEYOND },
};

static bool
word_of(const char *words, const char *name)
{
	struct str rest = str_c(words), word;

	while (str_next(&rest, '|', &word))
		if (str_eqc(word, name))
			return true;
	return false;
}

static bool
item_of(const struct str_list *list, const char *name)
{
	for (size_t i = 0; i < list->n; i++)
		if (str_eqc(str_trim(list->v[i]), name))
			return true;
	return false;
}

static bool
custom_offers(const struct conf *conf, const struct tool *t)
{
	const struct str_list *clusters = &conf->tools_filter_clusters, *tools = &conf->tools_filter_tools;
	bool named;

	if (clusters->n == 0 && tools->n == 0)
		return true;
	named = item_of(clusters, t->cluster) || item_of(tools, t->op.name);
	return named == (conf->tools_filter_mode == TOOLS_INCLUDE);
}

bool
profile_offers(const struct conf *conf, const struct tool *t)
{
	struct str name = str_trim(conf->tools_filter_profile);

	if (!conf->tools_filter_enabled)
		return true;
	if (str_eqc_ci(name, "custom"))
		return custom_offers(conf, t);
	for (size_t i = 0; i < sizeof(profiles) / sizeof(profiles[0]); i++)
		if (str_eqc_ci(name, profiles[i].name))
			return !word_of(profiles[i].without, t->op.name) &&
			    (word_of(profiles[i].clusters, t->cluster) || word_of(profiles[i].tools, t->op.name));
	return true;
}

static bool
is_allowed(struct jr allowed, struct str capability)
{
	for (size_t i = 0; i < jr_len(allowed); i++)
		if (str_eq(jr_str(jr_at(allowed, i)), capability))
			return true;
	return false;
}

static int
denied(struct cx *cx, const struct tool *t, struct jr allowed, const struct str_list *missing)
{
	struct jw *data;

	fail(cx, ERR_CAPABILITY_DENIED,
	    "Tool '%s' needs capabilities that this call is not allowed: %s. Ask for them, or use "
	    "another tool.",
	    t->op.name, t->capabilities);
	data = fail_data(cx);
	jw_kstrs(data, "required", missing);
	jw_karr(data, "allowed");
	for (size_t i = 0; i < jr_len(allowed); i++)
		jw_str(data, jr_str(jr_at(allowed, i)));
	jw_end(data);
	return -1;
}

int
profile_allows(struct cx *cx, const struct tool *t, struct jr allowed)
{
	struct str rest = str_c(t->capabilities), word, names[16];
	struct str_list missing = { .v = names };

	if (allowed.type != JR_ARR || jr_len(allowed) == 0)
		return 0;
	while (missing.n < sizeof(names) / sizeof(names[0]) && str_next(&rest, ',', &word))
		if (word.n > 0 && !is_allowed(allowed, word))
			names[missing.n++] = word;
	return missing.n == 0 ? 0 : denied(cx, t, allowed, &missing);
}
