/*
 * contact - who may write to whom: links, policies, and the question that send
 * and reply ask about each recipient.
 *
 * Links are directed: a -> b lets a write to b. Retirement, block_all and a
 * denial are absolute for agents in every dialect (decision 3.37).
 */
#ifndef MAIL_CONTACT_CONTACT_H
#define MAIL_CONTACT_CONTACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "mail/agent/agent.h"
#include "mail/project/project.h"

struct cx;

enum contact_verdict {
	CONTACT_OK,
	CONTACT_NEEDED,  /* the policy wants an approved contact: CONTACT_REQUIRED */
	CONTACT_CLOSED,  /* block_all, or it denied this sender: CONTACT_BLOCKED */
	CONTACT_RETIRED, /* AGENT_RETIRED */
};

/* The asking side of one send or reply; asked once for each recipient. */
struct contact_sender {
	const struct project *project; /* of the sender */
	const struct agent *agent;
	struct str thread; /* thread key whose participants are exempt; absent without */
	bool reservations; /* overlapping reservations exempt too (send does, reply does not) */
};

/*
 * May `from` write to `to` (an agent of any project)? Policies, recent contact,
 * thread, reservations and links of contact/messaging.md 12.2, by cx->rules
 * (decision 3.36). 0 with *out, or -1.
 */
int contact_check(struct cx *cx, const struct contact_sender *from, const struct agent *to, enum contact_verdict *out);
/* Records the failure of CONTACT_CLOSED or CONTACT_RETIRED; always -1. */
int contact_refuse(struct cx *cx, const struct agent *to, enum contact_verdict v);
/*
 * Looks up the agent called `name` that has an active approved link from `sender`,
 * in the other project `project_id`, or in any other one with 0.
 */
int contact_find_linked(
    struct cx *cx, const struct agent *sender, int64_t project_id, struct str name, struct agent *out);

/* One row of agent_links. */
struct contact_link {
	int64_t id;
	int64_t a_project_id, a_agent_id, b_project_id, b_agent_id;
	struct str status, reason; /* pending, approved, blocked */
	int64_t created_ts, updated_ts;
	int64_t expires_ts;  /* 0: never */
	int64_t notified_ts; /* when its introduction was delivered, 0: not */
};

/* Both ends, looked up. */
struct contact_pair {
	struct project from_project, to_project;
	struct agent from, to;
};

/* request_contact without its lookups. `label` is the tool, for texts. */
struct contact_ask {
	struct str reason;
	int64_t ttl_seconds; /* raised to 60 with a warning */
	const char *label;
};
/*
 * The link from -> to as asking makes it, inside a write operation: found or new,
 * not stored yet, since whoever asks may have to tell the target first
 * (mail/message/introduction.h). 0, or -1: CONTACT_BLOCKED and AGENT_RETIRED.
 */
int contact_prepare(
    struct cx *cx, const struct contact_pair *pair, const struct contact_ask *ask, struct contact_link *link);
/* Stores a link that was prepared; sets its id and updated_ts. 0 or -1. */
int contact_store(struct cx *cx, struct contact_link *link);
/* Makes from -> to approved at once, for a session that is both; a denial stays. *out may be NULL. */
int contact_approve(
    struct cx *cx, const struct contact_pair *pair, const struct contact_ask *ask, struct contact_link *out);

struct contact_request {
	struct str project_key, from_agent, to_agent, to_project, token;
	struct str reason;
	int64_t ttl_seconds;
	bool register_if_missing;
	struct str program, model, task_description;
};
/* Lookups and authentication of request_contact alone; *made: the missing target was made. */
int contact_request_pair(struct cx *cx, const struct contact_request *in, const char *label, const char *token_param,
    struct contact_pair *pair, bool *made);

struct contact_answer {
	struct str project_key, to_agent, from_agent, from_project, token;
	bool accept;
	int64_t ttl_seconds;
};
/* respond_contact: 0 with how many links changed and the link's new expires_ts (0 on a denial). */
int contact_respond(struct cx *cx, const struct contact_answer *in, int *updated, int64_t *expires_ts);

struct contact_row {
	struct contact_link link;
	struct str to, to_project; /* name, human_key */
	bool is_expired, allows_messaging;
};
struct contact_rows {
	struct contact_row *v;
	size_t n;
};
/* Outbound links of an agent, newest change first, at most 1,000 (decision 3.59). */
int contact_list(struct cx *cx, int64_t agent_id, struct contact_rows *out);

#endif
