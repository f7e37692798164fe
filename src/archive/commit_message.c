/*
 * commit_message - the text of a commit: its subject, the lines of each operation, and the mark as
 * the last line, written and read back.
 */
#include <stdio.h>
#include <string.h>

#include "archive/group.h"
#include "base/log.h"
#include "store/archive_queue.h"

#define MARK_KEY "Agentmail-Mark: "

struct str
arch_message_mark(struct arch *a, const struct arch_mark *mark)
{
	return arena_printf(&a->group, MARK_KEY "%" PRIstr " outbox=%lld message=%lld\n", FSTR(mark->store),
	    (long long)mark->outbox, (long long)mark->message);
}

/* Writes what a group holds: "batch: 3 mails, 1 profile". */
static void
put_counts(struct buf *b, const struct arch_op *ops, size_t n)
{
	static const struct {
		int kind;
		const char *one, *more;
	} words[] = {
		{ QUEUE_MAIL, "mail", "mails" },
		{ QUEUE_AGENT, "profile", "profiles" },
		{ QUEUE_RESERVATION, "file_reservation", "file_reservations" },
		{ QUEUE_REMOVAL, "removal", "removals" },
		{ QUEUE_SNAPSHOT, "snapshot", "snapshots" },
	};
	const char *comma = "batch: ";

	for (size_t w = 0; w < sizeof(words) / sizeof(words[0]); w++) {
		size_t count = 0;

		for (size_t i = 0; i < n; i++)
			count += ops[i].line.p && ops[i].kind == words[w].kind;
		if (count == 0)
			continue;
		buf_printf(b, "%s%zu %s", comma, count, count == 1 ? words[w].one : words[w].more);
		comma = ", ";
	}
	buf_cstr(b, "\n\n");
}

static void
put_op(struct buf *b, const struct arch_op *op)
{
	buf_str(b, op->line);
	buf_putc(b, '\n');
	if (op->list.p)
		buf_printf(b, "\n%" PRIstr, FSTR(op->list));
}

struct str
arch_message(struct arch *a, const struct arch_op *ops, size_t n, const struct arch_mark *mark)
{
	const struct arch_op *only = NULL;
	size_t lines = 0;
	struct buf b;

	for (size_t i = 0; i < n; i++)
		if (ops[i].line.p) {
			only = &ops[i];
			lines++;
		}
	buf_init(&b, &a->group);
	if (lines == 1) {
		put_op(&b, only);
		buf_putc(&b, '\n');
		buf_str(&b, only->trailers);
		buf_str(&b, arch_message_mark(a, mark));
		return buf_flat(&b);
	}
	put_counts(&b, ops, n);
	for (size_t i = 0; i < n; i++) {
		if (!ops[i].line.p)
			continue;
		put_op(&b, &ops[i]);
		buf_str(&b, ops[i].trailers);
		buf_putc(&b, '\n');
	}
	buf_str(&b, arch_message_mark(a, mark));
	return buf_flat(&b);
}

static bool
number_after(struct str *s, const char *key, int64_t *out)
{
	struct str k = str_c(key), digits;

	if (!str_starts(*s, k))
		return false;
	*s = str_sub(*s, k.n, s->n);
	return str_next(s, ' ', &digits) && str_int(digits, out) && *out >= 0;
}

bool
arch_mark_parse(struct str message, struct arch_mark *mark)
{
	bool found = false;
	struct str line;

	/* Ours is the last line; a mail cannot put one below it. */
	while (str_next(&message, '\n', &line)) {
		if (line.n > 0)
			found = false;
		if (!str_starts(line, STR(MARK_KEY)))
			continue;
		line = str_sub(line, sizeof(MARK_KEY) - 1, line.n);
		found = str_next(&line, ' ', &mark->store) && mark->store.n == 32 &&
		    number_after(&line, "outbox=", &mark->outbox) && number_after(&line, "message=", &mark->message);
	}
	return found;
}
