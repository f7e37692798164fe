/*
 * picture - pictures that messages name: found below their project's directory in
 * the archive, read, and given to agentmail-picture one after the other.
 *
 * This process touches no picture's contents but to hash and copy them. What is
 * found where is decided on the opened file, not on its name: a symbolic link
 * that leads out is seen whatever happens to the name meanwhile.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/hash.h"
#include "helper/picture_run.h"
#include "helper/query.h"
#include "ipc/query/picture.h"

struct pictures {
	struct helper_task *task;
	struct picture_run run;
	int64_t file_max, left; /* bytes of one file, and of those to come */
	bool originals;
	int out; /* memory file of the result */
};

/* The system's reason, as the reference names it. */
static void
refuse_errno(struct pictures *p, struct picture_found *f, int error)
{
	f->fault = PICTURE_FAULT_SYSTEM;
	f->error = error;
	f->text = arena_dup(p->task->arena, str_c(strerror(error)));
}

/* Is the file behind this descriptor below dir? */
static bool
is_below(int fd, const char *dir)
{
	char link[64], real[PATH_MAX], root[PATH_MAX];
	ssize_t n;
	size_t len;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, real, sizeof(real) - 1);
	if (n <= 0 || realpath(dir, root) == NULL)
		return false;
	real[n] = '\0';
	len = strlen(root);
	return strncmp(real, root, len) == 0 && real[len] == '/';
}

/* Opens a file for reading; -1 when it was refused. `dir` empty: path is absolute, and allowed. */
static int
open_file(struct pictures *p, const char *dir, const char *path, struct picture_found *f, struct stat *st)
{
	char link[64];
	int fd, place = dir[0] != '\0' ? open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC) : AT_FDCWD;
	int named = place == -1 ? -1 : openat(place, path, O_PATH | O_CLOEXEC), error = errno;

	if (place >= 0)
		close(place);
	if (named < 0) {
		refuse_errno(p, f, error);
		return -1;
	}
	if (dir[0] != '\0' && !is_below(named, dir)) {
		f->fault = PICTURE_FAULT_OUTSIDE;
	} else if (fstat(named, st) != 0) {
		refuse_errno(p, f, errno);
	} else if (!S_ISREG(st->st_mode)) {
		refuse_errno(p, f, S_ISDIR(st->st_mode) ? EISDIR : EINVAL);
	} else {
		snprintf(link, sizeof(link), "/proc/self/fd/%d", named);
		fd = open(link, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			refuse_errno(p, f, errno);
		close(named);
		return fd;
	}
	close(named);
	return -1;
}

static int
write_all(int fd, struct str s)
{
	while (s.n > 0) {
		ssize_t n = write(fd, s.p, s.n);

		if (n < 0 && errno != EINTR)
			return -1;
		s = str_sub(s, n > 0 ? (size_t)n : 0, s.n);
	}
	return 0;
}

/* All of the file, to be freed; false when it was refused. */
static bool
read_file(struct pictures *p, int fd, const struct stat *st, struct picture_found *f, struct str *out)
{
	int64_t most = p->file_max < p->left ? p->file_max : p->left;
	char *bytes;
	size_t n = 0;

	if (st->st_size > most) {
		f->fault = st->st_size > p->file_max ? PICTURE_FAULT_LARGE_FILE : PICTURE_FAULT_LARGE_MESSAGE;
		f->bytes = st->st_size;
		return false;
	}
	/* Not of the arena: the result grows there, and there may be many files. */
	bytes = malloc((size_t)st->st_size + 1);
	if (bytes == NULL) {
		f->fault = PICTURE_FAULT_MEMORY;
		return false;
	}
	while (n < (size_t)st->st_size) {
		ssize_t got = read(fd, bytes + n, (size_t)st->st_size - n);

		if (got == 0)
			break;
		if (got < 0 && errno != EINTR) {
			refuse_errno(p, f, errno);
			free(bytes);
			return false;
		}
		n += got > 0 ? (size_t)got : 0;
	}
	p->left -= (int64_t)n;
	*out = (struct str){ bytes, n };
	return true;
}

