/*
 * health - each spelling of alive, healthy and ready that clients of the three servers ask for.
 *
 * The verdict is ipc/health's; here are the words of each spelling.
 */
#include "serve/health.h"

#include "base/clock.h"
#include "ipc/health.h"
#include "net/http.h"
#include "job/job.h"
#include "job/runtime.h"
#include "serve/timing.h"
#include "store/health_look.h"

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
	buf_putc(&b, '}');
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

/* The verdict of now, and how long it took. */
static int64_t
look(struct runtime *rt, struct request *rq, const struct caller *caller, struct health *h, struct health_facts *facts)
{
	struct job *job = job_new(rt, rq->arena, rq->start_us, caller);

	job->cx.db = rt->ro;
	health_look(&job->cx, facts);
	health_judge(facts, h);
	return clock_mono_us() - job->start_us;
}

void
health_readiness(struct runtime *rt, struct request *rq, const struct caller *caller)
{
	struct health_facts facts;
	struct health h;
	struct buf b;
	struct jw w;

	look(rt, rq, caller, &h, &facts);
	buf_init(&b, rq->arena);
	jw_init(&w, &b, JW_COMPACT);
	jw_obj(&w);
	jw_kcstr(&w, h.ready ? "status" : "detail", h.ready ? "ready" : health_why_unready(&h));
	jw_end(&w);
	done(rt, rq, h.ready ? 200 : 503, TIMING_ready, &b);
}

/* What is not as it should be, by one word each; nothing while all is well. */
static void
write_troubles(const struct health *h, struct jw *w)
{
	static const enum health_check_id told[] = { HEALTH_ARCHIVE, HEALTH_WRITES, HEALTH_DISK, HEALTH_DESCRIPTORS };

	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++)
		if (h->check[told[i]].level == HEALTH_BROKEN)
			jw_kcstr(w, h->check[told[i]].name, h->check[told[i]].word);
	if (h->level != HEALTH_OK)
		jw_kcstr(w, "health", health_level_word(h->level));
}

void
health_ready(struct runtime *rt, struct request *rq, const struct caller *caller)
{
	struct health_facts facts;
	struct health h;
	struct buf b;
	struct jw w;

	look(rt, rq, caller, &h, &facts);
	buf_init(&b, rq->arena);
	jw_init(&w, &b, JW_COMPACT);
	jw_obj(&w);
	jw_kcstr(&w, "status", h.ready ? "ready" : "not_ready");
	jw_kcstr(&w, "database", facts.database ? "connected" : "disconnected");
	write_troubles(&h, &w);
	jw_end(&w);
	done(rt, rq, h.ready ? 200 : 503, TIMING_ready, &b);
}

void
health_checks(struct runtime *rt, struct request *rq, const struct caller *caller)
{
	struct health_facts facts;
	struct health h;
	int64_t took_us = look(rt, rq, caller, &h, &facts);
	struct buf b;
	struct jw w;

	buf_init(&b, rq->arena);
	jw_init(&w, &b, JW_COMPACT);
	jw_obj(&w);
	jw_kcstr(&w, "status", h.ready ? "ready" : "not_ready");
	jw_kcstr(&w, "version", AGENTMAIL_VERSION);
	jw_kint(&w, "uptime_seconds", uptime(rt));
	jw_kobj(&w, "checks");
	jw_kobj(&w, "database");
	jw_kbool(&w, "ok", h.ready);
	jw_key(&w, "latency_ms");
	jw_double(&w, (double)took_us / 1000);
	if (!h.ready)
		jw_kcstr(&w, "error", health_why_unready(&h));
	jw_end(&w);
	jw_end(&w);
	jw_end(&w);
	done(rt, rq, h.ready ? 200 : 503, TIMING_ready, &b);
}

void
health_durability(struct runtime *rt, struct request *rq, const struct caller *caller)
{
	struct health_facts facts;
	struct health h;
	bool writes;
	struct buf b;
	struct jw w;

	look(rt, rq, caller, &h, &facts);
	writes = facts.database && !h.check[HEALTH_WRITES].unready;
	buf_init(&b, rq->arena);
	jw_init(&w, &b, JW_COMPACT);
	jw_obj(&w);
	jw_kcstr(&w, "durability_state", writes ? "healthy" : facts.database ? "read_only" : "unavailable");
	jw_kbool(&w, "allows_reads", facts.database);
	jw_kbool(&w, "allows_writes", writes);
	jw_end(&w);
	done(rt, rq, 200, TIMING_ready, &b);
}
