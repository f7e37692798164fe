/*
 * health_check - what this daemon is, without touching the mail
 * (contract/messaging.md 11.1).
 */
#include "conf/conf.h"
#include "store/cx.h"
#include "tool/tool.h"

static int
run(struct cx *cx, const void *in, struct jw *out)
{
	const struct conf *conf = cx->conf;

	(void)in;
	jw_obj(out);
	jw_kcstr(out, "status", "ok");
	jw_kstr(out, "environment", conf->app_environment);
	jw_kstr(out, "http_host", conf->listen.n > 0 ? conf->listen.v[0] : STR(""));
	jw_kint(out, "http_port", conf->port);
	jw_kstr(out, "database_url", arena_printf(cx->arena, "sqlite:///%" PRIstr, FSTR(conf->database)));
	jw_end(out);
	return 0;
}

const struct tool tool_health_check = {
	.op.name = "health_check",
	.title = "Health check",
	.op.desc = "Server status and settings",
	.cluster = "infrastructure",
	.capabilities = "infrastructure",
	.complexity = "low",
	.op.flags = OP_READ,
	.cli = "health",
	.op.run = run,
};
