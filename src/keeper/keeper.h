/*
 * keeper - the role that has the database but neither socket nor repository:
 * search index, checkpoints, clock work. No request waits for any of it.
 */
#ifndef KEEPER_KEEPER_H
#define KEEPER_KEEPER_H

#include "event/role_main.h"

extern const struct role_ops keeper_ops;

#endif
