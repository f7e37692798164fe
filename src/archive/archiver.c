/*
 * archiver - role main: waits for archive orders, turns, drains.
 *
 * A plain poll() loop: two descriptors and one time to wake up. The work itself is arch_turn's.
 */
#include "archive/archiver.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "archive/turn.h"
#include "base/clock.h"
#include "base/log.h"
#include "conf/conf.h"
#include "ipc/channel.h"
#include "ipc/archive_notice.h"
#include "ipc/scoreboard.h"
#include "ipc/shm.h"
#include "proc/role.h"
#include "store/db.h"

#define HEARTBEAT_US (USEC / 2)
#define LOCK_PAUSE_US (USEC / 10)
#define FILES_US (10 * USEC)   /* of a drain, for the work tree */

struct role_state {
	struct child_env *env;
	struct archiver r;
	struct conf conf;       /* borrowed from env->conf, but for durability */
	struct arena arena;
	struct db *db;
	char *dir;
	bool ready;             /* the master was told */
	bool waiting;           /* somebody else has the archive */
	bool leave, drain;
	int64_t drain_at;       /* when it was asked for */
	int64_t drain_until;    /* 0: as long as it takes */
	int64_t drain_upto;     /* highest row that waited then */
};

static void
tell(struct role_state *s, uint32_t kind)
{
	struct channel_msg m = { .kind = kind, .generation = s->env->generation, .slot = s->env->slot };

	if (channel_send(s->env->channel, &m, -1) < 0 && errno != EPIPE)
		log_warn("channel: %s", strerror(errno));
}

static void
tell_ready(struct role_state *s)
{
	if (s->ready)
		return;
	shm_set_archive_known(s->env->shm);
	tell(s, CH_READY);
	s->ready = true;
}

static void
reopen_log(int fd)
{
	if (fd < 0)
		return;
	if (dup2(fd, log_fd()) < 0)
		log_warn("log descriptor: %s", strerror(errno));
	close(fd);
}

static void
obey(struct role_state *s, const struct channel_msg *m, int fd)
{
	switch (m->kind) {
	case CH_REOPEN:
		reopen_log(fd);
		break;
	case CH_DRAIN:
		s->drain = s->r.hurry = true;
		s->drain_at = clock_mono_us();
		s->drain_until = m->a > 0 ? s->drain_at + m->a * 1000 : 0;
		break;
	case CH_FAST:
		s->leave = true;
		break;
	default:
		log_panic("message %s is not for the archiver", channel_name(m->kind));
	}
}

static void
read_channel(struct role_state *s)
{
	struct channel_msg m;
	int fd, rc;

	while ((rc = channel_recv(s->env->channel, &m, &fd)) > 0)
		obey(s, &m, fd);
	/* Closed: the master is dead, and so are we. What is in the outbox is durable. */
	if (rc == 0 || (errno != EAGAIN && errno != EINTR))
		s->leave = true;
}

/* Sleeps until there is something to do; an order is none while a group is gathered and not yet full. */
static void
wait_for(struct role_state *s, int64_t wait_us)
{
	struct archiver *r = &s->r;
	int64_t until = clock_mono_us() + wait_us;

	do {
		struct pollfd p[2] = { { s->env->channel, POLLIN, 0 }, { s->env->order_read, POLLIN, 0 } };
		int64_t left = until - clock_mono_us(), last = 0;

		atomic_fetch_add_explicit(&r->slot->heartbeat, 1, memory_order_relaxed);
		log_idle(clock_mono_us());
		left = left < 0 ? 0 : left > HEARTBEAT_US ? HEARTBEAT_US : left;
		if (poll(p, 2, (int)((left + 999) / 1000)) < 0 && errno != EINTR)
			log_fatal(EXIT_SYSTEM, "poll: %s", strerror(errno));
		if (p[0].revents)
			read_channel(s);
		if (p[1].revents && order_drain(s->env->order_read, &last) > 0) {
			if (last > r->known)
				r->known = last;
			if (r->retry_at == 0 && !(r->gathering && r->known - r->through < ARCH_GROUP_ROWS))
				break;
		}
	} while (!s->leave && !s->r.hurry && clock_mono_us() < until);
}

