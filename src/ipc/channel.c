/*
 * channel - messages between the master and a child, over SOCK_SEQPACKET.
 *
 * Used by master/ on one side and event/role_main on the other. Nothing here waits: a
 * full channel is EAGAIN, and the master takes a child that does not read its
 * mail for hung.
 */
#include "ipc/channel.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

_Static_assert(sizeof(struct channel_msg) == 64, "the message is a fixed record");

union control {
	struct cmsghdr head;
	char room[CMSG_SPACE(sizeof(int))];
};

static const struct {
	uint32_t kind;
	const char *name;
} names[] = {
	{ CH_HELLO, "hello" },
	{ CH_READY, "ready" },
	{ CH_DRAINED, "drained" },
	{ CH_LEAVE, "leave" },
	{ CH_DRAIN, "drain" },
	{ CH_FAST, "fast" },
	{ CH_REOPEN, "reopen" },
	{ CH_ADOPT, "adopt" },
	{ CH_RELEASE, "release" },
	{ CH_SLOT, "slot" },
};

int
channel_pair(int fds[2])
{
	return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds);
}

int
channel_send(int channel, const struct channel_msg *m, int fd)
{
	struct iovec iov = { .iov_base = (void *)(uintptr_t)m, .iov_len = sizeof(*m) };
	struct msghdr h = { .msg_iov = &iov, .msg_iovlen = 1 };
	union control c;
	ssize_t n;

	if (fd >= 0) {
		memset(&c, 0, sizeof(c));
		c.head.cmsg_len = CMSG_LEN(sizeof(int));
		c.head.cmsg_level = SOL_SOCKET;
		c.head.cmsg_type = SCM_RIGHTS;
		memcpy(CMSG_DATA(&c.head), &fd, sizeof(fd));
		h.msg_control = &c;
		h.msg_controllen = sizeof(c);
	}
	do {
		n = sendmsg(channel, &h, MSG_NOSIGNAL | MSG_DONTWAIT);
	} while (n < 0 && errno == EINTR);
	return n < 0 ? -1 : 0;
}

int
channel_recv(int channel, struct channel_msg *m, int *fd)
{
	struct iovec iov = { .iov_base = m, .iov_len = sizeof(*m) };
	union control c;
	struct msghdr h = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = &c, .msg_controllen = sizeof(c) };
	struct cmsghdr *p;
	ssize_t n;

	*fd = -1;
	do {
		n = recvmsg(channel, &h, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return errno == ECONNRESET ? 0 : -1;
	for (p = n == 0 ? NULL : CMSG_FIRSTHDR(&h); p != NULL; p = CMSG_NXTHDR(&h, p))
		if (p->cmsg_level == SOL_SOCKET && p->cmsg_type == SCM_RIGHTS)
			memcpy(fd, CMSG_DATA(p), sizeof(*fd));
	if (n == 0)
		return 0;
	if ((size_t)n != sizeof(*m) || (h.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0) {
		if (*fd >= 0)
			close(*fd);
		*fd = -1;
		errno = EBADMSG;
		return -1;
	}
	return 1;
}

const char *
channel_name(uint32_t kind)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].kind == kind)
			return names[i].name;
	return "unknown";
}
