/*
 * helper_query - sends questions with a socket for the answer, and reads answers, large ones from the
 * memory file that comes along.
 *
 * Nothing here waits: the asker watches its socket, the helper its end of the pair.
 */
#include "ipc/helper_query.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int
helper_query_pair(int fd[2])
{
	return socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fd);
}

/* Room for one descriptor. */
union control {
	struct cmsghdr h;
	char room[CMSG_SPACE(sizeof(int))];
};

/* sendmsg() with a descriptor; -1 with errno. */
static ssize_t
send_with(int fd, struct str text, int pass, int flags)
{
	union control control = { .room = { 0 } };
	struct iovec iov = { (void *)text.p, text.n };
	struct msghdr m = {
		.msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof(control)
	};
	ssize_t n;

	control.h.cmsg_level = SOL_SOCKET;
	control.h.cmsg_type = SCM_RIGHTS;
	control.h.cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(&control.h), &pass, sizeof(int));
	do
		n = sendmsg(fd, &m, flags | MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	return n;
}

/* recvmsg(); *passed is set when a descriptor came. */
static ssize_t
recv_with(int fd, char *buf, size_t size, int *passed)
{
	union control control;
	struct iovec iov = { buf, size };
	struct msghdr m = {
		.msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof(control)
	};
	struct cmsghdr *c;
	ssize_t n;

	do
		n = recvmsg(fd, &m, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	c = n < 0 ? NULL : CMSG_FIRSTHDR(&m);
	if (c != NULL && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS &&
	    c->cmsg_len == CMSG_LEN(sizeof(int)))
		memcpy(passed, CMSG_DATA(c), sizeof(int));
	return n;
}

int
helper_query_send(int fd, struct str query)
{
	int pair[2], error;
	ssize_t n;

	if (query.n == 0 || query.n > HELPER_QUERY_MAX) {
		errno = EMSGSIZE;
		return -1;
	}
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
		return -1;
	n = send_with(fd, query, pair[1], MSG_DONTWAIT);
	if (n == (ssize_t)query.n && fcntl(pair[0], F_SETFL, O_NONBLOCK) == 0) {
		close(pair[1]);
		return pair[0];
	}
	error = errno;
	close(pair[1]);
	close(pair[0]);
	errno = error;
	return -1;
}

ssize_t
helper_query_recv(int fd, char *buf, size_t size, int *reply)
{
	*reply = -1;
	return recv_with(fd, buf, size, reply);
}

int
helper_result_send(int reply, struct str text, int pass)
{
	ssize_t n;

	if (pass >= 0 && text.n > 0) {
		n = send_with(reply, text, pass, 0);
		if (n < 0)
			return -1;
		text = str_sub(text, (size_t)n, text.n);
	}
	while (text.n > 0) {
		n = write(reply, text.p, text.n);
		if (n < 0 && errno != EINTR)
			return -1;
		text = str_sub(text, n > 0 ? (size_t)n : 0, text.n);
	}
	return 0;
}

void
helper_query_refuse(int reply)
{
	/* Nothing was written into it before, so there is room; whoever has gone need not know. */
	(void)send(reply, HELPER_FULL, sizeof(HELPER_FULL) - 1, MSG_DONTWAIT | MSG_NOSIGNAL);
	close(reply);
}

ssize_t
helper_result_read(int fd, char *buf, size_t size, int *passed)
{
	int got = -1;
	ssize_t n = recv_with(fd, buf, size, &got);

	if (got >= 0) {
		if (*passed >= 0)
			close(*passed);
		*passed = got;
	}
	return n;
}
