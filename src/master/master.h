/*
 * master - the supervisor. It forks the roles, keeps their sockets, replaces
 * what dies, and does nothing that could block or crash.
 */
#ifndef MASTER_MASTER_H
#define MASTER_MASTER_H

#include <stdbool.h>

#include "proc/role.h"

struct conf;
struct conf_source;

struct master_start {
	const struct conf_source *source; /* read again at every reload */
	const struct program *program;
	bool foreground;
	int report_fd; /* from daemonise(), or -1 */
};

/*
 * The daemon's life: returns its exit code in the master. Takes `conf` over.
 * In a child it does not return: the role's value is the exit code.
 */
int master_run(const struct master_start *start, struct conf *conf);

#endif
