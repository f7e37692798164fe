/*
 * mail - reads a message with its recipients for the archive, and says which names may be
 * file names.
 *
 * Names were checked by mail/ when they were made (decision 3.41); the second look here is what
 * keeps a mistake there from writing outside the archive.
 */
#include "archive/content/mail.h"

#include <string.h>

#include "archive/content/picture.h"
#include "archive/pack/error.h"
#include "store/cx.h"
#include "store/stmt.h"

#define NAME_MAX_BYTES 255

bool
arch_name_ok(struct str name)
{
	if (!name.p || name.n == 0 || name.n > NAME_MAX_BYTES || name.p[0] == '.')
		return false;
	for (size_t i = 0; i < name.n; i++)
		if ((unsigned char)name.p[i] < 0x20 || name.p[i] == '/' || name.p[i] == 0x7f)
			return false;
	return str_utf8_ok(name);
}

/* Adds to a list with room for *room. */
static void
add_name(struct cx *cx, struct str_list *list, size_t *room, struct str name)
{
	struct str *more;

	if (list->n == *room) {
		more = arena_array(cx->arena, struct str, *room = *room * 2 + 4);
		if (list->n > 0)
			memcpy(more, list->v, list->n * sizeof(*more));
		list->v = more;
	}
	list->v[list->n++] = name;
}

static int
read_recipients(struct cx *cx, struct arch_mail *m, struct arch_error *why)
{
	static const char *const kinds[] = { "to", "cc", "bcc" };
	struct str_list *lists[] = { &m->to, &m->cc, &m->bcc };
	size_t room[4] = { 0, 0, 0, 0 };
	struct stmt *s = stmt_get(cx->db, STMT_ARCH_RECIPIENTS);
	int rc;

	stmt_bind_int(s, 1, m->id);
	while ((rc = stmt_step(cx, s)) > 0) {
		struct str kind = stmt_peek(s, 0), name = stmt_str(s, 1, cx->arena);
		size_t k = 0;

		while (k < 2 && !str_eqc(kind, kinds[k]))
			k++;
		add_name(cx, lists[k], &room[k], name);
		if (stmt_int(s, 2) != 0)
			add_name(cx, &m->gone, &room[3], name);
		if (!arch_name_ok(name)) {
			stmt_done(s);
			return arch_error(
			    why, ARCH_POISON, "recipient \"%" PRIstr "\" cannot be a file name", FSTR(name));
		}
	}
	stmt_done(s);
	return rc < 0 ? arch_error(why, ARCH_AGAIN, "recipients: %" PRIstr, FSTR(cx->fail.msg)) : 0;
}

static void
read_columns(struct cx *cx, struct stmt *s, struct arch_mail *m)
{
	struct arena *a = cx->arena;

	m->created = stmt_int(s, 0);
	m->slug = stmt_str(s, 1, a);
	m->human_key = stmt_str(s, 2, a);
	m->sender = stmt_str(s, 3, a);
	m->sender_slug = stmt_str(s, 4, a);
	m->sender_key = stmt_str(s, 5, a);
	m->foreign = stmt_int(s, 6) != 0;
	m->thread = stmt_str(s, 7, a);
	m->topic = stmt_str(s, 8, a);
	m->importance = stmt_str(s, 9, a);
	m->ack_required = stmt_int(s, 10) != 0;
	m->subject = stmt_str(s, 11, a);
	m->attachments = stmt_str(s, 12, a);
	m->commit_id = stmt_str(s, 13, a);
	m->body = stmt_str(s, 14, a);
}

int
arch_mail_read(struct cx *cx, int64_t id, struct arch_mail *m, struct arch_error *why)
{
	struct stmt *s = stmt_get(cx->db, STMT_ARCH_MAIL);
	int rc;

	memset(m, 0, sizeof(*m));
	m->id = id;
	stmt_bind_int(s, 1, id);
	rc = stmt_step(cx, s);
	if (rc > 0)
		read_columns(cx, s, m);
	stmt_done(s);
	if (rc < 0)
		return arch_error(why, ARCH_AGAIN, "message: %" PRIstr, FSTR(cx->fail.msg));
	if (rc == 0)
		return 0;
	if (!arch_name_ok(m->slug) || !arch_name_ok(m->sender))
		return arch_error(why, ARCH_POISON,
		    "sender \"%" PRIstr "\" or project \"%" PRIstr "\" cannot be a file name", FSTR(m->sender),
		    FSTR(m->slug));
	return read_recipients(cx, m, why) == 0 && arch_pictures_read(cx, m, why) == 0 ? 1 : -1;
}
