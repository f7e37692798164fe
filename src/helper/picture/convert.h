/*
 * convert - a picture as WebP, through libgd.
 */
#ifndef HELPER_PICTURE_CONVERT_H
#define HELPER_PICTURE_CONVERT_H

#include <stddef.h>

#include "helper/picture/sniff.h"

/* First frame, quality 80; *webp belongs to the process until it ends. *head is what came out. FINE, BROKEN or MEMORY. */
enum picture_exit convert(
    void *bytes, size_t n, enum picture_type type, void **webp, size_t *webp_n, struct picture_head *head);

#endif
