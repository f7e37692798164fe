/*
 * path - path names as text; nothing here touches the file system.
 */
#ifndef BASE_PATH_H
#define BASE_PATH_H

#include "base/arena.h"
#include "base/str.h"

/* POSIX normpath: collapses //, . and .., keeps exactly two leading slashes (contract/messaging.md 6.3). */
struct str path_norm(struct arena *a, struct str p);
/* trim, lower, runs outside [a-z0-9] to "-", "project" when empty (contract/messaging.md 6.2). */
struct str path_slug(struct arena *a, struct str human_key);
bool path_is_absolute(struct str p); /* POSIX, or a Windows drive */

#endif
