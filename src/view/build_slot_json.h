/*
 * build_slot_json - build slots as JSON of the MCP tools
 * (contract/reservations-resources.md 6).
 */
#ifndef VIEW_BUILD_SLOT_JSON_H
#define VIEW_BUILD_SLOT_JSON_H

#include "base/json_write.h"

struct build_slot;

/* One lease as an object. */
void shape_build_slot(struct jw *w, const struct build_slot *l);

#endif
