/*
 * check_net - a protocol of the test's own beside HTTP: what net promises to each function of its table.
 */
#include <check.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ipc/scoreboard.h"
#include "net/conn.h"
#include "support/http_app.h"

Suite *suite_net(void);

/* Sends back what comes, or closes at once; a full socket makes it wait for `writable`. */
static struct {
	int opened, expired, drained, closed, written;
	bool stubborn; /* lives through its time limit and the drain */
	size_t owed;
} echo;

static void
flush(struct conn *c)
{
	static char zeros[65536];
	struct iovec iov;
	ssize_t n = 1;

	while (echo.owed > 0 && n > 0) {
		iov = (struct iovec){ zeros, echo.owed < sizeof(zeros) ? echo.owed : sizeof(zeros) };
		n = conn_send(c, &iov, 1);
		ck_assert_int_ge(n, 0);
		echo.owed -= (size_t)n;
	}
	conn_set_state(c, echo.owed > 0 ? CONN_WRITE : CONN_IDLE);
	if (echo.owed > 0)
		loop_io_start(&c->wr);
	else
		loop_io_stop(&c->wr);
}

static void
echo_readable(struct conn *c)
{
	char buf[100];
	struct iovec iov[2] = { { buf, 0 }, { "\n", 1 } };
	ssize_t n = conn_recv(c, buf, sizeof(buf));

	if (c->data == NULL) {
		ck_assert_ptr_eq(c->server, &echo);
		ck_assert_int_eq(c->state, CONN_NEW);
		c->data = &echo;
		echo.opened++;
	}
	if (n < 0) {
		conn_close(c);
	} else if (n > 0 && buf[0] == '!') {
		echo.owed = 5000000;
		flush(c);
	} else if (n > 0 && buf[0] == '.') {
		c->data = NULL;
		conn_linger(c);
	} else if (n > 0) {
		iov[0].iov_len = (size_t)n;
		ck_assert_int_eq(conn_send(c, iov, 2), n + 1);
		conn_set_state(c, CONN_IDLE);
	}
}

static void
echo_writable(struct conn *c)
{
	echo.written++;
	flush(c);
}

static void
echo_expire(struct conn *c)
{
	echo.expired++;
	if (echo.stubborn)
		conn_set_state(c, c->state);
	else
		conn_close(c);
}

static void
echo_drain(struct conn *c)
{
	echo.drained++;
	if (!echo.stubborn)
		conn_close(c);
}

static void
echo_close(struct conn *c)
{
	ck_assert_ptr_eq(c->data, &echo);
	ck_assert_int_ge(c->fd, 0);
	echo.closed++;
}

static const struct conn_ops echo_ops = { echo_readable, echo_writable, echo_expire, echo_drain, echo_close };
static const struct protocol echo_protocol = { &echo_ops, &echo, LIT("full\n") };

/* The fixture's socket speaks the protocol instead of HTTP. */
static void
start(void)
{
	memset(&echo, 0, sizeof(echo));
	app_start();
	net_unlisten(f.net, 0);
	net_listen(f.net, f.fd, 0, &echo_protocol);
}

static void
await(struct http_client *c, size_t n)
{
	for (int i = 0; i < 1000 && c->n < n && !c->eof; i++) {
		http_fixture_turn(&f, 10000);
		http_client_poll(c);
	}
	ck_assert_uint_ge(c->n, n);
}

START_TEST(served)
{
	struct http_client c;
	struct slot *s;

	start();
	s = shm_slot(f.shm, 0);
	app_client(&c, "hello");
	await(&c, 6);
	ck_assert_str_eq(c.p, "hello\n");
	http_client_send(&f, &c, STR("x"));
	await(&c, 8);
	ck_assert_uint_eq(counter_get(s, C_bytes_in_total), 6);
	ck_assert_uint_eq(counter_get(s, C_bytes_out_total), 8);
	http_client_close(&c);
	app_await_conns(0);
	ck_assert_int_eq(echo.opened, 1);
	ck_assert_int_eq(echo.closed, 1);
	ck_assert_uint_eq(counter_get(s, C_connections_open), 0);
}
END_TEST

START_TEST(written)
{
	struct http_client c;

	start();
	app_client(&c, "!");
	await(&c, 5000000);
	ck_assert_int_gt(echo.written, 0);
	http_client_close(&c);
	app_await_conns(0);
}
END_TEST

/* Its last bytes arrive although the client goes on sending; its data was let go before. */
START_TEST(lingered)
{
	struct http_client c;

	start();
	app_client(&c, ".");
	ck_assert(http_client_await_eof(&f, &c));
	http_client_send(&f, &c, STR("more"));
	http_fixture_turn(&f, 1000);
	ck_assert_uint_eq(net_conns(f.net), 1);
	http_client_close(&c);
	app_await_conns(0);
	ck_assert_int_eq(echo.closed, 0);
}
END_TEST

/* Each time its limit is over it is asked again, until it closes. */
START_TEST(expired)
{
	struct http_client c;

	f.conf->header_timeout = 20000;
	start();
	echo.stubborn = true;
	http_client_open(&f, &c);
	for (int i = 0; i < 1000 && echo.expired < 3; i++)
		http_fixture_turn(&f, 10000);
	ck_assert_int_ge(echo.expired, 3);
	echo.stubborn = false;
	ck_assert(http_client_await_eof(&f, &c));
	ck_assert_int_eq(echo.closed, 1);
	http_client_close(&c);
}
END_TEST

START_TEST(drained)
{
	struct http_client c;

	start();
	echo.stubborn = _i > 0;
	app_client(&c, "x");
	await(&c, 2);
	net_drain(f.net);
	ck_assert(net_draining(f.net));
	ck_assert_int_eq(echo.drained, 1);
	ck_assert_int_eq(echo.closed, !echo.stubborn);
	net_abort(f.net);
	ck_assert_int_eq(echo.closed, 1);
	ck_assert_uint_eq(net_conns(f.net), 0);
	http_client_close(&c);
}
END_TEST

START_TEST(busy)
{
	struct http_client c[2];

	f.conf->rate_limit_enabled = RATE_LIMIT_YES;
	f.conf->max_connections_per_client = 1;
	start();
	http_client_open(&f, &c[0]);
	app_await_conns(1);
	http_client_open(&f, &c[1]);
	ck_assert(http_client_await_eof(&f, &c[1]));
	ck_assert_str_eq(c[1].p, "full\n");
	http_client_close(&c[0]);
	http_client_close(&c[1]);
	app_await_conns(0);
}
END_TEST

Suite *
suite_net(void)
{
	Suite *s = suite_create("net");
	TCase *t = app_tcase(s, "net");

	tcase_add_test(t, served);
	tcase_add_test(t, written);
	tcase_add_test(t, lingered);
	tcase_add_test(t, expired);
	tcase_add_loop_test(t, drained, 0, 2);
	tcase_add_test(t, busy);
	return s;
}
