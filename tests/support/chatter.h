/*
 * chatter - a stand-in for the service of a language model, on a loopback port.
 *
 * It speaks chat completions and misbehaves as the model's name says:
 *   "talks"      what the fixture file `said` holds, as the text of the model
 *   "parts"      the same in two parts
 *   "500"        status 500        "redirect"   302 to /elsewhere, which answers well
 *   "mute"       closes            "garbage"    no JSON        "truncated" half of the promised body
 *   "huge"       a body without end              "slow"  nothing for a minute    "drip"  a byte now and then
 * Each request is a line of the file `heard`: path, Authorization, body.
 */
#ifndef SUPPORT_CHATTER_H
#define SUPPORT_CHATTER_H

#include <sys/types.h>

#include "support/fixture.h"

struct chatter {
	pid_t pid;
	int port;
	struct str heard, said; /* paths */
};

/* Starts it, and makes it the service of f->conf. */
void chatter_start(struct chatter *c, struct fixture *f);
void chatter_stop(struct chatter *c);
/* What it is to say; quotes as toolcall_quotes. */
void chatter_says(struct chatter *c, struct fixture *f, const char *text);
/* What it heard so far. */
struct str chatter_heard(struct chatter *c, struct fixture *f);

#endif
