/* Each setting that a reload may change is another one in the workers of the new generation; the others are named. */
#include "support/scenario.h"

#include <stdio.h>
#include <string.h>

/* The table itself, as text: the scenario's program has none of the daemon's code. */
struct row {
	const char *key, *type, *def;
	long long min;
	const char *flags, *words;
};
#define CONF_SECTION(title)
#define CONF_MORE(key, text)
#define CONF(key, type, def, min, max, flags, env, words, help) { #key, #type, def, min, #flags, words },
static const struct row rows[] = {
#include "conf/conf.def"
};
#define NROWS (sizeof(rows) / sizeof(rows[0]))

/* Given by "-o" to every daemon under test, or by what this file has to be like for a daemon to start. */
static const char *const fixed[] = { "port", "log_file", "upgrade_linger", "state_dir", "user", "group" };

static struct daemon d;

static bool
is_fixed(const struct row *r)
{
	for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
		if (strcmp(fixed[i], r->key) == 0)
			return true;
	return false;
}

static bool
needs_restart(const struct row *r)
{
	return strstr(r->flags, "RESTART") != NULL;
}

/* Another value than the default. */
static void
another(const struct row *r, char *out, size_t size)
{
	long long n = r->min + (atoll(r->def) == r->min);
	const char *last = strrchr(r->words, '|');

	if (strcmp(r->key, "listen") == 0)
		snprintf(out, size, "127.0.0.1, unix:%s/another", d.dir);
	else if (strcmp(r->key, "unix_mode") == 0)
		snprintf(out, size, "0600");
	else if (strcmp(r->key, "ready_timeout") == 0)
		snprintf(out, size, "25s");
	else if (strcmp(r->type, "BOOL") == 0)
		snprintf(out, size, "%s", r->def[0] == 'y' ? "no" : "yes");
	else if (strcmp(r->type, "ENUM") == 0 && strncmp(r->words, r->def, strlen(r->def)) == 0)
		snprintf(out, size, "%s", last + 1);
	else if (strcmp(r->type, "ENUM") == 0)
		snprintf(out, size, "%.*s", (int)strcspn(r->words, "|"), r->words);
	else if (strcmp(r->type, "TIME") == 0)
		snprintf(out, size, "%llds", n);
	else if (strcmp(r->type, "INT") == 0 || strcmp(r->type, "SIZE") == 0)
		snprintf(out, size, "%lld", n);
	else if (strcmp(r->type, "NUM") == 0)
		snprintf(out, size, "0.75");
	else
		snprintf(out, size, "%s/another", d.dir);
}

/* The value of `key` among lines "key = value". */
static const char *
value(const char *lines, const char *key, char *out, size_t size)
{
	char begin[80];
	const char *at;

	snprintf(begin, sizeof(begin), "\n%s = ", key);
	at = strstr(lines, begin);
	ck_assert_msg(at != NULL, "no %s", key);
	at += strlen(begin);
	snprintf(out, size, "%.*s", (int)strcspn(at, "\n"), at);
	return out;
}

static void
settings(char *out, size_t size)
{
	out[0] = '\n';
	ck_assert_int_eq(http_get(d.port, "/conf", out + 1, size - 1), 200);
}

START_TEST(every_setting_reaches_the_new_generation)
{
	static char before[65536], after[65536], file[65536], line[512];
	char path[300], answer[256], text[400], old[400], now[400];
	const char *more[] = { "-c", path, NULL };
	size_t n = 0;

	daemon_init(&d);
	if (!daemon_is_test(&d)) {
		daemon_fini(&d);
		return;
	}
	snprintf(path, sizeof(path), "%s/conf", d.dir);
	daemon_write(&d, "conf", "");
	daemon_start(&d, more);
	settings(before, sizeof(before));
	for (size_t i = 0; i < NROWS; i++) {
		if (is_fixed(&rows[i]))
			continue;
		another(&rows[i], text, sizeof(text));
		n += (size_t)snprintf(file + n, sizeof(file) - n, "%s = %s\n", rows[i].key, text);
	}
	daemon_write(&d, "conf", file);
	ck_assert(daemon_ctl(&d, "reload", answer, sizeof(answer)));
	ck_assert_msg(strncmp(answer, "ok ", 3) == 0, "%s", answer);
	settings(after, sizeof(after));
	for (size_t i = 0; i < NROWS; i++) {
		value(before, rows[i].key, old, sizeof(old));
		value(after, rows[i].key, now, sizeof(now));
		if (!is_fixed(&rows[i]))
			ck_assert_msg(strcmp(old, now) != 0, "%s is %s as before", rows[i].key, now);
		snprintf(
		    line, sizeof(line), "reload: %s has changed, and takes effect at the next start only", rows[i].key);
		ck_assert_msg(
		    daemon_logged(&d, line) == (needs_restart(&rows[i]) && !is_fixed(&rows[i])), "%s", rows[i].key);
	}
	ck_assert_int_eq(daemon_stop(&d), 0);
	daemon_fini(&d);
}
END_TEST

SCENARIO_MAIN("settings", every_setting_reaches_the_new_generation)
