/*
 * build_slot - files of build slots.
 */
#ifndef ARCHIVE_CONTENT_BUILD_SLOT_H
#define ARCHIVE_CONTENT_BUILD_SLOT_H

#include "base/json_read.h"

struct arch;

/* Writes the file that the payload of OUTBOX_SLOT tells of. 0, or -1 with a->why. */
int arch_slot_write(struct arch *a, struct str slug, struct jr payload);

#endif
