/*
 * param - what an operation takes: a table of parameters, and the members that
 * they are decoded into.
 *
 * Tools, resources and REST routes describe their arguments with rows of struct
 * param. Decoder, JSON schema, OpenAPI, command line and manual read the same
 * rows; what each type means to them is in api/param_type.h.
 */
#ifndef API_PARAM_H
#define API_PARAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

/* Members of an argument struct. `set` is false when absent or null; then v is the default of the row. */
struct p_str {
	struct str v;
	bool set;
};
struct p_int {
	int64_t v;
	bool set;
};
struct p_bool {
	bool v;
	bool set;
};
struct p_num {
	double v;
	bool set;
};
struct p_strs {
	struct str_list v;
	bool set;
};
struct p_ints {
	int64_t *v;
	size_t n;
	bool set;
};
/* Any JSON, as compact text; of a list: its text and how many elements it has. */
struct p_json {
	struct str v;
	size_t n;
	bool set;
};

enum param_type { P_STR, P_INT, P_BOOL, P_STRS, P_INTS, P_NUM, P_JSON, P_JSON_LIST };

enum param_flag {
	P_REQUIRED = 1,
	P_BARE = 2,      /* a bare string, or a comma-separated one, is a list (decision 3.2) */
	P_UNLISTED = 4,  /* accepted, not in the schema (decision 3.58, aliases) */
	P_SECRET = 8,    /* never logged, never echoed */
	P_REFUSED = 16,  /* known, and refused by name (decision 3.34) */
	P_PATH = 32,     /* resources and REST: taken from the path, not the query */
	P_PROJECT = 512, /* names the project of the call, for the call log and the command line; one at most */
	P_AGENT = 1024,  /* the same for the agent in whose name it is made */
	P_PLAIN = 128,   /* its name says it: described in manuals, not in tools/list */
	P_RARE = 256,    /* in manuals, not in tools/list: who needs it knows it from the reference */
	P_TIME = 64,     /* a timestamp: '+' in a query is a plus sign (decision 3.26) */
};

struct param {
	const char *name;
	enum param_type type;
	unsigned flags;    /* enum param_flag */
	size_t off;        /* of the p_* member */
	const char *desc;  /* for people and models: one sentence, no full stop needed; tools/list costs tokens */
	const char *def;   /* default as JSON text; NULL for null or none */
	const char *words; /* "a|b|c" when only these are accepted; else NULL */
};

/* A row: the tag of the argument struct, its member, type and flags, desc, and def and words where it has them. */
#define PARAM(tag, member, ptype, pflags, ...) PARAM_AT(tag, member, #member, ptype, pflags, __VA_ARGS__)
/* The same for a member that lies inside a member of the struct. */
#define PARAM_AT(tag, place, pname, ptype, pflags, ...) \
	{ \
		.name = pname, .type = ptype, .flags = pflags, .off = offsetof(struct tag, place), .desc = __VA_ARGS__ \
	}
/* Which project: tools say it so, REST in its own words. */
#define PROJECT_TEXT "Absolute path or slug of the project"
#define PROJECT_PARAM(tag, member, flags) PARAM(tag, member, P_STR, P_PROJECT | (flags), PROJECT_TEXT)
#define SLUG_PARAM(tag, member, flags) PARAM(tag, member, P_STR, flags, "Slug or human_key")
/* Who calls, by name; `desc` says in which part. */
#define AGENT_PARAM(tag, member, flags, desc) PARAM(tag, member, P_STR, P_AGENT | (flags), desc)
/* What proves who somebody is. */
#define SECRET_PARAM(tag, member, flags, desc) PARAM(tag, member, P_STR, P_SECRET | (flags), desc)
#define TOKEN_TEXT "The agent's token"
#define TOKEN_PARAM(tag, member, flags) SECRET_PARAM(tag, member, flags, TOKEN_TEXT)

#endif
