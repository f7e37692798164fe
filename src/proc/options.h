/*
 * options - the command line of the daemon (decision 1.9):
 *
 *   agentmaild [-F] [-t] [-c FILE] [-o KEY=VALUE]...
 */
#ifndef PROC_OPTIONS_H
#define PROC_OPTIONS_H

struct role;

/*
 * All of main: reads the options, checks the configuration, goes into the
 * background unless told not to, runs the master. Returns the exit code: 0, 64
 * for a wrong command line, 78 for a wrong configuration, 1 for a failed start.
 */
int daemon_main(int argc, char **argv, const struct role *roles, int nroles);

#endif