/* 0 open, 1 somebody else has it, -1 failed. */
static int
open_archive(struct role_state *s)
{
	int rc = arch_open(&s->r.a, s->env->conf, s->dir, s->db, shm_gate(s->env->shm), 0);

	if (rc == 0)
		return 0;
	if (rc > 0 && !s->waiting)
		log_info("archive: another archiver works; waiting for it to leave");
	s->waiting = rc > 0;
	if (rc < 0)
		log_error("archive: %s", s->r.a.why.text);
	arch_close(&s->r.a);
	return rc;
}

static bool
open_database(struct role_state *s)
{
	struct str why = STR_NONE;

	/*
	 * Our commits need no flush of their own: after a power failure rows may be
	 * in the outbox again that are in Git, and are found there.
	 */
	s->conf.durability = DURABILITY_PROCESS;
	s->db = db_open(&s->conf, DB_WRITE, &s->arena, &why);
	if (s->db && db_migrate(s->db, shm_gate(s->env->shm), &s->arena, &why) == 0)
		return true;
	log_error("database: %" PRIstr, FSTR(why));
	return false;
}

static bool
drained(struct role_state *s)
{
	int64_t now = clock_mono_us();

	if (!s->drain)
		return false;
	if (s->drain_until && now >= s->drain_until)
		return true;
	/* Under load rows never end: those that came since are the next archiver's. */
	if (!s->r.closing && !arch_turn_caught_up(&s->r, s->drain_at, &s->drain_upto))
		return false;
	s->r.closing = true;
	/* No mail waits for us any more: the files need not wait for mail. */
	s->r.work.slot = NULL;
	/* The files may follow, but nobody waits for an index that somebody else holds. */
	return work_done(&s->r.work, &s->r.a) || now - s->drain_at > FILES_US;
}

/* Until the lock is ours; an archiver that waits here is ready all the same: the one before it is at work. */
static int
acquire(struct role_state *s)
{
	int rc;

	while ((rc = open_archive(s)) != 0 && !s->leave && !s->drain) {
		if (rc < 0 && !s->ready)
			return EXIT_SYSTEM;
		tell_ready(s);
		s->r.gathering = true;   /* orders need not wake us */
		wait_for(s, rc > 0 ? LOCK_PAUSE_US : USEC);
	}
	s->r.gathering = false;
	return rc == 0 ? 0 : -1;
}

static int
serve(struct role_state *s)
{
	bool refused = false;
	int rc = acquire(s);

	if (rc != 0)
		return rc > 0 ? rc : 0;
	pace_init(&s->r.pace, clock_mono_us());
	while (!s->leave && !drained(s)) {
		int64_t wait = arch_turn(&s->r, &refused);

		if (refused) {
			log_error("archive: %s", s->r.a.why.text);
			rc = EXIT_CONFIG;
			break;
		}
		if (s->r.settled)
			tell_ready(s);
		if (!drained(s))
			wait_for(s, wait);
	}
	/* What the work tree lacks is mended by the next archiver. */
	work_stop(&s->r.work);
	repack_stop(&s->r.repack);
	arch_close(&s->r.a);
	return rc;
}

int
archiver_run(struct child_env *env)
{
	struct role_state *s = calloc(1, sizeof(*s));
	int rc = EXIT_CONFIG;

	must(s != NULL);
	s->env = env;
	s->conf = *env->conf;
	s->r.slot = shm_slot(env->shm, env->slot);
	s->r.work.slot = s->r.slot;
	s->r.bus = shm_bus(env->shm);
	s->r.wake_fds = env->wake_fds;
	s->r.nslots = env->nslots;
	s->r.index = env->slot;
	s->r.hurry = env->conf->archive_wait;
	arena_init(&s->arena, 4096);
	s->dir = arena_cstr(&s->arena, env->conf->storage_root);
	if (open_database(s))
		rc = serve(s);
	if (rc == 0)
		tell(s, CH_DRAINED);
	db_close(&s->db);
	arena_fini(&s->arena);
	free(s);
	return rc;
}
