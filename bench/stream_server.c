/*
 * stream_server - net/ alone with one worker: GET /stream opens a stream of
 * Server-Sent Events in which nothing happens, any other path is answered 200.
 *
 * usage: stream_server PORT DIRECTORY
 *
 * DIRECTORY is where the settings place their files; none is written.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "conf/conf.h"
#include "ipc/shm.h"
#include "net/http/server.h"
#include "net/http/stream.h"
#include "event/loop.h"
#include "net/net.h"

static void
on_closed(void *arg)
{
}

/* Never drained: it is killed. */
static void
on_drain(void *arg)
{
}

static void
on_request(void *arg, struct request *rq)
{
	static const struct stream_ops events = { EVENTS_HEARTBEAT, on_closed, on_drain, NULL };

	if (str_eqc(rq->path, "/stream"))
		reply_stream(rq, 200, TYPE_EVENTS, &events, NULL);
	else
		reply_static(rq, 200, TYPE_TEXT, STR("idle\n"));
}

static void
on_turn(void *arg)
{
	http_server_turn(arg);
}

static int
listen_on(int port)
{
	struct sockaddr_in a = {
		.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)
	};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), one = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (fd < 0 || bind(fd, (struct sockaddr *)&a, sizeof(a)) != 0 || listen(fd, 1024) != 0) {
		perror("stream_server");
		exit(71);
	}
	return fd;
}

int
main(int argc, char **argv)
{
	struct shm *shm = shm_new(1);
	struct net_env net = { .slot_no = 0 };
	struct http_server_env http = { .fn = on_request };
	struct http_server *hs;
	struct conf *conf;
	struct rlimit r;

	if (argc != 3 || shm == NULL) {
		fputs("usage: stream_server PORT DIRECTORY\n", stderr);
		return 64;
	}
	getrlimit(RLIMIT_NOFILE, &r);
	r.rlim_cur = r.rlim_max;
	setrlimit(RLIMIT_NOFILE, &r);
	conf = conf_for_tests(argv[2]);
	conf->max_connections = INT32_MAX;
	conf->keepalive_timeout = INT32_MAX;
	net.conf = conf;
	net.slot = shm_slot(shm, 0);
	net.loop = loop_new();
	http.net = net_new(&net);
	hs = http_server_new(&http);
	net_listen(http.net, listen_on(atoi(argv[1])), 0, http_protocol(hs));
	loop_on_turn(net.loop, on_turn, hs);
	loop_run(net.loop);
	return 0;
}
