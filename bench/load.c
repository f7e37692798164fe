/*
 * load - a load generator for HTTP on one machine.
 *
 * One epoll loop, keep-alive connections, closed loop (next request when the
 * answer is there) or open loop (-r: requests leave on a schedule and latency
 * counts from the scheduled time, so a slow server cannot hide by slowing the
 * clients). Every answer's status and body are checked. Latencies go into a
 * microsecond histogram; with -P the server's CPU time per request is measured.
 * %SEQ% in the body is a number that is used once.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "cputime.h"
#include "hist.h"

#define BUF_SIZE (256 * 1024)
#define HEADERS_MAX 16
#define EVENTS 256

struct options {
	int connections, pid, status;
	double seconds, rate;
	uint64_t requests, seq;
	const char *method, *body, *expect, *label;
	const char *headers[HEADERS_MAX];
	int nheaders;
	bool json, fresh; /* fresh: a connection for each request */
	char host[256], path[2048];
	struct sockaddr_storage to;
	socklen_t to_len;
};

struct client {
	int fd;
	bool busy;
	int64_t due_us; /* when the request was, or should have been, sent */
	char *in;
	size_t have;
	char *out;
	size_t out_n, out_sent;
	char expect[256];
};

struct run {
	const struct options *o;
	struct client *clients;
	int ep;
	struct lat lat;
	uint64_t sent, ok, bad_status, bad_body, errors, bytes;
	uint64_t status_class[6];
	uint64_t seq;
	int64_t start_us, end_us;
};

static int64_t
now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static void
die(const char *what, const char *name)
{
	fprintf(stderr, "load: %s %s: %s\n", what, name, strerror(errno));
	exit(71);
}

