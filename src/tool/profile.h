/*
 * profile - which tools an installation offers, and which an agent may call.
 *
 * The filter of contract/messaging.md 4.3 (settings tools_filter_*) and the
 * capabilities of 4.2, both read from the tools' rows. Called where tools are
 * listed and where one is looked up for a call.
 */
#ifndef TOOL_PROFILE_H
#define TOOL_PROFILE_H

#include "base/json_read.h"
#include "tool/tool.h"

struct conf;
struct cx;

/* Is it in the configured profile? Everything is, unless the filter is on and knows the profile. */
bool profile_offers(const struct conf *conf, const struct tool *t);
/* 0 when `allowed` is no list, is empty, or names every capability of t; else -1 with CAPABILITY_DENIED. */
int profile_allows(struct cx *cx, const struct tool *t, struct jr allowed);

#endif
