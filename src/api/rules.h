/*
 * rules - the rules of mail/ for the dialect that a call speaks (mail/rules.h,
 * decisions 3.35 to 3.37).
 */
#ifndef API_RULES_H
#define API_RULES_H

#include "api/decode.h"
#include "mail/rules.h"

/* Static; what is read from text (resources, command line) has the rules of MCP. */
const struct rules *dialect_rules(enum dialect dialect);

#endif
