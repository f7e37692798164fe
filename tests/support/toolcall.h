/*
 * toolcall - calls a tool as the doors do: arguments as JSON, a transaction where it writes.
 */
#ifndef SUPPORT_TOOLCALL_H
#define SUPPORT_TOOLCALL_H

#include "support/fixture.h"

/* The JSON value that the tool answers; the test fails when the tool does. Single quotes in args stand for double ones. */
struct str tool_ok(struct fixture *f, const char *tool, const char *args);
/* The text of the failure, which must be of that kind; it stays in f->cx.fail. */
struct str tool_fails(struct fixture *f, const char *tool, const char *args, enum err code);
/* Its query to the helper; absent for none. */
struct str tool_query(struct fixture *f, const char *tool, const char *args);

/* `json`, with single quotes read as double ones, is what `s` is. */
#define ck_json(s, json) ck_str(s, toolcall_quotes(&f, json))
/* `s` holds this text, quotes as above. */
#define ck_has(s, part) \
	do { \
		struct str ck_s_ = (s); \
		ck_assert_msg(str_find(ck_s_, str_c(toolcall_quotes(&f, part))) >= 0, "\"%s\" not in: %.*s", part, \
		    (int)ck_s_.n, ck_s_.p); \
	} while (0)
/* The text with ' as ", in f->arena. */
const char *toolcall_quotes(struct fixture *f, const char *text);

#endif
