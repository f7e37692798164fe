/*
 * build_slot - files of build slots.
 */
#ifndef ARCHIVE_CONTENT_BUILD_SLOT_H
#define ARCHIVE_CONTENT_BUILD_SLOT_H

#include "base/arena.h"
#include "base/json_read.h"

struct arch_error;
struct conf;

/*
 * Writes the file below conf->storage_root that the payload of QUEUE_BUILD_SLOT tells
 * of; nothing for a bare archive. `a` is for scratch. 0, or -1 with *why.
 */
int build_slot_write(
    struct arena *a, const struct conf *conf, struct str slug, struct jr payload, struct arch_error *why);

#endif
