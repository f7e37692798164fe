/*
 * query - sends a job's query to the helper and reads the result as it comes, until its end or the time of its kind.
 *
 * Whatever goes wrong is an absent result: the job goes on.
 */
#include "job/query.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "ipc/helper_query.h"
#include "ipc/query/count.h"
#include "ipc/query/kind.h"
#include "job/runtime.h"

#define FIRST_ROOM 16384

/* Without these the helper could take the bytes away under us. */
#define SEALS (F_SEAL_SHRINK | F_SEAL_WRITE)

static void
unmap(void *arg)
{
	const struct str *file = arg;

	munmap((void *)file->p, file->n);
}

/* The bytes of the memory file, until the request ends. */
static void
map_file(struct pending_query *q)
{
	struct str *file;
	struct stat st;
	void *p;

	if (q->passed >= 0 && (fcntl(q->passed, F_GET_SEALS) & SEALS) == SEALS && fstat(q->passed, &st) == 0 &&
	    st.st_size > 0) {
		p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, q->passed, 0);
		if (p != MAP_FAILED) {
			file = arena_get(q->arena, sizeof(*file));
			*file = (struct str){ p, (size_t)st.st_size };
			q->file = *file;
			arena_on_end(q->arena, unmap, file);
		}
	}
	if (q->passed >= 0)
		close(q->passed);
}

static void
hang_up(struct pending_query *q)
{
	loop_io_stop(&q->io);
	loop_timer_stop(&q->timer);
	close(q->fd);
}

void
query_cancel(struct pending_query *q)
{
	hang_up(q);
	if (q->passed >= 0)
		close(q->passed);
	query_count_end(q->slot, QUERY_TIMED_OUT, clock_mono_us() - q->start_us);
}

static void
end(struct pending_query *q, enum query_end how)
{
	struct str result = { q->result, q->n };

	hang_up(q);
	map_file(q);
	query_count_end(q->slot, how, clock_mono_us() - q->start_us);
	q->fn(q->arg, how == QUERY_RESULT ? result : STR_NONE);
}

/* Most results are short. False when this one is longer than any may be. */
static bool
grow(struct pending_query *q)
{
	char *more;

	if (q->room > HELPER_RESULT_MAX)
		return false;
	more = arena_get(q->arena, 2 * q->room);
	memcpy(more, q->result, q->n);
	q->result = more;
	q->room *= 2;
	return true;
}

static void
on_readable(void *arg)
{
	struct pending_query *q = arg;

	for (;;) {
		ssize_t n;

		if (q->n == q->room && !grow(q)) {
			end(q, QUERY_FAILED);
			return;
		}
		n = helper_result_read(q->fd, q->result + q->n, q->room - q->n, &q->passed);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return;
		if (n <= 0) {
			end(q, n < 0 ? QUERY_FAILED : query_end_of((struct str){ q->result, q->n }));
			return;
		}
		q->n += (size_t)n;
	}
}

static void
on_late(void *arg)
{
	end(arg, QUERY_TIMED_OUT);
}

bool
query_start(struct runtime *rt, struct str query, struct pending_query *q)
{
	const struct query_kind *kind = query_kind_of(query);

	must(kind != NULL);
	if (rt->loop == NULL || rt->query_fd < 0)
		return false;
	q->slot = rt->slot;
	q->start_us = clock_mono_us();
	query_count_start(q->slot);
	q->fd = helper_query_send(rt->query_fd, query);
	if (q->fd < 0) {
		query_count_end(q->slot, query_end_unsent(errno), 0);
		return false;
	}
	q->room = FIRST_ROOM;
	q->result = arena_get(q->arena, q->room);
	q->n = 0;
	q->passed = -1;
	q->file = STR_NONE;
	loop_io_init(&q->io, rt->loop, q->fd, LOOP_READ, on_readable, q);
	loop_timer_init(&q->timer, rt->loop, on_late, q);
	loop_io_start(&q->io);
	loop_timer_set(&q->timer, query_limits(rt->conf, kind->lane).timeout_us);
	return true;
}
