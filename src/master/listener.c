/*
 * listener - makes, keeps, steers and ends listening sockets. Called by sockets.c.
 *
 * Measured (architecture section 0): closing one socket of a reuseport group
 * resets every connection in its queue, and the kernel keeps feeding a socket
 * that nobody accepts from. Hence the order when there are to be fewer: steer
 * new connections away with a three-line filter, let a worker empty the queue,
 * and only then end it.
 */
#include "master/listener.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"

#ifndef SO_DETACH_REUSEPORT_BPF
#define SO_DETACH_REUSEPORT_BPF 68
#endif

static int
set(int fd, int level, int option, int value)
{
	return setsockopt(fd, level, option, &value, sizeof(value));
}

/* tcp_socket - bound, with or without SO_REUSEPORT, which must be set before bind; -1 with errno. */
static int
tcp_socket(const struct addr *addr, bool reuseport)
{
	int fd = socket(addr->sa.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), saved;

	if (fd < 0)
		return -1;
	if (set(fd, SOL_SOCKET, SO_REUSEADDR, 1) == 0 && (!reuseport || set(fd, SOL_SOCKET, SO_REUSEPORT, 1) == 0) &&
	    (addr->sa.ss_family != AF_INET6 || set(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1) == 0) &&
	    bind(fd, (const struct sockaddr *)&addr->sa, addr->len) == 0)
		return fd;
	saved = errno;
	close(fd);
	errno = saved;
	return -1;
}

/*
 * address_is_free - a bind without SO_REUSEPORT fails when anybody has the port;
 * with it a second daemon of the same account would silently share our clients.
 */
static bool
address_is_free(const struct addr *addr)
{
	int fd = tcp_socket(addr, false);

	if (fd < 0)
		return false;
	close(fd);
	return true;
}

static int
open_tcp(struct listener *l, int workers, int backlog, struct arena *a, struct str *why)
{
	if (l->n == 0 && !address_is_free(&l->addr)) {
		*why = arena_printf(a, "listen: %s: %s", l->addr.text, strerror(errno));
		return -1;
	}
	while (l->n < workers) {
		int fd = tcp_socket(&l->addr, true);

		if (fd >= 0)
			l->fd[l->n++] = fd;
		if (fd < 0 || listen(fd, backlog) != 0) {
			*why = arena_printf(a, "listen: %s: %s", l->addr.text, strerror(errno));
			return -1;
		}
	}
	return 0;
}

/* path_is_stale - a socket file that nobody listens on any more may be replaced; anything else may not. */
static bool
path_is_stale(const struct addr *addr)
{
	const char *path = ((const struct sockaddr_un *)&addr->sa)->sun_path;
	struct stat st;
	int fd, rc;

	if (lstat(path, &st) != 0)
		return errno == ENOENT;
	if (!S_ISSOCK(st.st_mode)) {
		errno = EEXIST;
		return false;
	}
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	rc = connect(fd, (const struct sockaddr *)&addr->sa, addr->len);
	if (rc != 0 && errno == ECONNREFUSED) {
		close(fd);
		return unlink(path) == 0;
	}
	close(fd);
	errno = EADDRINUSE;
	return false;
}

static int
open_unix(struct listener *l, int backlog, int mode, const struct account *acc, struct arena *a, struct str *why)
{
	const char *path = ((const struct sockaddr_un *)&l->addr.sa)->sun_path;
	mode_t before;
	int fd = -1;

	before = umask(~(mode_t)mode & 0777);
	if (path_is_stale(&l->addr)) {
		fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
		if (fd >= 0)
			l->fd[l->n++] = fd;
	}
	if (fd < 0 || bind(fd, (const struct sockaddr *)&l->addr.sa, l->addr.len) != 0 || listen(fd, backlog) != 0 ||
	    (acc->set && chown(path, acc->uid, acc->gid) != 0)) {
		*why = arena_printf(a, "listen: %s: %s", l->addr.text, strerror(errno));
		fd = -1;
	}
	umask(before);
	return fd < 0 ? -1 : 0;
}

int
listener_open(struct listener *l, const struct listener *was, int workers, int backlog, int mode,
    const struct account *acc, struct arena *a, struct str *why)
{
	bool unix_socket = l->addr.sa.ss_family == AF_UNIX;

	l->shared = unix_socket || (was != NULL && was->shared);
	l->n = 0;
	for (int i = 0; was != NULL && i < was->n && i < (l->shared ? 1 : workers); i++) {
		l->fd[l->n++] = was->fd[i];
		listen(was->fd[i], backlog);
	}
	l->kept = l->n;
	if (l->shared && l->n > 0) {
		if (unix_socket && chmod(((struct sockaddr_un *)&l->addr.sa)->sun_path, (mode_t)mode) != 0)
			log_warn("listen: %s: cannot set unix_mode: %s", l->addr.text, strerror(errno));
		return 0;
	}
	return unix_socket ? open_unix(l, backlog, mode, acc, a, why) : open_tcp(l, workers, backlog, a, why);
}

int
listener_adopt(struct listener *l, int fd)
{
	int listening = 0, reuseport = 0;
	socklen_t n = sizeof(listening);

	if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &n) != 0 || !listening)
		return -1;
	l->addr.len = sizeof(l->addr.sa);
	if (getsockname(fd, (struct sockaddr *)&l->addr.sa, &l->addr.len) != 0)
		return -1;
	addr_describe(&l->addr);
	n = sizeof(reuseport);
	getsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &reuseport, &n);
	l->shared = l->addr.sa.ss_family == AF_UNIX || !reuseport;
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
	l->fd[l->n++] = fd;
	l->kept = l->n;
	return 0;
}

void
listener_close(struct listener *l, int from)
{
	if (from == 0 && l->kept == 0 && l->n > 0 && l->addr.sa.ss_family == AF_UNIX)
		listener_unlink(l);
	for (int i = from; i < l->n; i++)
		close(l->fd[i]);
	l->n = from;
}

void
listener_unlink(const struct listener *l)
{
	if (l->addr.sa.ss_family == AF_UNIX)
		unlink(((const struct sockaddr_un *)&l->addr.sa)->sun_path);
}

void
listener_steer(const struct listener *l, bool fewer)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)(SKF_AD_OFF + SKF_AD_RANDOM)),
		BPF_STMT(BPF_ALU | BPF_MOD | BPF_K, (uint32_t)l->n),
		BPF_STMT(BPF_RET | BPF_A, 0),
	};
	struct sock_fprog prog = { .len = sizeof(code) / sizeof(code[0]), .filter = code };

	if (fewer && setsockopt(l->fd[0], SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, &prog, sizeof(prog)) != 0)
		log_warn("listen: %s: cannot steer connections: %s", l->addr.text, strerror(errno));
	if (!fewer && set(l->fd[0], SOL_SOCKET, SO_DETACH_REUSEPORT_BPF, 0) != 0 && errno != ENOENT)
		log_warn("listen: %s: cannot end steering: %s", l->addr.text, strerror(errno));
}

int
listener_waiting(int fd)
{
	struct tcp_info info;
	socklen_t n = sizeof(info);

	memset(&info, 0, sizeof(info));
	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &n) != 0 || info.tcpi_state != TCP_LISTEN)
		return 0;
	return (int)info.tcpi_unacked;
}

void
listener_end(int fd)
{
	shutdown(fd, SHUT_RDWR);
	close(fd);
}
