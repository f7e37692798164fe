/*
 * convert - decodes a picture and encodes it as WebP. The only file that knows libgd, linked into
 * agentmail-picture alone.
 */
#include "helper/picture/convert.h"

#include <errno.h>
#include <gd.h>

#define QUALITY 80

/* What libgd has to say is told by the exit code. */
static void
quiet(int priority, const char *format, va_list ap)
{
}

static gdImagePtr
read_picture(void *bytes, int n, enum picture_type type)
{
	switch (type) {
	case PICTURE_PNG: return gdImageCreateFromPngPtr(n, bytes);
	case PICTURE_JPEG:
		/* Stray bytes between markers are common; the end was looked for. */
		return gdImageCreateFromJpegPtrEx(n, bytes, 1);
	case PICTURE_GIF: return gdImageCreateFromGifPtr(n, bytes);
	case PICTURE_WEBP: return gdImageCreateFromWebpPtr(n, bytes);
	}
	return NULL;
}

enum picture_exit
convert(void *bytes, size_t n, enum picture_type type, void **webp, size_t *webp_n, struct picture_head *head)
{
	gdImagePtr image;
	int size = 0;

	gdSetErrorMethod(quiet);
	errno = 0;
	image = read_picture(bytes, (int)n, type);
	if (image == NULL)
		return errno == ENOMEM ? PICTURE_MEMORY : PICTURE_BROKEN;
	*head = (struct picture_head){ (uint32_t)gdImageSX(image), (uint32_t)gdImageSY(image) };
	if (!gdImageTrueColor(image) && !gdImagePaletteToTrueColor(image))
		return PICTURE_MEMORY;
	*webp = gdImageWebpPtrEx(image, &size, QUALITY);
	*webp_n = size > 0 ? (size_t)size : 0;
	/* What was decoded can be encoded, given the memory. */
	return *webp != NULL && size > 0 ? PICTURE_FINE : PICTURE_MEMORY;
}
