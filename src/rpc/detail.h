/*
 * detail - short answers that say what is wrong: {"detail":"..."}.
 */
#ifndef RPC_DETAIL_H
#define RPC_DETAIL_H

struct request;

void detail(struct request *rq, int status, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* 405 with what is allowed: "POST, DELETE". */
void detail_method(struct request *rq, const char *allow);

#endif
