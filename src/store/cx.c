/*
 * cx - bookkeeping of one operation: failure, warnings, what follows the commit.
 *
 * Called by mail/, tool/ and txn; knows neither SQL nor HTTP.
 */
#include "store/cx.h"

#include <stdarg.h>
#include <string.h>

#include "base/json_write.h"

void
cx_init(struct cx *cx, struct arena *a, const struct conf *conf)
{
	memset(cx, 0, sizeof(*cx));
	cx->arena = a;
	cx->conf = conf;
	cx_rewind(cx);
}

void
cx_drop_effects(struct cx *cx)
{
	cx->after = NULL;
	cx->after_tail = &cx->after;
	cx->changes = NULL;
	cx->keep_writes = false;
	cx->refused = false;
	cx->park.topic.kind = TOPIC_NONE;
	cx->queue_first = cx->queue_last = 0;
}

void
cx_rewind(struct cx *cx)
{
	fail_clear(&cx->fail);
	cx->warnings = NULL;
	cx->warnings_tail = &cx->warnings;
	cx_drop_effects(cx);
}

void
cx_park(struct cx *cx, struct topic topic, int64_t after, int64_t wait_us)
{
	if (cx->park.over || wait_us <= 0)
		return;
	cx->park.topic = topic;
	cx->park.after = after;
	cx->park.wait_us = wait_us;
}

int
fail(struct cx *cx, enum err code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fail_vset(&cx->fail, cx->arena, code, fmt, ap);
	va_end(ap);
	return -1;
}

struct jw *
fail_data(struct cx *cx)
{
	return fail_writer(&cx->fail);
}

void
cx_warn(struct cx *cx, const char *fmt, ...)
{
	struct cx_warning *w = arena_new(cx->arena, struct cx_warning);
	va_list ap;

	va_start(ap, fmt);
	w->text = arena_vprintf(cx->arena, fmt, ap);
	va_end(ap);
	*cx->warnings_tail = w;
	cx->warnings_tail = &w->next;
}

void
cx_after_commit(struct cx *cx, void (*fn)(void *), void *arg)
{
	struct cx_after *n = arena_new(cx->arena, struct cx_after);

	n->fn = fn;
	n->arg = arg;
	*cx->after_tail = n;
	cx->after_tail = &n->next;
}

void
cx_run_after(struct cx *cx)
{
	struct cx_after *n = cx->after;

	cx->after = NULL;
	cx->after_tail = &cx->after;
	for (; n != NULL; n = n->next)
		n->fn(n->arg);
}