static void
client_open(struct run *r, struct client *c)
{
	const struct options *o = r->o;
	struct epoll_event ev = { .events = EPOLLIN, .data.ptr = c };
	int one = 1;

	c->fd = socket(o->to.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (c->fd < 0 || connect(c->fd, (const struct sockaddr *)&o->to, o->to_len) != 0)
		die("connect", o->host);
	if (o->to.ss_family != AF_UNIX)
		setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	epoll_ctl(r->ep, EPOLL_CTL_ADD, c->fd, &ev);
	c->have = 0;
	c->busy = false;
}

static void
client_close(struct client *c)
{
	close(c->fd);
	c->fd = -1;
	c->busy = false;
}

/* Copies text with %SEQ% replaced; returns the length. */
static size_t
expand(char *to, size_t size, const char *text, uint64_t seq)
{
	size_t n = 0;

	for (; *text != '\0' && n + 24 < size; text++) {
		if (strncmp(text, "%SEQ%", 5) == 0) {
			n += (size_t)snprintf(to + n, size - n, "%lu", (unsigned long)seq);
			text += 4;
		} else {
			to[n++] = *text;
		}
	}
	to[n] = '\0';
	return n;
}

static void
build(struct run *r, struct client *c)
{
	const struct options *o = r->o;
	static char body[BUF_SIZE];
	uint64_t seq = r->seq++;
	size_t nb = o->body != NULL ? expand(body, sizeof(body), o->body, seq) : 0;
	int n = snprintf(c->out, BUF_SIZE, "%s %s HTTP/1.1\r\nHost: %s\r\n%s", o->method, o->path, o->host,
	    o->fresh ? "Connection: close\r\n" : "");

	for (int i = 0; i < o->nheaders; i++)
		n += snprintf(c->out + n, (size_t)(BUF_SIZE - n), "%s\r\n", o->headers[i]);
	if (o->body != NULL)
		n += snprintf(c->out + n, (size_t)(BUF_SIZE - n), "Content-Length: %zu\r\n", nb);
	n += snprintf(c->out + n, (size_t)(BUF_SIZE - n), "\r\n");
	if ((size_t)n + nb > BUF_SIZE)
		die("request too long for", o->path);
	memcpy(c->out + n, body, nb);
	c->out_n = (size_t)n + nb;
	c->out_sent = 0;
	if (o->expect != NULL)
		expand(c->expect, sizeof(c->expect), o->expect, seq);
}

static void
send_request(struct run *r, struct client *c, int64_t due_us)
{
	if (c->fd < 0)
		client_open(r, c);
	build(r, c);
	c->busy = true;
	c->due_us = due_us;
	r->sent++;
	while (c->out_sent < c->out_n) {
		ssize_t n = send(c->fd, c->out + c->out_sent, c->out_n - c->out_sent, MSG_NOSIGNAL);

		if (n <= 0) {
			r->errors++;
			client_close(c);
			return;
		}
		c->out_sent += (size_t)n;
	}
}

/* Length of the whole answer when it is there, 0 when more is needed, -1 when it is none that we understand. */
static ssize_t
complete(struct client *c, int *status, const char **body, size_t *body_n, bool *closes)
{
	char *end = memmem(c->in, c->have, "\r\n\r\n", 4), *p;
	size_t length = 0;

	if (end == NULL)
		return c->have >= BUF_SIZE ? -1 : 0;
	if (sscanf(c->in, "HTTP/1.%*d %d", status) != 1)
		return -1;
	*end = '\0';
	p = strcasestr(c->in, "\r\ncontent-length:");
	*closes = strcasestr(c->in, "\r\nconnection: close") != NULL;
	*end = '\r';
	if (p == NULL && *status != 204 && *status != 202)
		return -1;
	if (p != NULL)
		length = strtoul(p + 17, NULL, 10);
	*body = end + 4;
	*body_n = length;
	length += (size_t)(end + 4 - c->in);
	if (length > BUF_SIZE)
		return -1;
	return c->have >= length ? (ssize_t)length : 0;
}

static void
judge(struct run *r, struct client *c, int status, const char *body, size_t n)
{
	const struct options *o = r->o;

	if (status >= 100 && status < 600)
		r->status_class[status / 100]++;
	if (status != o->status)
		r->bad_status++;
	else if (o->expect != NULL && memmem(body, n, c->expect, strlen(c->expect)) == NULL)
		r->bad_body++;
	else
		r->ok++;
	lat_add(&r->lat, (uint64_t)(now_us() - c->due_us));
}

static void
on_readable(struct run *r, struct client *c)
{
	ssize_t n = recv(c->fd, c->in + c->have, BUF_SIZE - c->have, 0), length;
	const char *body = NULL;
	size_t body_n = 0;
	int status = 0;
	bool closes = false;

	if (n <= 0) {
		if (c->busy)
			r->errors++;
		client_close(c);
		return;
	}
	c->have += (size_t)n;
	r->bytes += (uint64_t)n;
	length = complete(c, &status, &body, &body_n, &closes);
	if (length == 0)
		return;
	if (length < 0 || !c->busy) {
		r->errors++;
		client_close(c);
		return;
	}
	judge(r, c, status, body, body_n);
	c->have = 0;
	c->busy = false;
	if (closes || r->o->fresh)
		client_close(c);
}

static bool
may_send(const struct run *r, int64_t now)
{
	if (r->o->requests > 0)
		return r->sent < r->o->requests;
	return now < r->end_us;
}

static struct client *
idle_client(struct run *r, int *from)
{
	for (int i = 0; i < r->o->connections; i++) {
		struct client *c = &r->clients[(*from + i) % r->o->connections];

		if (!c->busy) {
			*from = (*from + i + 1) % r->o->connections;
			return c;
		}
	}
	return NULL;
}

/* Open loop: everything that is due and finds a free connection leaves now; returns microseconds to wait. */
static int64_t
send_due(struct run *r, int64_t now, int *from)
{
	double gap = 1e6 / r->o->rate;
	struct client *c;

	for (;;) {
		int64_t due = r->start_us + (int64_t)((double)r->sent * gap);

		if (!may_send(r, due))
			return 5000;
		if (due > now)
			return due - now;
		c = idle_client(r, from);
		if (c == NULL)
			return 5000;
		send_request(r, c, due);
	}
}

static bool
any_busy(const struct run *r)
{
	for (int i = 0; i < r->o->connections; i++)
		if (r->clients[i].busy)
			return true;
	return false;
}

static void
run_loop(struct run *r)
{
	struct epoll_event ev[EVENTS];
	int from = 0;
	int64_t wait = 5000;
	int64_t last = r->end_us + 30000000;

	for (;;) {
		int64_t now = now_us();
		int n;

		if (r->o->rate > 0) {
			wait = send_due(r, now, &from);
		} else {
			for (int i = 0; i < r->o->connections; i++)
				if (!r->clients[i].busy && may_send(r, now))
					send_request(r, &r->clients[i], now_us());
		}
		now = now_us();
		if ((!may_send(r, now) && !any_busy(r)) || now > last)
			break;
		n = epoll_pwait2(r->ep, ev, EVENTS, &(struct timespec){ wait / 1000000, wait % 1000000 * 1000 }, NULL);
		for (int i = 0; i < n; i++) {
			struct client *c = ev[i].data.ptr;

			if (c->fd < 0)
				continue;
			on_readable(r, c);
			if (r->o->rate == 0 && c->fd >= 0 && !c->busy && may_send(r, now_us()))
				send_request(r, c, now_us());
		}
	}
	for (int i = 0; i < r->o->connections; i++)
		r->errors += r->clients[i].busy;
}

static void
parse_url(struct options *o, const char *url)
{
	struct sockaddr_in *in = (struct sockaddr_in *)(void *)&o->to;
	struct sockaddr_un *un = (struct sockaddr_un *)(void *)&o->to;
	const char *p;
	char host[256], *colon;

	if (strncmp(url, "unix:", 5) == 0) {
		/* unix:/socket/path:/request/path */
		p = strrchr(url, ':');
		if (p == url + 4)
			die("unix:/socket:/path expected:", url);
		un->sun_family = AF_UNIX;
		snprintf(un->sun_path, sizeof(un->sun_path), "%.*s", (int)(p - url - 5), url + 5);
		o->to_len = sizeof(*un);
		snprintf(o->host, sizeof(o->host), "localhost");
		snprintf(o->path, sizeof(o->path), "%s", p + 1);
		return;
	}
	if (strncmp(url, "http://", 7) == 0)
		url += 7;
	p = strchr(url, '/');
	snprintf(o->host, sizeof(o->host), "%.*s", p ? (int)(p - url) : (int)strlen(url), url);
	snprintf(o->path, sizeof(o->path), "%s", p ? p : "/");
	snprintf(host, sizeof(host), "%s", o->host);
	colon = strchr(host, ':');
	if (colon != NULL)
		*colon = '\0';
	in->sin_family = AF_INET;
	in->sin_port = htons((uint16_t)(colon ? atoi(colon + 1) : 80));
	if (inet_pton(AF_INET, strcmp(host, "localhost") == 0 ? "127.0.0.1" : host, &in->sin_addr) != 1)
		die("an IPv4 address is wanted, not", host);
	/* This program loads servers on its own machine and nothing else. */
	if ((ntohl(in->sin_addr.s_addr) >> 24) != 127)
		die("only loopback is loaded, not", host);
	o->to_len = sizeof(*in);
}

static void
report(const struct run *r, double seconds, uint64_t cpu_ns)
{
	static const double q[] = { 0.5, 0.9, 0.99, 0.999 };
	static const char *const names[] = { "p50_us", "p90_us", "p99_us", "p999_us" };
	uint64_t answers = r->lat.n;
	const char *s = r->o->json ? ", \"" : " ", *e = r->o->json ? "\": " : "=";

	if (r->o->json)
		printf("{\"label\": \"%s\", \"connections\": %d", r->o->label, r->o->connections);
	else
		printf("label=%s connections=%d", r->o->label, r->o->connections);
	printf("%soffered_per_s%s%.0f%sseconds%s%.3f%sanswers%s%lu%srate_per_s%s%.1f", s, e, r->o->rate, s, e, seconds,
	    s, e, (unsigned long)answers, s, e, (double)answers / seconds);
	printf("%sok%s%lu%sbad_status%s%lu%sbad_body%s%lu%serrors%s%lu", s, e, (unsigned long)r->ok, s, e,
	    (unsigned long)r->bad_status, s, e, (unsigned long)r->bad_body, s, e, (unsigned long)r->errors);
	printf("%sstatus_2xx%s%lu%sstatus_4xx%s%lu%sstatus_5xx%s%lu", s, e, (unsigned long)r->status_class[2], s, e,
	    (unsigned long)r->status_class[4], s, e, (unsigned long)r->status_class[5]);
	printf("%smean_us%s%.1f", s, e, answers ? (double)r->lat.sum / (double)answers : 0);
	for (int i = 0; i < 4; i++)
		printf("%s%s%s%lu", s, names[i], e, (unsigned long)lat_at(&r->lat, q[i]));
	printf("%smax_us%s%lu%sbytes_per_answer%s%.0f", s, e, (unsigned long)r->lat.max, s, e,
	    answers ? (double)r->bytes / (double)answers : 0);
	if (cpu_ns > 0)
		printf("%scpu_us_per_answer%s%.2f", s, e, answers ? (double)cpu_ns / 1e3 / (double)answers : 0);
	printf(r->o->json ? "}\n" : "\n");
}

static int
usage(void)
{
	fputs(
	    "usage: load [-c CONNECTIONS] [-d SECONDS | -n REQUESTS] [-r RATE] [-m METHOD] [-H 'Name: value']... [-b BODY]\n"
	    "            [-s STATUS] [-x EXPECTED] [-P PID] [-l LABEL] [-q FIRST_SEQ] [-f] [-j] URL\n"
	    "  -r  open loop: requests per second    -P  measure CPU of this process and its children\n"
	    "  -x  text that each body must hold     -f  a new connection for each request    -j  JSON\n"
	    "exit code: 0 when every answer was as expected, 1 otherwise\n",
	    stderr);
	return 64;
}

static int
take_options(struct options *o, int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "c:d:n:r:m:H:b:s:x:P:l:q:fj")) != -1) {
		switch (c) {
		case 'c': o->connections = atoi(optarg); break;
		case 'd': o->seconds = atof(optarg); break;
		case 'n': o->requests = strtoull(optarg, NULL, 10); break;
		case 'r': o->rate = atof(optarg); break;
		case 'm': o->method = optarg; break;
		case 'H':
			if (o->nheaders < HEADERS_MAX)
				o->headers[o->nheaders++] = optarg;
			break;
		case 'b': o->body = optarg; break;
		case 's': o->status = atoi(optarg); break;
		case 'x': o->expect = optarg; break;
		case 'P': o->pid = atoi(optarg); break;
		case 'l': o->label = optarg; break;
		case 'q': o->seq = strtoull(optarg, NULL, 10); break;
		case 'f': o->fresh = true; break;
		case 'j': o->json = true; break;
		default: return -1;
		}
	}
	if (optind + 1 != argc || o->connections < 1 || o->connections > 20000)
		return -1;
	if (o->method == NULL)
		o->method = o->body != NULL ? "POST" : "GET";
	parse_url(o, argv[optind]);
	return 0;
}

int
main(int argc, char **argv)
{
	static struct options o = { .connections = 100, .seconds = 5, .status = 200, .label = "load" };
	static struct run r;
	uint64_t cpu = 0;
	double seconds;

	if (take_options(&o, argc, argv) != 0)
		return usage();
	r.o = &o;
	r.seq = o.seq;
	r.ep = epoll_create1(EPOLL_CLOEXEC);
	r.clients = calloc((size_t)o.connections, sizeof(*r.clients));
	for (int i = 0; i < o.connections; i++) {
		r.clients[i].in = malloc(BUF_SIZE);
		r.clients[i].out = malloc(BUF_SIZE);
		r.clients[i].fd = -1;
		client_open(&r, &r.clients[i]);
	}
	if (o.pid > 0)
		cpu = cputime_ns(o.pid);
	r.start_us = now_us();
	r.end_us = r.start_us + (int64_t)(o.seconds * 1e6);
	run_loop(&r);
	seconds = (double)(now_us() - r.start_us) / 1e6;
	if (o.pid > 0)
		cpu = cputime_ns(o.pid) - cpu;
	report(&r, seconds, cpu);
	return r.bad_status + r.bad_body + r.errors > 0 || r.ok == 0;
}
