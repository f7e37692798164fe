/*
 * failure - what a failed call's data say of the call itself.
 */
#ifndef TOOL_FAILURE_H
#define TOOL_FAILURE_H

#include "base/fail.h"

/*
 * Gives a failure without data of its own those that the reference derives from the exception
 * (contract/messaging.md 3): the tool, and for some kinds the text without its standing phrases.
 */
void failure_derive(struct fail *f, const char *tool);

#endif
