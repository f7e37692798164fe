/*
 * archiver - the role that writes the archive: the only process that opens the
 * repository, told what is new by orders on a pipe, looking every second anyway.
 */
#ifndef ARCHIVE_ARCHIVER_H
#define ARCHIVE_ARCHIVER_H

#include "event/role_main.h"

/* Ends with 78 when the archive or database is not ours, or the configuration is wrong. */
extern const struct role_ops archiver_ops;

#endif
