/*
 * admission_origin - names: which Host and Origin are ours (decision 3.48), and the
 * CORS headers of an origin that is; and the rate of requests (3.49).
 */
#ifndef SERVE_ADMISSION_ORIGIN_H
#define SERVE_ADMISSION_ORIGIN_H

#include <stdbool.h>

struct caller;
struct request;
struct runtime;

/* False: answered, with 403 for a foreign origin or 204 for a preflight. */
bool admission_origin(struct runtime *rt, struct request *rq);
/* False: answered with 403. */
bool admission_host(struct runtime *rt, struct request *rq, const struct caller *caller);
/* One request of this client; false: answered with 429. */
bool admission_rate(struct runtime *rt, struct request *rq, const struct caller *caller);

#endif
