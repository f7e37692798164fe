/*
 * confirm - the word that hard deletes want, and their counts.
 */
#ifndef API_CONFIRM_H
#define API_CONFIRM_H

#include "base/str.h"

struct cx;

/*
 * Fails with INVALID_ARGUMENT unless `given` is exactly I UNDERSTAND; `what` names what goes, as
 * "this agent". 0 or -1.
 */
int confirm_check(struct cx *cx, struct str given, const char *what);

#endif
