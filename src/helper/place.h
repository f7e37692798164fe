/*
 * place - where a directory of somebody's stands in Git, by reading files.
 */
#ifndef HELPER_PLACE_H
#define HELPER_PLACE_H

#include <stdbool.h>

/* Is there a repository at `dir` or around it? */
bool place_in_git(const char *dir);

#endif
