/*
 * options - the command line of the daemon (decision 1.9):
 *
 *   agentmaild [-F] [-t] [-c FILE] [-o KEY=VALUE]...
 */
#ifndef PROC_OPTIONS_H
#define PROC_OPTIONS_H

#include <stdbool.h>

#include "conf/conf.h"

struct options {
	bool foreground;           /* -F */
	bool check;                /* -t */
	struct conf_source source; /* -c and -o; read again at every reload */
	char *file;                /* private */
	char **assignments;        /* private */
};

/* Reads the command line into *o, for options_free in any case; -1: go on, else the exit code (0, or 64 with a message). */
int options_parse(struct options *o, int argc, char **argv);
/* The configuration that it asks for, checked; NULL after a message on standard error. */
struct conf *options_load(const struct options *o);
void options_free(struct options *o);

#endif
