/*
 * stats_sections - the parts that metrics_core and diagnostics share
 * (contract/rest-and-rust-peers.md B.6.10). Each writes one object under its key.
 *
 * Names are the Rust port's where we have the same thing; what has no meaning
 * here (pools, canaries, their traffic controller) is left out, not made up.
 */
#ifndef RESOURCE_OPS_STATS_SECTIONS_H
#define RESOURCE_OPS_STATS_SECTIONS_H

#include "resource/ops/stats.h"

/* Each writes one member `key` of the statistics: an object, of what this section is about. */
void section_http(struct cx *cx, struct jw *w, const char *key);
void section_tools(struct cx *cx, struct jw *w, const char *key);
void section_db(struct cx *cx, struct jw *w, const char *key);
void section_storage(struct cx *cx, struct jw *w, const char *key);
void section_search(struct cx *cx, struct jw *w, const char *key);
void section_system(struct cx *cx, struct jw *w, const char *key, const struct health_facts *facts);
/* The array of locks: the one that writers wait for. */
void section_locks(struct cx *cx, struct jw *w, const char *key);

#endif
