/*
 * pidfile - the lock that says a daemon lives; the number in it is only a hint.
 */
#ifndef PROC_PIDFILE_H
#define PROC_PIDFILE_H

#include "base/arena.h"
#include "base/str.h"

struct pidfile {
	char path[4096];
	int fd; /* open and locked; -1: none */
};

/*
 * Opens, locks and writes it; missing directories are made. 0, or -1 with *why,
 * which names the process that holds it. Children must close the descriptor:
 * the lock belongs to whoever has it open.
 */
int pidfile_open(struct pidfile *p, struct str path, struct arena *a, struct str *why);
/* Moves it to PATH.old (binary upgrade) and back; 0 or -1 with errno. */
int pidfile_set_aside(struct pidfile *p);
int pidfile_put_back(struct pidfile *p);
/* Removes the file if it is still ours, gives the lock back. */
void pidfile_close(struct pidfile *p);

#endif
