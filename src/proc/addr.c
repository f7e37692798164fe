/*
 * addr - from the words of `listen` to socket addresses; called by sockets and `-t`.
 */
#include "proc/addr.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conf/conf.h"

static int
parse_unix(struct str path, struct addr *out, struct arena *a, struct str *why)
{
	struct sockaddr_un *un = (struct sockaddr_un *)&out->sa;

	if (path.n == 0 || path.p[0] != '/' || path.n >= sizeof(un->sun_path)) {
		*why = arena_printf(a, "listen: unix:%" PRIstr ": expected an absolute path of at most %zu bytes",
		    FSTR(path), sizeof(un->sun_path) - 1);
		return -1;
	}
	memset(out, 0, sizeof(*out));
	un->sun_family = AF_UNIX;
	memcpy(un->sun_path, path.p, path.n);
	out->len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + path.n + 1);
	addr_describe(out);
	return 1;
}

/* split - cuts host and port apart; a bare IPv6 address has colons, but no port. */
static bool
split(struct str text, struct str *host, int *port)
{
	ptrdiff_t colon = str_chr(text, ':');
	struct str rest;
	int64_t n;

	*host = text;
	if (text.n > 0 && text.p[0] == '[') {
		ptrdiff_t end = str_chr(text, ']');

		if (end < 0)
			return false;
		*host = str_sub(text, 1, (size_t)end - 1);
		rest = str_sub(text, (size_t)end + 1, text.n);
		if (rest.n == 0)
			return true;
		if (rest.p[0] != ':')
			return false;
		rest = str_sub(rest, 1, rest.n);
	} else if (colon >= 0 && str_chr(str_sub(text, (size_t)colon + 1, text.n), ':') < 0) {
		*host = str_sub(text, 0, (size_t)colon);
		rest = str_sub(text, (size_t)colon + 1, text.n);
	} else {
		return text.n > 0;
	}
	if (!str_int(rest, &n) || n < 0 || n > 65535)
		return false;
	*port = (int)n;
	return true;
}

/* usable - this machine has the address: "localhost" is often two, of which one is not configured. */
static bool
usable(const struct addrinfo *p)
{
	struct sockaddr_storage sa;
	int fd = socket(p->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool ok;

	memcpy(&sa, p->ai_addr, p->ai_addrlen);
	if (p->ai_family == AF_INET)
		((struct sockaddr_in *)&sa)->sin_port = 0;
	else
		((struct sockaddr_in6 *)&sa)->sin6_port = 0;
	ok = fd >= 0 && bind(fd, (struct sockaddr *)&sa, p->ai_addrlen) == 0;
	if (fd >= 0)
		close(fd);
	return ok;
}

int
addr_parse(struct str text, int port, struct addr *out, int max, struct arena *a, struct str *why)
{
	struct addrinfo hints = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE }, *list,
			*p;
	struct str host;
	char number[8];
	int n = 0, rc;

	if (str_starts(text, STR("unix:")))
		return parse_unix(str_sub(text, 5, text.n), out, a, why);
	if (!split(text, &host, &port)) {
		*why = arena_printf(a,
		    "listen: \"%" PRIstr "\": expected an address, address:port, [IPv6]:port or unix:/path", FSTR(text));
		return -1;
	}
	snprintf(number, sizeof(number), "%d", port);
	rc = getaddrinfo(str_eqc(host, "*") || host.n == 0 ? NULL : arena_cstr(a, host), number, &hints, &list);
	if (rc != 0) {
		*why = arena_printf(a, "listen: \"%" PRIstr "\": %s", FSTR(text), gai_strerror(rc));
		return -1;
	}
	for (p = list; p != NULL && n < max; p = p->ai_next) {
		/* Where a name stands for several addresses, those that can be had are enough; the last one must do. */
		if ((p->ai_next != NULL || n > 0) && !usable(p))
			continue;
		memset(&out[n], 0, sizeof(out[n]));
		memcpy(&out[n].sa, p->ai_addr, p->ai_addrlen);
		out[n].len = p->ai_addrlen;
		addr_describe(&out[n]);
		n++;
	}
	freeaddrinfo(list);
	return n;
}

bool
addr_equal(const struct addr *x, const struct addr *y)
{
	return strcmp(x->text, y->text) == 0;
}

bool
addr_is_local(const struct addr *x)
{
	const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)&x->sa;
	const struct sockaddr_in *in = (const struct sockaddr_in *)&x->sa;

	if (x->sa.ss_family == AF_INET)
		return (ntohl(in->sin_addr.s_addr) >> 24) == 127;
	if (x->sa.ss_family == AF_INET6)
		return IN6_IS_ADDR_LOOPBACK(&in6->sin6_addr);
	return x->sa.ss_family == AF_UNIX;
}

void
addr_describe(struct addr *x)
{
	char host[INET6_ADDRSTRLEN] = "?";

	if (x->sa.ss_family == AF_UNIX) {
		snprintf(x->text, sizeof(x->text), "unix:%s", ((struct sockaddr_un *)&x->sa)->sun_path);
	} else if (x->sa.ss_family == AF_INET) {
		struct sockaddr_in *in = (struct sockaddr_in *)&x->sa;

		inet_ntop(AF_INET, &in->sin_addr, host, sizeof(host));
		snprintf(x->text, sizeof(x->text), "%s:%u", host, (unsigned)ntohs(in->sin_port));
	} else {
		struct sockaddr_in6 *in = (struct sockaddr_in6 *)&x->sa;

		inet_ntop(AF_INET6, &in->sin6_addr, host, sizeof(host));
		snprintf(x->text, sizeof(x->text), "[%s]:%u", host, (unsigned)ntohs(in->sin6_port));
	}
}

/* drop_doubles - out[n..n+more) without what out[0..n) has already; returns the new length. */
static int
drop_doubles(struct addr *out, int n, int more)
{
	for (int i = n, end = n + more; i < end; i++) {
		int j = 0;

		while (j < n && !addr_equal(&out[j], &out[i]))
			j++;
		if (j == n)
			out[n++] = out[i];
	}
	return n;
}

int
addr_all(const struct conf *c, struct addr out[ADDR_MAX], struct arena *a, struct str *why)
{
	int n = 0;

	for (size_t i = 0; i < c->listen.n; i++) {
		int more = addr_parse(c->listen.v[i], (int)c->port, out + n, ADDR_MAX - n, a, why);

		if (more < 0)
			return -1;
		n = drop_doubles(out, n, more);
	}
	if (n == 0) {
		*why = arena_dup(a, STR("listen: names no address, so nobody could connect"));
		return -1;
	}
	for (int i = 0; i < n && c->http_bearer_token.n == 0; i++)
		if (!addr_is_local(&out[i])) {
			*why = arena_printf(a,
			    "listen: %s can be reached from the network, and http_bearer_token is not set: set a token, "
			    "or listen on 127.0.0.1",
			    out[i].text);
			return -1;
		}
	return n;
}

int
addr_unix_mode(struct str text, int *mode, struct arena *a, struct str *why)
{
	char *end, *p = arena_cstr(a, text);
	long v = strtol(p, &end, 8);

	if (text.n == 0 || *end != '\0' || v < 0 || v > 0777) {
		*why = arena_printf(a, "unix_mode: \"%s\": expected an octal file mode such as 0660", p);
		return -1;
	}
	*mode = (int)v;
	return 0;
}
