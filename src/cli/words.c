/*
 * words - command-line words to the arguments of a tool, by its parameter table.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json_write.h"
#include "base/likeness.h"
#include "cli/toolverb.h"
#include "tool/schema.h"
#include "api/param_type.h"

#define VALUES_MAX 256

/* What was said of one parameter. */
struct said {
	struct str value[VALUES_MAX];
	size_t n;
};

struct words {
	struct cli *cli;
	const struct tool *t;
	struct toolverb_params params;
	struct said *said; /* one per parameter */
};

struct toolverb_params
toolverb_params(struct arena *a, const struct tool *t)
{
	struct toolverb_params all;
	struct param *v;
	size_t extras;
	const struct param *extra = tool_extras(t, &extras);

	v = arena_array(a, struct param, t->op.nparams + extras + 1);
	all = (struct toolverb_params){ v, 0 };
	for (size_t i = 0; i < t->op.nparams; i++)
		if ((t->op.params[i].flags & P_REFUSED) == 0)
			v[all.n++] = t->op.params[i];
	/* The server's extras: people print JSON with --json, so `format` is not theirs. */
	for (size_t i = 0; i < extras; i++)
		if (strcmp(extra[i].name, "format") != 0)
			v[all.n++] = extra[i];
	return all;
}

struct str
toolverb_option(struct arena *a, const struct param *p)
{
	char *s = arena_cstr(a, str_c(p->name));

	for (char *c = s; *c != '\0'; c++)
		*c = *c == '_' ? '-' : *c;
	return str_c(s);
}

/* --project and --agent work for every tool, whatever its parameter is called. */
static const struct param *
find_option(struct words *w, struct str name)
{
	for (size_t i = 0; i < w->params.n; i++) {
		const struct param *p = &w->params.v[i];

		if (str_eq(name, toolverb_option(&w->cli->arena, p)) || str_eqc(name, p->name))
			return p;
		if ((p->flags & P_PROJECT) && (str_eqc(name, "project") || str_eqc(name, "p")))
			return p;
		if ((p->flags & P_AGENT) && (str_eqc(name, "agent") || str_eqc(name, "a")))
			return p;
		if ((p->flags & P_SECRET) && str_eqc(name, "token"))
			return p;
	}
	return NULL;
}

static bool
slurp(struct cli *cli, const char *path, struct str *out)
{
	FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
	struct buf b;
	char part[4096];
	size_t n;

	if (f == NULL)
		return false;
	buf_init(&b, &cli->arena);
	while ((n = fread(part, 1, sizeof(part), f)) > 0)
		buf_put(&b, part, n);
	if (f != stdin)
		fclose(f);
	*out = buf_flat(&b);
	return true;
}

static int
add_value(struct words *w, const struct param *p, const char *text)
{
	struct said *s = &w->said[p - w->params.v];
	struct str v = str_c(text);

	if (p->type == P_STR && text[0] == '@' && text[1] == '@')
		v = str_sub(v, 1, v.n);
	else if (p->type == P_STR && text[0] == '@' && text[1] != '\0' && !slurp(w->cli, text + 1, &v))
		return cli_error(w->cli, CLI_USAGE, "%s: cannot read %s", p->name, text + 1);
	if (s->n >= VALUES_MAX)
		return cli_error(w->cli, CLI_USAGE, "%s: more than %d values", p->name, VALUES_MAX);
	if (param_types[p->type].items == NULL)
		s->n = 0;
	s->value[s->n++] = v;
	return CLI_OK;
}

static int
unknown(struct words *w, struct str name)
{
	const char *names[128];
	size_t n = 0;
	ptrdiff_t near;

	for (size_t i = 0; i < w->params.n && n < 128; i++)
		names[n++] = toolverb_option(&w->cli->arena, &w->params.v[i]).p;
	near = str_nearest(name, names, n, 0.5);
	return cli_error(w->cli, CLI_USAGE, "unknown option --%.*s%s%s%s", FSTR(name),
	    near >= 0 ? ", did you mean --" : "", near >= 0 ? names[near] : "", near >= 0 ? "?" : "");
}

