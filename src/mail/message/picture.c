/*
 * picture - what can be wrong with an image file, in words, and the rows and paths of pictures
 * that are kept.
 */
#include "mail/message/picture.h"

#include <errno.h>
#include <string.h>

#include "conf/conf.h"
#include "mail/project/project.h"
#include "store/cx.h"
#include "store/stmt.h"

#define EXT_MAX 8
#define ADVICE "Check that all parameters have valid values."

static const enum err faults[] = {
	[PICTURE_GOOD] = ERR_NONE,
#define PICTURE_FAULT(symbol, word, err) [PICTURE_FAULT_##symbol] = ERR_##err,
#include "ipc/query/picture.def"
#undef PICTURE_FAULT
};

/* The limit that was passed, in words. */
static struct str
limit_text(struct cx *cx, const struct picture *p)
{
	const struct conf *c = cx->conf;

	if (p->fault == PICTURE_FAULT_LARGE)
		return arena_printf(cx->arena,
		    "has %lldx%lld pixels, more than image_max_pixels (%lld) or 16383 in a row or column",
		    (long long)p->width, (long long)p->height, (long long)c->image_max_pixels);
	if (p->fault == PICTURE_FAULT_LARGE_FILE)
		return arena_printf(cx->arena, "has %lld bytes, more than image_max_bytes (%lld)",
		    (long long)p->file_bytes, (long long)c->image_max_bytes);
	return arena_printf(cx->arena, "is one too many: the image files of a message may have %lld bytes together",
	    (long long)c->image_max_bytes * 2);
}

/* Ends of sentences about an image file that was found. */
static struct str
fault_text(struct cx *cx, const struct picture *p)
{
	switch (p->fault) {
	case PICTURE_FAULT_MEMORY:
		return arena_printf(cx->arena, "needs more memory than image_memory allows (%lld bytes)",
		    (long long)cx->conf->image_memory);
	case PICTURE_FAULT_KILLED: return STR("ended the decoder with a crash");
	case PICTURE_FAULT_LATE:
		return arena_printf(cx->arena, "was not decoded within image_timeout (%lld s)",
		    (long long)(cx->conf->image_timeout / 1000000));
	default: return STR("cannot be decoded: the program agentmail-picture cannot be run");
	}
}

int
picture_refuse(struct cx *cx, const struct picture *p, const char *argument)
{
	enum err err = faults[p->fault];

	switch (p->fault) {
	case PICTURE_FAULT_SYSTEM:
		fail(cx, err, "OS error: [Errno %d] %" PRIstr ": '%" PRIstr "'", p->error, FSTR(p->why), FSTR(p->path));
		break;
	case PICTURE_FAULT_OUTSIDE:
		fail(cx, err, "Invalid argument value: Invalid path: directory traversal not allowed. " ADVICE);
		break;
	case PICTURE_FAULT_UNKNOWN:
		fail(cx, err, "OS error: cannot identify image file '%" PRIstr "'", FSTR(p->path));
		break;
	case PICTURE_FAULT_BROKEN:
		fail(cx, err, "OS error: cannot identify image file '%" PRIstr "': it is truncated or damaged",
		    FSTR(p->path));
		break;
	case PICTURE_FAULT_LARGE:
	case PICTURE_FAULT_LARGE_FILE:
	case PICTURE_FAULT_LARGE_MESSAGE:
		fail(cx, err, "Invalid argument value: image file '%" PRIstr "' %" PRIstr ". " ADVICE, FSTR(p->path),
		    FSTR(limit_text(cx, p)));
		break;
	default: fail(cx, err, "Image file '%" PRIstr "' %" PRIstr ".", FSTR(p->path), FSTR(fault_text(cx, p)));
	}
	jw_kcstr(fail_data(cx), "argument", argument);
	jw_kstr(fail_data(cx), "path", p->path);
	return -1;
}

bool
picture_absent(const struct picture *p)
{
	if (p->fault == PICTURE_FAULT_OUTSIDE)
		return true;
	return p->fault == PICTURE_FAULT_SYSTEM &&
	    (p->error == ENOENT || p->error == ENOTDIR || p->error == EISDIR || p->error == ENAMETOOLONG ||
		p->error == ELOOP);
}

struct str
picture_ext(struct cx *cx, struct str path)
{
	size_t from = path.n;
	struct str ext;

	while (from > 0 && path.n - from <= EXT_MAX && path.p[from - 1] != '.' && path.p[from - 1] != '/')
		from--;
	if (from < 2 || from == path.n || path.p[from - 1] != '.' || path.p[from - 2] == '/')
		return STR("");
	ext = str_lower(cx->arena, str_sub(path, from - 1, path.n));
	for (size_t i = 1; i < ext.n; i++)
		if (!((ext.p[i] >= 'a' && ext.p[i] <= 'z') || (ext.p[i] >= '0' && ext.p[i] <= '9')))
			return STR("");
	return ext;
}

struct str
picture_path(struct cx *cx, const struct project *p, struct str sha1)
{
	return arena_printf(
	    cx->arena, "projects/%" PRIstr "/attachments/%.2s/%" PRIstr ".webp", FSTR(p->slug), sha1.p, FSTR(sha1));
}

struct str
picture_original_path(struct cx *cx, const struct project *p, struct str sha1, struct str ext)
{
	return arena_printf(cx->arena, "projects/%" PRIstr "/attachments/originals/%.2s/%" PRIstr "%" PRIstr,
	    FSTR(p->slug), sha1.p, FSTR(sha1), FSTR(ext.n > 0 ? ext : STR(".bin")));
}

int
picture_known(struct cx *cx, const struct project *p, struct picture *pic)
{
	struct stmt *s = stmt_get(cx->db, STMT_PICTURE_FIND);
	int rc;

	stmt_bind_int(s, 1, p->id);
	stmt_bind_str(s, 2, pic->sha1);
	rc = stmt_step(cx, s);
	if (rc > 0) {
		pic->webp = stmt_str(s, 1, cx->arena);
		pic->width = stmt_int(s, 2);
		pic->height = stmt_int(s, 3);
	}
	stmt_done(s);
	return rc < 0 ? -1 : 0;
}

static int
add(struct cx *cx, const struct project *p, const struct picture *pic)
{
	struct stmt *s = stmt_get(cx->db, STMT_PICTURE_ADD);

	stmt_bind_int(s, 1, p->id);
	stmt_bind_str(s, 2, pic->sha1);
	stmt_bind_int(s, 3, pic->width);
	stmt_bind_int(s, 4, pic->height);
	stmt_bind_int(s, 5, pic->file_bytes);
	stmt_bind_str(s, 6, picture_ext(cx, pic->path));
	stmt_bind_time(s, 7, cx->now);
	stmt_bind_blob(s, 8, pic->webp);
	if (pic->original.p != NULL)
		stmt_bind_blob(s, 9, pic->original);
	else
		stmt_bind_null(s, 9);
	return stmt_run(cx, s);
}

int
picture_store(struct cx *cx, const struct project *p, int64_t message_id, const struct picture *pic)
{
	struct stmt *s;

	if (add(cx, p, pic) != 0)
		return -1;
	s = stmt_get(cx->db, STMT_PICTURE_LINK);
	stmt_bind_int(s, 1, message_id);
	stmt_bind_int(s, 2, p->id);
	stmt_bind_str(s, 3, pic->sha1);
	return stmt_run(cx, s);
}
