/*
 * build_slot - build slots: advisory leases on names such as "ci" or "port-3000"
 * (contract/reservations-resources.md 6, decision 3.24).
 *
 * A row for each slot, agent and branch; the archive's file follows it. Always
 * granted, conflicts are told. Active: not released and expiring in the future.
 * Functions that write run inside a write operation.
 */
#ifndef MAIL_BUILD_SLOT_BUILD_SLOT_H
#define MAIL_BUILD_SLOT_BUILD_SLOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct agent;
struct cx;
struct project;

struct build_slot {
	int64_t id, project_id, agent_id;
	struct str agent, slot;
	struct str branch; /* empty: none */
	bool exclusive;
	int64_t acquired_ts, expires_ts, released_ts; /* released_ts 0: not released */
};

struct build_slots {
	struct build_slot *v;
	size_t n;
};

/* Names one lease of an agent. */
struct build_slot_key {
	struct str slot, branch; /* branch absent or empty: none */
};

/* INVALID_ARGUMENT for what cannot be a file name (decision 3.41) and for times beyond the calendar. 0 or -1. */
int build_slot_check(struct cx *cx, const struct build_slot_key *key, int64_t seconds);
/* Lists the active leases that stand in the way of this agent and branch in the slot, by id. 0 or -1. */
int build_slot_conflicts(struct cx *cx, const struct project *p, const struct agent *agent,
    const struct build_slot_key *key, bool exclusive, struct build_slots *out);
/*
 * Takes or extends a lease: at least 60 seconds from now, never shorter than it was. slot_check
 * must have passed. 0 or -1.
 */
int build_slot_acquire(struct cx *cx, const struct project *p, const struct agent *agent,
    const struct build_slot_key *key, int64_t ttl_seconds, bool exclusive, struct build_slot *out);
/* Adds max(60, extend_seconds) to the active lease; 0 when there is none. */
int build_slot_renew(struct cx *cx, const struct project *p, const struct agent *agent,
    const struct build_slot_key *key, int64_t extend_seconds, struct build_slot *out);
/* Ends the active lease now; 0 when there is none. */
int build_slot_release(struct cx *cx, const struct project *p, const struct agent *agent,
    const struct build_slot_key *key, struct build_slot *out);
/* Looks up a lease by its id, also one that has ended. */
int build_slot_by_id(struct cx *cx, int64_t id, struct build_slot *out);
bool build_slot_active(const struct cx *cx, const struct build_slot *l);

#endif
