/*
 * health - is it alive, is it ready: all spellings that clients and balancers
 * of the three servers use, with their exact bodies (contract/index.md 4).
 */
#ifndef SERVE_HEALTH_H
#define SERVE_HEALTH_H

struct caller;
struct request;
struct server;

/* Handlers of route.def. Alive: nothing is looked at. */
void health_alive(struct server *sv, struct request *rq, const struct caller *caller);     /* /health/liveness */
void health_healthy(struct server *sv, struct request *rq, const struct caller *caller);   /* /health, /healthz */
void health_plain(struct server *sv, struct request *rq, const struct caller *caller);     /* /mcp/health */
void health_ok(struct server *sv, struct request *rq, const struct caller *caller);        /* /api/health, /api/health_check */
/* Ready: the database answers and takes writes. */
void health_readiness(struct server *sv, struct request *rq, const struct caller *caller); /* /health/readiness */
void health_ready(struct server *sv, struct request *rq, const struct caller *caller);     /* /ready */
void health_checks(struct server *sv, struct request *rq, const struct caller *caller);    /* /api/ready, /api/readiness */
void health_durability(struct server *sv, struct request *rq, const struct caller *caller);

#endif
