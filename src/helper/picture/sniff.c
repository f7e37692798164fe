/*
 * sniff - reads type, size and, where the decoder would not miss it, the end of a picture.
 *
 * JPEG and GIF readers take a truncated file for a picture whose rest is grey; so it is looked for
 * the end here. The PNG and WebP readers see it themselves.
 */
#include "helper/picture/sniff.h"

#include <stdbool.h>
#include <string.h>

static uint32_t
big(const unsigned char *p, int bytes)
{
	uint32_t v = 0;

	while (bytes-- > 0)
		v = v << 8 | *p++;
	return v;
}

static uint32_t
little(const unsigned char *p, int bytes)
{
	uint32_t v = 0;

	while (bytes-- > 0)
		v = v << 8 | p[bytes];
	return v;
}

static enum picture_exit
png(const unsigned char *p, size_t n, struct picture_head *head)
{
	if (n < 33 || memcmp(p + 12, "IHDR", 4) != 0)
		return PICTURE_BROKEN;
	*head = (struct picture_head){ big(p + 16, 4), big(p + 20, 4) };
	return PICTURE_FINE;
}

/* Frame headers: C0 to CF but DHT, JPG and DAC. */
static bool
is_frame(unsigned char marker)
{
	return (marker & 0xf0) == 0xc0 && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

static bool
has_end(const unsigned char *p, size_t n)
{
	while (n-- > 1)
		if (p[n - 1] == 0xff && p[n] == 0xd9)
			return true;
	return false;
}

static enum picture_exit
jpeg(const unsigned char *p, size_t n, struct picture_head *head)
{
	size_t at = 2;

	while (at + 9 < n) {
		if (p[at] != 0xff)
			return PICTURE_BROKEN;
		if (p[at + 1] == 0xff) {
			at++;
			continue;
		}
		if (is_frame(p[at + 1])) {
			*head = (struct picture_head){ big(p + at + 7, 2), big(p + at + 5, 2) };
			return has_end(p + at, n - at) ? PICTURE_FINE : PICTURE_BROKEN;
		}
		if (p[at + 1] == 0x01 || (p[at + 1] >= 0xd0 && p[at + 1] <= 0xd8))
			at += 2;
		else
			at += 2 + big(p + at + 2, 2);
	}
	return PICTURE_BROKEN;
}

/* Behind a chain of sub-blocks; 0 when the file ends in it. */
static size_t
skip_blocks(const unsigned char *p, size_t n, size_t at)
{
	while (at < n && p[at] != 0)
		at += 1 + (size_t)p[at];
	return at < n ? at + 1 : 0;
}

static size_t
colours(unsigned char flags)
{
	return (flags & 0x80) != 0 ? (size_t)3 << ((flags & 7) + 1) : 0;
}

static enum picture_exit
gif(const unsigned char *p, size_t n, struct picture_head *head)
{
	size_t at;

	if (n < 13)
		return PICTURE_BROKEN;
	*head = (struct picture_head){ little(p + 6, 2), little(p + 8, 2) };
	at = 13 + colours(p[10]);
	while (at + 2 < n && p[at] == 0x21)
		if ((at = skip_blocks(p, n, at + 2)) == 0)
			return PICTURE_BROKEN;
	if (at + 11 > n || p[at] != 0x2c)
		return PICTURE_BROKEN;
	/* A frame may be larger than the screen it is shown on; the reader makes room for the frame. */
	if (little(p + at + 5, 2) > head->width)
		head->width = little(p + at + 5, 2);
	if (little(p + at + 7, 2) > head->height)
		head->height = little(p + at + 7, 2);
	return skip_blocks(p, n, at + 11 + colours(p[at + 9])) > 0 ? PICTURE_FINE : PICTURE_BROKEN;
}

static enum picture_exit
webp(const unsigned char *p, size_t n, struct picture_head *head)
{
	if (n < 30 || (size_t)little(p + 4, 4) + 8 > n)
		return PICTURE_BROKEN;
	if (memcmp(p + 12, "VP8X", 4) == 0)
		*head = (struct picture_head){ little(p + 24, 3) + 1, little(p + 27, 3) + 1 };
	else if (memcmp(p + 12, "VP8L", 4) == 0)
		*head =
		    (struct picture_head){ (little(p + 21, 4) & 0x3fff) + 1, (little(p + 21, 4) >> 14 & 0x3fff) + 1 };
	else if (memcmp(p + 12, "VP8 ", 4) == 0)
		*head = (struct picture_head){ little(p + 26, 2) & 0x3fff, little(p + 28, 2) & 0x3fff };
	else
		return PICTURE_BROKEN;
	return PICTURE_FINE;
}

enum picture_exit
sniff(const unsigned char *p, size_t n, enum picture_type *type, struct picture_head *head)
{
	enum picture_exit rc = PICTURE_UNKNOWN;

	*head = (struct picture_head){ 0, 0 };
	if (n >= 8 && memcmp(p, "\x89PNG\r\n\x1a\n", 8) == 0) {
		*type = PICTURE_PNG;
		rc = png(p, n, head);
	} else if (n >= 3 && memcmp(p, "\xff\xd8\xff", 3) == 0) {
		*type = PICTURE_JPEG;
		rc = jpeg(p, n, head);
	} else if (n >= 6 && (memcmp(p, "GIF87a", 6) == 0 || memcmp(p, "GIF89a", 6) == 0)) {
		*type = PICTURE_GIF;
		rc = gif(p, n, head);
	} else if (n >= 12 && memcmp(p, "RIFF", 4) == 0 && memcmp(p + 8, "WEBP", 4) == 0) {
		*type = PICTURE_WEBP;
		rc = webp(p, n, head);
	}
	if (rc == PICTURE_FINE && (head->width == 0 || head->height == 0))
		return PICTURE_BROKEN;
	return rc;
}
