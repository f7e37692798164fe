/*
 * pidfile - one daemon for one state directory.
 *
 * An open-file-description lock, not flock or a POSIX process lock: it is held
 * by the open file itself, so neither closing another descriptor of the file nor
 * a stale number can fool it. A file that was renamed or removed between open
 * and lock is tried again.
 */
#include "proc/pidfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"

static int
lock(int fd)
{
	struct flock l = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	return fcntl(fd, F_OFD_SETLK, &l);
}

static bool
same_file(int fd, const char *path)
{
	struct stat a, b;

	return fstat(fd, &a) == 0 && stat(path, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/* holder - who has the lock, as the file tells. */
static struct str
holder(int fd, struct arena *a)
{
	char text[32] = "";
	ssize_t n = pread(fd, text, sizeof(text) - 1, 0);
	struct str s = { text, n > 0 ? (size_t)n : 0 };

	return arena_dup(a, str_trim(s));
}

static int
write_pid(int fd)
{
	char text[32];
	int n = snprintf(text, sizeof(text), "%ld\n", (long)getpid());

	return ftruncate(fd, 0) == 0 && pwrite(fd, text, (size_t)n, 0) == n ? 0 : -1;
}

int
pidfile_open(struct pidfile *p, struct str path, struct arena *a, struct str *why)
{
	int fd;

	p->fd = -1;
	if (path.n >= sizeof(p->path) - 8) {
		*why = arena_printf(a, "pid_file: the path is longer than %zu bytes", sizeof(p->path) - 8);
		return -1;
	}
	snprintf(p->path, sizeof(p->path), "%" PRIstr, FSTR(path));
	for (;;) {
		fd = open(p->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
		if (fd < 0) {
			*why = arena_printf(a, "pid_file: cannot open %s: %s", p->path, strerror(errno));
			return -1;
		}
		if (lock(fd) != 0) {
			*why = errno == EAGAIN || errno == EACCES
			    ? arena_printf(a, "pid_file: %s is locked: process %" PRIstr " is running already", p->path,
				  FSTR(holder(fd, a)))
			    : arena_printf(a, "pid_file: cannot lock %s: %s", p->path, strerror(errno));
			close(fd);
			return -1;
		}
		if (same_file(fd, p->path))
			break;
		close(fd);
	}
	if (write_pid(fd) != 0) {
		*why = arena_printf(a, "pid_file: cannot write %s: %s", p->path, strerror(errno));
		close(fd);
		return -1;
	}
	p->fd = fd;
	return 0;
}

int
pidfile_set_aside(struct pidfile *p)
{
	char old[sizeof(p->path) + 4];

	snprintf(old, sizeof(old), "%s.old", p->path);
	if (p->fd < 0)
		return 0;
	if (rename(p->path, old) != 0)
		return -1;
	memcpy(p->path, old, sizeof(p->path));
	return 0;
}

int
pidfile_put_back(struct pidfile *p)
{
	char now[sizeof(p->path)];
	size_t n = strlen(p->path);

	if (p->fd < 0)
		return 0;
	must(n > 4 && strcmp(p->path + n - 4, ".old") == 0);
	memcpy(now, p->path, sizeof(now));
	now[n - 4] = '\0';
	if (rename(p->path, now) != 0)
		return -1;
	memcpy(p->path, now, sizeof(p->path));
	return 0;
}

void
pidfile_close(struct pidfile *p)
{
	if (p->fd < 0)
		return;
	if (same_file(p->fd, p->path))
		unlink(p->path);
	close(p->fd);
	p->fd = -1;
}