/* Where it lies in the memory file; -1 when it could not be kept. */
static int64_t
keep_original(struct pictures *p, struct str bytes)
{
	off_t at = lseek(p->out, 0, SEEK_END);

	return at < 0 || write_all(p->out, bytes) != 0 ? -1 : at;
}

static void
found(struct pictures *p, struct str bytes, const struct picture_head *head, struct picture_found *f)
{
	char sha1[SHA1_HEX + 1];

	hash_sha1_hex(bytes, sha1);
	f->fault = PICTURE_GOOD;
	f->sha1 = arena_dup(p->task->arena, str_c(sha1));
	f->width = head->width;
	f->height = head->height;
	f->bytes = (int64_t)bytes.n;
	if (p->originals)
		f->original_at = keep_original(p, bytes);
}

static enum picture_fault
fault_of(int end)
{
	switch (end) {
	case PICTURE_UNKNOWN: return PICTURE_FAULT_UNKNOWN;
	case PICTURE_BROKEN: return PICTURE_FAULT_BROKEN;
	case PICTURE_LARGE: return PICTURE_FAULT_LARGE;
	case PICTURE_MEMORY: return PICTURE_FAULT_MEMORY;
	case PICTURE_KILLED: return PICTURE_FAULT_KILLED;
	case PICTURE_LATE: return PICTURE_FAULT_LATE;
	default: return PICTURE_FAULT_UNABLE;
	}
}

static void
decode(struct pictures *p, struct str bytes, struct picture_found *f)
{
	int in = memfd_create("picture", MFD_CLOEXEC), end = PICTURE_SYSTEM;
	struct picture_head head = { 0, 0 };
	size_t at = 0, n = 0;

	if (in >= 0 && p->out >= 0 && p->run.program != NULL && write_all(in, bytes) == 0)
		end = picture_run(&p->run, in, p->out, &at, &n, &head);
	if (in >= 0)
		close(in);
	if (end == PICTURE_FINE) {
		f->at = (int64_t)at;
		f->n = (int64_t)n;
		found(p, bytes, &head, f);
		return;
	}
	f->fault = fault_of(end);
	if (end == PICTURE_LARGE) {
		f->width = head.width;
		f->height = head.height;
	}
}

static void
look_at(struct pictures *p, const struct picture_item *item, struct picture_found *f)
{
	const char *dir = arena_cstr(p->task->arena, item->dir), *path = arena_cstr(p->task->arena, item->path);
	struct str bytes;
	struct stat st;
	int fd;

	*f = (struct picture_found){ .project = item->project, .path = item->path, .original_at = -1 };
	if (clock_mono_us() >= p->task->deadline) {
		f->fault = PICTURE_FAULT_LATE;
		return;
	}
	fd = open_file(p, dir, path, f, &st);
	if (fd < 0)
		return;
	if (read_file(p, fd, &st, f, &bytes)) {
		decode(p, bytes, f);
		free((void *)bytes.p);
	}
	close(fd);
}

bool
helper_picture(struct helper_task *t)
{
	struct picture_found *v;
	struct picture_query q;
	struct pictures p;

	if (!picture_query_get(t->arena, t->query, &q))
		return false;
	p = (struct pictures){
		.task = t,
		.run = { .program = picture_program(),
		    .memory = q.memory,
		    .pixels = q.max_pixels,
		    .deadline = t->deadline },
		.file_max = q.max_bytes,
		.left = 2 * q.max_bytes,
		.originals = q.originals,
		.out = memfd_create("pictures", MFD_CLOEXEC | MFD_ALLOW_SEALING),
	};
	v = arena_array(t->arena, struct picture_found, q.n);
	for (size_t i = 0; i < q.n; i++)
		look_at(&p, &q.v[i], &v[i]);
	picture_result_put(t->result, &(struct picture_result){ v, q.n });
	/* Nobody changes it any more, so that whoever gets it may map it. */
	if (p.out >= 0 && fcntl(p.out, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) == 0)
		t->pass = p.out;
	else if (p.out >= 0)
		close(p.out);
	return true;
}
