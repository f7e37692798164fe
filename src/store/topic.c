/*
 * topic - the table of kinds, and their way onto the bus. Called by whoever
 * publishes or follows; it must never ask the database.
 */
#include "store/topic.h"

#include "base/hash.h"
#include "base/log.h"
#include "ipc/bus.h"

static const struct {
	const char *name, *help;
	enum topic_log log;
} kinds[TOPIC_KINDS] = {
#define TOPIC(id, number, name, log, help) [number] = { name, help, TOPIC_LOG_##log },
#include "store/topic.def"
#undef TOPIC
};

static const char *const whats[CHANGE_WHATS] = {
#define CHANGE(id, number, name, help) [number] = name,
#include "store/change.def"
#undef CHANGE
};

const char *
topic_name(enum topic_kind kind)
{
	must(kind > TOPIC_NONE && kind < TOPIC_KINDS);
	return kinds[kind].name;
}

const char *
topic_help(enum topic_kind kind)
{
	must(kind > TOPIC_NONE && kind < TOPIC_KINDS);
	return kinds[kind].help;
}

enum topic_log
topic_log(enum topic_kind kind)
{
	must(kind > TOPIC_NONE && kind < TOPIC_KINDS);
	return kinds[kind].log;
}

const char *
change_name(enum change_what what)
{
	must(what > CHANGE_NONE && what < CHANGE_WHATS);
	return whats[what];
}

/* Ids follow each other: all bits of them must reach the low ones, by which tables are indexed. */
static uint64_t
mix(uint64_t v)
{
	v = (v ^ v >> 33) * 0xff51afd7ed558ccdu;
	v = (v ^ v >> 33) * 0xc4ceb9fe1a85ec53u;
	return v ^ v >> 33;
}

uint64_t
topic_hash(const struct topic *t)
{
	uint64_t h = mix((uint64_t)t->id + ((uint64_t)t->kind << 56));

	return t->name.p != NULL ? mix(h ^ hash_fast(t->name)) : h;
}

void
topic_publish(struct bus *bus, int slot, const struct topic *t, int64_t number)
{
	bus_publish(bus,
	    &(struct bus_event){
		.topic = topic_hash(t), .kind = t->kind, .slot = (uint32_t)slot, .id = t->id, .number = number });
}
