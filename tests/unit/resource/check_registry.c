/*
 * check_registry - every template of the contract is there, with its name and each of its query parameters
 * (contract/reservations-resources.md 8.2, rest-and-rust-peers.md B.6.10 to B.6.12).
 */
#include <check.h>
#include <string.h>

#include "base/json_read.h"
#include "resource/registry.h"
#include "resource/uri.h"
#include "support/fixture.h"

static struct fixture f;

static void
setup(void)
{
	fixture_init_without_db(&f);
}

static const struct {
	const char *uri, *name, *query;
} rows[] = {
	{ "resource://config/environment", "environment_resource", "format" },
	{ "resource://product/{key}", "product_resource", "format" },
	{ "resource://identity/{project}", "identity_resource", "format" },
	{ "resource://tooling/directory", "tooling_directory_resource", "format" },
	{ "resource://tooling/schemas", "tooling_schemas_resource", "format" },
	{ "resource://tooling/metrics", "tooling_metrics_resource", "format" },
	{ "resource://tooling/locks", "tooling_locks_resource", "format" },
	{ "resource://tooling/capabilities/{agent}", "tooling_capabilities_resource", "project,format" },
	{ "resource://tooling/recent/{window_seconds}", "tooling_recent_resource", "agent,project,format" },
	{ "resource://tooling/projects", "projects_resource", "format" },
	{ "resource://project/{slug}", "project_detail", "format" },
	{ "resource://agents/{project_key}", "agents_directory", "format" },
	{ "resource://file_reservations/{slug}", "file_reservations_resource", "active_only,format" },
	{ "resource://message/{message_id}", "message_resource", "project,agent,agent_token,format" },
	{ "resource://thread/{thread_id}", "thread_resource", "project,agent,agent_token,include_bodies,format" },
	{ "resource://inbox/{agent}", "inbox_resource",
	    "project,since_ts,urgent_only,include_bodies,limit,agent_token,format" },
	{ "resource://views/urgent-unread/{agent}", "urgent_unread_view", "project,limit,agent_token,format" },
	{ "resource://views/ack-required/{agent}", "ack_required_view", "project,limit,agent_token,format" },
	{ "resource://views/acks-stale/{agent}", "acks_stale_view", "project,ttl_seconds,limit,agent_token,format" },
	{ "resource://views/ack-overdue/{agent}", "ack_overdue_view", "project,ttl_minutes,limit,agent_token,format" },
	{ "resource://mailbox/{agent}", "mailbox_resource", "project,limit,agent_token,format" },
	{ "resource://mailbox-with-commits/{agent}", "mailbox_with_commits_resource",
	    "project,limit,agent_token,format" },
	{ "resource://outbox/{agent}", "outbox_resource", "project,limit,include_bodies,since_ts,agent_token,format" },
	{ "resource://tooling/metrics_core", "tooling_metrics_core_resource", "format" },
	{ "resource://tooling/diagnostics", "tooling_diagnostics_resource", "format" },
	{ "resource://projects", "projects", "limit,contains,format" },
};

static const struct resource *
find(const char *uri)
{
	for (size_t i = 0; i < resource_count(); i++)
		if (strcmp(resource_registry[i]->uri, uri) == 0)
			return resource_registry[i];
	return NULL;
}

static struct jr
entry(void (*write)(const struct resource *, struct jw *), const struct resource *r)
{
	struct jr_error error;
	struct buf b;
	struct jr v;
	struct jw w;

	buf_init(&b, &f.arena);
	jw_init(&w, &b, JW_COMPACT);
	write(r, &w);
	ck_assert(jr_parse(&f.arena, buf_flat(&b), &v, &error));
	return v;
}

static struct str
member(struct jr v, const char *key)
{
	return jr_str(jr_get(v, key));
}

/* Is `word` one of the words between {? and } of a template? */
static bool
has_word(struct str shown, struct str word)
{
	ptrdiff_t at = str_find(shown, STR("{?"));
	struct str rest, one;

	ck_assert_int_ge(at, 0);
	rest = str_sub(shown, (size_t)at + 2, shown.n - (size_t)at - 3);
	while (str_next(&rest, ',', &one))
		if (str_eq(one, word))
			return true;
	return false;
}

START_TEST(template_of_the_contract)
{
	const struct resource *r = find(rows[_i].uri);
	struct str rest = str_c(rows[_i].query), word, shown;
	struct jr t;

	ck_assert_msg(r != NULL, "no %s", rows[_i].uri);
	t = entry(resource_template_entry, r);
	shown = member(t, "uriTemplate");
	ck_assert_str_eq(arena_cstr(&f.arena, member(t, "name")), rows[_i].name);
	ck_assert_str_eq(arena_cstr(&f.arena, member(t, "mimeType")), "application/json");
	ck_assert(!str_blank(member(t, "description")));
	while (str_next(&rest, ',', &word))
		ck_assert_msg(has_word(shown, word), "%.*s has no %.*s", (int)shown.n, shown.p, (int)word.n, word.p);
}
END_TEST

/* What has no variables can be read as it stands, under the name with _exact. */
START_TEST(concrete_ones)
{
	size_t n = 0;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct resource *r = find(rows[i].uri);

		ck_assert_int_eq(resource_is_template(r), strchr(rows[i].uri, '{') != NULL);
		if (resource_is_template(r))
			continue;
		n++;
		ck_assert_str_eq(arena_cstr(&f.arena, member(entry(resource_list_entry, r), "uri")), rows[i].uri);
		ck_assert_str_eq(arena_cstr(&f.arena, member(entry(resource_list_entry, r), "name")),
		    arena_printf(&f.arena, "%s_exact", rows[i].name).p);
	}
	ck_assert_uint_eq(n, 9);
}
END_TEST

Suite *suite_registry(void);

Suite *
suite_registry(void)
{
	Suite *s = suite_create("registry");
	TCase *t = tcase_create("catalogue");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_loop_test(t, template_of_the_contract, 0, (int)(sizeof(rows) / sizeof(rows[0])));
	tcase_add_test(t, concrete_ones);
	suite_add_tcase(s, t);
	return s;
}
