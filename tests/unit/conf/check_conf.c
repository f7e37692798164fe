/*
 * conf - the table, the file reader, the order of precedence.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conf/conf.h"

static struct arena arena;
static char dir[] = "/tmp/check_conf.XXXXXX";

static void
setup(void)
{
	arena_init(&arena, 64);
	clearenv();
	strcpy(dir, "/tmp/check_conf.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
}

static void
teardown(void)
{
	char cmd[64];

	snprintf(cmd, sizeof(cmd), "rm -rf %s", dir);
	ck_assert_int_eq(system(cmd), 0);
	arena_fini(&arena);
}

static const char *
put_file(const char *name, const char *text)
{
	struct str path = arena_printf(&arena, "%s/%s", dir, name);
	FILE *f = fopen(path.p, "w");

	ck_assert_ptr_nonnull(f);
	fputs(text, f);
	fclose(f);
	return path.p;
}

static struct conf *
load(const char *text, const char *const *options, struct str *why)
{
	struct conf_source src = { text ? put_file("main.conf", text) : NULL, options, true };

	*why = STR("");
	return conf_load(&src, &arena, why);
}

START_TEST(defaults_read_back)
{
	struct conf *c = conf_for_tests(dir);

	for (size_t i = 0; i < CONF_KEYS; i++) {
		const struct conf_row *row = &conf_table[i];
		struct str text = conf_text(c, row, &arena, true), why;

		ck_assert_msg(
		    conf_set(c, row->key, text, CONF_FILE, &arena, &why) == 0, "%s = %.*s", row->key, FSTR(text));
		ck_assert_msg(str_eq(conf_text(c, row, &arena, true), text), "%s", row->key);
		ck_assert_msg(strlen(row->help) > 10 && row->help[strlen(row->help) - 1] != '.', "%s: help", row->key);
		ck_assert_msg((row->flags & CONF_RELOAD) != 0 || (row->flags & CONF_RESTART) != 0, "%s", row->key);
	}
	conf_free(&c);
}
END_TEST

START_TEST(file_forms)
{
	struct str why;
	struct conf *c =
	    load("# comment\n\nport = 9000 # after\n listen=\"127.0.0.1, [::1]\" \narchive_group_max = 500ms\n"
		 "max_body_size = 8m\nhttp_bearer_token = 'a # b'\ntrust_loopback = No\r\n",
		NULL, &why);

	ck_assert_msg(c != NULL, "%.*s", FSTR(why));
	ck_assert_int_eq(c->port, 9000);
	ck_assert_uint_eq(c->listen.n, 2);
	ck_assert(str_eqc(c->listen.v[1], "[::1]"));
	ck_assert_int_eq(c->archive_group_max, 500000);
	ck_assert_int_eq(c->max_body_size, 8 << 20);
	ck_assert(str_eqc(c->http_bearer_token, "a # b"));
	ck_assert(!c->trust_loopback);
	conf_free(&c);
}
END_TEST

static const struct {
	const char *text, *why; /* part of the reason */
} refused[] = {
	{ "prot = 1", "main.conf:1: unknown setting 'prot', did you mean 'port'?" },
	{ "\nport = x", "main.conf:2: port: 'x' is not a whole number" },
	{ "port = 70000", "out of range: 1 to 65535" },
	{ "drain_timeout = 5 parsecs", "is not a time" },
	{ "hang_timeout = 1s", "out of range" },
	{ "llm_temperature = hot", "is not a number such as 0.5" },
	{ "llm_temperature = -1", "is not a number" },
	{ "llm_temperature = nan", "is not a number" },
	{ "llm_temperature =", "is not a number" },
	{ "llm_temperature = 2.1", "out of range: 0 to 2" },
	{ "durability = maybe", "one of full|process" },
	{ "trust_loopback = perhaps", "is not yes or no" },
	{ "just words", "expected key = value" },
	{ "include = nowhere.conf", "no such file" },
	{ "include = main.conf", "nested more than" },
	{ "database = postgresql://x/y", "always SQLite" },
	{ "database = sqlite:///:memory:", "a file is needed" },
	{ "mcp_path = agents", "mcp_path: 'agents': expected a path that begins with /" },
};

