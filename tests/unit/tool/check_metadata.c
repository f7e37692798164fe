/*
 * check_metadata - what the reference says of its tools besides their arguments
 * (contract/messaging.md 4.1, contract/reservations-resources.md 1.1): clusters, capabilities, which
 * argument names project and agent, and the order of tools/list.
 */
#include <check.h>
#include <string.h>

#include "base/str.h"
#include "api/operation_call.h"
#include "tool/registry.h"

#define NO_FORMAT true

static const struct {
	const char *name, *cluster, *capabilities, *agent_arg, *project_arg;
	bool no_format;
} rows[] = {
	{ "health_check", "infrastructure", "infrastructure", NULL, NULL, false },
	{ "ensure_project", "infrastructure", "infrastructure,storage", NULL, "human_key", false },
	{ "register_agent", "identity", "identity", "name", "project_key", false },
	{ "deregister_agent", "identity", "identity", "agent_name", "project_key", NO_FORMAT },
	{ "retire_agent", "identity", "identity", "agent_name", "project_key", NO_FORMAT },
	{ "unretire_agent", "identity", "identity", "agent_name", "project_key", NO_FORMAT },
	{ "archive_project", "infrastructure", "infrastructure", NULL, "project_key", NO_FORMAT },
	{ "unarchive_project", "infrastructure", "infrastructure", NULL, "project_key", NO_FORMAT },
	{ "hard_delete_agent", "identity", "identity", "agent_name", "project_key", NO_FORMAT },
	{ "hard_delete_project", "infrastructure", "infrastructure", NULL, "project_key", NO_FORMAT },
	{ "whois", "identity", "audit,identity", "agent_name", "project_key", false },
	{ "create_agent_identity", "identity", "identity", "name_hint", "project_key", false },
	{ "list_window_identities", "identity", "identity", NULL, "project_key", false },
	{ "rename_window", "identity", "identity,write", NULL, "project_key", false },
	{ "expire_window", "identity", "identity,write", NULL, "project_key", false },
	{ "send_message", "messaging", "messaging,write", "sender_name", "project_key", false },
	{ "purge_old_messages", "messaging", "messaging,write", NULL, "project_key", NO_FORMAT },
	{ "reply_message", "messaging", "messaging,write", "sender_name", "project_key", false },
	{ "request_contact", "contact", "contact", "from_agent", "project_key", false },
	{ "respond_contact", "contact", "contact", "to_agent", "project_key", false },
	{ "list_contacts", "contact", "audit,contact", "agent_name", "project_key", false },
	{ "set_contact_policy", "contact", "configure,contact", "agent_name", "project_key", false },
	{ "fetch_inbox", "messaging", "messaging,read", "agent_name", "project_key", false },
	{ "fetch_topic", "messaging", "messaging,read", NULL, "project_key", false },
	{ "mark_message_read", "messaging", "messaging,read", "agent_name", "project_key", false },
	{ "acknowledge_message", "messaging", "ack,messaging", "agent_name", "project_key", false },
	{ "macro_start_session", "workflow_macros", "file_reservations,identity,messaging,workflow", "agent_name",
	    "human_key", false },
	{ "macro_prepare_thread", "workflow_macros", "messaging,summarization,workflow", "agent_name", "project_key",
	    false },
	{ "macro_file_reservation_cycle", "workflow_macros", "file_reservations,repository,workflow", "agent_name",
	    "project_key", false },
	{ "macro_contact_handshake", "workflow_macros", "contact,messaging,workflow", "requester", "project_key",
	    false },
	{ "search_messages", "search", "search", NULL, "project_key", false },
	{ "summarize_thread", "search", "search,summarization", NULL, "project_key", false },
	{ "summarize_recent", "search", "search,summarization", NULL, "project_key", false },
	{ "fetch_summary", "search", "read,summarization", NULL, "project_key", false },
	{ "install_precommit_guard", "infrastructure", "infrastructure,repository", NULL, "project_key", false },
	{ "uninstall_precommit_guard", "infrastructure", "infrastructure,repository", NULL, NULL, false },
	{ "file_reservation_paths", "file_reservations", "file_reservations,repository", "agent_name", "project_key",
	    false },
	{ "release_file_reservations", "file_reservations", "file_reservations", "agent_name", "project_key", false },
	{ "force_release_file_reservation", "file_reservations", "file_reservations,repository", "agent_name",
	    "project_key", false },
	{ "renew_file_reservations", "file_reservations", "file_reservations", "agent_name", "project_key", false },
	{ "acquire_build_slot", "build_slots", "build", "agent_name", "project_key", false },
	{ "renew_build_slot", "build_slots", "build", "agent_name", "project_key", false },
	{ "release_build_slot", "build_slots", "build", "agent_name", "project_key", false },
};

static bool
same(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* The parameter that is marked so, which is one at most. */
static const char *
named(const struct tool *t, enum param_flag flag)
{
	const struct param *p = operation_param(&t->op, flag);
	size_t n = 0;

	for (size_t i = 0; i < t->op.nparams; i++)
		n += (t->op.params[i].flags & flag) != 0;
	ck_assert_msg(n <= 1 && (p == NULL || p->type == P_STR), "%s: marks %zu", t->op.name, n);
	return p != NULL ? p->name : NULL;
}

START_TEST(as_the_reference)
{
	const struct tool *t = tool_find(str_c(rows[_i].name));

	ck_assert_msg(t != NULL, "no tool %s", rows[_i].name);
	ck_assert_msg(same(t->cluster, rows[_i].cluster), "%s: cluster %s", t->op.name, t->cluster);
	ck_assert_msg(same(t->capabilities, rows[_i].capabilities), "%s: capabilities %s", t->op.name, t->capabilities);
	ck_assert_msg(same(named(t, P_AGENT), rows[_i].agent_arg), "%s: agent", t->op.name);
	ck_assert_msg(same(named(t, P_PROJECT), rows[_i].project_arg), "%s: project", t->op.name);
	ck_assert_msg(((t->op.flags & OP_NO_FORMAT) != 0) == rows[_i].no_format, "%s: format", t->op.name);
	ck_assert_msg(_i == 0 || tool_index(t) > tool_index(tool_find(str_c(rows[_i - 1].name))),
	    "%s: too early in the list", t->op.name);
}
END_TEST

Suite *
suite_metadata(void)
{
	Suite *s = suite_create("metadata");
	TCase *t = tcase_create("metadata");

	tcase_add_loop_test(t, as_the_reference, 0, sizeof(rows) / sizeof(rows[0]));
	suite_add_tcase(s, t);
	return s;
}
