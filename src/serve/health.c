/*
 * health - tries the database, reads the scoreboard, and answers in each of the spellings.
 *
 * A dead archiver does not make the daemon unready: mail is taken and waits (architecture 9);
 * /ready tells it in a member of its own. Refused writes do.
 */
#include "serve/health.h"

#include <string.h>

#include "base/clock.h"
#include "base/descriptors.h"
#include "conf/conf.h"
#include "ipc/scoreboard.h"
#include "ipc/shm.h"
#include "net/http.h"
#include "job/job.h"
#include "job/runtime.h"
#include "serve/timing.h"
#include "store/stmt.h"

/* A commit that waits longer for Git than this is worth telling. */
#define LAG_US (60 * USEC)

static void
done(struct runtime *rt, struct request *rq, int status, enum timing_route row, const struct buf *body)
{
	reply(rq, status, TYPE_JSON, body);
	timing_add(rt, timing_route(row), rq->start_us, status != 200);
}

static int64_t
uptime(const struct runtime *rt)
{
	return (clock_wall_us() - rt->started_us) / USEC;
}

static void
answer(struct runtime *rt, struct request *rq, struct str json)
{
	reply_static(rq, 200, TYPE_JSON, json);
	timing_add(rt, timing_route(TIMING_health), rq->start_us, false);
}

void
health_alive(struct runtime *rt, struct request *rq, const struct caller *caller)
{
	answer(rt, rq, STR("{\"status\":\"alive\"}"));
}

void
health_plain(struct runtime *rt, struct request *rq, const struct caller *caller)
{
	answer(rt, rq, STR("{\"status\":\"healthy\"}"));
}

void
health_healthy(struct runtime *rt, struct request *rq, const struct caller *caller)
{
	struct buf b;

	buf_init(&b, rq->arena);
	buf_str(&b, STR("{\"status\":\"healthy\",\"uptime_seconds\":"));
	buf_int(&b, uptime(rt));
	buf_chr(&b, '}');
	done(rt, rq, 200, TIMING_health, &b);
}

void
health_ok(struct runtime *rt, struct request *rq, const struct caller *caller)
{
	char now[CLOCK_ISO_SIZE];
	struct buf b;

	buf_init(&b, rq->arena);
	buf_str(&b, STR("{\"status\":\"ok\",\"timestamp\":\""));
	buf_put(&b, now, clock_iso(now, clock_wall_us()));
	buf_str(&b, STR("\"}"));
	done(rt, rq, 200, TIMING_health, &b);
}

/* What was found when looking: reads and writes are possible, or why not. */
struct probe {
	bool reads, writes;
	struct str why;
	int64_t took_us;
};

static struct probe
probe(struct runtime *rt, struct request *rq, const struct caller *caller)
{
	struct job *job = job_new(rt, rq->arena, rq->start_us, caller);
	struct probe p = { .reads = false };
	int64_t waiting = 0;

	job->cx.db = rt->ro;
	if (stmt_run_int(&job->cx, stmt_get(rt->ro, STMT_HEALTH_PROBE), &waiting) == 1) {
		p.reads = p.writes = true;
		/* Ids may have gaps: the rows are only counted when the distance says too many. */
		if (waiting >= rt->conf->outbox_max_rows)
			p.writes = stmt_run_int(&job->cx, stmt_get(rt->ro, STMT_OUTBOX_COUNT), &waiting) == 1 &&
				   waiting < rt->conf->outbox_max_rows;
		if (!p.writes)
			p.why = STR("writes are refused until the archiver catches up (outbox_max_rows)");
	} else {
		p.why = job->cx.fail.msg.p != NULL ? job->cx.fail.msg : STR("the database does not answer");
	}
	p.took_us = clock_mono_us() - job->start_us;
	return p;
}

void
health_readiness(struct runtime *rt, struct request *rq, const struct caller *caller)
{
	struct probe p = probe(rt, rq, caller);
	struct buf b;
	struct jw w;

	buf_init(&b, rq->arena);
	if (p.writes && descriptors_free() < 10) {
		p.writes = false;
		p.why = STR("fewer than 10 % of the file descriptors are free");
	}
	jw_init(&w, &b, JW_COMPACT);
	jw_obj(&w);
	if (p.writes)
		jw_kc(&w, "status", "ready");
	else
		jw_kstr(&w, "detail", p.why);
	jw_end(&w);
	done(rt, rq, p.writes ? 200 : 503, TIMING_ready, &b);
}

/* NULL while Git follows. */
static const char *
archive_trouble(const struct runtime *rt)
{
	int i;

	for (i = 0; i < shm_nslots(rt->shm); i++) {
		struct slot *s = shm_slot(rt->shm, i);

		if (strcmp(s->role, "archiver") != 0)
			continue;
		if (atomic_load_explicit(&s->state, memory_order_relaxed) != SLOT_READY)
			return "down";
		return counter_get(s, C_archive_lag_us) > LAG_US ? "behind" : NULL;
	}
	return NULL;
}

void
health_ready(struct runtime *rt, struct request *rq, const struct caller *caller)
{
	struct probe p = probe(rt, rq, caller);
	const char *trouble = archive_trouble(rt);
	struct buf b;
	struct jw w;

	buf_init(&b, rq->arena);
	jw_init(&w, &b, JW_COMPACT);
	jw_obj(&w);
	jw_kc(&w, "status", p.writes ? "ready" : "not_ready");
	jw_kc(&w, "database", p.reads ? "connected" : "disconnected");
	if (trouble != NULL)
		jw_kc(&w, "archive", trouble);
	if (p.reads && !p.writes)
		jw_kc(&w, "writes", "refused");
	jw_end(&w);
	done(rt, rq, p.writes ? 200 : 503, TIMING_ready, &b);
}

void
health_checks(struct runtime *rt, struct request *rq, const struct caller *caller)
{
	struct probe p = probe(rt, rq, caller);
	struct buf b;
	struct jw w;

	buf_init(&b, rq->arena);
	jw_init(&w, &b, JW_COMPACT);
	jw_obj(&w);
	jw_kc(&w, "status", p.writes ? "ready" : "not_ready");
	jw_kc(&w, "version", AGENTMAIL_VERSION);
	jw_kint(&w, "uptime_seconds", uptime(rt));
	jw_kobj(&w, "checks");
	jw_kobj(&w, "database");
	jw_kbool(&w, "ok", p.writes);
	jw_key(&w, "latency_ms");
	jw_double(&w, (double)p.took_us / 1000);
	if (!p.writes)
		jw_kstr(&w, "error", p.why);
	jw_end(&w);
	jw_end(&w);
	jw_end(&w);
	done(rt, rq, p.writes ? 200 : 503, TIMING_ready, &b);
}

void
health_durability(struct runtime *rt, struct request *rq, const struct caller *caller)
{
	struct probe p = probe(rt, rq, caller);
	struct buf b;
	struct jw w;

	buf_init(&b, rq->arena);
	jw_init(&w, &b, JW_COMPACT);
	jw_obj(&w);
	jw_kc(&w, "durability_state", p.writes ? "healthy" : p.reads ? "read_only" : "unavailable");
	jw_kbool(&w, "allows_reads", p.reads);
	jw_kbool(&w, "allows_writes", p.writes);
	jw_end(&w);
	done(rt, rq, 200, TIMING_ready, &b);
}
