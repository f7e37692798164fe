/* Messages keep their boundaries, a descriptor rides along, and the end is seen. */
#include <check.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ipc/channel.h"

Suite *suite_channel(void);

static int ch[2];

static void
setup(void)
{
	ck_assert_int_eq(channel_pair(ch), 0);
}

static void
teardown(void)
{
	close(ch[0]);
	close(ch[1]);
}

START_TEST(boundaries)
{
	struct channel_msg m = { .kind = CH_HELLO, .generation = 3, .slot = 7, .a = CHANNEL_VERSION }, got;
	int fd;

	ck_assert_int_eq(channel_send(ch[1], &m, -1), 0);
	m.kind = CH_READY;
	strcpy(m.text, "serving");
	ck_assert_int_eq(channel_send(ch[1], &m, -1), 0);
	ck_assert_int_eq(channel_recv(ch[0], &got, &fd), 1);
	ck_assert_uint_eq(got.kind, CH_HELLO);
	ck_assert_int_eq(got.a, CHANNEL_VERSION);
	ck_assert_int_eq(fd, -1);
	ck_assert_int_eq(channel_recv(ch[0], &got, &fd), 1);
	ck_assert_mem_eq(&got, &m, sizeof(m));
	ck_assert_int_eq(channel_recv(ch[0], &got, &fd), -1);
	ck_assert_int_eq(errno, EAGAIN);
}
END_TEST

START_TEST(descriptor)
{
	struct channel_msg m = { .kind = CH_REOPEN }, got;
	int p[2], fd;
	char c = 0;

	ck_assert_int_eq(pipe(p), 0);
	ck_assert_int_eq(channel_send(ch[0], &m, p[1]), 0);
	close(p[1]);
	ck_assert_int_eq(channel_recv(ch[1], &got, &fd), 1);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, "x", 1), 1);
	close(fd);
	ck_assert_int_eq(read(p[0], &c, 1), 1);
	ck_assert_int_eq(c, 'x');
	close(p[0]);
}
END_TEST

START_TEST(end)
{
	struct channel_msg m = { .kind = CH_READY }, got;
	int fd;

	close(ch[0]);
	ck_assert_int_eq(channel_recv(ch[1], &got, &fd), 0);
	ck_assert_int_eq(channel_send(ch[1], &m, -1), -1);
	ck_assert_int_eq(errno, EPIPE);
	ck_assert_int_eq(channel_pair(ch), 0);
}
END_TEST

START_TEST(odd_size)
{
	struct channel_msg got;
	int fd;

	ck_assert_int_eq(send(ch[1], "short", 5, 0), 5);
	ck_assert_int_eq(channel_recv(ch[0], &got, &fd), -1);
	ck_assert_int_eq(errno, EBADMSG);
}
END_TEST

START_TEST(full)
{
	struct channel_msg m = { .kind = CH_ADOPT };
	int n = 0;

	while (n < 100000 && channel_send(ch[0], &m, -1) == 0)
		n++;
	ck_assert_int_gt(n, 10);
	ck_assert_int_lt(n, 100000);
	ck_assert_int_eq(errno, EAGAIN);
}
END_TEST

START_TEST(every_kind_has_a_name)
{
	static const uint32_t kinds[] = { CH_HELLO, CH_READY, CH_DRAINED, CH_LEAVE, CH_DRAIN, CH_FAST, CH_REOPEN,
		CH_ADOPT, CH_RELEASE };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		ck_assert_str_ne(channel_name(kinds[i]), "unknown");
	ck_assert_str_eq(channel_name(999), "unknown");
}
END_TEST

Suite *
suite_channel(void)
{
	Suite *s = suite_create("channel");
	TCase *tc = tcase_create("channel");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, boundaries);
	tcase_add_test(tc, descriptor);
	tcase_add_test(tc, end);
	tcase_add_test(tc, odd_size);
	tcase_add_test(tc, full);
	tcase_add_test(tc, every_kind_has_a_name);
	suite_add_tcase(s, tc);
	return s;
}
