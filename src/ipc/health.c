/*
 * health - from facts to one verdict, by a table of checks. The bounds stand here and nowhere else.
 */
#include "ipc/health.h"

#include <stdatomic.h>
#include <stdio.h>

#include "base/clock.h"
#include "ipc/scoreboard.h"
#include "ipc/shm.h"

/* Workers look once a second; who has heard nothing for so long thinks the worst. */
#define STALE_US (15 * USEC)
/* The Rust port's bounds (contract/rest-and-rust-peers.md B.2). */
#define LAG_DEGRADED (5 * USEC)
#define LAG_BROKEN (30 * USEC)
#define WAITING_DEGRADED 50
#define WAITING_BROKEN 80
/* Free bytes below which a disk is low, critical, full. */
#define MIB (INT64_C(1) << 20)
#define DISK_LOW (1024 * MIB)
#define DISK_CRITICAL (256 * MIB)
#define DISK_FULL (32 * MIB)
/* Percent of the file descriptors (contract/surface.md 6). */
#define DESCRIPTORS_DEGRADED 30
#define DESCRIPTORS_BROKEN 15
#define DESCRIPTORS_UNREADY 10

/* Written by whichever worker looked last; facts of two looks may mix, each is true. */
struct health_board {
	_Atomic int64_t at_us, disks_at_us; /* monotonic, 0 for never */
	_Atomic bool database;
	_Atomic int64_t waiting, waiting_max;
	_Atomic int64_t disk_database, disk_archive;
};

size_t
health_board_size(void)
{
	return sizeof(struct health_board);
}

void
health_board_init(struct health_board *b)
{
	atomic_store(&b->at_us, 0);
	atomic_store(&b->disks_at_us, 0);
	atomic_store(&b->disk_database, -1);
	atomic_store(&b->disk_archive, -1);
}

static int64_t
get(const _Atomic int64_t *v)
{
	return atomic_load_explicit(v, memory_order_relaxed);
}

static void
set(_Atomic int64_t *v, int64_t to)
{
	atomic_store_explicit(v, to, memory_order_relaxed);
}

static int64_t
age(int64_t now, int64_t at)
{
	return at == 0 ? HEALTH_NEVER : now > at ? now - at : 0;
}

/* Highest share of descriptors in use, of all workers. */
static int
descriptors_used(struct shm *shm)
{
	uint64_t most = 0;

	for (int i = 0; i < shm_nslots(shm); i++) {
		uint64_t used = counter_get(shm_slot(shm, i), C_descriptors_used_percent);

		most = used > most ? used : most;
	}
	return most < 100 ? (int)most : 100;
}

void
health_from_shm(struct shm *shm, int64_t now, struct health_facts *out)
{
	struct health_board *b = shm_health(shm);

	*out = (struct health_facts){
		.age_us = age(now, get(&b->at_us)),
		.database = atomic_load_explicit(&b->database, memory_order_relaxed),
		.waiting = get(&b->waiting),
		.waiting_max = get(&b->waiting_max),
		.disk_age_us = age(now, get(&b->disks_at_us)),
		.disk_database = get(&b->disk_database),
		.disk_archive = get(&b->disk_archive),
		.archiver = !shm_role_known(shm, ROLE_ARCHIVER) ? ARCHIVER_NONE
		    : shm_role_ready(shm, ROLE_ARCHIVER)        ? ARCHIVER_UP
								: ARCHIVER_DOWN,
		.lag_us = (int64_t)shm_role_gauge(shm, ROLE_ARCHIVER, C_archive_lag_us),
		.descriptors_free = 100 - descriptors_used(shm),
	};
}

void
health_publish(struct shm *shm, int64_t now, const struct health_facts *facts)
{
	struct health_board *b = shm_health(shm);

	atomic_store_explicit(&b->database, facts->database, memory_order_relaxed);
	set(&b->waiting, facts->waiting);
	set(&b->waiting_max, facts->waiting_max);
	set(&b->at_us, now);
	if (facts->disk_age_us != 0)
		return;
	set(&b->disk_database, facts->disk_database);
	set(&b->disk_archive, facts->disk_archive);
	set(&b->disks_at_us, now);
}

void
health_publish_descriptors(struct slot *slot, int percent_free)
{
	counter_set(slot, C_descriptors_used_percent, (uint64_t)(100 - percent_free));
}

int64_t
health_waiting_percent(const struct health_facts *f)
{
	return f->waiting_max > 0 ? f->waiting * 100 / f->waiting_max : 100;
}

static int64_t
least_free(const struct health_facts *f)
{
	if (f->disk_archive < 0 || (f->disk_database >= 0 && f->disk_database < f->disk_archive))
		return f->disk_database;
	return f->disk_archive;
}

int
health_disk_pressure(const struct health_facts *f)
{
	int64_t least = least_free(f);

	if (least < 0 || least >= DISK_LOW)
		return 0;
	return least >= DISK_CRITICAL ? 1 : least >= DISK_FULL ? 2 : 3;
}

static void
judge_database(const struct health_facts *f, struct health_check *c)
{
	c->remedy = "see the log of the workers, and agentmail ctl status";
	if (f->age_us == HEALTH_NEVER) {
		c->level = HEALTH_DEGRADED;
		c->word = "unknown";
		snprintf(c->words, sizeof(c->words), "no worker has looked at the database yet");
	} else if (f->age_us > STALE_US) {
		c->level = HEALTH_BROKEN;
		c->word = "unknown";
		snprintf(c->words, sizeof(c->words), "no worker has looked at the database for %lld seconds",
		    (long long)(f->age_us / USEC));
	} else if (!f->database) {
		c->level = HEALTH_BROKEN;
		c->word = "disconnected";
		c->remedy = "see the log of the workers; disk and file permissions of the database";
		snprintf(c->words, sizeof(c->words), "%" PRIstr,
		    FSTR(f->database_why.p != NULL ? str_cut_utf8(f->database_why, sizeof(c->words) - 1)
						   : STR("the database does not answer")));
	}
	c->unready = c->level == HEALTH_BROKEN;
}

