/*
 * check_listen - new connections: limits and caps, where clients come from.
 */
#include <check.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "ipc/scoreboard.h"
#include "net/conn.h"
#include "support/http_app.h"

Suite *suite_listen(void);

START_TEST(max_connections)
{
	struct http_client c[3];

	f.conf->max_connections = 2;
	app_start();
	for (int i = 0; i < 3; i++)
		app_client(&c[i], REQ("/?x"));
	ck_assert(http_client_await(&f, &c[0], 1));
	ck_assert(http_client_await(&f, &c[1], 1));
	for (int i = 0; i < 5; i++)
		http_fixture_turn(&f, 1000);
	http_client_poll(&c[2]);
	ck_assert_uint_eq(c[2].n, 0);
	ck_assert(!c[2].eof);
	http_client_close(&c[0]);
	ck_assert(http_client_await(&f, &c[2], 1));
	http_client_close(&c[1]);
	http_client_close(&c[2]);
}
END_TEST

START_TEST(client_cap)
{
	struct http_client c[3];

	f.conf->rate_limit_enabled = _i == 0 ? RATE_LIMIT_YES : RATE_LIMIT_AUTO;
	f.conf->max_connections_per_client = 2;
	app_start();
	for (int i = 0; i < 3; i++) {
		http_client_open(&f, &c[i]);
		http_fixture_turn(&f, 10000);
	}
	if (_i == 0) {
		ck_assert(http_client_await(&f, &c[2], 1));
		ck_assert_int_eq(http_client_answer(&c[2], 0).status, 429);
		ck_assert_uint_eq(counter_get(shm_slot(f.shm, 0), C_connections_refused_total), 1);
		http_client_close(&c[0]);
		app_await_conns(1);
		http_client_close(&c[2]);
		http_client_open(&f, &c[2]);
	}
	http_client_send(&f, &c[2], STR(REQ("/?x")));
	ck_assert(http_client_await(&f, &c[2], 1));
	ck_body(&c[2], 0, 200, "x");
	http_client_close(&c[1]);
	http_client_close(&c[2]);
}
END_TEST

/* Without descriptors clients are turned away, not left hanging, and service goes on. */
START_TEST(no_descriptors)
{
	struct http_client c, d;
	struct rlimit files;
	int fd;

	app_start();
	http_client_open(&f, &c);
	fd = dup(0);
	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = (rlim_t)fd;
	close(fd);
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &files), 0);
	ck_assert(http_client_await_eof(&f, &c));
	http_client_close(&c);
	files.rlim_cur = (rlim_t)fd + 10;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &files), 0);
	app_client(&d, REQ("/?x"));
	ck_assert(http_client_await(&f, &d, 1));
	http_client_close(&d);
}
END_TEST

static void
peer_by(int listener, int connected, const char *wanted)
{
	struct http_client c;

	net_listen(f.net, listener, 1, http_protocol(f.hs));
	http_client_adopt(&c, connected);
	http_client_send(&f, &c, STR(REQ("/peer")));
	ck_assert(http_client_await(&f, &c, 1));
	ck_body(&c, 0, 200, wanted);
	http_client_close(&c);
	net_unlisten(f.net, 1);
	close(listener);
}

START_TEST(peer_ipv6)
{
	struct sockaddr_in6 a = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
	socklen_t n = sizeof(a);
	int l = socket(AF_INET6, SOCK_STREAM | SOCK_NONBLOCK, 0), c;

	app_start();
	if (l < 0 || bind(l, (struct sockaddr *)&a, sizeof(a)) < 0)
		return; /* a machine without IPv6 */
	listen(l, 5);
	getsockname(l, (struct sockaddr *)&a, &n);
	c = socket(AF_INET6, SOCK_STREAM, 0);
	ck_assert_int_eq(connect(c, (struct sockaddr *)&a, n), 0);
	peer_by(l, c, "::1 1 0");
}
END_TEST

/* An IPv4 client of an IPv6 socket is told by its IPv4 address. */
START_TEST(peer_mapped)
{
	struct sockaddr_in6 a = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_ANY_INIT };
	struct sockaddr_in b = { .sin_family = AF_INET };
	socklen_t n = sizeof(a);
	int l = socket(AF_INET6, SOCK_STREAM | SOCK_NONBLOCK, 0), c, zero = 0;

	app_start();
	if (l < 0 || setsockopt(l, IPPROTO_IPV6, IPV6_V6ONLY, &zero, sizeof(zero)) < 0 ||
	    bind(l, (struct sockaddr *)&a, sizeof(a)) < 0)
		return;
	listen(l, 5);
	getsockname(l, (struct sockaddr *)&a, &n);
	b.sin_port = a.sin6_port;
	b.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	c = socket(AF_INET, SOCK_STREAM, 0);
	ck_assert_int_eq(connect(c, (struct sockaddr *)&b, sizeof(b)), 0);
	peer_by(l, c, "127.0.0.1 1 0");
}
END_TEST

START_TEST(peer_unix)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int l = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0), c = socket(AF_UNIX, SOCK_STREAM, 0);
	socklen_t n = sizeof(sa_family_t);

	app_start();
	ck_assert_int_eq(bind(l, (struct sockaddr *)&a, n), 0); /* an abstract name of the kernel's choice */
	n = sizeof(a);
	getsockname(l, (struct sockaddr *)&a, &n);
	listen(l, 5);
	ck_assert_int_eq(connect(c, (struct sockaddr *)&a, n), 0);
	peer_by(l, c, " 0 1");
}
END_TEST

START_TEST(nodelay)
{
	struct http_client c;
	socklen_t n = sizeof(int);
	int on = 0;

	app_start();
	app_client(&c, REQ("/"));
	ck_assert(http_client_await(&f, &c, 1));
	getsockopt(TAILQ_FIRST(&f.net->state[CONN_IDLE])->fd, IPPROTO_TCP, TCP_NODELAY, &on, &n);
	ck_assert_int_ne(on, 0);
	http_client_close(&c);
}
END_TEST

Suite *
suite_listen(void)
{
	Suite *s = suite_create("listen");
	TCase *t = app_tcase(s, "listen");

	tcase_add_test(t, max_connections);
	tcase_add_loop_test(t, client_cap, 0, 2);
	tcase_add_test(t, no_descriptors);
	tcase_add_test(t, peer_ipv6);
	tcase_add_test(t, peer_mapped);
	tcase_add_test(t, peer_unix);
	tcase_add_test(t, nodelay);
	return s;
}
