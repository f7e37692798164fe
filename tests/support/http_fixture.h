/*
 * http_fixture - a real HTTP server on a free loopback port and clients of it, in
 * one process: every wait turns the server's loop.
 */
#ifndef SUPPORT_HTTP_FIXTURE_H
#define SUPPORT_HTTP_FIXTURE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "conf/conf.h"
#include "ipc/shm.h"
#include "net/http/server.h"
#include "event/loop.h"
#include "net/net.h"

struct http_fixture {
	struct conf *conf; /* defaults; change it before http_fixture_start */
	struct shm *shm;
	struct loop *loop;
	struct net *net;
	struct http_server *hs;
	int fd, port;
	/* Called in each turn before late answers are sent (the place of txn_run); may be NULL. */
	void (*turn)(void *arg);
	void *turn_arg;
	http_asked *head; /* of the server, set before http_fixture_start; may be NULL */
};

struct http_client {
	int fd;
	char *p; /* all that was received, terminated */
	size_t n, size;
	bool eof; /* the server closed, or reset */
};

struct http_answer {
	int status;
	struct str head, body; /* borrowed from the client until it receives more */
};

/* Settings and shared segment, which the test may change; then http_fixture_start. */
void http_fixture_init(struct http_fixture *f);
/* Serves with that handler on a free port. */
void http_fixture_start(struct http_fixture *f, http_handler *fn, void *arg);
void http_fixture_fini(struct http_fixture *f);
/* One turn of at most that long. */
void http_fixture_turn(struct http_fixture *f, int64_t wait_us);

/* Connects to the server of the fixture. */
void http_client_open(struct http_fixture *f, struct http_client *c);
/* Takes a connected descriptor. */
void http_client_adopt(struct http_client *c, int fd);
void http_client_close(struct http_client *c);
/* Sends all, turning the loop while the socket is full. */
void http_client_send(struct http_fixture *f, struct http_client *c, struct str bytes);
/* Takes what is there. */
void http_client_poll(struct http_client *c);
/* Turns until n answers (100 Continue counts) are complete; false when the server closed before, or after 10 s. */
bool http_client_await(struct http_fixture *f, struct http_client *c, size_t n);
/* Turns until the server has closed; false after 10 s. */
bool http_client_await_eof(struct http_fixture *f, struct http_client *c);
/* The i-th answer; status 0 when it is not complete. Bodies by Content-Length. */
struct http_answer http_client_answer(const struct http_client *c, size_t i);
/* Value of a header of an answer; STR_NONE without it. */
struct str http_answer_header(const struct http_answer *a, const char *name);
/* Opens, sends, waits for one answer, closes: its status, the answer's text in *text (of the arena). */
int http_fixture_call(struct http_fixture *f, struct str bytes, struct arena *a, struct http_answer *answer);

#endif
