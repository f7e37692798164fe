/*
 * resource://config/environment - where this daemon keeps its data and listens
 * (contract/reservations-resources.md 8.3).
 */
#include "conf/conf.h"
#include "resource/resource.h"
#include "store/cx.h"

static int
run(struct cx *cx, const void *in, struct jw *out)
{
	const struct conf *conf = cx->conf;

	(void)in;
	jw_obj(out);
	jw_kstr(out, "environment", conf->app_environment);
	jw_kstr(out, "database_url", arena_printf(cx->arena, "sqlite:///%" PRIstr, FSTR(conf->database)));
	jw_kobj(out, "http");
	jw_kstr(out, "host", conf->listen.n > 0 ? conf->listen.v[0] : STR(""));
	jw_kint(out, "port", conf->port);
	jw_kcstr(out, "path", "/mcp");
	jw_end(out);
	jw_end(out);
	return 0;
}

const struct resource resource_environment = {
	.op.name = "environment_resource",
	.uri = "resource://config/environment",
	.op.desc = "Environment name, database and address of the server",
	.op.run = run,
};
