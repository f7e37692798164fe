/*
 * role - pipes by their names.
 */
#include "proc/role.h"

#include <string.h>

int
child_pipe(const struct child_env *env, const char *name)
{
	for (int i = 0; i < ROLE_PIPES_MAX && env->pipe[i].name != NULL; i++)
		if (strcmp(env->pipe[i].name, name) == 0)
			return env->pipe[i].fd;
	return -1;
}