static void
judge_writes(const struct health_facts *f, struct health_check *c)
{
	int64_t percent = health_waiting_percent(f);

	if (f->age_us == HEALTH_NEVER || percent < WAITING_DEGRADED)
		return;
	c->level = percent >= WAITING_BROKEN ? HEALTH_BROKEN : HEALTH_DEGRADED;
	c->unready = percent >= 100;
	c->word = c->unready ? "refused" : "limited";
	c->remedy = "see why the archive does not follow; raise outbox_max_rows if it only needs time";
	if (c->unready)
		snprintf(
		    c->words, sizeof(c->words), "writes are refused until the archiver catches up (outbox_max_rows)");
	else
		snprintf(
		    c->words, sizeof(c->words), "%lld %% of outbox_max_rows wait for the archive", (long long)percent);
}

static void
judge_descriptors(const struct health_facts *f, struct health_check *c)
{
	if (f->descriptors_free >= DESCRIPTORS_DEGRADED)
		return;
	c->level = f->descriptors_free < DESCRIPTORS_BROKEN ? HEALTH_BROKEN : HEALTH_DEGRADED;
	c->unready = f->descriptors_free < DESCRIPTORS_UNREADY;
	c->word = "few";
	c->remedy = "raise the limit (LimitNOFILE, ulimit -n) or lower max_connections";
	if (c->unready)
		snprintf(c->words, sizeof(c->words), "fewer than %d %% of the file descriptors are free",
		    DESCRIPTORS_UNREADY);
	else
		snprintf(c->words, sizeof(c->words), "%d %% of the file descriptors are free", f->descriptors_free);
}

static void
judge_disk(const struct health_facts *f, struct health_check *c)
{
	static const char *const words[] = { NULL, "low", "critical", "full" };
	int pressure = health_disk_pressure(f);

	if (pressure == 0)
		return;
	c->level = pressure > 1 ? HEALTH_BROKEN : HEALTH_DEGRADED;
	c->word = words[pressure];
	c->remedy = "make room on the disk of the database and on that of the archive";
	snprintf(c->words, sizeof(c->words), "%lld MiB are free for %s", (long long)(least_free(f) / MIB),
	    least_free(f) == f->disk_database ? "the database" : "the archive");
}

/* A dead archiver does not make the daemon unready: mail is taken and waits (docs/ARCHITECTURE.md). */
static void
judge_archive(const struct health_facts *f, struct health_check *c)
{
	bool down = f->archiver == ARCHIVER_DOWN;

	if (!down && f->lag_us < LAG_DEGRADED)
		return;
	c->level = down || f->lag_us >= LAG_BROKEN ? HEALTH_BROKEN : HEALTH_DEGRADED;
	c->word = down ? "down" : c->level == HEALTH_BROKEN ? "behind" : "slow";
	c->remedy = "see the log of the archiver, and the disk of the archive";
	if (down)
		snprintf(c->words, sizeof(c->words), "the archiver does not run; mail is taken and waits for it");
	else
		snprintf(c->words, sizeof(c->words), "the oldest change that is not in Git is %lld seconds old",
		    (long long)(f->lag_us / USEC));
}

static const struct {
	const char *name;
	void (*judge)(const struct health_facts *f, struct health_check *c);
} checks[HEALTH_CHECKS] = {
	[HEALTH_DATABASE] = { "database", judge_database },
	[HEALTH_WRITES] = { "writes", judge_writes },
	[HEALTH_DESCRIPTORS] = { "descriptors", judge_descriptors },
	[HEALTH_DISK] = { "disk", judge_disk },
	[HEALTH_ARCHIVE] = { "archive", judge_archive },
};

void
health_judge(const struct health_facts *facts, struct health *out)
{
	*out = (struct health){ .level = HEALTH_OK, .ready = true };
	for (int i = 0; i < HEALTH_CHECKS; i++) {
		struct health_check *c = &out->check[i];

		c->name = checks[i].name;
		checks[i].judge(facts, c);
		if (c->level == HEALTH_OK)
			c->remedy = NULL;
		if (c->level > out->level)
			out->level = c->level;
		out->ready &= !c->unready;
	}
}

const char *
health_why_unready(const struct health *h)
{
	for (int i = 0; i < HEALTH_CHECKS; i++)
		if (h->check[i].unready)
			return h->check[i].words;
	return "";
}

const char *
health_level_word(enum health_level level)
{
	static const char *const words[] = { "ok", "degraded", "broken" };

	return words[level];
}

void
health_write_published(struct shm *shm, int64_t now, struct jw *w)
{
	struct health_facts facts;
	struct health h;

	health_from_shm(shm, now, &facts);
	health_judge(&facts, &h);
	jw_kobj(w, "health");
	jw_kcstr(w, "level", health_level_word(h.level));
	jw_kbool(w, "ready", h.ready);
	jw_karr(w, "checks");
	for (int i = 0; i < HEALTH_CHECKS; i++) {
		const struct health_check *c = &h.check[i];

		jw_obj(w);
		jw_kcstr(w, "name", c->name);
		jw_kcstr(w, "level", health_level_word(c->level));
		jw_kcstr(w, "words", c->words[0] != '\0' ? c->words : NULL);
		jw_kcstr(w, "remedy", c->remedy);
		jw_end(w);
	}
	jw_end(w);
	jw_end(w);
}
