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
#include "helper/question.h"

struct pictures {
	struct helper_task *task;
	struct picture_run run;
	int64_t file_max, left;  /* bytes of one file, and of those to come */
	bool originals;
	int out;                 /* memory file of the answer */
};

static void
refuse(struct pictures *p, const char *word)
{
	jw_kc(p->task->answer, "error", word);
}

/* The system's reason, as the reference names it. */
static void
refuse_errno(struct pictures *p, int error)
{
	jw_kc(p->task->answer, "error", "system");
	jw_kint(p->task->answer, "errno", error);
	jw_kc(p->task->answer, "text", strerror(error));
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
open_file(struct pictures *p, const char *dir, const char *path, struct stat *st)
{
	char link[64];
	int fd, place = dir[0] != '\0' ? open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC) : AT_FDCWD;
	int named = place == -1 ? -1 : openat(place, path, O_PATH | O_CLOEXEC), error = errno;

	if (place >= 0)
		close(place);
	if (named < 0) {
		refuse_errno(p, error);
		return -1;
	}
	if (dir[0] != '\0' && !is_below(named, dir)) {
		refuse(p, "outside");
	} else if (fstat(named, st) != 0) {
		refuse_errno(p, errno);
	} else if (!S_ISREG(st->st_mode)) {
		refuse_errno(p, S_ISDIR(st->st_mode) ? EISDIR : EINVAL);
	} else {
		snprintf(link, sizeof(link), "/proc/self/fd/%d", named);
		fd = open(link, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			refuse_errno(p, errno);
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
read_file(struct pictures *p, int fd, const struct stat *st, struct str *out)
{
	int64_t most = p->file_max < p->left ? p->file_max : p->left;
	char *bytes;
	size_t n = 0;

	if (st->st_size > most) {
		refuse(p, st->st_size > p->file_max ? "large_file" : "large_message");
		jw_kint(p->task->answer, "bytes", st->st_size);
		return false;
	}
	/* Not of the arena: the answer grows there, and there may be many files. */
	bytes = malloc((size_t)st->st_size + 1);
	if (bytes == NULL) {
		refuse(p, "memory");
		return false;
	}
	while (n < (size_t)st->st_size) {
		ssize_t got = read(fd, bytes + n, (size_t)st->st_size - n);

		if (got == 0)
			break;
		if (got < 0 && errno != EINTR) {
			refuse_errno(p, errno);
			free(bytes);
			return false;
		}
		n += got > 0 ? (size_t)got : 0;
	}
	p->left -= (int64_t)n;
	*out = (struct str){ bytes, n };
	return true;
}

static void
keep_original(struct pictures *p, struct str bytes)
{
	off_t at = lseek(p->out, 0, SEEK_END);

	if (at < 0 || write_all(p->out, bytes) != 0)
		return;
	jw_kint(p->task->answer, "original_at", at);
}

static void
say_found(struct pictures *p, struct str bytes, const struct picture_head *head, size_t at, size_t n)
{
	struct jw *w = p->task->answer;
	char sha1[SHA1_HEX + 1];

	hash_sha1_hex(bytes, sha1);
	jw_kc(w, "sha1", sha1);
	jw_kint(w, "width", head->width);
	jw_kint(w, "height", head->height);
	jw_kint(w, "at", (int64_t)at);
	jw_kint(w, "n", (int64_t)n);
	jw_kint(w, "bytes", (int64_t)bytes.n);
	if (p->originals)
		keep_original(p, bytes);
}

static const char *
word_of(int end)
{
	switch (end) {
	case PICTURE_UNKNOWN:
		return "unknown";
	case PICTURE_BROKEN:
		return "broken";
	case PICTURE_LARGE:
		return "large";
	case PICTURE_MEMORY:
		return "memory";
	case PICTURE_KILLED:
		return "killed";
	case PICTURE_LATE:
		return "late";
	default:
		return "unable";
	}
}

static void
decode(struct pictures *p, struct str bytes)
{
	int in = memfd_create("picture", MFD_CLOEXEC), end = PICTURE_SYSTEM;
	struct picture_head head = { 0, 0 };
	size_t at, n;

	if (in >= 0 && p->out >= 0 && p->run.program != NULL && write_all(in, bytes) == 0)
		end = picture_run(&p->run, in, p->out, &at, &n, &head);
	if (in >= 0)
		close(in);
	if (end == PICTURE_FINE) {
		say_found(p, bytes, &head, at, n);
		return;
	}
	refuse(p, word_of(end));
	if (end == PICTURE_LARGE) {
		jw_kint(p->task->answer, "width", head.width);
		jw_kint(p->task->answer, "height", head.height);
	}
}

static void
look_at(struct pictures *p, struct jr item)
{
	const char *dir = arena_cstr(p->task->arena, jr_str(jr_get(item, "dir")));
	const char *path = arena_cstr(p->task->arena, jr_str(jr_get(item, "path")));
	struct str bytes;
	struct stat st;
	int fd = open_file(p, dir, path, &st);

	if (fd < 0)
		return;
	if (read_file(p, fd, &st, &bytes)) {
		decode(p, bytes);
		free((void *)bytes.p);
	}
	close(fd);
}

void
question_pictures(struct helper_task *t)
{
	struct jr items = jr_get(t->ask, "items");
	struct pictures p = {
		.task = t,
		.run = { .program = picture_program(), .memory = jr_int(jr_get(t->ask, "memory")),
		    .pixels = jr_int(jr_get(t->ask, "max_pixels")), .deadline = t->deadline },
		.file_max = jr_int(jr_get(t->ask, "max_bytes")),
		.originals = jr_bool(jr_get(t->ask, "originals")),
		.out = memfd_create("pictures", MFD_CLOEXEC | MFD_ALLOW_SEALING),
	};

	p.left = 2 * p.file_max;
	jw_karr(t->answer, "items");
	for (size_t i = 0; i < jr_len(items); i++) {
		jw_obj(t->answer);
		jw_kint(t->answer, "project", jr_int(jr_get(jr_at(items, i), "project")));
		jw_kstr(t->answer, "path", jr_str(jr_get(jr_at(items, i), "path")));
		if (clock_mono_us() < t->deadline)
			look_at(&p, jr_at(items, i));
		else
			refuse(&p, "late");
		jw_end(t->answer);
	}
	jw_end(t->answer);
	/* Nobody changes it any more, so that the asker may map it. */
	if (p.out >= 0 && fcntl(p.out, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) == 0)
		t->pass = p.out;
	else if (p.out >= 0)
		close(p.out);
}
