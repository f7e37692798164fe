/*
 * picture - files of the pictures of a message (contract/messaging.md 9):
 * WebP, manifest, a line for auditors, and the original where it was kept.
 */
#ifndef ARCHIVE_CONTENT_PICTURE_H
#define ARCHIVE_CONTENT_PICTURE_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

struct arch_mail;
struct arch_error;
struct cx;

struct arch_picture {
	struct str sha1, ext; /* of the original; ".png", or empty */
	int64_t width, height, original_bytes, created;
	struct str webp, original; /* original: absent when it was not kept */
};

/* Reads the message's pictures into m->pictures, in cx->arena. 0, or -1 with *why. */
int arch_pictures_read(struct cx *cx, struct arch_mail *m, struct arch_error *why);
/* Calls fn for each file of them until it returns other than 0; returns that. */
int arch_pictures_files(
    struct arena *a, const struct arch_mail *m, int (*fn)(void *arg, struct str path, struct str bytes), void *arg);

#endif
