/*
 * daemon - all of main for a program whose processes are rows (proc/role.h).
 */
#ifndef MASTER_DAEMON_H
#define MASTER_DAEMON_H

struct program;

/*
 * Reads the options, checks the configuration, goes into the background unless
 * told not to, runs the master. Returns the exit code: 0, 64 for a wrong command
 * line, 78 for a wrong configuration, 1 for a failed start.
 */
int daemon_main(int argc, char **argv, const struct program *program);

#endif
