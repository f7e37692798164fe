/*
 * signal - path and contents of a signal file, its writing and its removal.
 *
 * Called by the keeper, by fetch_inbox, REST's inbox and receipts. A file is written beside its
 * place and moved there: a hook never reads half of one.
 */
#include "mail/message/signal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/json_write.h"
#include "conf/conf.h"
#include "ipc/shm.h"
#include "mail/agent/agent.h"
#include "mail/project/project.h"
#include "store/cx.h"
#include "store/stmt.h"

struct str
signal_path(const struct conf *conf, struct arena *a, struct str slug, struct str name)
{
	return arena_printf(a, "%" PRIstr "/projects/%" PRIstr "/agents/%" PRIstr ".signal",
	    FSTR(conf->notifications_signals_dir), FSTR(slug), FSTR(name));
}

/* A name beside `path` that is this process's alone and no *.signal. */
static const char *
beside(struct arena *a, struct str path)
{
	size_t dir = path.n;

	while (dir > 0 && path.p[dir - 1] != '/')
		dir--;
	return arena_printf(a, "%" PRIstr ".%" PRIstr ".%d", FSTR(str_sub(path, 0, dir)),
	    FSTR(str_sub(path, dir, path.n)), (int)getpid())
	    .p;
}

/* Makes the directories above the file; whether that worked is seen when it is opened. */
static void
make_dirs(char *path)
{
	for (char *p = strchr(path + 1, '/'); p != NULL; p = strchr(p + 1, '/')) {
		*p = '\0';
		(void)mkdir(path, 0777);
		*p = '/';
	}
}

/* The object of the file, as Python's json.dumps(indent=2) writes it. */
static struct str
content(struct cx *cx, const struct signal *s)
{
	struct buf b;
	struct jw w;

	buf_init(&b, cx->arena);
	jw_init(&w, &b, JW_INDENT2 | JW_ASCII);
	jw_obj(&w);
	jw_ktime(&w, "timestamp", cx->now);
	jw_kstr(&w, "project", s->project);
	jw_kstr(&w, "agent", s->agent);
	if (cx->conf->notifications_include_metadata) {
		jw_kobj(&w, "message");
		jw_kint(&w, "id", s->message_id);
		jw_kstr(&w, "from", s->from);
		jw_kstr(&w, "subject", s->subject);
		jw_kstr(&w, "importance", s->importance);
		jw_end(&w);
	}
	jw_end(&w);
	return buf_flat(&b);
}

static int
open_beside(struct cx *cx, const char *name)
{
	const int flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW;
	int fd = open(name, flags, 0666);

	if (fd < 0 && errno == ENOENT) {
		make_dirs(arena_cstr(cx->arena, str_c(name)));
		fd = open(name, flags, 0666);
	}
	return fd;
}

int
signal_write(struct cx *cx, const struct signal *s)
{
	struct str path = signal_path(cx->conf, cx->arena, s->project, s->agent), text = content(cx, s);
	const char *name = beside(cx->arena, path);
	struct timespec at = { (time_t)(s->created_ts / USEC), (long)(s->created_ts % USEC) * 1000 };
	int fd = open_beside(cx, name), error = 0;

	if (fd < 0)
		return errno;
	errno = EIO;
	if (write(fd, text.p, text.n) != (ssize_t)text.n || futimens(fd, (const struct timespec[]){ at, at }) != 0)
		error = errno;
	close(fd);
	if (error == 0 && rename(name, path.p) != 0)
		error = errno;
	if (error != 0)
		unlink(name);
	return error;
}

static int64_t
time_of(const char *name)
{
	struct stat st;

	return stat(name, &st) == 0 ? (int64_t)st.st_mtim.tv_sec * USEC + st.st_mtim.tv_nsec / 1000 : 0;
}

void
signal_remove(struct arena *a, struct str path, int64_t seen_ts)
{
	const char *name = beside(a, path);

	/* Taken aside first: between a look and its removal the keeper could put a later one there. */
	if (rename(path.p, name) != 0)
		return;
	if (time_of(name) > seen_ts && link(name, path.p) != 0 && errno != EEXIST)
		return;
	unlink(name);
}

struct fetched {
	struct cx *cx;
	struct str path;
	int64_t agent_id, message_id, created_ts;
};

/* The keeper first: what it is about to write must not come after the removal. */
static void
forget(void *arg)
{
	const struct fetched *f = arg;
	struct topic fetched = TOPIC_OF(FETCHED, f->agent_id);

	if (f->cx->shm != NULL)
		topic_publish(shm_bus(f->cx->shm), 0, &fetched, f->message_id);
	signal_remove(f->cx->arena, f->path, f->created_ts);
}

int
signal_fetched(struct cx *cx, const struct project *p, const struct agent *agent)
{
	struct fetched *f;
	struct stmt *s;
	int rc;

	if (!cx->conf->notifications_enabled)
		return 0;
	f = arena_new(cx->arena, struct fetched);
	*f = (struct fetched){
		.cx = cx, .agent_id = agent->id, .path = signal_path(cx->conf, cx->arena, p->slug, agent->name)
	};
	s = stmt_get(cx->db, STMT_MSG_NEWEST);
	if ((rc = stmt_step(cx, s)) > 0) {
		f->message_id = stmt_int(s, 0);
		f->created_ts = stmt_int(s, 1);
	}
	stmt_done(s);
	if (rc > 0)
		cx_after_commit(cx, forget, f);
	return rc < 0 ? -1 : 0;
}
