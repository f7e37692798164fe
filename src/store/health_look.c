/*
 * health_look - gathers the facts: what the database answers now, what the scoreboard holds of the others.
 */
#include "store/health_look.h"

#include <string.h>
#include <sys/statvfs.h>

#include "base/clock.h"
#include "base/descriptors.h"
#include "conf/conf.h"
#include "ipc/health.h"
#include "store/cx.h"
#include "store/stmt.h"

static void
look_at_database(struct cx *cx, struct health_facts *f)
{
	f->database = stmt_run_int(cx, stmt_get(cx->db, STMT_HEALTH_PROBE), &f->waiting) == 1;
	f->waiting_max = cx->conf->outbox_max_rows;
	/* Ids may have gaps: the rows are only counted when the distance says too many. */
	if (f->database && f->waiting >= f->waiting_max)
		f->database = stmt_run_int(cx, stmt_get(cx->db, STMT_ARCHIVE_QUEUE_COUNT), &f->waiting) == 1;
	f->database_why = f->database ? STR_NONE : cx->fail.msg;
	fail_clear(&cx->fail);
}

static int64_t
free_bytes(struct cx *cx, struct str path)
{
	struct statvfs fs;
	char *dir = arena_cstr(cx->arena, path), *slash = strrchr(dir, '/');

	if (statvfs(dir, &fs) != 0) {
		/* Not there yet: the directory that it will lie in. */
		if (slash == NULL || slash == dir)
			return -1;
		*slash = '\0';
		if (statvfs(dir, &fs) != 0)
			return -1;
	}
	return (int64_t)((uint64_t)fs.f_bavail * fs.f_frsize);
}

void
health_look(struct cx *cx, struct health_facts *out)
{
	int64_t now = clock_mono_us();

	*out = (struct health_facts){ .age_us = HEALTH_NEVER, .disk_age_us = HEALTH_NEVER, .descriptors_free = 100 };
	if (cx->shm != NULL)
		health_from_shm(cx->shm, now, out);
	/* What costs system calls is taken from who looked last: workers do once a second. */
	if (out->disk_age_us == HEALTH_NEVER || out->disk_age_us >= USEC) {
		int own = descriptors_free();

		out->descriptors_free = own < out->descriptors_free ? own : out->descriptors_free;
		out->disk_age_us = 0;
		out->disk_database = free_bytes(cx, cx->conf->database);
		out->disk_archive = free_bytes(cx, cx->conf->storage_root);
	}
	look_at_database(cx, out);
	out->age_us = 0;
	if (cx->shm != NULL)
		health_publish(cx->shm, now, out);
}
