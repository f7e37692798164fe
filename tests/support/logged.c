/*
 * logged - see logged.h.
 */
#include "support/logged.h"

#include <check.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"

static struct {
	struct arena *arena;
	int fd, before;
	enum log_level level;
} state;

void
logged_begin(struct arena *a)
{
	/* What tests before this one have repeated is no concern of it. */
	log_idle(INT64_MAX);
	state.arena = a;
	state.before = log_fd();
	state.fd = memfd_create("log", MFD_CLOEXEC);
	ck_assert_int_ge(state.fd, 0);
	log_to(state.fd);
	state.level = LOG_LEVEL_DEBUG;
	while (state.level > LOG_LEVEL_ERROR && !log_on(state.level))
		state.level--;
	log_set(LOG_LEVEL_INFO, LOG_FORMAT_TEXT);
}

struct str
logged(void)
{
	struct stat st;
	char *p;

	ck_assert_int_eq(fstat(state.fd, &st), 0);
	p = arena_get(state.arena, (size_t)st.st_size + 1);
	ck_assert_int_eq(pread(state.fd, p, (size_t)st.st_size, 0), st.st_size);
	return (struct str){ p, (size_t)st.st_size };
}

int
logged_count(const char *part)
{
	struct str rest = logged(), line;
	int n = 0;

	while (str_next(&rest, '\n', &line))
		n += str_find(line, str_c(part)) >= 0;
	return n;
}

void
logged_end(void)
{
	log_set(state.level, LOG_FORMAT_TEXT);
	log_to(state.before);
	close(state.fd);
}
