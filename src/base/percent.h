/*
 * percent - percent-decoding (RFC 3986) of paths, queries and URIs. Called wherever a request target or a resource URI is
 * taken apart; it judges nothing else of them.
 */
#ifndef BASE_PERCENT_H
#define BASE_PERCENT_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/str.h"

/*
 * *out gets `s` with its escapes decoded, and with plus also "+" as a blank; what is no escape stays as it is. It is `s`
 * itself when there is nothing to decode, else memory of `a`. False if an escape is malformed or stands for NUL: *out is
 * filled all the same, and the caller decides what that means.
 */
bool percent_decode(struct arena *a, struct str s, bool plus, struct str *out);

#endif
