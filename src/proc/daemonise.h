/*
 * daemonise - into the background, with a parent that returns a true exit code.
 */
#ifndef PROC_DAEMONISE_H
#define PROC_DAEMONISE_H

/* Descriptors 0 to 2 are open afterwards: holes become /dev/null. */
void standard_fds(void);
/*
 * Forks into a session of its own. The caller's process waits for the report and
 * exits with its code, printing its text; in the daemon returns the descriptor
 * to report on. The working directory stays: paths of the command line are
 * relative to it at every reload. -1 with errno when it cannot fork.
 */
int daemonise(void);
/* Tells whoever waits for our start: code 0 serves, else the exit code and why. fd -1: nobody waits. */
void report(int fd, int code, const char *text);
/* Reads such a report: 1 complete (text terminated), 0 the other end closed without one, -1 nothing yet. */
int report_read(int fd, int *code, char *text, unsigned size);
/* Standard descriptors to /dev/null, once the start is over. */
void detach(void);

#endif
