/*
 * media_type - what a Content-Type says.
 */
#ifndef SERVE_MEDIA_TYPE_H
#define SERVE_MEDIA_TYPE_H

#include <stdbool.h>

#include "base/str.h"

/* Is it application/json or application/<anything>+json? Parameters and case do not count. False when absent. */
bool media_type_is_json(struct str type);

#endif
