/*
 * picture - how the program agentmail-picture is spoken to.
 *
 *   agentmail-picture MAX_PIXELS <file >answer
 *
 * The answer is a struct picture_head, and the WebP bytes when the exit code is
 * PICTURE_FINE. It is a program of its own because libgd brings fifty libraries
 * and reads what anybody sent: it holds nothing, may crash, and is killed at its
 * limits (helper/picture_run.c).
 */
#ifndef HELPER_PICTURE_PICTURE_H
#define HELPER_PICTURE_PICTURE_H

#include <stdint.h>

/* Exit codes; anything else is a crash. */
enum picture_exit {
	PICTURE_FINE = 0,
	PICTURE_UNKNOWN = 10, /* neither PNG, JPEG, GIF nor WebP */
	PICTURE_BROKEN = 11,  /* one of these, but truncated or damaged */
	PICTURE_LARGE = 12,   /* more pixels than MAX_PIXELS, or than WebP can hold in a row or column */
	PICTURE_MEMORY = 13,  /* its memory did not suffice */
	PICTURE_SYSTEM = 14,  /* it could not read or write */
};

/* Sizes are zero where they are not known. */
struct picture_head {
	uint32_t width, height;
};

#endif