/* "--name value", "--name=value", "--flag", "--no-flag", "-p value", "-a value". */
static int
take_option(struct words *w, int argc, char **argv, int *i)
{
	struct str word = str_c(argv[*i]), name, value = STR_NONE;
	const struct param *p;
	ptrdiff_t eq;
	bool no = false;

	name = str_sub(word, word.n > 1 && word.p[1] == '-' ? 2 : 1, word.n);
	if ((eq = str_chr(name, '=')) >= 0) {
		value = str_sub(name, (size_t)eq + 1, name.n);
		name = str_sub(name, 0, (size_t)eq);
	}
	p = find_option(w, name);
	if (p == NULL && str_starts(name, STR("no-"))) {
		no = true;
		p = find_option(w, str_sub(name, 3, name.n));
	}
	if (p == NULL || (no && p->type != P_BOOL))
		return unknown(w, name);
	if (p->type == P_BOOL && value.p == NULL)
		return add_value(w, p, no ? "false" : "true");
	if (value.p == NULL && *i + 1 >= argc)
		return cli_error(w->cli, CLI_USAGE, "--%.*s wants a value", FSTR(name));
	return add_value(w, p, value.p != NULL ? arena_cstr(&w->cli->arena, value) : argv[++*i]);
}

/* A bare word is for the first required parameter that has no value; a list takes what is left. */
static int
take_word(struct words *w, const char *word)
{
	for (size_t i = 0; i < w->params.n; i++) {
		const struct param *p = &w->params.v[i];
		bool list = param_types[p->type].items != NULL;

		if ((p->flags & (P_REQUIRED | P_PROJECT | P_AGENT)) != P_REQUIRED)
			continue;
		if (w->said[i].n == 0 || list)
			return add_value(w, p, word);
	}
	return cli_error(w->cli, CLI_USAGE, "one word too many: %s", word);
}

/* What the environment says of parameters that were not given. */
static int
fill_defaults(struct words *w)
{
	char cwd[4096];

	for (size_t i = 0; i < w->params.n; i++) {
		const struct param *p = &w->params.v[i];
		const char *v = NULL;

		if (w->said[i].n > 0)
			continue;
		if (p->flags & P_PROJECT) {
			v = getenv("AGENT_MAIL_PROJECT");
			if (v == NULL || v[0] == '\0')
				v = getcwd(cwd, sizeof(cwd));
		} else if (p->flags & P_AGENT) {
			v = getenv("AGENT_NAME");
		} else if (p->flags & P_SECRET) {
			v = getenv("AGENT_MAIL_REGISTRATION_TOKEN");
		}
		if (v != NULL && v[0] != '\0')
			w->said[i].value[w->said[i].n++] = arena_dup(&w->cli->arena, str_c(v));
		else if (p->flags & P_REQUIRED)
			return cli_error(w->cli, CLI_USAGE,
			    "--%.*s is missing: %s\n  agentmail %s --help shows all options",
			    FSTR(toolverb_option(&w->cli->arena, p)), p->desc != NULL ? p->desc : p->name, w->cli->verb);
	}
	return CLI_OK;
}

int
toolverb_arguments(struct cli *cli, const struct tool *t, int argc, char **argv, struct buf *out)
{
	struct words w = { cli, t, toolverb_params(&cli->arena, t), NULL };
	struct jw jw;
	int rc = CLI_OK;
	bool only_words = false;

	w.said = arena_array(&cli->arena, struct said, w.params.n + 1);
	for (int i = 1; rc == CLI_OK && i < argc; i++) {
		if (!only_words && strcmp(argv[i], "--") == 0)
			only_words = true;
		else if (!only_words && argv[i][0] == '-' && argv[i][1] != '\0')
			rc = take_option(&w, argc, argv, &i);
		else
			rc = take_word(&w, argv[i]);
	}
	if (rc == CLI_OK)
		rc = fill_defaults(&w);
	if (rc != CLI_OK)
		return rc;
	jw_init(&jw, out, JW_COMPACT);
	jw_obj(&jw);
	for (size_t i = 0; i < w.params.n; i++) {
		if (w.said[i].n == 0)
			continue;
		jw_key(&jw, w.params.v[i].name);
		param_types[w.params.v[i].type].write(&jw, w.said[i].value, w.said[i].n);
	}
	jw_end(&jw);
	return CLI_OK;
}
