/*
 * wellknown - answers probes for OAuth. Claude Code gives up when such a probe is answered with
 * anything but a 404 that is JSON.
 */
#include "serve/wellknown.h"

#include "net/http.h"
#include "serve/http_error.h"
#include "store/cx.h"

void
wellknown_handle(struct runtime *rt, struct request *rq, const struct caller *caller)
{
	(void)rt;
	(void)caller;
	if (str_find(rq->path, STR("/oauth-")) >= 0 || str_find(rq->path, STR("/openid-configuration")) >= 0)
		reply_static(rq, 404, TYPE_JSON, STR("{\"mcp_oauth\":false}"));
	else
		http_error(rq, 404, "Not Found");
}

void
wellknown_register(struct runtime *rt, struct request *rq, const struct caller *caller)
{
	(void)rt;
	(void)caller;
	reply_static(rq, 404, TYPE_JSON,
	    STR("{\"detail\":\"No OAuth here: set the header 'Authorization: Bearer <token>' "
		"with this server's http_bearer_token, or connect from this machine\",\"mcp_oauth\":false}"));
}
