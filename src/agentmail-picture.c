/*
 * agentmail-picture - turns one picture, read from standard input, into WebP on standard output
 * (helper/picture/picture.h says how it is spoken to).
 *
 * Run by the helper process for each picture anew. It opens no file, listens to nobody and keeps
 * nothing.
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "helper/picture/convert.h"

#define SIDE_MAX 16383 /* of WebP */
#define FILE_MAX (1u << 30)

/* All of the standard input; NULL when it cannot be read or held. */
static unsigned char *
read_all(size_t *n)
{
	unsigned char *p = NULL, *more;
	size_t room = 0;

	for (*n = 0; *n < FILE_MAX;) {
		ssize_t got;

		if (*n == room) {
			room = room * 2 + 65536;
			more = realloc(p, room);
			if (more == NULL)
				break;
			p = more;
		}
		got = read(STDIN_FILENO, p + *n, room - *n);
		if (got == 0)
			return p;
		if (got < 0 && errno != EINTR)
			break;
		*n += got > 0 ? (size_t)got : 0;
	}
	free(p);
	return NULL;
}

static int
write_all(const void *bytes, size_t n)
{
	const char *p = bytes;

	while (n > 0) {
		ssize_t put = write(STDOUT_FILENO, p, n);

		if (put < 0 && errno != EINTR)
			return -1;
		p += put > 0 ? put : 0;
		n -= put > 0 ? (size_t)put : 0;
	}
	return 0;
}

int
main(int argc, char **argv)
{
	uint64_t pixels_max = argc == 2 ? strtoull(argv[1], NULL, 10) : 0;
	struct picture_head head = { 0, 0 };
	enum picture_type type = PICTURE_PNG;
	enum picture_exit rc;
	unsigned char *bytes;
	void *webp = NULL;
	size_t n, webp_n = 0;

	if (argc != 2)
		return PICTURE_SYSTEM;
	bytes = read_all(&n);
	if (bytes == NULL)
		return errno == ENOMEM ? PICTURE_MEMORY : PICTURE_SYSTEM;
	rc = sniff(bytes, n, &type, &head);
	if (rc == PICTURE_FINE &&
	    ((uint64_t)head.width * head.height > pixels_max || head.width > SIDE_MAX || head.height > SIDE_MAX))
		rc = PICTURE_LARGE;
	if (rc == PICTURE_FINE)
		rc = convert(bytes, n, type, &webp, &webp_n, &head);
	if (write_all(&head, sizeof(head)) != 0 || (rc == PICTURE_FINE && write_all(webp, webp_n) != 0))
		return PICTURE_SYSTEM;
	return rc;
}
