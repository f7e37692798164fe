/*
 * toolverb - finds the tool of a verb, shows its help, calls it and prints the result. The words
 * of the command line are words.c's.
 */
#include "cli/toolverb.h"

#include <string.h>

#include "base/json_read.h"
#include "base/json_write.h"
#include "cli/http.h"
#include "cli/print.h"
#include "tool/tool.h"
#include "api/param_type.h"

const struct tool *
toolverb_find(const char *verb)
{
	for (const struct tool *const *t = tool_registry; *t != NULL; t++)
		if (strcmp((*t)->cli, verb) == 0 || strcmp((*t)->op.name, verb) == 0)
			return *t;
	return NULL;
}

size_t
toolverb_names(const char **names, size_t n, size_t max)
{
	for (const struct tool *const *t = tool_registry; *t != NULL && n < max; t++)
		names[n++] = (*t)->cli;
	return n;
}

static const char *
how_filled(const struct param *p)
{
	if (p->flags & P_PROJECT)
		return " (also -p; default: AGENT_MAIL_PROJECT, else this directory)";
	if (p->flags & P_AGENT)
		return " (also -a; default: AGENT_NAME)";
	if (p->flags & P_SECRET)
		return " (default: AGENT_MAIL_REGISTRATION_TOKEN)";
	return p->flags & P_REQUIRED ? " (required)" : "";
}

void
toolverb_help(const struct tool *t, FILE *out)
{
	struct toolverb_params all;
	struct arena a;

	arena_init(&a, 1024);
	fprintf(out, "agentmail %s [OPTIONS] - %s\n\n", t->cli, t->title);
	fprintf(out, "%s\n\n", t->op.desc);
	all = toolverb_params(&a, t);
	for (size_t i = 0; i < all.n; i++) {
		const struct param *p = &all.v[i];
		struct str left;

		left = arena_printf(&a, "  --%.*s %s", FSTR(toolverb_option(&a, p)), param_types[p->type].word);
		fprintf(out, "%-34.*s %s%s%s%s\n", FSTR(left), p->desc != NULL ? p->desc : "", how_filled(p),
		    p->def != NULL && p->def[0] != '\0' && !(p->flags & P_REQUIRED) ? ", default " : "",
		    p->def != NULL && !(p->flags & P_REQUIRED) ? p->def : "");
	}
	fprintf(out, "%-34s %s\n%-34s %s\n", "  --json", "Print the result as JSON", "  --help", "This text");
	fprintf(out,
	    "\nText options read a file with @FILE and standard input with @-. Bare words fill the required options in order.\n"
	    "The MCP tool is %s.\n",
	    t->op.name);
	arena_fini(&a);
}

static void
write_request(struct buf *out, const struct tool *t, const struct buf *args)
{
	struct jw w;

	jw_init(&w, out, JW_COMPACT);
	jw_obj(&w);
	jw_kcstr(&w, "jsonrpc", "2.0");
	jw_kint(&w, "id", 1);
	jw_kcstr(&w, "method", "tools/call");
	jw_kobj(&w, "params");
	jw_kcstr(&w, "name", t->op.name);
	jw_key(&w, "arguments");
	jw_raw_buf(&w, args);
	jw_end(&w);
	jw_end(&w);
}

/* The server's words without the wrapping that is for models. */
static int
print_refusal(struct cli *cli, const struct tool *t, struct jr result)
{
	struct str text = jr_str(jr_get(jr_at(jr_get(result, "content"), 0), "text"));
	struct jr error = jr_get(jr_get(result, "structuredContent"), "error");
	struct str prefix = arena_printf(&cli->arena, "Error calling tool '%s': ", t->op.name);

	if (str_starts(text, prefix))
		text = str_sub(text, prefix.n, text.n);
	if (cli->json)
		print_json(jr_get(result, "structuredContent"), stdout);
	if (str_eqc(jr_str(jr_get(error, "type")), "AUTHENTICATION_REQUIRED"))
		return cli_error(cli, CLI_NOPERM, "%.*s", FSTR(text));
	return cli_error(cli, CLI_REFUSED, "%.*s", FSTR(text));
}

static int
print_result(struct cli *cli, const struct tool *t, struct str body)
{
	struct jr v, result, data;
	struct jr_error err;

	if (!jr_parse(&cli->arena, body, &v, &err))
		return cli_error(cli, CLI_SOFTWARE, "the answer is no JSON: %s", err.why);
	if (jr_get(v, "error").type == JR_OBJ)
		return cli_error(cli, CLI_SOFTWARE, "%.*s", FSTR(jr_str(jr_get(jr_get(v, "error"), "message"))));
	result = jr_get(v, "result");
	if (jr_bool(jr_get(result, "isError")))
		return print_refusal(cli, t, result);
	data = jr_get(result, "structuredContent");
	if (t->op.flags & OP_LIST)
		data = jr_get(data, "result");
	if (cli->json)
		print_json(data, stdout);
	else
		print_people(cli, data, stdout);
	return CLI_OK;
}

/* --json and --help may stand anywhere; they are taken out. */
static int
take_common(struct cli *cli, int argc, char **argv, bool *help)
{
	int n = 1;

	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--json") == 0)
			cli->json = true;
		else if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
			*help = true;
		else
			argv[n++] = argv[i];
	}
	return n;
}

int
toolverb_run(struct cli *cli, const struct tool *t, int argc, char **argv)
{
	struct http_answer answer;
	struct buf args, request;
	bool help = false;
	int code;

	argc = take_common(cli, argc, argv, &help);
	if (help) {
		toolverb_help(t, stdout);
		return CLI_OK;
	}
	buf_init(&args, &cli->arena);
	buf_init(&request, &cli->arena);
	code = toolverb_arguments(cli, t, argc, argv, &args);
	if (code != CLI_OK)
		return code;
	write_request(&request, t, &args);
	code = http_send(cli, "/mcp", buf_flat(&request), &answer);
	if (code != CLI_OK)
		return code;
	if (answer.status != 200)
		return http_refused(cli, &answer);
	return print_result(cli, t, answer.body);
}
