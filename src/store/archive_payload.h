/*
 * archive_payload - the JSON that rows of the archive queue carry, both ends.
 *
 * mail/ writes it where something changes, the archiver reads it when its turn
 * comes, perhaps after an upgrade: members are added, never renamed. Rebuilding
 * and verifying an archive write the same from the rows as they are. What each
 * kind of row carries is listed in store/archive_queue.h.
 */
#ifndef STORE_ARCHIVE_PAYLOAD_H
#define STORE_ARCHIVE_PAYLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/json_read.h"
#include "base/str.h"

/* QUEUE_AGENT: content of agents/<Name>/profile.json, so no secrets. */
struct profile_payload {
	int64_t id, project_id;
	struct str name, program, model, task_description, attachments_policy;
	int64_t inception_ts, last_active_ts;
	int64_t retired_at; /* 0: not retired */
};

/* Sorted keys, indent 2, ASCII, newline at the end; in `a`, as all that follows. */
struct str profile_payload(struct arena *a, const struct profile_payload *p);
/* Whose profile it is; absent when it does not say. */
struct str profile_payload_name(struct jr payload);

/* A reservation as the archive records it (contract/reservations-resources.md 9.4). */
struct record_payload {
	int64_t id;
	struct str project; /* human_key */
	struct str agent, path_pattern, reason;
	bool exclusive;
	int64_t created_ts, expires_ts;
	int64_t released_ts;         /* 0: not released */
	struct str branch, worktree; /* absent: unknown */
};

/* Its JSON, in `a`. */
struct str record_payload(struct arena *a, const struct record_payload *r);

/* QUEUE_RESERVATION: what happened to reservations of one project; the first one's agent did it. n > 0. */
struct str records_payload(struct arena *a, const struct record_payload *records, size_t n);

struct records_read {
	struct str agent;
	struct jr records; /* array, each of them an object for one file */
};

struct record_read {
	int64_t id;
	struct str agent, path_pattern;
};

/* False when there is no list of records. */
bool records_payload_read(struct jr payload, struct records_read *out);
/* False without a pattern and a number. */
bool record_payload_read(struct jr record, struct record_read *out);

/* QUEUE_BUILD_SLOT: a build slot, and the names of directory and file that its state goes to. */
struct build_slot_payload {
	struct str dir, file;
	struct str slot, agent;
	struct str branch; /* empty: none */
	bool exclusive;
	int64_t acquired_ts, expires_ts;
	int64_t released_ts; /* 0: not released */
};

/* Its JSON, in `a`. */
struct str build_slot_payload(struct arena *a, const struct build_slot_payload *s);

struct build_slot_read {
	struct str dir, file;
	struct str lease; /* content of the file: members in their order, indent 2 */
};

/* What build_slot_payload wrote, as the archiver needs it; *out lies in `a` and borrows from payload. */
void build_slot_payload_read(struct arena *a, struct jr payload, struct build_slot_read *out);

/* QUEUE_REMOVAL: an agent, or with `agent` absent all of the project. */
struct str removal_payload(struct arena *a, struct str agent);
struct str removal_payload_agent(struct jr payload);

/* QUEUE_SNAPSHOT: a commit with this message. */
struct str snapshot_payload(struct arena *a, struct str message);
struct str snapshot_payload_message(struct jr payload);

#endif
