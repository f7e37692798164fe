/*
 * sig - what the master can be told, by signal or by word: the rows of
 * ipc/control.def with their handlers.
 *
 * Handlers set flags only; the master's loop sleeps in ppoll with the signals
 * unblocked and is the only one that acts on a flag.
 */
#ifndef PROC_SIG_H
#define PROC_SIG_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

enum sig_flag {
	DO_REAP = 1, /* a child changed its state */
	DO_RELOAD = 2,
	DO_REOPEN = 4,
	DO_STOP = 8, /* graceful, within drain_timeout; asked twice: fast */
	DO_FAST = 16,
	DO_LEAVE = 32, /* graceful without deadline */
	DO_UPGRADE = 64,
	DO_NOACCEPT = 128, /* workers drain, the master stays */
};

struct sig_row {
	int number;
	const char *name; /* "HUP" */
	const char *word; /* of `agentmail ctl`; NULL where there is none */
	enum sig_flag flag;
	const char *help;
};
extern const struct sig_row sig_table[];
extern const size_t sig_rows;

/* Installs the handlers and blocks the signals; *sleeping is the mask for ppoll. */
void sig_master(sigset_t *sleeping);
/*
 * A child's signals: what the table holds is ignored, but TERM, which calls
 * on_term (async-signal-safe); everything is unblocked.
 */
void sig_child(void (*on_term)(int));
/* Back to the defaults, nothing blocked: before exec. */
void sig_default(void);
/* Takes all flags raised since the last call. */
unsigned sig_take(void);
/* As if the signal had come. */
void sig_raise(enum sig_flag flag);
/* Row of a control word; NULL when there is none. */
const struct sig_row *sig_find(const char *word);

#endif
