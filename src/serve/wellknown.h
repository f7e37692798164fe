/*
 * wellknown - clients that look for OAuth find that there is none
 * (contract/surface.md 1.4, protocol/clients.md 7).
 */
#ifndef SERVE_WELLKNOWN_H
#define SERVE_WELLKNOWN_H

struct caller;
struct request;
struct runtime;

/* Every path below /.well-known/, also behind an endpoint: always 404, always JSON. */
void wellknown_handle(struct runtime *rt, struct request *rq, const struct caller *caller);
/* Dynamic client registration: 404 with what to do instead, since clients show it. */
void wellknown_register(struct runtime *rt, struct request *rq, const struct caller *caller);

#endif
