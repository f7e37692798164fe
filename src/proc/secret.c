/*
 * secret - made once by the master and read before fork, so that a session id
 * is valid in every worker and after every restart.
 */
#include "proc/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/rng.h"

/* make - O_EXCL: two daemons that start at the same time agree on one key; 0 or -1 with errno. */
static int
make(const char *path, const struct account *acc)
{
	unsigned char key[SECRET_SIZE];
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600), rc;

	if (fd < 0)
		return errno == EEXIST ? 0 : -1;
	rng_bytes(key, sizeof(key));
	/* The account's: a daemon that is started without root the next time must be able to read it. */
	rc = write(fd, key, sizeof(key)) == (ssize_t)sizeof(key) && fsync(fd) == 0 &&
		(!acc->set || fchown(fd, acc->uid, acc->gid) == 0)
	    ? 0
	    : -1;
	close(fd);
	if (rc != 0)
		unlink(path);
	return rc;
}

int
secret_load(
    struct str database, const struct account *acc, unsigned char out[SECRET_SIZE], struct arena *a, struct str *why)
{
	char *path = arena_cstr(a, arena_printf(a, "%" PRIstr ".key", FSTR(database)));
	struct stat st;
	ssize_t n = -1;
	int fd;

	if (make(path, acc) != 0 || (fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)) < 0) {
		*why = arena_printf(a, "database: the session key %s: %s", path, strerror(errno));
		return -1;
	}
	if (fstat(fd, &st) == 0)
		n = read(fd, out, SECRET_SIZE);
	close(fd);
	if (n != SECRET_SIZE || st.st_size != SECRET_SIZE) {
		*why = arena_printf(a,
		    "database: the session key %s does not hold %d bytes; remove it and a new one is made "
		    "(open sessions end)",
		    path, SECRET_SIZE);
		return -1;
	}
	if ((st.st_mode & 077) != 0) {
		*why = arena_printf(a,
		    "database: the session key %s may be read by others: chmod 600 it, or remove it and a "
		    "new one is made",
		    path);
		return -1;
	}
	return 0;
}
