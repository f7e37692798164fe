/*
 * http_fixture - see http_fixture.h.
 */
#include "support/http_fixture.h"

#include <arpa/inet.h>
#include <check.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"

#define PATIENCE_US (10 * USEC)

void
http_fixture_init(struct http_fixture *f)
{
	memset(f, 0, sizeof(*f));
	f->conf = conf_for_tests("/tmp");
	f->shm = shm_new(2);
	ck_assert_ptr_nonnull(f->shm);
}

static int
listen_loopback(int *port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	ck_assert_int_eq(listen(fd, 2048), 0);
	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&a, &n), 0);
	*port = ntohs(a.sin_port);
	return fd;
}

void
http_fixture_start(struct http_fixture *f, http_handler *fn, void *arg)
{
	struct net_env net = { .conf = f->conf, .slot = shm_slot(f->shm, 0), .slot_no = 0, .limits = shm_limits(f->shm) };
	struct http_server_env env = { .fn = fn, .head = f->head, .arg = arg };

	f->loop = net.loop = loop_new();
	f->net = env.net = net_new(&net);
	f->hs = http_server_new(&env);
	f->fd = listen_loopback(&f->port);
	net_listen(f->net, f->fd, 0, http_protocol(f->hs));
}

void
http_fixture_fini(struct http_fixture *f)
{
	net_free(&f->net);
	http_server_free(&f->hs);
	if (f->loop != NULL)
		close(f->fd);
	loop_free(&f->loop);
	shm_free(&f->shm);
	conf_free(&f->conf);
}

void
http_fixture_turn(struct http_fixture *f, int64_t wait_us)
{
	loop_turn(f->loop, wait_us);
	if (f->turn != NULL)
		f->turn(f->turn_arg);
	http_server_turn(f->hs);
}

void
http_client_adopt(struct http_client *c, int fd)
{
	memset(c, 0, sizeof(*c));
	c->fd = fd;
}

void
http_client_open(struct http_fixture *f, struct http_client *c)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	a.sin_port = htons((uint16_t)f->port);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(connect(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	http_client_adopt(c, fd);
}

void
http_client_close(struct http_client *c)
{
	if (c->fd >= 0)
		close(c->fd);
	free(c->p);
	memset(c, 0, sizeof(*c));
	c->fd = -1;
}

void
http_client_send(struct http_fixture *f, struct http_client *c, struct str bytes)
{
	int64_t end = clock_mono_us() + PATIENCE_US;
	ssize_t n;

	while (bytes.n > 0 && clock_mono_us() < end) {
		n = send(c->fd, bytes.p, bytes.n, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n > 0)
			bytes = str_sub(bytes, (size_t)n, bytes.n);
		else if (errno == EAGAIN)
			http_fixture_turn(f, 1000);
		else
			return;
	}
	ck_assert_uint_eq(bytes.n, 0);
}

void
http_client_poll(struct http_client *c)
{
	ssize_t n;

	do {
		if (c->size - c->n < 4096) {
			c->size = c->size * 2 + 8192;
			c->p = realloc(c->p, c->size);
		}
		n = recv(c->fd, c->p + c->n, c->size - c->n - 1, MSG_DONTWAIT);
		if (n > 0)
			c->n += (size_t)n;
		c->p[c->n] = '\0';
	} while (n > 0);
	if (n == 0 || errno != EAGAIN)
		c->eof = true;
}

struct str
http_answer_header(const struct http_answer *a, const char *name)
{
	struct str rest = a->head, line;

	while (str_next(&rest, '\n', &line)) {
		ptrdiff_t colon = str_chr(line, ':');

		if (colon > 0 && str_eqc_ci(str_sub(line, 0, (size_t)colon), name))
			return str_trim(str_sub(line, (size_t)colon + 1, line.n));
	}
	return STR_NONE;
}

static bool
next_answer(struct str *rest, struct http_answer *out)
{
	ptrdiff_t end = str_find(*rest, STR("\r\n\r\n"));
	int64_t n = 0;
	struct str length;

	if (end < 0)
		return false;
	out->head = str_sub(*rest, 0, (size_t)end + 2);
	out->status = atoi(out->head.p + strlen("HTTP/1.1 "));
	length = http_answer_header(out, "Content-Length");
	if (length.p != NULL)
		ck_assert(str_int(length, &n));
	if (rest->n - (size_t)end - 4 < (size_t)n)
		return false;
	out->body = str_sub(*rest, (size_t)end + 4, (size_t)n);
	*rest = str_sub(*rest, (size_t)end + 4 + (size_t)n, rest->n);
	return true;
}

struct http_answer
http_client_answer(const struct http_client *c, size_t i)
{
	struct str rest = { c->p, c->n };
	struct http_answer a = { 0, STR_NONE, STR_NONE };

	do {
		if (c->p == NULL || !next_answer(&rest, &a))
			return (struct http_answer){ 0, STR_NONE, STR_NONE };
	} while (i-- > 0);
	return a;
}

bool
http_client_await(struct http_fixture *f, struct http_client *c, size_t n)
{
	int64_t end = clock_mono_us() + PATIENCE_US;

	for (;;) {
		http_client_poll(c);
		if (http_client_answer(c, n - 1).status != 0)
			return true;
		if (c->eof || clock_mono_us() > end)
			return false;
		http_fixture_turn(f, 10000);
	}
}

bool
http_client_await_eof(struct http_fixture *f, struct http_client *c)
{
	int64_t end = clock_mono_us() + PATIENCE_US;

	for (http_client_poll(c); !c->eof && clock_mono_us() < end; http_client_poll(c))
		http_fixture_turn(f, 10000);
	return c->eof;
}

int
http_fixture_call(struct http_fixture *f, struct str bytes, struct arena *a, struct http_answer *answer)
{
	struct http_client c;

	http_client_open(f, &c);
	http_client_send(f, &c, bytes);
	http_client_await(f, &c, 1);
	*answer = http_client_answer(&c, 0);
	answer->head = arena_dup(a, answer->head);
	answer->body = arena_dup(a, answer->body);
	http_client_close(&c);
	return answer->status;
}
