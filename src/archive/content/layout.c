/*
 * layout - the paths of files in the archive (agentmail-archive(5) lists them). What the
 * files say is content.c's.
 *
 * Names come in as they are; who stages a path has asked arch_name_ok before.
 */
#include "archive/content/layout.h"

#include <ctype.h>
#include <string.h>

#include "archive/content/mail.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/hash.h"

#define SLUG_MAX 80
#define THREAD_MAX 128

/*
 * The subject in a file name: trimmed, runs outside [A-Za-z0-9._-] become "-", no "-" or "_" at
 * the ends, lower case, 80 characters; never empty.
 */
static struct str
subject_slug(struct arena *a, struct str subject)
{
	char *out = arena_get(a, subject.n + 1);
	struct str s = { out, 0 };
	bool gap = false;

	subject = str_trim(subject);
	for (size_t i = 0; i < subject.n; i++) {
		unsigned char c = (unsigned char)subject.p[i];

		if (c < 0x80 && (isalnum(c) || c == '.' || c == '_' || c == '-')) {
			out[s.n++] = (char)tolower(c);
			gap = false;
		} else if (!gap) {
			out[s.n++] = '-';
			gap = true;
		}
	}
	while (s.n > 0 && (s.p[0] == '-' || s.p[0] == '_'))
		s = str_sub(s, 1, s.n);
	while (s.n > 0 && (s.p[s.n - 1] == '-' || s.p[s.n - 1] == '_'))
		s.n--;
	s = str_sub(s, 0, SLUG_MAX);
	return s.n > 0 ? s : STR("message");
}

/* Appends /YYYY/MM/<file> to the path. Piece by piece and not by printf, since each message needs several. */
static struct str
dated_file(struct buf *path, const struct arch_mail *m)
{
	char t[CLOCK_ISO_SIZE];

	clock_iso(t, m->created);
	buf_putc(path, '/');
	buf_put(path, t, 4);
	buf_putc(path, '/');
	buf_put(path, t + 5, 2);
	buf_putc(path, '/');
	buf_put(path, t, 13);
	buf_putc(path, '-');
	buf_put(path, t + 14, 2);
	buf_putc(path, '-');
	buf_put(path, t + 17, 2);
	buf_cstr(path, "Z__");
	buf_str(path, subject_slug(path->arena, m->subject));
	buf_cstr(path, "__");
	buf_int(path, m->id);
	buf_cstr(path, ".md");
	return buf_flat(path);
}

struct str
layout_canonical(struct arena *a, const struct arch_mail *m)
{
	struct buf path;

	buf_init(&path, a);
	buf_cstr(&path, "projects/");
	buf_str(&path, m->slug);
	buf_cstr(&path, "/messages");
	return dated_file(&path, m);
}

struct str
layout_copy(struct arena *a, const struct arch_mail *m, struct str agent, const char *box)
{
	struct buf path;

	buf_init(&path, a);
	buf_cstr(&path, "projects/");
	buf_str(&path, m->slug);
	buf_cstr(&path, "/agents/");
	buf_str(&path, agent);
	buf_putc(&path, '/');
	buf_cstr(&path, box);
	return dated_file(&path, m);
}

/* True for [A-Za-z0-9][A-Za-z0-9._-]{0,127}. */
static bool
thread_is_file_name(struct str t)
{
	if (t.n == 0 || t.n > THREAD_MAX || !isalnum((unsigned char)t.p[0]))
		return false;
	for (size_t i = 0; i < t.n; i++)
		if ((unsigned char)t.p[i] >= 0x80 || (!isalnum((unsigned char)t.p[i]) && !strchr("._-", t.p[i])))
			return false;
	return true;
}

struct str
layout_digest(struct arena *a, struct str slug, struct str thread, int part)
{
	char sha[SHA1_HEX + 1];
	struct str name = thread;

	if (!thread_is_file_name(thread)) {
		hash_sha1_hex(thread, sha);
		name = arena_printf(a, "t-%s", sha);
	}
	if (part > 1)
		return arena_printf(
		    a, "projects/%" PRIstr "/messages/threads/%" PRIstr "~%d.md", FSTR(slug), FSTR(name), part);
	return arena_printf(a, "projects/%" PRIstr "/messages/threads/%" PRIstr ".md", FSTR(slug), FSTR(name));
}

struct str
layout_project(struct arena *a, struct str slug)
{
	return arena_printf(a, "projects/%" PRIstr, FSTR(slug));
}

struct str
layout_agent(struct arena *a, struct str slug, struct str agent)
{
	return arena_printf(a, "projects/%" PRIstr "/agents/%" PRIstr, FSTR(slug), FSTR(agent));
}

struct str
layout_profile(struct arena *a, struct str slug, struct str agent)
{
	return arena_printf(a, "projects/%" PRIstr "/agents/%" PRIstr "/profile.json", FSTR(slug), FSTR(agent));
}

struct str
layout_lease_by_pattern(struct arena *a, struct str slug, struct str pattern)
{
	char sha[SHA1_HEX + 1];

	hash_sha1_hex(str_trim(pattern), sha);
	return arena_printf(a, "projects/%" PRIstr "/file_reservations/%s.json", FSTR(slug), sha);
}

struct str
layout_lease_by_id(struct arena *a, struct str slug, int64_t id)
{
	return arena_printf(a, "projects/%" PRIstr "/file_reservations/id-%lld.json", FSTR(slug), (long long)id);
}
