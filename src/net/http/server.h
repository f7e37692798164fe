/*
 * server - HTTP as a protocol of net: hands each complete request to one function.
 */
#ifndef NET_HTTP_SERVER_H
#define NET_HTTP_SERVER_H

#include <stdbool.h>

#include "net/http.h"

struct http_server;
struct net;
struct protocol;

/* Answers rq now or later, exactly once. */
typedef void http_handler(void *arg, struct request *rq);
/*
 * Asked about a request whose head is there and whose body is not: true lets the body come; false has answered rq, or
 * will, and its connection closes.
 */
typedef bool http_asked(void *arg, struct request *rq);

struct http_server_env {
	struct net *net;
	http_handler *fn;
	http_asked *head; /* NULL takes every body */
	void *arg;
};

/* Never NULL. */
struct http_server *http_server_new(const struct http_server_env *env);
/* After net_free; requests that run must have been answered. */
void http_server_free(struct http_server **hs);
/* For net_listen; lives as long as hs. */
const struct protocol *http_protocol(const struct http_server *hs);
/* At the end of each turn, after the transaction: sends answers that came late, frees what is over. */
void http_server_turn(struct http_server *hs);

#endif
