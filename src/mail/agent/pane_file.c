/*
 * pane_file - reads, writes and removes one identity file.
 *
 * Every step goes through descriptors of directories opened without following links: nobody can
 * lead a write elsewhere.
 */
#include "mail/agent/pane_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TEXT_MAX 512
#define DIR_FLAGS (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

static struct str
read_at(struct arena *a, int dir, const char *name, bool own)
{
	int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct str text = STR_NONE;
	char bytes[TEXT_MAX];
	struct stat st;
	ssize_t n;

	if (fd < 0)
		return STR_NONE;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && (!own || st.st_uid == geteuid()) &&
	    (n = read(fd, bytes, sizeof(bytes))) > 0)
		text = arena_dup(a, str_trim((struct str){ bytes, (size_t)n }));
	close(fd);
	return text.n > 0 ? text : STR_NONE;
}

struct str
pane_file_read(struct arena *a, struct str path, bool own)
{
	char *file = arena_cstr(a, path), *slash = strrchr(file, '/');
	struct str text;
	int dir;

	if (slash == NULL)
		return STR_NONE;
	*slash = '\0';
	dir = open(file, DIR_FLAGS);
	if (dir < 0)
		return STR_NONE;
	text = read_at(a, dir, slash + 1, own);
	close(dir);
	return text;
}

/* Makes the directory and those above it; links above the last part are the operator's choice. */
static int
make_path(const char *dir)
{
	char path[4096], *p;

	if ((size_t)snprintf(path, sizeof(path), "%s", dir) >= sizeof(path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	for (p = path + 1; (p = strchr(p, '/')) != NULL; *p++ = '/') {
		*p = '\0';
		if (mkdir(path, 0700) != 0 && errno != EEXIST)
			return -1;
	}
	return mkdir(path, 0700) == 0 || errno == EEXIST ? 0 : -1;
}

static int
open_sub(const char *dir, const char *sub, bool make)
{
	int top, below;

	if (make && make_path(dir) != 0)
		return -1;
	top = open(dir, DIR_FLAGS);
	if (top < 0)
		return -1;
	if (make && mkdirat(top, sub, 0700) != 0 && errno != EEXIST) {
		close(top);
		return -1;
	}
	below = openat(top, sub, DIR_FLAGS);
	close(top);
	return below;
}

static int
write_at(int dir, const char *name, const char *text)
{
	char temp[64];
	int fd, rc;

	snprintf(temp, sizeof(temp), ".new-%ld", (long)getpid());
	fd = openat(dir, temp, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return -1;
	rc = dprintf(fd, "%s\n", text) < 0 ? -1 : 0;
	close(fd);
	if (rc == 0)
		rc = renameat(dir, temp, dir, name);
	if (rc != 0)
		unlinkat(dir, temp, 0);
	return rc;
}

int
pane_file_write(const char *dir, const char *sub, const char *name, const char *text)
{
	int fd = open_sub(dir, sub, true), rc;
	struct stat st;

	if (fd < 0)
		return -1;
	if (fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && !S_ISREG(st.st_mode)) {
		errno = ELOOP;
		rc = -1;
	} else {
		rc = write_at(fd, name, text);
	}
	close(fd);
	return rc;
}

int
pane_file_sweep(const char *dir, const char *sub, bool (*fn)(void *arg, struct str name, struct str text), void *arg)
{
	int fd = open_sub(dir, sub, false);
	struct dirent *e;
	struct arena a;
	struct stat st;
	DIR *d;

	if (fd < 0)
		return errno == ENOENT ? 0 : -1;
	d = fdopendir(fd);
	if (d == NULL) {
		close(fd);
		return -1;
	}
	arena_init(&a, 1024);
	while ((e = readdir(d)) != NULL) {
		if (e->d_name[0] == '.' || fstatat(fd, e->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(st.st_mode))
			continue;
		if (fn(arg, str_c(e->d_name), read_at(&a, fd, e->d_name, false)))
			unlinkat(fd, e->d_name, 0);
		arena_reset(&a);
	}
	arena_fini(&a);
	closedir(d);
	return 0;
}
