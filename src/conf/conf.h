/*
 * conf - the settings, as one object that is built completely before anything
 * changes (decision 1.9: default < file < environment < -o).
 *
 * conf.def is the table; a member of struct conf has the key's name. Whoever
 * needs a new setting adds a row there and nothing else.
 */
#ifndef CONF_CONF_H
#define CONF_CONF_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

enum durability { DURABILITY_FULL, DURABILITY_PROCESS };
enum agent_auth { AGENT_AUTH_TRUSTED, AGENT_AUTH_TOKEN };
enum tools_filter_mode { TOOLS_INCLUDE, TOOLS_EXCLUDE };
enum rate_limit_mode { RATE_LIMIT_AUTO, RATE_LIMIT_YES, RATE_LIMIT_NO };
enum ack_escalation_mode { ACK_LOG, ACK_FILE_RESERVATION };
enum name_mode { NAME_STRICT, NAME_COERCE, NAME_ALWAYS_AUTO };

enum conf_type { CONF_STR, CONF_LIST, CONF_INT, CONF_BOOL, CONF_TIME, CONF_SIZE, CONF_ENUM, CONF_NUM };
enum conf_flag { CONF_RELOAD = 1, CONF_RESTART = 2, CONF_SECRET = 4 };
enum conf_origin { CONF_DEFAULT, CONF_FILE, CONF_ENV, CONF_OPTION };

#define CONF_C_STR struct str
#define CONF_C_LIST struct str_list
#define CONF_C_INT int64_t
#define CONF_C_BOOL bool
#define CONF_C_TIME int64_t
#define CONF_C_SIZE int64_t
#define CONF_C_ENUM int
#define CONF_C_NUM double

enum conf_key {
#define CONF_SECTION(title)
#define CONF_MORE(key, text)
#define CONF(key, type, def, min, max, flags, env, words, help) CONF_KEY_##key,
#include "conf/conf.def"
#undef CONF
	CONF_KEYS
};

struct conf {
#define CONF(key, type, def, min, max, flags, env, words, help) CONF_C_##type key;
#include "conf/conf.def"
#undef CONF
#undef CONF_MORE
#undef CONF_SECTION
	struct arena arena;              /* owns everything above */
	struct str file;                 /* main file, absolute; STR_NONE without one */
	unsigned char origin[CONF_KEYS]; /* enum conf_origin */
	bool installed;                  /* not run from a source tree: decision 1.2 */
};

struct conf_row {
	const char *key;
	enum conf_type type;
	const char *def;
	int64_t min, max; /* in seconds for TIME */
	unsigned flags;
	const char *env;   /* aliases, space-separated */
	const char *words; /* of an ENUM, '|' between */
	const char *help;
	size_t offset;
};
extern const struct conf_row conf_table[CONF_KEYS];

/* One assignment from the command line: "key=value". */
struct conf_source {
	const char *file;           /* NULL: the default path if it exists */
	const char *const *options; /* of -o, NULL-terminated; may be NULL */
	bool environment;           /* read the environment too */
};

/*
 * Reads and checks everything. NULL with *why: "file:line: what, and what to do
 * next"; unknown keys are refused with the nearest one. Derived paths
 * (database, storage_root, pid_file, ...) are filled in and absolute.
 */
struct conf *conf_load(const struct conf_source *src, struct arena *a, struct str *why);
/* All defaults, derived paths below `dir`: for tests. Ends the process when the table is wrong. */
struct conf *conf_for_tests(const char *dir);
void conf_free(struct conf **c);

/* Sets one key from text as the file would; 0, or -1 with *why. Derived values are not touched. */
int conf_set(
    struct conf *c, const char *key, struct str value, enum conf_origin origin, struct arena *a, struct str *why);
const struct conf_row *conf_find(struct str key);
/* The paragraph of a row, as plain sentences; NULL where its help says it all. */
const char *conf_more(const struct conf_row *row);
/* Value as text that conf_set reads back; secrets as "***" unless `secrets`. */
struct str conf_text(const struct conf *c, const struct conf_row *row, struct arena *a, bool secrets);
/* Keys that differ between two configurations and need a restart; empty when none. */
struct str_list conf_needs_restart(const struct conf *old, const struct conf *now, struct arena *a);
/* The whole table as a commented file: what etc/agentmail.conf must equal. */
void conf_sample(struct buf *out);
/* Environment keys of other servers that mean nothing here, and why; ended by a row without name. */
struct conf_foreign {
	const char *name, *reason;
};
extern const struct conf_foreign conf_foreign_table[];
/* Those that are set, with commas; empty for none. */
struct str conf_foreign_set(struct arena *a);
/* Worker processes wanted: `workers`, or the number of processors. */
int conf_workers(const struct conf *c);

#endif
