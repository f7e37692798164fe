/*
 * admission - who may come in: Origin, Host, credentials, rate (decisions 3.9, 3.47
 * to 3.49). Every request passes here before its route sees it.
 */
#ifndef SERVE_ADMISSION_H
#define SERVE_ADMISSION_H

#include <stdbool.h>

#include "base/str.h"

struct caller;
struct request;
struct runtime;

enum route_flag {
	ROUTE_OPEN = 1,      /* no credentials asked */
	ROUTE_ANY_HOST = 2,  /* nor a Host of ours (health) */
	ROUTE_UNLIMITED = 4, /* not rate limited */
	ROUTE_PREFIX = 8,    /* every path that begins so */
};

/* Fills in *caller and returns true - at once for a request that was let in by its head; or answers rq (401, 403, 429, a preflight) and returns false. */
bool admission_enter(struct runtime *rt, struct request *rq, unsigned flags, struct caller *caller);

/* The reference's classes of requests, each with its own bucket per minute. */
enum request_class { CLASS_OTHER, CLASS_TOOL, CLASS_RESOURCE };
/* Takes a token of the class (and tool) if its setting asks for it; false answers 429. */
bool admission_class(
    struct runtime *rt, struct request *rq, const struct caller *caller, enum request_class class, struct str tool);

#endif
