/*
 * attach - what a message carries besides its text.
 *
 * Images inside the body as data: URIs stay where they are and are listed by
 * their media type (contract/messaging.md 9). Files are not taken yet.
 */
#ifndef MAIL_SEND_ATTACH_H
#define MAIL_SEND_ATTACH_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/str.h"

/*
 * The column `attachments` for a body: a JSON array in `a`, or absent when there
 * is nothing to list. `images`: look at each Markdown image; otherwise one entry
 * stands for all.
 */
struct str attach_of_body(struct arena *a, struct str body, bool images);

#endif
