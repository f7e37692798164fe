/*
 * http_app - a small application behind http_fixture for tests of connections:
 *
 *   /late    keeps the request until app_answer; then its query
 *   /big?n   n lines of ten bytes     /peer   where it comes from
 *   /extra   405 with header lines, and closes     /202 /204   no body
 *   others   the body, or the query when there is none
 */
#ifndef SUPPORT_HTTP_APP_H
#define SUPPORT_HTTP_APP_H

#include <check.h>

#include "support/http_fixture.h"

#define REQ(path) "GET " path " HTTP/1.1\r\nHost: h\r\n\r\n"
#define LATE_MAX 2000

/* One for each test; app_setup and app_teardown are its checked fixture. */
extern struct http_fixture f;
extern struct request *late[LATE_MAX];
extern size_t nlate;

/* Settings and shared segment; the server is started by app_start. */
void app_setup(void);
void app_teardown(void);
/* With f.conf as the test has changed it. */
void app_start(void);
/* Answers the i-th request that was kept. */
void app_answer(size_t i);
/* Turns until n requests have been kept. */
void app_await_late(size_t n);
/* Turns until n connections are open. */
void app_await_conns(unsigned n);
/* A client that has sent these bytes. */
void app_client(struct http_client *c, const char *bytes);
/* The i-th answer has that status and body. */
void ck_body(const struct http_client *c, size_t i, int status, const char *body);
TCase *app_tcase(Suite *s, const char *name);

#endif
