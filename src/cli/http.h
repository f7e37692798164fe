/*
 * http - one request to the daemon, over TCP or a UNIX socket, by libcurl.
 */
#ifndef CLI_HTTP_H
#define CLI_HTTP_H

#include "cli/cli.h"

struct http_answer {
	long status;
	struct str body; /* in cli->arena */
};

/*
 * GET (body absent) or POST of JSON to `path` of the daemon that -u,
 * AGENTMAIL_URL or the configuration names. The bearer token is
 * AGENTMAIL_TOKEN, HTTP_BEARER_TOKEN or the configuration's. 0, or an exit code
 * after having said what happened.
 */
int http_send(struct cli *cli, const char *path, struct str body, struct http_answer *out);
/* Exit code for a status that is no success, after having printed the server's words. */
int http_refused(struct cli *cli, const struct http_answer *answer);

#endif
