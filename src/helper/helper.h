/*
 * helper - the role that looks into other people's directories (decision 3.55).
 *
 * Workers and keeper send queries (ipc/helper_query.h). Each is looked after by a child that is killed after
 * helper_timeout: a file system that hangs, a tree of millions of files or a crash costs that one result, which is then
 * unknown. Queries to a language model have llm_timeout, and at most llm_parallel run at a time: they neither wait for
 * files nor delay them.
 */
#ifndef HELPER_HELPER_H
#define HELPER_HELPER_H

#include "event/role_main.h"

extern const struct role_ops helper_ops;

#endif
