/*
 * agent_missing - what to say when a name is no agent's.
 */
#ifndef MAIL_AGENT_AGENT_MISSING_H
#define MAIL_AGENT_AGENT_MISSING_H

#include "base/str.h"

struct cx;
struct project;

/* INVALID_ARGUMENT; always -1. */
int agent_fail_blank(struct cx *cx, const struct project *p, struct str name);
/* CONFIGURATION_ERROR for a placeholder, else NOT_FOUND or the type of the mistake, with suggestions; always -1. */
int agent_fail_missing(struct cx *cx, const struct project *p, struct str name);
/* CONFIGURATION_ERROR when the name holds a placeholder word: -1, else 0. `param` is the parameter it came in. */
int agent_refuse_placeholder(struct cx *cx, const char *param, struct str name);

#endif
