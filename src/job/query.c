/*
 * query - sends a request's question to the helper and reads the answer as it comes, until its end
 * or the deadline.
 *
 * Whatever goes wrong is an absent answer: the request goes on.
 */
#include "job/query.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ipc/helper_query.h"

#define FIRST_ROOM 16384

/* Without these the helper could take the bytes away under us. */
#define SEALS (F_SEAL_SHRINK | F_SEAL_WRITE)

static void
unmap(void *arg)
{
	struct ask *a = arg;

	munmap((void *)a->bytes.p, a->bytes.n);
}

/* The bytes of the memory file, until the request ends. */
static void
take_bytes(struct ask *a)
{
	struct stat st;
	void *p;

	if (a->passed >= 0 && (fcntl(a->passed, F_GET_SEALS) & SEALS) == SEALS && fstat(a->passed, &st) == 0 && st.st_size > 0) {
		p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, a->passed, 0);
		if (p != MAP_FAILED) {
			a->bytes = (struct str){ p, (size_t)st.st_size };
			arena_on_end(a->arena, unmap, a);
		}
	}
	if (a->passed >= 0)
		close(a->passed);
}

static void
hang_up(struct ask *a)
{
	loop_io_stop(&a->io);
	loop_timer_stop(&a->timer);
	close(a->fd);
}

void
ask_cancel(struct ask *a)
{
	hang_up(a);
	if (a->passed >= 0)
		close(a->passed);
}

static void
end(struct ask *a, struct str answer)
{
	hang_up(a);
	take_bytes(a);
	a->fn(a->arg, answer);
}

/* Most answers are short. False when this one is longer than any may be. */
static bool
grow(struct ask *a)
{
	char *more;

	if (a->room > ANSWER_MAX)
		return false;
	more = arena_get(a->arena, 2 * a->room);
	memcpy(more, a->answer, a->n);
	a->answer = more;
	a->room *= 2;
	return true;
}

static void
on_readable(void *arg)
{
	struct ask *a = arg;

	for (;;) {
		ssize_t n;

		if (a->n == a->room && !grow(a)) {
			end(a, STR_NONE);
			return;
		}
		n = ask_read(a->fd, a->answer + a->n, a->room - a->n, &a->passed);
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
	a->room = FIRST_ROOM;
	a->answer = arena_get(a->arena, a->room);
	a->n = 0;
	a->passed = -1;
	a->bytes = STR_NONE;
	loop_io_init(&a->io, loop, a->fd, LOOP_READ, on_readable, a);
	loop_timer_init(&a->timer, loop, on_late, a);
	loop_io_start(&a->io);
	loop_timer_set(&a->timer, timeout_us);
	return true;
}
