/*
 * null_server - the least that an HTTP server can do: one epoll loop per
 * process, a fixed answer to whatever ends in an empty line. The floor against
 * which the daemon's CPU per request is read.
 *
 * usage: null_server PORT [PROCESSES [BODY_BYTES]]
 */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static char answer[1 << 20];
static size_t answer_n;

static int
listen_on(int port)
{
	struct sockaddr_in a = {
		.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)
	};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), one = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &one, sizeof(one));
	if (bind(fd, (struct sockaddr *)&a, sizeof(a)) != 0 || listen(fd, 1024) != 0) {
		perror("null_server");
		exit(71);
	}
	return fd;
}

static void
serve(int lfd)
{
	int ep = epoll_create1(0), one = 1;
	struct epoll_event ev = { .events = EPOLLIN, .data.fd = lfd }, evs[256];
	static char buf[65536];

	epoll_ctl(ep, EPOLL_CTL_ADD, lfd, &ev);
	for (;;) {
		int n = epoll_wait(ep, evs, 256, -1);

		for (int i = 0; i < n; i++) {
			int fd = evs[i].data.fd;
			ssize_t got;

			if (fd == lfd) {
				ev.data.fd = accept4(lfd, NULL, NULL, SOCK_NONBLOCK);
				if (ev.data.fd >= 0) {
					setsockopt(ev.data.fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
					epoll_ctl(ep, EPOLL_CTL_ADD, ev.data.fd, &ev);
				}
				continue;
			}
			got = read(fd, buf, sizeof(buf));
			if (got <= 0)
				close(fd);
			else if (memmem(buf, (size_t)got, "\r\n\r\n", 4) != NULL && write(fd, answer, answer_n) < 0)
				close(fd);
		}
	}
}

int
main(int argc, char **argv)
{
	int port = argc > 1 ? atoi(argv[1]) : 0, processes = argc > 2 ? atoi(argv[2]) : 1;
	size_t body = argc > 3 ? strtoul(argv[3], NULL, 10) : 42;

	if (port <= 0 || body > sizeof(answer) - 256) {
		fputs("usage: null_server PORT [PROCESSES [BODY_BYTES]]\n", stderr);
		return 64;
	}
	signal(SIGPIPE, SIG_IGN);
	answer_n = (size_t)snprintf(answer, sizeof(answer),
	    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n", body);
	memset(answer + answer_n, 'x', body);
	answer_n += body;
	for (int i = 0; i < processes; i++) {
		int lfd = listen_on(port);

		if (fork() == 0) {
			prctl(PR_SET_PDEATHSIG, SIGTERM);
			serve(lfd);
		}
	}
	while (wait(NULL) > 0)
		continue;
	return 0;
}
