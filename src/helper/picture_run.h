/*
 * picture_run - one run of agentmail-picture, within limits.
 */
#ifndef HELPER_PICTURE_RUN_H
#define HELPER_PICTURE_RUN_H

#include <stddef.h>
#include <stdint.h>

#include "helper/picture/picture.h"

struct picture_run {
	const char *program; /* agentmail-picture */
	int64_t memory;      /* bytes of address space */
	int64_t pixels;
	int64_t deadline; /* monotonic: it is killed then */
};

/* How it ended, besides the exit codes of helper/picture/picture.h. */
enum { PICTURE_KILLED = 100, PICTURE_LATE = 101 };

/*
 * Converts the file `in`, read from its beginning, and appends the WebP to `out`:
 * PICTURE_FINE with *at, *n and *head; else what went wrong, and `out` is as it
 * was. *head is also set for PICTURE_LARGE.
 */
int picture_run(const struct picture_run *run, int in, int out, size_t *at, size_t *n, struct picture_head *head);
/* Path of the program: beside ours, or in libexec; an arena is not needed, the text lives as long as the process. NULL: it is not there. */
const char *picture_program(void);

#endif
