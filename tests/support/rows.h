/*
 * rows - mail put into the tables directly, for tests of what lies below or beside mail/.
 */
#ifndef SUPPORT_ROWS_H
#define SUPPORT_ROWS_H

#include <stdint.h>

struct fixture;

int64_t rows_project(struct fixture *f, const char *slug);
int64_t rows_agent(struct fixture *f, int64_t project, const char *name);
/* A message of f->cx.now; `to` and `bcc` are agent ids, 0 for nobody. */
int64_t rows_message(
    struct fixture *f, int64_t project, int64_t from, int64_t to, int64_t bcc, const char *subject, const char *body);
/* `n` messages of the same words in one transaction; returns the last id. */
int64_t rows_messages(
    struct fixture *f, int n, int64_t project, int64_t from, int64_t to, const char *subject, const char *body);

#endif