START_TEST(refused_with_reason)
{
	struct str why;
	struct conf *c = load(refused[_i].text, NULL, &why);

	ck_assert_ptr_null(c);
	ck_assert_msg(str_find(why, str_c(refused[_i].why)) >= 0, "%.*s", FSTR(why));
}
END_TEST

/* What stands in the environment for somebody else stops nothing; what is ours and wrong is named. */
START_TEST(keys_of_others)
{
	struct str why;
	struct conf *c;

	ck_assert_uint_eq(conf_foreign_set(&arena).n, 0);
	setenv("HTTP_JWT_ENABLED", "true", 1);
	setenv("TOON_BIN", "tru", 1);
	setenv("WORKTREES_ENABLED", "", 1);
	setenv("SOMETHING_ELSE", "x", 1);
	c = load(NULL, NULL, &why);
	ck_assert_msg(c != NULL, "%.*s", FSTR(why));
	conf_free(&c);
	ck_assert(str_eqc(conf_foreign_set(&arena), "HTTP_JWT_ENABLED, TOON_BIN"));
	setenv("ACK_TTL_SECONDS", "soon", 1);
	ck_assert_ptr_null(load(NULL, NULL, &why));
	ck_assert_msg(str_find(why, STR("environment ACK_TTL_SECONDS: ack_ttl: 'soon'")) >= 0, "%.*s", FSTR(why));
}
END_TEST

START_TEST(values_of_the_reference)
{
	struct str why;
	struct conf *c;

	setenv("LOG_JSON_ENABLED", "true", 1);
	setenv("HOME", "/home/x", 1);
	setenv("STORAGE_ROOT", "~/mail", 1);
	setenv("NOTIFICATIONS_DEBOUNCE_MS", "250", 1);
	setenv("ACK_TTL_SECONDS", "90", 1);
	setenv("ACK_ESCALATION_MODE", "file_reservation", 1);
	setenv("QUOTA_ATTACHMENTS_LIMIT_BYTES", "104857600", 1);
	setenv("RETENTION_IGNORE_PROJECT_PATTERNS", "demo,test*", 1);
	setenv("HTTP_PATH", "/agents/", 1);
	c = load(NULL, NULL, &why);
	ck_assert_msg(c != NULL, "%.*s", FSTR(why));
	ck_assert_int_eq(c->log_format, 1);
	ck_assert(str_eqc(c->storage_root, "/home/x/mail"));
	ck_assert(str_eqc(c->notifications_signals_dir, "/home/x/.mcp_agent_mail/signals"));
	ck_assert_int_eq(c->notifications_debounce_ms, 250);
	ck_assert_int_eq(c->ack_ttl, 90000000);
	ck_assert_int_eq(c->ack_escalation_mode, ACK_FILE_RESERVATION);
	ck_assert_int_eq(c->quota_attachments_limit_bytes, 104857600);
	ck_assert_uint_eq(c->retention_ignore_project_patterns.n, 2);
	ck_assert(str_eqc(c->mcp_path, "/agents/"));
	conf_free(&c);
	setenv("LOG_JSON_ENABLED", "0", 1);
	c = load(NULL, NULL, &why);
	ck_assert_int_eq(c->log_format, 0);
	conf_free(&c);
}
END_TEST

START_TEST(fractions)
{
	struct str why = STR_NONE;
	struct conf *c = load("llm_temperature = 0.75\n", NULL, &why);

	ck_assert_ptr_nonnull(c);
	ck_assert_double_eq(c->llm_temperature, 0.75);
	ck_assert(str_eqc(conf_text(c, conf_find(STR("llm_temperature")), &arena, false), "0.75"));
	conf_free(&c);
}
END_TEST

START_TEST(secrets_are_not_printed)
{
	struct conf *c = conf_for_tests(dir);
	struct str why;

	ck_assert_int_eq(conf_set(c, "http_bearer_token", STR("s3cret"), CONF_FILE, &arena, &why), 0);
	ck_assert(str_eqc(conf_text(c, conf_find(STR("http_bearer_token")), &arena, false), "***"));
	conf_free(&c);
}
END_TEST

