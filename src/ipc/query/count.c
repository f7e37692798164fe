/*
 * count - each query into the counters once when it starts and once when it ends.
 */
#include "ipc/query/count.h"

#include <errno.h>

#include "ipc/helper_query.h"
#include "ipc/query/wire.h"
#include "ipc/scoreboard.h"

void
query_count_start(struct slot *slot)
{
	counter_add(slot, C_helper_queries_total, 1);
	counter_add(slot, C_helper_queries_waiting, 1);
}

void
query_count_end(struct slot *slot, enum query_end end, int64_t us)
{
	counter_add(slot, C_helper_queries_waiting, -1);
	counter_add(slot, C_helper_query_us_total, us > 0 ? us : 0);
	if (end == QUERY_FAILED)
		counter_add(slot, C_helper_queries_failed_total, 1);
	else if (end == QUERY_TIMED_OUT)
		counter_add(slot, C_helper_queries_timed_out_total, 1);
	else if (end == QUERY_REFUSED)
		counter_add(slot, C_helper_queries_refused_total, 1);
}

enum query_end
query_end_of(struct str bytes)
{
	if (str_eqc(bytes, HELPER_FULL))
		return QUERY_REFUSED;
	return wire_whole(bytes) ? QUERY_RESULT : QUERY_FAILED;
}

enum query_end
query_end_unsent(int error)
{
	return error == EAGAIN || error == ENOBUFS ? QUERY_REFUSED : QUERY_FAILED;
}
