/*
 * records - the reservations that hold, from the files of the archive
 * (contract/reservations-resources.md 5.9, 9.4).
 *
 * What cannot be read or understood is skipped, as the reference's hook does.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/json_read.h"
#include "guard/guard.h"
#include "mail/reservation/pattern.h"

#define FILE_MAX_BYTES (1 << 20)

static struct str
contents(struct arena *a, int dir, const char *name)
{
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct str s = STR_NONE;
	struct stat st;
	char *p;

	if (fd < 0)
		return s;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0 && st.st_size <= FILE_MAX_BYTES) {
		p = arena_get(a, (size_t)st.st_size);
		if (read(fd, p, (size_t)st.st_size) == st.st_size)
			s = (struct str){ p, (size_t)st.st_size };
	}
	close(fd);
	return s;
}

struct reading {
	struct guard_records *out;
	struct arena *keep;
	struct str agent;
	int64_t now;
};

static bool
holds_now(struct jr r, int64_t now)
{
	struct jr expires = jr_get(r, "expires_ts"), released = jr_get(r, "released_ts"),
		  exclusive = jr_get(r, "exclusive");
	int64_t at;

	if (exclusive.type == JR_BOOL && !jr_bool(exclusive))
		return false;
	if (released.type != JR_ABSENT && released.type != JR_NULL && !str_blank(jr_str(released)))
		return false;
	return !clock_parse_iso(str_trim(jr_str(expires)), &at) || at > now;
}

static int
by_id(const void *va, const void *vb)
{
	const struct guard_record *a = va, *b = vb;

	if (a->id != b->id)
		return a->id < b->id ? -1 : 1;
	return str_cmp(a->pattern, b->pattern);
}

/*
 * A reservation has two files, by its id and by its pattern: keeps one of them. A record without
 * a number is kept as it is.
 */
static void
each_once(struct guard_records *out)
{
	size_t n = 0;

	if (out->n > 1)
		qsort(out->v, out->n, sizeof(*out->v), by_id);
	for (size_t i = 0; i < out->n; i++)
		if (out->v[i].id == 0 || n == 0 || out->v[i].id != out->v[n - 1].id)
			out->v[n++] = out->v[i];
	out->n = n;
}

static void
consider(struct reading *g, struct jr r)
{
	struct str pattern = jr_str(jr_get(r, "path_pattern")), agent = jr_str(jr_get(r, "agent"));
	struct guard_records *out = g->out;
	int64_t id = jr_int(jr_get(r, "id"));

	if (str_blank(pattern) || pattern_virtual(pattern) || !holds_now(r, g->now))
		return;
	if (g->agent.p != NULL && str_eq(agent, g->agent))
		return;
	if (out->n == out->room) {
		struct guard_record *old = out->v;

		out->room = out->room > 0 ? out->room * 2 : 64;
		out->v = arena_array(g->keep, struct guard_record, out->room);
		if (out->n > 0)
			memcpy(out->v, old, out->n * sizeof(*old));
	}
	out->v[out->n++] =
	    (struct guard_record){ id, arena_dup(g->keep, pattern), arena_dup(g->keep, agent.p ? agent : STR("")) };
}

static void
read_file(struct reading *g, struct arena *scratch, struct str text)
{
	struct jr_error err;
	struct jr v;

	if (!jr_parse(scratch, text, &v, &err))
		return;
	if (v.type == JR_OBJ)
		consider(g, v);
	for (size_t i = 0; v.type == JR_ARR && i < jr_len(v); i++)
		if (jr_at(v, i).type == JR_OBJ)
			consider(g, jr_at(v, i));
}

static bool
is_record(const char *name)
{
	size_t n = strlen(name);

	return n > 5 && name[0] != '.' && strcmp(name + n - 5, ".json") == 0;
}

void
guard_records(const char *dir, struct str agent, int64_t now, struct arena *a, struct guard_records *out)
{
	struct reading g = { out, a, agent, now };
	struct arena scratch;
	struct dirent *e;
	DIR *d = opendir(dir);

	*out = (struct guard_records){ .readable = d != NULL };
	if (d == NULL)
		return;
	arena_init(&scratch, 4096);
	while ((e = readdir(d)) != NULL) {
		struct str text;

		if (!is_record(e->d_name))
			continue;
		arena_reset(&scratch);
		text = contents(&scratch, dirfd(d), e->d_name);
		if (text.p != NULL)
			read_file(&g, &scratch, text);
	}
	closedir(d);
	arena_fini(&scratch);
	each_once(out);
}