START_TEST(precedence)
{
	const char *options[] = { "workers=5", NULL };
	struct str why;
	struct conf *c;

	setenv("PORT", "1111", 1);
	setenv("AGENTMAIL_BACKLOG", "77", 1);
	setenv("AGENTMAIL_WORKERS", "4", 1);
	setenv("HTTP_BEARER_TOKEN", "", 1);
	c = load("port = 2222\nbacklog = 3\nworkers = 3\nhttp_bearer_token = t\n", options, &why);
	ck_assert_msg(c != NULL, "%.*s", FSTR(why));
	ck_assert_int_eq(c->port, 1111);
	ck_assert_int_eq(c->backlog, 77);
	ck_assert_int_eq(c->workers, 5);
	ck_assert(str_eqc(c->http_bearer_token, "t"));
	ck_assert_int_eq(c->origin[CONF_KEY_workers], CONF_OPTION);
	conf_free(&c);
}
END_TEST

static const struct {
	const char *name, *value, *key, *text;
} environment[] = {
	{ "RATE_LIMIT_ENABLED", "false", "rate_limit_enabled", "no" },
	{ "HTTP_RATE_LIMIT_ENABLED", "1", "rate_limit_enabled", "yes" },
	{ "LOG_LEVEL", "WARNING", "log_level", "warn" },
	{ "HOST", "0.0.0.0", "listen", "0.0.0.0" },
	{ "DATABASE_URL", "sqlite:////var/x.db", "database", "/var/x.db" },
	{ "DATABASE_URL", "sqlite+aiosqlite:////var/y.db?mode=rwc", "database", "/var/y.db" },
	{ "STORAGE_ROOT", "/srv/mail/", "storage_root", "/srv/mail" },
	{ "CONTACT_AUTO_TTL_SECONDS", "3600", "contact_auto_ttl", "1h" },
	{ "AGENTMAIL_DURABILITY", "process", "durability", "process" },
};

START_TEST(environment_names)
{
	struct str why;
	struct conf *c;

	setenv(environment[_i].name, environment[_i].value, 1);
	c = load(NULL, NULL, &why);
	ck_assert_msg(c != NULL, "%.*s", FSTR(why));
	ck_assert_str_eq(arena_cstr(&arena, conf_text(c, conf_find(str_c(environment[_i].key)), &arena, true)),
	    environment[_i].text);
	conf_free(&c);
}
END_TEST

START_TEST(includes)
{
	struct str why;
	struct conf *c;

	ck_assert_int_eq(mkdir(put_file("d", "") ? arena_printf(&arena, "%s/conf.d", dir).p : "", 0700), 0);
	put_file("conf.d/10.conf", "port = 1010\n");
	put_file("conf.d/20.conf", "port = 2020\n");
	c = load("include = conf.d/*.conf\ninclude = none/*.conf\n", NULL, &why);
	ck_assert_msg(c != NULL, "%.*s", FSTR(why));
	ck_assert_int_eq(c->port, 2020);
	conf_free(&c);
}
END_TEST

START_TEST(restart_keys_are_named)
{
	struct conf *a = conf_for_tests(dir), *b = conf_for_tests(dir);
	struct str why;

	ck_assert_int_eq(conf_set(b, "port", STR("99"), CONF_FILE, &arena, &why), 0);
	ck_assert_uint_eq(conf_needs_restart(a, b, &arena).n, 0);
	ck_assert_int_eq(conf_set(b, "pid_file", STR("/x"), CONF_FILE, &arena, &why), 0);
	ck_assert_uint_eq(conf_needs_restart(a, b, &arena).n, 1);
	conf_free(&a);
	conf_free(&b);
}
END_TEST

/* Another value than the default, as the file writes it. */
static const char *
another(const struct conf_row *row)
{
	if (strcmp(row->key, "unix_mode") == 0)
		return "0600";
	switch (row->type) {
	case CONF_BOOL: return row->def[0] == 'y' ? "no" : "yes";
	case CONF_ENUM:
		return str_starts(str_c(row->words), str_c(row->def))
		    ? strrchr(row->words, '|') + 1
		    : arena_cstr(&arena, str_sub(str_c(row->words), 0, strcspn(row->words, "|")));
	case CONF_INT:
	case CONF_SIZE: return arena_printf(&arena, "%lld", (long long)row->min + (atoll(row->def) == row->min)).p;
	case CONF_TIME: return arena_printf(&arena, "%llds", (long long)row->min + (atoll(row->def) == row->min)).p;
	case CONF_NUM: return "0.75";
	default: return "/another";
	}
}

