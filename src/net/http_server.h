/*
 * http_server - all connections of one worker: made after fork, driven by its
 * loop, hands each complete request to one function.
 */
#ifndef NET_HTTP_SERVER_H
#define NET_HTTP_SERVER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "net/http.h"

struct conf;
struct exchange;
struct http_server;
struct limits;
struct loop;
struct slot;

/* Answers rq now or later, exactly once. */
typedef void http_handler(void *arg, struct request *rq);
/*
 * Asked about a request whose head is there and whose body is not: true lets the body come; false has answered rq, or
 * will, and its connection closes.
 */
typedef bool http_asked(void *arg, struct request *rq);

struct http_server_env {
	struct loop *loop;
	const struct conf *conf;
	struct slot *slot;        /* counters */
	int slot_no;
	struct limits *limits;    /* connection caps; NULL for none */
	http_handler *fn;
	http_asked *head;         /* NULL takes every body */
	void *arg;
};

struct http_server *http_server_new(const struct http_server_env *env);
/* Closes every connection and listener; requests that run must have been answered. */
void http_server_free(struct http_server **hs);
/* At the end of each turn, after the transaction: sends answers that came late, frees what is over. */
void http_server_turn(struct http_server *hs);

/* Accepts on fd, a listening socket that stays the caller's. `group` is for http_server_unlisten. */
void http_server_listen(struct http_server *hs, int fd, int group);
void http_server_unlisten(struct http_server *hs, int group);
/*
 * No further connection is accepted; idle ones are closed (those that
 * were in use until now after a moment), the others after their answer.
 */
void http_server_drain(struct http_server *hs);
/* Closes all connections; answers still to come go nowhere. */
void http_server_abort(struct http_server *hs);
bool http_server_draining(const struct http_server *hs);
/* Open connections. */
unsigned http_server_conns(const struct http_server *hs);
/* Requests handed to the function and not yet answered. */
unsigned http_server_running(const struct http_server *hs);

/* For the files of net/: */
/* By reply: x holds its answer. */
void http_server_answered(struct http_server *hs, struct exchange *x);
/* x is gone on with at the end of the turn, or in the next when this is the end. */
void http_server_late(struct http_server *hs, struct exchange *x);
struct str http_server_date(struct http_server *hs);
uint64_t http_server_next_id(struct http_server *hs);
int64_t http_server_now(const struct http_server *hs);

#endif
