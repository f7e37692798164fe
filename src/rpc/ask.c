/*
 * ask - see ask.h.
 */
#include "rpc/ask.h"

#include <errno.h>
#include <unistd.h>

#include "ipc/ask.h"

static void
end(struct ask *a, struct str answer)
{
	loop_io_stop(&a->io);
	loop_timer_stop(&a->timer);
	close(a->fd);
	a->fn(a->arg, answer);
}

static void
on_readable(void *arg)
{
	struct ask *a = arg;

	for (;;) {
		ssize_t n = read(a->fd, a->answer + a->n, ANSWER_MAX - a->n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return;
		if (n <= 0) {
			end(a, n == 0 && a->n > 0 ? (struct str){ a->answer, a->n } : STR_NONE);
			return;
		}
		a->n += (size_t)n;
	}
}

static void
on_late(void *arg)
{
	end(arg, STR_NONE);
}

bool
ask_helper(struct loop *loop, int fd, struct str question, int64_t timeout_us, struct ask *a)
{
	if (loop == NULL || (a->fd = ask_send(fd, question)) < 0)
		return false;
	a->answer = arena_get(a->arena, ANSWER_MAX);
	a->n = 0;
	loop_io_init(&a->io, loop, a->fd, LOOP_READ, on_readable, a);
	loop_timer_init(&a->timer, loop, on_late, a);
	loop_io_start(&a->io);
	loop_timer_set(&a->timer, timeout_us);
	return true;
}
