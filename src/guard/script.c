/*
 * script - the two files of a hook: the runner of the chain, and our link in it.
 */
#include "guard/guard.h"

#include "base/buf.h"

const char *const guard_hook_names[GUARD_HOOKS] = { "pre-commit", "pre-push" };

/*
 * A kept hook that looks at its own name (husky does) is read by its shell under
 * the name that it had. Standard input of pre-push is for each of the chain.
 */
static const char runner[] = "#!/bin/sh\n"
			     "# mcp-agent-mail chain-runner (%s)\n"
			     "# Runs hooks.d/%s/* and then %s.orig. To take it out: agentmail guard uninstall\n"
			     "hook=%s\n"
			     "self=$0\n"
			     "dir=$(dirname \"$0\")\n"
			     "input=\n"
			     "[ \"$hook\" != pre-push ] || input=$(cat)\n"
			     "\n"
			     "run() {\n"
			     "\tif [ \"$hook\" != pre-push ]; then\n"
			     "\t\t\"$@\"\n"
			     "\telif [ -n \"$input\" ]; then\n"
			     "\t\tprintf '%%s\\n' \"$input\" | \"$@\"\n"
			     "\telse\n"
			     "\t\t\"$@\" </dev/null\n"
			     "\tfi\n"
			     "}\n"
			     "\n"
			     "for part in \"$dir/hooks.d/$hook\"/*; do\n"
			     "\t[ -f \"$part\" ] && [ -x \"$part\" ] || continue\n"
			     "\trun \"$part\" \"$@\" || exit $?\n"
			     "done\n"
			     "[ -f \"$dir/$hook.orig\" ] || exit 0\n"
			     "if [ ! -x \"$dir/$hook.orig\" ]; then\n"
			     "\techo \"[$hook] $hook.orig is not executable: skipped\" >&2\n"
			     "\texit 0\n"
			     "fi\n"
			     "IFS= read -r first <\"$dir/$hook.orig\"\n"
			     "case $first in\n"
			     "'#!'*bash*) shell=bash ;;\n"
			     "'#!'*/sh*|'#!'*' sh'*|'#!'*dash*) shell=sh ;;\n"
			     "*) shell= ;;\n"
			     "esac\n"
			     "if [ -n \"$shell\" ] && grep -q '[$]{*0' \"$dir/$hook.orig\"; then\n"
			     "\tcase $first in *' -e'*) shell=\"$shell -e\" ;; esac\n"
			     "\trun $shell -c '. \"$0.orig\"' \"$self\" \"$@\"\n"
			     "else\n"
			     "\trun \"$dir/$hook.orig\" \"$@\"\n"
			     "fi\n";

static const char plugin[] =
    "#!/bin/sh\n"
    "# mcp-agent-mail guard hook (%s)\n"
    "# Asks who has reserved the files. AGENT_MAIL_GUARD=off|warn|block, AGENT_MAIL_BYPASS=1 lets this once pass.\n"
    "program=%" PRIstr "\n"
    "[ -x \"$program\" ] || program=$(command -v agentmail) || {\n"
    "\techo \"[%s] file_reservation guard: agentmail is not installed, nothing was checked\" >&2\n"
    "\texit 0\n"
    "}\n"
    "exec \"$program\" guard hook %s --records %" PRIstr " \"$@\"\n";

struct str
guard_runner(struct arena *a, enum guard_hook hook)
{
	const char *name = guard_hook_names[hook];

	return arena_printf(a, runner, name, name, name, name);
}

/* One word for the shell. */
static struct str
quoted(struct arena *a, struct str s)
{
	struct str rest = s, part;
	const char *between = "";
	struct buf b;

	buf_init(&b, a);
	buf_putc(&b, '\'');
	while (str_next(&rest, '\'', &part)) {
		buf_cstr(&b, between);
		buf_str(&b, part);
		between = "'\\''";
	}
	buf_putc(&b, '\'');
	return buf_flat(&b);
}

struct str
guard_plugin(struct arena *a, enum guard_hook hook, const struct guard_install *in)
{
	const char *name = guard_hook_names[hook];
	struct str program = quoted(a, in->program), records = quoted(a, in->records);

	return arena_printf(a, plugin, name, FSTR(program), name, name, FSTR(records));
}
