/*
 * http - finds the daemon (option, environment, configuration) and sends one request with libcurl.
 *
 * What went wrong on the way becomes an exit code here; what the daemon refused is left to the
 * caller.
 */
#include "cli/http.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_read.h"
#include "conf/conf.h"

#define TIMEOUT_S 65L /* longer than any request of the daemon */

struct target {
	char *base;   /* scheme and authority */
	char *socket; /* UNIX socket, or NULL */
	struct str token;
};

static size_t
on_body(char *p, size_t size, size_t n, void *arg)
{
	buf_put(arg, p, size * n);
	return size * n;
}

/* "unix:/path", "http://host:port[/path]" or "host:port". */
static void
target_from_url(struct cli *cli, const char *url, struct target *t)
{
	struct str u = str_c(url), scheme = STR("http://");
	ptrdiff_t slash;

	if (str_starts(u, STR("unix:"))) {
		t->socket = arena_cstr(&cli->arena, str_sub(u, 5, u.n));
		t->base = arena_cstr(&cli->arena, STR("http://localhost"));
		return;
	}
	if (str_starts(u, STR("https://")))
		scheme = STR("https://");
	if (str_starts(u, scheme))
		u = str_sub(u, scheme.n, u.n);
	slash = str_chr(u, '/');
	if (slash >= 0)
		u = str_sub(u, 0, (size_t)slash);
	t->base = arena_cstr(&cli->arena, arena_printf(&cli->arena, "%.*s%.*s", FSTR(scheme), FSTR(u)));
}

/* The first address that the daemon listens on; the wildcard means this machine. */
static void
target_from_conf(struct cli *cli, const struct conf *c, struct target *t)
{
	struct str first = c->listen.n > 0 ? c->listen.v[0] : STR("127.0.0.1");
	bool has_port;

	if (str_starts(first, STR("unix:"))) {
		target_from_url(cli, arena_cstr(&cli->arena, first), t);
		return;
	}
	if (str_eqc(first, "*") || str_starts(first, STR("0.0.0.0")))
		first = arena_printf(
		    &cli->arena, "127.0.0.1%.*s", FSTR(str_sub(first, str_eqc(first, "*") ? 1 : 7, first.n)));
	if (str_starts(first, STR("[::]")))
		first = arena_printf(&cli->arena, "[::1]%.*s", FSTR(str_sub(first, 4, first.n)));
	has_port = str_ends(first, STR("]")) ? false : str_chr(first, ':') >= 0;
	if (has_port)
		t->base = arena_cstr(&cli->arena, arena_printf(&cli->arena, "http://%.*s", FSTR(first)));
	else
		t->base = arena_cstr(
		    &cli->arena, arena_printf(&cli->arena, "http://%.*s:%lld", FSTR(first), (long long)c->port));
}

static int
find_target(struct cli *cli, struct target *t)
{
	const char *token = getenv("AGENTMAIL_TOKEN");
	struct conf *c;

	memset(t, 0, sizeof(*t));
	if (token == NULL || token[0] == '\0')
		token = getenv("HTTP_BEARER_TOKEN");
	t->token = token != NULL && token[0] != '\0' ? str_c(token) : STR_NONE;
	if (cli->url != NULL) {
		target_from_url(cli, cli->url, t);
		return CLI_OK;
	}
	c = cli_conf(cli);
	if (c == NULL)
		return CLI_CONFIG;
	target_from_conf(cli, c, t);
	if (t->token.p == NULL && c->http_bearer_token.n > 0)
		t->token = arena_dup(&cli->arena, c->http_bearer_token);
	conf_free(&c);
	return CLI_OK;
}

static CURLcode
perform(struct cli *cli, CURL *curl, const struct target *t, const char *path, struct str body, struct buf *out)
{
	struct curl_slist *headers = NULL;
	CURLcode rc;
	char *url = arena_cstr(&cli->arena, arena_printf(&cli->arena, "%s%s", t->base, path));

	headers = curl_slist_append(headers, "Accept: application/json, text/event-stream");
	if (body.p != NULL)
		headers = curl_slist_append(headers, "Content-Type: application/json");
	if (t->token.p != NULL)
		headers = curl_slist_append(headers,
		    arena_cstr(&cli->arena, arena_printf(&cli->arena, "Authorization: Bearer %.*s", FSTR(t->token))));
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, out);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, TIMEOUT_S);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	/* The daemon is a neighbour, never behind the proxy of the environment. */
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	if (t->socket != NULL)
		curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, t->socket);
	if (body.p != NULL) {
		curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.n);
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.p);
	}
	rc = curl_easy_perform(curl);
	curl_slist_free_all(headers);
	return rc;
}

int
http_send(struct cli *cli, const char *path, struct str body, struct http_answer *out)
{
	struct target t;
	struct buf b;
	CURL *curl;
	CURLcode rc;
	int code = find_target(cli, &t);

	if (code != CLI_OK)
		return code;
	curl = curl_easy_init();
	if (curl == NULL)
		return cli_error(cli, CLI_OS, "libcurl cannot be started");
	buf_init(&b, &cli->arena);
	rc = perform(cli, curl, &t, path, body, &b);
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &out->status);
	curl_easy_cleanup(curl);
	out->body = buf_flat(&b);
	if (rc == CURLE_OK)
		return CLI_OK;
	return cli_error(cli, CLI_UNAVAILABLE,
	    "nobody answers at %s: %s\n  Is agentmaild running? Start it, or name another with -u URL or AGENTMAIL_URL.",
	    t.socket != NULL ? t.socket : t.base, curl_easy_strerror(rc));
}

int
http_refused(struct cli *cli, const struct http_answer *answer)
{
	struct jr v, text;
	struct jr_error err;
	struct str why = answer->body;

	if (jr_parse(&cli->arena, answer->body, &v, &err)) {
		text = jr_get(v, "detail");
		if (text.type != JR_STR)
			text = jr_get(jr_get(v, "error"), "message");
		if (text.type == JR_STR)
			why = jr_str(text);
	}
	if (answer->status == 401 || answer->status == 403)
		return cli_error(cli, CLI_NOPERM, "%.*s (HTTP %ld)\n  The token is read from AGENTMAIL_TOKEN.",
		    FSTR(why), answer->status);
	if (answer->status == 429 || answer->status == 503)
		return cli_error(cli, CLI_TEMPORARY, "%.*s (HTTP %ld)", FSTR(why), answer->status);
	return cli_error(
	    cli, CLI_SOFTWARE, "unexpected answer, HTTP %ld: %.*s", answer->status, FSTR(str_sub(why, 0, 400)));
}
