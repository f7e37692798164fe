/*
 * picture - the four files of a picture: WebP, manifest, audit line, original.
 *
 * All are functions of the row, so that an archive can be written again from the database and
 * comes out the same.
 */
#include "archive/content/picture.h"

#include <ctype.h>
#include <string.h>

#include "archive/content/layout.h"
#include "archive/content/mail.h"
#include "archive/pack/error.h"
#include "base/json_write.h"
#include "store/cx.h"
#include "store/stmt.h"

#define SHA1_DIGITS 40
#define EXT_MAX 16

static bool
name_ok(const struct arch_picture *p)
{
	if (p->sha1.n != SHA1_DIGITS || p->ext.n > EXT_MAX)
		return false;
	for (size_t i = 0; i < p->sha1.n; i++)
		if (!isxdigit((unsigned char)p->sha1.p[i]))
			return false;
	for (size_t i = 0; i < p->ext.n; i++)
		if (i == 0 ? p->ext.p[i] != '.' : !isalnum((unsigned char)p->ext.p[i]))
			return false;
	return true;
}

static void
add(struct cx *cx, struct arch_mail *m, const struct arch_picture *p, size_t *room)
{
	struct arch_picture *more;

	if (m->npictures == *room) {
		more = arena_array(cx->arena, struct arch_picture, *room = *room * 2 + 4);
		if (m->npictures > 0)
			memcpy(more, m->pictures, m->npictures * sizeof(*more));
		m->pictures = more;
	}
	m->pictures[m->npictures++] = *p;
}

int
arch_pictures_read(struct cx *cx, struct arch_mail *m, struct arch_error *why)
{
	struct stmt *s = stmt_get(cx->db, STMT_ARCH_PICTURES);
	struct arena *a = cx->arena;
	size_t room = 0;
	int rc;

	stmt_bind_int(s, 1, m->id);
	while ((rc = stmt_step(cx, s)) > 0) {
		struct arch_picture p = { .sha1 = stmt_str(s, 0, a),
			.width = stmt_int(s, 1),
			.height = stmt_int(s, 2),
			.original_bytes = stmt_int(s, 3),
			.ext = stmt_str(s, 4, a),
			.created = stmt_int(s, 5),
			.webp = stmt_str(s, 6, a),
			.original = stmt_str(s, 7, a) };

		if (!name_ok(&p)) {
			stmt_done(s);
			return arch_error(
			    why, ARCH_POISON, "picture \"%" PRIstr "\" cannot be a file name", FSTR(p.sha1));
		}
		add(cx, m, &p, &room);
	}
	stmt_done(s);
	return rc < 0 ? arch_error(why, ARCH_AGAIN, "pictures: %" PRIstr, FSTR(cx->fail.msg)) : 0;
}

/* The path projects/<slug>/attachments/<dir><xx>/<sha1><ext>. */
static struct str
sharded(struct arena *a, const struct arch_mail *m, const char *dir, const struct arch_picture *p, struct str ext)
{
	return arena_printf(a, "projects/%" PRIstr "/attachments/%s%.2s/%" PRIstr "%" PRIstr, FSTR(m->slug), dir,
	    p->sha1.p, FSTR(p->sha1), FSTR(ext));
}

static struct str
beside(struct arena *a, const struct arch_mail *m, const char *dir, const struct arch_picture *p, const char *ext)
{
	return arena_printf(
	    a, "projects/%" PRIstr "/attachments/%s/%" PRIstr "%s", FSTR(m->slug), dir, FSTR(p->sha1), ext);
}

struct paths {
	struct str webp, original; /* original: absent when it was not kept */
};

static struct str
manifest(struct arena *a, const struct arch_picture *p, const struct paths *paths)
{
	struct buf b;
	struct jw w;

	buf_init(&b, a);
	jw_init(&w, &b, JW_INDENT2 | JW_ASCII);
	jw_obj(&w);
	jw_kint(&w, "bytes_original", p->original_bytes);
	jw_kint(&w, "bytes_webp", (int64_t)p->webp.n);
	jw_kint(&w, "height", p->height);
	jw_kstr(&w, "original_ext", p->ext);
	jw_kstr(&w, "original_path", paths->original);
	jw_kstr(&w, "sha1", p->sha1);
	jw_kstr(&w, "webp_path", paths->webp);
	jw_kint(&w, "width", p->width);
	jw_end(&w);
	buf_putc(&b, '\n');
	return buf_flat(&b);
}

static struct str
audit(struct arena *a, const struct arch_picture *p, const struct paths *paths)
{
	struct buf b;
	struct jw w;

	buf_init(&b, a);
	jw_init(&w, &b, JW_SPACED | JW_ASCII);
	jw_obj(&w);
	jw_kcstr(&w, "event", "stored");
	jw_ktime(&w, "ts", p->created);
	jw_kstr(&w, "webp_path", paths->webp);
	jw_kint(&w, "bytes_webp", (int64_t)p->webp.n);
	jw_kstr(&w, "original_path", paths->original);
	jw_kint(&w, "bytes_original", p->original_bytes);
	jw_kstr(&w, "ext", p->ext);
	jw_end(&w);
	buf_putc(&b, '\n');
	return buf_flat(&b);
}

int
arch_pictures_files(
    struct arena *a, const struct arch_mail *m, int (*fn)(void *arg, struct str path, struct str bytes), void *arg)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < m->npictures; i++) {
		const struct arch_picture *p = &m->pictures[i];
		struct paths paths = { sharded(a, m, "", p, STR(".webp")), STR_NONE };

		if (p->original.p != NULL)
			paths.original = sharded(a, m, "originals/", p, p->ext.n > 0 ? p->ext : STR(".bin"));
		rc = fn(arg, paths.webp, p->webp);
		if (rc == 0)
			rc = fn(arg, beside(a, m, "_manifests", p, ".json"), manifest(a, p, &paths));
		if (rc == 0)
			rc = fn(arg, beside(a, m, "_audit", p, ".log"), audit(a, p, &paths));
		if (rc == 0 && p->original.p != NULL)
			rc = fn(arg, paths.original, p->original);
	}
	return rc;
}
