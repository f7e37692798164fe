/*
 * admission_rate - token buckets, shared by all workers (decision 3.49): one per
 * client for everything, and the reference's classes where they are set.
 */
#include "base/clock.h"
#include "base/hash.h"
#include "conf/conf.h"
#include "ipc/limits.h"
#include "ipc/scoreboard.h"
#include "ipc/shm.h"
#include "net/http.h"
#include "serve/http_error.h"
#include "serve/admission.h"
#include "serve/admission_origin.h"
#include "job/runtime.h"
#include "store/cx.h"

static bool
limited(const struct runtime *rt, const struct request *rq)
{
	switch (rt->conf->rate_limit_enabled) {
	case RATE_LIMIT_NO: return false;
	case RATE_LIMIT_YES: return true;
	default: return !rq->peer->unix_socket && !rq->peer->loopback;
	}
}

static bool
take(struct runtime *rt, struct request *rq, const struct caller *caller, const char *class, struct str tool,
    double rate, double burst)
{
	struct str client = caller->subject.p != NULL ? caller->subject : str_c(rq->peer->addr);
	struct str name = arena_printf(rq->arena, "%s:%" PRIstr ":%" PRIstr, class, FSTR(tool), FSTR(client));
	int64_t retry = 0, seconds;

	if (limits_take(shm_limits(rt->shm), hash_fast(name), rate, burst, clock_mono_us(), &retry))
		return true;
	counter_add(rt->slot, C_rate_limited_total, 1);
	seconds = (retry + USEC - 1) / USEC;
	reply_header(rq, "Retry-After", arena_printf(rq->arena, "%lld", (long long)(seconds > 0 ? seconds : 1)));
	http_error(rq, 429, "Rate limit exceeded: try again in %lld s", (long long)(seconds > 0 ? seconds : 1));
	return false;
}

bool
admission_rate(struct runtime *rt, struct request *rq, const struct caller *caller)
{
	if (!limited(rt, rq))
		return true;
	return take(rt, rq, caller, "all", STR("*"), (double)rt->conf->rate_limit, (double)rt->conf->rate_limit_burst);
}

bool
admission_class(
    struct runtime *rt, struct request *rq, const struct caller *caller, enum request_class class, struct str tool)
{
	const struct conf *conf = rt->conf;
	const struct {
		const char *name;
		int64_t rate, burst;
	} rows[] = {
		[CLASS_OTHER] = { "other", conf->rate_limit_per_minute, 0 },
		[CLASS_TOOL] = { "tools", conf->rate_limit_tools_per_minute, conf->rate_limit_tools_burst },
		[CLASS_RESOURCE] = { "resources", conf->rate_limit_resources_per_minute,
		    conf->rate_limit_resources_burst },
	};
	int64_t burst = rows[class].burst > 0 ? rows[class].burst : rows[class].rate;

	if (rows[class].rate <= 0 || !limited(rt, rq))
		return true;
	return take(rt, rq, caller, rows[class].name, class == CLASS_TOOL ? tool : STR("*"),
	    (double)rows[class].rate / 60.0, (double)burst);
}
