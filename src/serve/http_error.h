/*
 * http_error - short answers that say what is wrong: {"detail":"..."}.
 */
#ifndef SERVE_HTTP_ERROR_H
#define SERVE_HTTP_ERROR_H

struct request;

/* Answers with this status and {"detail": the text} (contract/surface.md 1.1). */
void http_error(struct request *rq, int status, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* 405 with what is allowed: "POST, DELETE". */
void http_error_method(struct request *rq, const char *allow);

#endif
