/*
 * http_script - what the HTTP reader makes of some bytes, as text: one line for
 * each request, then how it ended. The same for every split, by definition.
 */
#ifndef SUPPORT_HTTP_SCRIPT_H
#define SUPPORT_HTTP_SCRIPT_H

#include "base/arena.h"
#include "base/str.h"
#include "net/http/head.h"

extern const struct http_limits http_script_limits;

/*
 * Feeds `bytes` in pieces: piece i has sizes[i % nsizes] bytes (0 counts as 1).
 * "METHOD path?query host=.. keep|close body=..\n" for each request, at the end
 * "more\n", "end\n" (nothing left over) or "bad STATUS\n".
 */
struct str http_script(struct arena *a, struct str bytes, const unsigned char *sizes, size_t nsizes);

#endif
