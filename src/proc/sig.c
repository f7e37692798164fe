/*
 * sig - signal table and handlers of the master, signal state of its children.
 */
#include "proc/sig.h"

#include <stdatomic.h>
#include <string.h>

const struct sig_row sig_table[] = {
#define QUERY(word, help, manual)
#define SIGNAL(name, flag, help) { SIG##name, #name, NULL, DO_##flag, help },
#define CONTROL(name, word, flag, help, manual) { SIG##name, #name, #word, DO_##flag, help },
#include "ipc/control.def"
#undef QUERY
#undef SIGNAL
#undef CONTROL
};
const size_t sig_rows = sizeof(sig_table) / sizeof(sig_table[0]);

static atomic_uint raised;

static void
on_signal(int number)
{
	for (size_t i = 0; i < sig_rows; i++)
		if (sig_table[i].number == number)
			sig_raise(sig_table[i].flag);
}

/*
 * sig_set - nothing is blocked while a handler runs: all that is pending at one
 * ppoll raises its flags in the same turn, and the loop's order decides. With a
 * full mask the kernel would hand out one signal per turn, lowest number first.
 */
static void
sig_set(int number, void (*fn)(int))
{
	struct sigaction sa = { .sa_handler = fn, .sa_flags = SA_RESTART };

	sigemptyset(&sa.sa_mask);
	sigaction(number, &sa, NULL);
}

void
sig_master(sigset_t *sleeping)
{
	sigset_t blocked;

	sigemptyset(&blocked);
	for (size_t i = 0; i < sig_rows; i++) {
		sig_set(sig_table[i].number, on_signal);
		sigaddset(&blocked, sig_table[i].number);
	}
	sig_set(SIGPIPE, SIG_IGN);
	/* A file at its size limit (ulimit -f) is like a full disk: the write says so, nobody dies of it. */
	sig_set(SIGXFSZ, SIG_IGN);
	sigprocmask(SIG_BLOCK, &blocked, NULL);
	sigemptyset(sleeping);
}

void
sig_child(void (*on_term)(int))
{
	sigset_t none;

	for (size_t i = 0; i < sig_rows; i++)
		sig_set(sig_table[i].number, sig_table[i].number == SIGCHLD ? SIG_DFL : SIG_IGN);
	sig_set(SIGTERM, on_term);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

void
sig_default(void)
{
	sigset_t none;

	for (size_t i = 0; i < sig_rows; i++)
		sig_set(sig_table[i].number, SIG_DFL);
	sig_set(SIGPIPE, SIG_DFL);
	sig_set(SIGXFSZ, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

unsigned
sig_take(void)
{
	return atomic_exchange(&raised, 0);
}

void
sig_raise(enum sig_flag flag)
{
	atomic_fetch_or(&raised, (unsigned)flag);
}

const struct sig_row *
sig_find(const char *word)
{
	for (size_t i = 0; i < sig_rows; i++)
		if (sig_table[i].word != NULL && strcmp(sig_table[i].word, word) == 0)
			return &sig_table[i];
	return NULL;
}
