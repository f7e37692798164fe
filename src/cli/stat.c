/*
 * stat - `agentmail stat`: what /metrics says, as a table with rates that is
 * drawn again every second.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "cli/cli.h"
#include "cli/http.h"
#include "ipc/scoreboard.h"

/* One set of readings: counters summed over slots, calls and time per tool or route. */
#define SERIES_MAX 256
struct series {
	struct str name;
	double calls, errors, seconds;
};
struct reading {
	double counter[C_COUNT];
	struct series series[SERIES_MAX];
	size_t n;
	int64_t at_us;
};

/* Value of label `name` in {a="x",b="y"}; STR_NONE without it. */
static struct str
label(struct str labels, const char *name)
{
	struct str what;
	char quoted[32];
	ptrdiff_t at, end;

	snprintf(quoted, sizeof(quoted), "%s=\"", name);
	what = str_c(quoted);
	at = str_find(labels, what);
	if (at < 0)
		return STR_NONE;
	labels = str_sub(labels, (size_t)at + what.n, labels.n);
	end = str_chr(labels, '"');
	return end < 0 ? STR_NONE : str_sub(labels, 0, (size_t)end);
}

static struct series *
series_of(struct reading *r, struct str name)
{
	for (size_t i = 0; i < r->n; i++)
		if (str_eq(r->series[i].name, name))
			return &r->series[i];
	if (r->n == SERIES_MAX)
		return NULL;
	r->series[r->n].name = name;
	return &r->series[r->n++];
}

static void
take_series(struct reading *r, struct str name, struct str labels, double v)
{
	struct str who = label(labels, "name");
	struct series *s = who.p != NULL ? series_of(r, who) : NULL;

	if (s == NULL)
		return;
	if (str_ends(name, STR("_count")))
		s->calls += v;
	else if (str_ends(name, STR("_sum")))
		s->seconds += v;
	else if (str_ends(name, STR("_errors_total")))
		s->errors += v;
}

/* name{labels} value */
static void
take_line(struct reading *r, struct str line)
{
	ptrdiff_t brace = str_chr(line, '{'), space;
	struct str name, labels = STR("");
	double v;

	if (line.n == 0 || line.p[0] == '#')
		return;
	for (space = (ptrdiff_t)line.n - 1; space > 0 && line.p[space] != ' '; space--)
		continue;
	if (!str_double(str_sub(line, (size_t)space + 1, line.n), &v))
		return;
	name = str_sub(line, 0, (size_t)(brace >= 0 ? brace : space));
	if (brace >= 0)
		labels = str_sub(line, (size_t)brace, (size_t)(space - brace));
	if (!str_starts(name, STR("agentmail_")))
		return;
	name = str_sub(name, 10, name.n);
	for (size_t i = 0; i < C_COUNT; i++) {
		if (str_eqc(name, counter_table[i].name)) {
			r->counter[i] += v;
			return;
		}
	}
	take_series(r, name, labels, v);
}

static int
take(struct cli *cli, struct reading *r)
{
	struct http_answer answer;
	struct str text, line;
	int rc = http_send(cli, "/metrics", STR_NONE, &answer);

	if (rc != CLI_OK)
		return rc;
	if (answer.status != 200)
		return http_refused(cli, &answer);
	memset(r, 0, sizeof(*r));
	r->at_us = clock_mono_us();
	text = answer.body;
	while (str_next(&text, '\n', &line))
		take_line(r, line);
	return CLI_OK;
}

static void
draw(const struct reading *now, const struct reading *before)
{
	double dt = before->at_us != 0 ? (double)(now->at_us - before->at_us) / (double)USEC : 0;

	printf("%-30s %16s %12s\n", "COUNTER", "VALUE", "PER SECOND");
	for (size_t i = 0; i < C_COUNT; i++) {
		printf("%-30s %16.0f", counter_table[i].name, now->counter[i]);
		if (dt > 0 && !counter_table[i].gauge)
			printf(" %12.1f", (now->counter[i] - before->counter[i]) / dt);
		putchar('\n');
	}
	printf("\n%-34s %12s %10s %12s\n", "TOOL OR ROUTE", "CALLS", "ERRORS", "MEAN US");
	for (size_t i = 0; i < now->n; i++) {
		const struct series *s = &now->series[i];

		if (s->calls > 0)
			printf("%-34.*s %12.0f %10.0f %12.1f\n", FSTR(s->name), s->calls, s->errors,
			    s->seconds * 1e6 / s->calls);
	}
}

int
verb_stat(struct cli *cli, int argc, char **argv)
{
	static struct reading now, before;
	struct arena_mark mark = arena_mark(&cli->arena);
	int64_t seconds = 1;
	bool once = !cli->tty;
	int rc;

	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "-1") == 0)
			once = true;
		else if (!str_int(str_c(argv[i]), &seconds) || seconds < 1)
			return cli_error(cli, CLI_USAGE, "%s: expected a number of seconds", argv[i]);
	}
	for (;;) {
		rc = take(cli, &now);
		if (rc != CLI_OK)
			return rc;
		if (!once)
			printf("\033[H\033[2J");
		draw(&now, &before);
		if (once)
			return CLI_OK;
		fflush(stdout);
		before = now;
		for (size_t i = 0; i < before.n; i++)
			before.series[i].name = STR("");
		arena_rewind(&cli->arena, mark);
		nanosleep(&(struct timespec){ .tv_sec = seconds }, NULL);
	}
}
