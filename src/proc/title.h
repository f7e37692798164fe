/*
 * title - what ps shows of this process.
 *
 * The text goes where the kernel keeps the command line: over the strings of
 * argv and the environment, which are copied away first.
 */
#ifndef PROC_TITLE_H
#define PROC_TITLE_H

/* Once, first thing in main; moves the environment. Without it title_set changes the short name only. */
void title_init(int argc, char **argv);
/* The command line as it was given, NULL-terminated: for the next binary. */
char *const *title_argv(void);
/* Shows "agentmaild: <what>"; the short name (top, pkill) becomes `comm`, 15 bytes of it. */
void title_set(const char *comm, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
