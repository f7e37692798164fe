/*
 * cli - what the verbs of agentmail(1) share.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <stdbool.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/str.h"

struct conf;

/* Exit codes, the same for every verb; the table is exit_table in exits.c. */
enum cli_exit {
	CLI_OK = 0,
	CLI_REFUSED = 1, /* the server understood and refused, or a check found something */
	CLI_USAGE = 64,
	CLI_UNAVAILABLE = 69, /* nobody answers */
	CLI_SOFTWARE = 70,    /* an answer that we do not understand */
	CLI_OS = 71,
	CLI_TEMPORARY = 75, /* busy or rate limited: try later */
	CLI_NOPERM = 77,    /* credentials missing or wrong */
	CLI_CONFIG = 78,
};

struct cli_exit_row {
	int code;
	const char *meaning;
};
extern const struct cli_exit_row cli_exit_table[]; /* ended by a NULL meaning */

struct cli {
	struct arena arena;
	const char *url;            /* -u, else AGENTMAIL_URL; NULL: from the configuration */
	const char *config;         /* -c; NULL: the default file */
	const char *const *options; /* -o, NULL-terminated */
	bool json;
	bool tty;         /* people are reading stdout */
	int columns;      /* of that terminal */
	const char *verb; /* as called, for messages */
};

/* One verb that is no tool. */
struct cli_verb {
	const char *name;
	const char *args; /* "status|reload|..." */
	const char *help;
	const char *more; /* sentences of its help and of agentmail(1); NULL: help says it all */
	int (*run)(struct cli *cli, int argc, char **argv); /* argv[0] is the verb; returns an exit code */
};
extern const struct cli_verb cli_verbs[]; /* ended by a NULL name */

/* What the master can be told: the rows of ipc/control.def that have a word. */
struct ctl_word {
	const char *word;
	const char *signal; /* "SIGHUP"; NULL: a question, which only the control socket can be asked */
	const char *help, *manual;
};
extern const struct ctl_word ctl_words[]; /* ended by a NULL word */
extern const char ctl_args[];             /* "status|reload|..." */

/* One per verb, in the file of its name: argv[0] is the verb. Returns the exit code (sysexits, agentmail(1)). */
int verb_archive(struct cli *cli, int argc, char **argv);
int verb_completion(struct cli *cli, int argc, char **argv);
int verb_conf(struct cli *cli, int argc, char **argv);
int verb_ctl(struct cli *cli, int argc, char **argv);
int verb_guard(struct cli *cli, int argc, char **argv);
int verb_help(struct cli *cli, int argc, char **argv);
int verb_man(struct cli *cli, int argc, char **argv);
int verb_stat(struct cli *cli, int argc, char **argv);

/* "agentmail VERB: text" on stderr, with the way out after it; returns code. */
int cli_error(const struct cli *cli, int code, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* The configuration of this machine; NULL after having said why. Free with conf_free. */
struct conf *cli_conf(struct cli *cli);

#endif
