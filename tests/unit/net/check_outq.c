/*
 * check_outq - a queue of parts over a socket that takes little: order, bytes, memory.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ipc/scoreboard.h"
#include "ipc/shm.h"
#include "net/conn.h"
#include "net/outq.h"
#include "net/shared_buf.h"

Suite *suite_outq(void);

static struct shm *shm;
static struct net net;
static struct conn c;
static int peer;
static struct outq q;

static void
setup(void)
{
	int sv[2], least = 1;

	shm = shm_new(1);
	ck_assert_ptr_nonnull(shm);
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, sv), 0);
	setsockopt(sv[0], SOL_SOCKET, SO_SNDBUF, &least, sizeof(least));
	memset(&q, 0, sizeof(q));
	memset(&net, 0, sizeof(net));
	memset(&c, 0, sizeof(c));
	net.env.slot = shm_slot(shm, 0);
	c.net = &net;
	c.fd = sv[0];
	peer = sv[1];
}

static void
teardown(void)
{
	outq_clear(&q);
	close(c.fd);
	if (peer >= 0)
		close(peer);
	shm_free(&shm);
}

/* Parts of all sizes, added while others wait and are half sent: the reader gets each byte once, in order. */
START_TEST(order)
{
	static unsigned char in[65536];
	struct shared_buf *b;
	char *all = malloc(300000);
	size_t added = 0, got = 0, n;
	ssize_t k;
	uint32_t parts = 0;

	for (size_t i = 0; i < 300000; i++)
		all[i] = (char)(i * 7 + i / 251);
	srandom(7);
	while (got < 300000) {
		for (int i = (int)(random() % 20); i > 0 && added < 300000; i--) {
			n = 1 + (size_t)random() % 3000;
			n = n > 300000 - added ? 300000 - added : n;
			b = shared_buf_new((struct str){ all + added, n });
			outq_add(&q, b, shared_buf_plain(b));
			ck_assert_uint_eq(b->refs, 2);
			shared_buf_unref(&b);
			added += n;
		}
		ck_assert_int_ge(outq_send(&q, &c), 0);
		parts = q.n > parts ? q.n : parts;
		k = recv(peer, in, 1 + (size_t)random() % sizeof(in), 0);
		for (ssize_t i = 0; i < k; i++)
			ck_assert_uint_eq(in[i], (unsigned char)all[got + (size_t)i]);
		got += k > 0 ? (size_t)k : 0;
		ck_assert_uint_le(q.bytes, added - got);
	}
	ck_assert_int_eq(outq_send(&q, &c), 1);
	ck_assert_uint_eq(q.bytes, 0);
	ck_assert_ptr_null(q.part);
	ck_assert_uint_gt(parts, 1);
	ck_assert_uint_eq(counter_get(net.env.slot, C_bytes_out_total), 300000);
	free(all);
}
END_TEST

/* The reader takes nothing: what waits is told, and is gone once when it is dropped; a broken socket is told as such. */
START_TEST(stuck)
{
	char *bytes = calloc(1, 100000);
	struct shared_buf *b = shared_buf_new((struct str){ bytes, 100000 });
	size_t waiting;

	for (int i = 0; i < 100; i++)
		outq_add(&q, b, shared_buf_chunk(b));
	ck_assert_uint_eq(b->refs, 101);
	ck_assert_uint_eq(q.bytes, 100 * shared_buf_chunk(b).n);
	ck_assert_int_eq(outq_send(&q, &c), 0);
	waiting = q.bytes;
	ck_assert_uint_lt(waiting, 100 * shared_buf_chunk(b).n);
	ck_assert_int_eq(outq_send(&q, &c), 0);
	ck_assert_uint_eq(q.bytes, waiting);
	close(peer);
	peer = -1;
	ck_assert_int_eq(outq_send(&q, &c), -1);
	outq_clear(&q);
	ck_assert_uint_eq(b->refs, 1);
	ck_assert_uint_eq(q.bytes, 0);
	shared_buf_unref(&b);
	free(bytes);
}
END_TEST

Suite *
suite_outq(void)
{
	Suite *s = suite_create("outq");
	TCase *t = tcase_create("outq");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, order);
	tcase_add_test(t, stuck);
	suite_add_tcase(s, t);
	return s;
}