/*
 * Each key alone changed in the file: what is read is what was written, it can be printed and read again, and whether a
 * reload is enough is what its row says.
 */
START_TEST(each_key_is_reloaded_or_named)
{
	const struct conf_row *row = &conf_table[_i];
	struct conf *before, *after;
	struct str why, text;
	struct str_list named;

	before = load("", NULL, &why);
	ck_assert_msg(before != NULL, "%" PRIstr, FSTR(why));
	text = arena_printf(&arena, "%s = %s\n", row->key, another(row));
	if (strcmp(row->key, "listen") == 0)
		text = STR("listen = 127.0.0.1:1, unix:/another\n");
	after = load(text.p, NULL, &why);
	ck_assert_msg(after != NULL, "%s: %" PRIstr, text.p, FSTR(why));
	text = conf_text(after, row, &arena, true);
	ck_assert_msg(!str_eq(text, conf_text(before, row, &arena, true)), "%s is still %" PRIstr, row->key, FSTR(text));
	named = conf_needs_restart(before, after, &arena);
	for (size_t i = 0; i < named.n; i++)
		ck_assert_msg((conf_find(named.v[i])->flags & CONF_RESTART) != 0, "%" PRIstr, FSTR(named.v[i]));
	if ((row->flags & CONF_RESTART) == 0)
		ck_assert_uint_eq(named.n, 0);
	else
		ck_assert_msg(named.n > 0, "%s is not named", row->key);
	ck_assert_int_eq(conf_set(before, row->key, text, CONF_FILE, &arena, &why), 0);
	ck_assert(str_eq(conf_text(before, row, &arena, true), text));
	conf_free(&before);
	conf_free(&after);
}
END_TEST

/* The sample with every comment sign before a key removed is the default configuration. */
START_TEST(sample_is_the_defaults)
{
	struct buf sample;
	struct str text, line, why;
	struct buf out;
	struct conf *c;

	buf_init(&sample, &arena);
	conf_sample(&sample);
	text = buf_flat(&sample);
	buf_init(&out, &arena);
	while (str_next(&text, '\n', &line)) {
		if (line.n > 1 && line.p[0] == '#' && line.p[1] >= 'a' && line.p[1] <= 'z')
			line = str_sub(line, 1, line.n);
		buf_str(&out, line);
		buf_putc(&out, '\n');
	}
	c = load(arena_cstr(&arena, buf_flat(&out)), NULL, &why);
	ck_assert_msg(c != NULL, "%.*s", FSTR(why));
	for (size_t i = 0; i < CONF_KEYS; i++)
		ck_assert_msg(c->origin[i] == CONF_FILE, "%s is not in the sample", conf_table[i].key);
	conf_free(&c);
}
END_TEST

Suite *
suite_conf(void)
{
	Suite *s = suite_create("conf");
	TCase *t = tcase_create("conf");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, defaults_read_back);
	tcase_add_test(t, file_forms);
	tcase_add_loop_test(t, refused_with_reason, 0, sizeof(refused) / sizeof(refused[0]));
	tcase_add_test(t, fractions);
	tcase_add_test(t, secrets_are_not_printed);
	tcase_add_test(t, keys_of_others);
	tcase_add_test(t, values_of_the_reference);
	tcase_add_test(t, precedence);
	tcase_add_loop_test(t, environment_names, 0, sizeof(environment) / sizeof(environment[0]));
	tcase_add_test(t, includes);
	tcase_add_test(t, restart_keys_are_named);
	tcase_add_loop_test(t, each_key_is_reloaded_or_named, 0, CONF_KEYS);
	tcase_add_test(t, sample_is_the_defaults);
	suite_add_tcase(s, t);
	return s;
}
