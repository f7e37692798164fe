/*
 * topic - what can be followed, as a value: a kind and the id of one of that kind.
 *
 * Writers name it in cx_changed, followers in follow (job/follow.h), the bus
 * carries its hash. The kinds are rows of store/topic.def.
 */
#ifndef STORE_TOPIC_H
#define STORE_TOPIC_H

#include <stdint.h>

#include "base/str.h"

struct bus;

enum topic_kind {
	TOPIC_NONE,
#define TOPIC(id, number, name, log, help) TOPIC_##id = number,
#include "store/topic.def"
#undef TOPIC
	TOPIC_KINDS
};

/* Where the events of a kind lie; see store/topic.def. */
enum topic_log { TOPIC_LOG_NONE, TOPIC_LOG_MAIL, TOPIC_LOG_CHANGES, TOPIC_LOG_LEVEL };

enum change_what {
	CHANGE_NONE,
#define CHANGE(id, number, name, help) CHANGE_##id = number,
#include "store/change.def"
#undef CHANGE
	CHANGE_WHATS
};

/* Ids of TOPIC_REGISTRY: the lists that clients are told of when they change. */
enum registry { REGISTRY_TOOLS = 1, REGISTRY_RESOURCES, REGISTRY_PROMPTS };

struct topic {
	enum topic_kind kind;
	int64_t id;
	struct str name; /* of a thread; else STR_NONE */
};

/* One without a name: TOPIC_OF(INBOX, agent->id). */
#define TOPIC_OF(KIND, ID) ((struct topic){ .kind = TOPIC_##KIND, .id = (ID) })

/* The rows by their numbers: name and help of a kind, name of what happened. */
const char *topic_name(enum topic_kind kind);
const char *topic_help(enum topic_kind kind);
enum topic_log topic_log(enum topic_kind kind);
const char *change_name(enum change_what what);
/* Stands for it on the bus and in tables; two topics may share one. */
uint64_t topic_hash(const struct topic *t);
/* Tells the followers of all processes that the topic has come to `number`; wakes nobody. `slot` is the publisher's. */
void topic_publish(struct bus *bus, int slot, const struct topic *t, int64_t number);

#endif
