/*
 * sniff - type and size of a picture, told from its first bytes before a decoder
 * gets to see it: a bomb is recognised by what it says of itself.
 */
#ifndef HELPER_PICTURE_SNIFF_H
#define HELPER_PICTURE_SNIFF_H

#include <stddef.h>

#include "helper/picture/picture.h"

enum picture_type { PICTURE_PNG, PICTURE_JPEG, PICTURE_GIF, PICTURE_WEBP };

/* Fills *type and *head. FINE, UNKNOWN, or BROKEN where the end of the file is missing. */
enum picture_exit sniff(const unsigned char *p, size_t n, enum picture_type *type, struct picture_head *head);

#endif
