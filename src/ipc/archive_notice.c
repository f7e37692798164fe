/*
 * archive_notice - the pipe of commit orders. Written by whoever committed, read by the archiver.
 */
#include "ipc/archive_notice.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"

/* 16,384 orders: seconds of peak load before the first is dropped. */
#define PIPE_ROOM (1 << 20)

_Static_assert(sizeof(struct archive_notice) == 64, "an order is one 64-byte record");
_Static_assert(sizeof(struct archive_notice) <= PIPE_BUF, "writes of several workers must not mix");

int
archive_notice_pipe(int fd[2])
{
	if (pipe2(fd, O_NONBLOCK | O_CLOEXEC) < 0)
		return -1;
	/* Refused above the user's limit: the default of 1,024 orders does, too. */
	(void)fcntl(fd[1], F_SETPIPE_SZ, PIPE_ROOM);
	return 0;
}

bool
archive_notice_send(int fd, uint32_t slot, int64_t first, int64_t last)
{
	struct archive_notice o = { .version = ARCHIVE_NOTICE_VERSION, .slot = slot, .first = first, .last = last };
	ssize_t n;

	o.sent_us = clock_mono_us();
	do
		n = write(fd, &o, sizeof(o));
	while (n < 0 && errno == EINTR);
	if (n < 0 && errno != EAGAIN && errno != EPIPE)
		log_warn("commit order: %s", strerror(errno));
	return n == (ssize_t)sizeof(o);
}

int
archive_notice_drain(int fd, int64_t *last)
{
	struct archive_notice o[64];
	int count = 0;
	ssize_t n;

	*last = 0;
	for (;;) {
		n = read(fd, o, sizeof(o));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return count;
		for (size_t i = 0; i < (size_t)n / sizeof(o[0]); i++) {
			if (o[i].version != ARCHIVE_NOTICE_VERSION)
				continue;
			count++;
			if (o[i].last > *last)
				*last = o[i].last;
		}
	}
}
