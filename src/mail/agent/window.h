/*
 * window - terminal windows that keep their agent's name (contract/messaging.md 11.10).
 *
 * A window is a uuid that its client sends with each request, or window_id of
 * the configuration for clients that send none. Uuids are compared as they were
 * stored, ignoring case. An expired window is as good as none.
 */
#ifndef MAIL_AGENT_WINDOW_H
#define MAIL_AGENT_WINDOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct cx;
struct project;

struct window {
	int64_t id;
	struct str uuid, display_name;
	int64_t created_ts, last_active_ts, expires_ts; /* expires_ts 0: never */
};

struct windows {
	struct window *v;
	size_t n;
};

/* 32 hex digits with dashes, braces or urn:uuid: around them, as Python takes it. */
bool window_uuid_ok(struct str s);
/* The window of this caller: a valid uuid, else absent. */
struct str window_of(const struct cx *cx);
/* Lists windows that have not expired, at most 1,000. 0 or -1. */
int window_list(struct cx *cx, int64_t project_id, struct windows *out);
/* Looks up the window that has not expired. */
int window_find(struct cx *cx, int64_t project_id, struct str uuid, struct window *out);
/*
 * Notes that the window is used now, inside a write operation; makes it with this name where
 * there is none that lives. 0 or -1.
 */
int window_touch(struct cx *cx, int64_t project_id, struct str uuid, struct str name);
/* The checks that come before the project: INVALID_WINDOW_UUID, INVALID_DISPLAY_NAME; *name becomes letters only. */
int window_check(struct cx *cx, struct str uuid);
int window_check_name(struct cx *cx, struct str *name);
/* Inside a write operation: 0 with the row as it is now, or -1 with WINDOW_NOT_FOUND. *old is the name it had. */
int window_rename(
    struct cx *cx, const struct project *p, struct str uuid, struct str name, struct window *out, struct str *old);
int window_expire(struct cx *cx, const struct project *p, struct str uuid, struct window *out);

#endif
