/*
 * health - is it alive, is it ready: all spellings that clients and balancers
 * of the three servers use, with their exact bodies (contract/index.md 4).
 */
#ifndef SERVE_HEALTH_H
#define SERVE_HEALTH_H

struct caller;
struct request;
struct runtime;

/* Handlers of route.def. Alive: nothing is looked at. */
void health_alive(struct runtime *rt, struct request *rq, const struct caller *caller);   /* /health/liveness */
void health_healthy(struct runtime *rt, struct request *rq, const struct caller *caller); /* /health, /healthz */
void health_plain(struct runtime *rt, struct request *rq, const struct caller *caller);   /* /mcp/health */
void health_ok(struct runtime *rt, struct request *rq, const struct caller *caller); /* /api/health, /api/health_check */
/* Ready: the database answers and takes writes. */
void health_readiness(struct runtime *rt, struct request *rq, const struct caller *caller); /* /health/readiness */
void health_ready(struct runtime *rt, struct request *rq, const struct caller *caller);     /* /ready */
void health_checks(struct runtime *rt, struct request *rq, const struct caller *caller); /* /api/ready, /api/readiness */
void health_durability(struct runtime *rt, struct request *rq, const struct caller *caller);

#endif
