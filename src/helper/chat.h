/*
 * chat - one request to a language model, over the chat completions of an
 * OpenAI-compatible service (settings llm_*).
 *
 * Blocks up to the deadline: only for a process of its own. No redirects, no
 * schemes but http and https, a bounded answer.
 */
#ifndef HELPER_CHAT_H
#define HELPER_CHAT_H

#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

struct conf;

/* Longest answer of the service. */
#define CHAT_MAX 262144

struct chat {
	const struct conf *conf;
	struct str model, system, user;
	int64_t deadline; /* monotonic */
};

/* The text that the model wrote, in the arena; absent with *why, which never holds the key or text of the service. */
struct str chat_send(const struct chat *c, struct arena *a, struct str *why);

#endif
