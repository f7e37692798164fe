/*
 * idle - opens connections, asks each for one path, and then leaves them be: what
 * does a server pay for those that want nothing?
 *
 * usage: idle CONNECTIONS PORT PATH
 *
 * Prints "open N" when each has its answer (of a stream: the head), waits for the
 * end of its standard input, prints "still N": those that the server has not
 * closed meanwhile. Loopback only, from several addresses, because of the ports.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

/* Connections from one address: far below the usual range of 28,000 ports. */
#define PER_ADDRESS 5000

static void
die(const char *what)
{
	fprintf(stderr, "idle: %s: %s\n", what, strerror(errno));
	exit(71);
}

static void
need_descriptors(int n)
{
	struct rlimit r;

	getrlimit(RLIMIT_NOFILE, &r);
	r.rlim_cur = r.rlim_max;
	setrlimit(RLIMIT_NOFILE, &r);
	if (r.rlim_max >= (rlim_t)n + 16)
		return;
	fprintf(stderr,
	    "idle: %d connections need a limit of %d open files; at most %lu are allowed here (ulimit -Hn)\n", n,
	    n + 16, (unsigned long)r.rlim_max);
	exit(69);
}

static int
connect_from(int i, int port)
{
	struct sockaddr_in from = { .sin_family = AF_INET },
			   to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;

	if (fd < 0)
		die("socket");
	from.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + (uint32_t)(i / PER_ADDRESS));
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	/* The port is chosen when the other end is known, so that every address has all of them. */
	setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof(one));
	if (bind(fd, (struct sockaddr *)&from, sizeof(from)) != 0 ||
	    connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0)
		die("connect");
	return fd;
}

/* The whole answer, or the head alone where no length is told. */
static void
ask(int fd, const char *request, size_t n)
{
	char in[65536], *end = NULL, *length;
	size_t have = 0, wanted = 1;
	ssize_t got;

	if (send(fd, request, n, MSG_NOSIGNAL) != (ssize_t)n)
		die("send");
	while (have < wanted) {
		got = recv(fd, in + have, sizeof(in) - 1 - have, 0);
		if (got <= 0)
			die("no answer");
		have += (size_t)got;
		in[have] = '\0';
		end = strstr(in, "\r\n\r\n");
		length = strcasestr(in, "\r\nContent-Length: ");
		wanted = end == NULL ? have + 1 : (size_t)(end + 4 - in) + (length ? strtoul(length + 18, NULL, 10) : 0);
	}
	if (strncmp(in, "HTTP/1.1 200 ", 13) != 0) {
		fprintf(stderr, "idle: %.60s\n", in);
		exit(1);
	}
}

int
main(int argc, char **argv)
{
	int n = argc == 4 ? atoi(argv[1]) : 0, port = argc == 4 ? atoi(argv[2]) : 0, still = 0, *fds;
	char request[1024], byte;
	size_t len;

	if (n <= 0 || port <= 0) {
		fputs("usage: idle CONNECTIONS PORT PATH\n", stderr);
		return 64;
	}
	need_descriptors(n);
	len = (size_t)snprintf(request, sizeof(request), "GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n", argv[3]);
	fds = calloc((size_t)n, sizeof(*fds));
	for (int i = 0; i < n; i++) {
		fds[i] = connect_from(i, port);
		ask(fds[i], request, len);
	}
	printf("open %d\n", n);
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		continue;
	for (int i = 0; i < n; i++)
		still += recv(fds[i], &byte, 1, MSG_PEEK | MSG_DONTWAIT) != 0 || errno == EAGAIN;
	printf("still %d\n", still);
	free(fds);
	return still == n ? 0 : 1;
}
