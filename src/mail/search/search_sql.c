/*
 * search_sql - puts the SQL of a search together from fixed parts; values are always bound.
 */
#include "mail/search/search_sql.h"

#include "base/buf.h"
#include "mail/search/search.h"
#include "mail/search/search_query.h"
#include "store/cx.h"
#include "store/stmt.h"

/* Parameters by number, so that a part can be left out. The first belongs to the statement. */
enum {
	Q_OWN = 1,
	Q_PROJECT,
	Q_BEFORE,
	Q_VIEWER,
	Q_SENDER,
	Q_THREAD,
	Q_THREAD_MESSAGE,
	Q_FROM,
	Q_TO,
	Q_WORD,
	Q_PLACE = Q_WORD + QUERY_WORDS
};

static void
put_importance(struct buf *b, unsigned bits)
{
	static const char *const words[] = { "'low'", "'normal'", "'high'", "'urgent'" };
	const char *sep = "";

	buf_cstr(b, " AND m.importance COLLATE NOCASE IN (");
	for (size_t i = 0; i < 4; i++)
		if ((bits & 1u << i) != 0) {
			buf_cstr(b, sep);
			buf_cstr(b, words[i]);
			sep = ", ";
		}
	buf_cstr(b, ")");
}

/* Parameters of a place: the first has numbers of its own. */
static int
project_at(size_t i)
{
	return i == 0 ? Q_PROJECT : Q_PLACE + 2 * (int)i;
}

static int
viewer_at(size_t i)
{
	return i == 0 ? Q_VIEWER : Q_PLACE + 2 * (int)i + 1;
}

static void
put_places(struct buf *b, const struct search_scope *sc)
{
	const char *sep = " AND (";

	for (size_t i = 0; i < sc->nplaces; i++) {
		buf_printf(b, "%s(m.project_id = ?%d", sep, project_at(i));
		if (sc->places[i].viewer_id != 0)
			buf_printf(b,
			    " AND (m.sender_id = ?%d OR EXISTS (SELECT 1 FROM message_recipients r"
			    " WHERE r.agent_id = ?%d AND r.message_id = m.id))",
			    viewer_at(i), viewer_at(i));
		buf_cstr(b, ")");
		sep = " OR ";
	}
	buf_cstr(b, ")");
}

static void
put_scope(struct buf *b, const struct search_scope *sc)
{
	const struct search_request *ask = sc->ask;

	put_places(b, sc);
	if (ask->sender.n > 0)
		buf_cstr(b, " AND EXISTS (SELECT 1 FROM agents a WHERE a.id = m.sender_id AND a.name = ?5)");
	if (ask->importance != 0)
		put_importance(b, ask->importance);
	if (ask->thread_id.n > 0)
		buf_cstr(b, " AND (m.thread_id = ?6 OR m.id = ?7)");
	if (ask->from_us != 0)
		buf_cstr(b, " AND m.created_ts >= ?8");
	if (ask->to_us != 0)
		buf_cstr(b, " AND m.created_ts <= ?9");
}

static void
bind_scope(struct stmt *s, const struct search_scope *sc, int64_t before)
{
	const struct search_request *ask = sc->ask;

	stmt_bind_int(s, Q_BEFORE, before);
	for (size_t i = 0; i < sc->nplaces; i++) {
		stmt_bind_int(s, project_at(i), sc->places[i].project_id);
		if (sc->places[i].viewer_id != 0)
			stmt_bind_int(s, viewer_at(i), sc->places[i].viewer_id);
	}
	if (ask->sender.n > 0)
		stmt_bind_str(s, Q_SENDER, ask->sender);
	if (ask->thread_id.n > 0) {
		stmt_bind_str(s, Q_THREAD, ask->thread_id);
		stmt_bind_int(s, Q_THREAD_MESSAGE, sc->thread_message);
	}
	if (ask->from_us != 0)
		stmt_bind_int(s, Q_FROM, ask->from_us);
	if (ask->to_us != 0)
		stmt_bind_int(s, Q_TO, ask->to_us);
}

struct stmt *
search_sql_index(struct cx *cx, const struct search_scope *sc, struct str query, bool rank, int64_t before)
{
	struct stmt *s;
	struct buf b;

	buf_init(&b, cx->arena);
	/* CROSS: the index leads, newest first by itself; nothing is sorted. */
	buf_printf(&b,
	    "SELECT m.id, %s FROM fts_messages f CROSS JOIN messages m ON m.id = f.rowid"
	    " WHERE f.fts_messages MATCH ?1 AND f.rowid < ?3",
	    rank ? "am_rank(f.fts_messages)" : "0.0");
	put_scope(&b, sc);
	buf_cstr(&b, " ORDER BY f.rowid DESC");
	s = stmt_adhoc(cx->db, buf_flat(&b));
	stmt_bind_str(s, Q_OWN, query);
	bind_scope(s, sc, before);
	return s;
}

struct stmt *
search_sql_tail(struct cx *cx, const struct search_scope *sc, int64_t through, int64_t before)
{
	struct stmt *s;
	struct buf b;

	buf_init(&b, cx->arena);
	buf_cstr(&b, "SELECT m.id, m.subject, m.body_md FROM messages m WHERE m.id > ?1 AND m.id < ?3");
	put_scope(&b, sc);
	buf_cstr(&b, " ORDER BY m.id DESC");
	s = stmt_adhoc(cx->db, buf_flat(&b));
	stmt_bind_int(s, Q_OWN, through);
	bind_scope(s, sc, before);
	return s;
}

/* %word% with LIKE's own characters escaped by '!'. */
static struct str
like_pattern(struct arena *a, struct str word)
{
	struct buf b;

	buf_init(&b, a);
	buf_putc(&b, '%');
	for (size_t i = 0; i < word.n; i++) {
		if (word.p[i] == '!' || word.p[i] == '%' || word.p[i] == '_')
			buf_putc(&b, '!');
		buf_putc(&b, word.p[i]);
	}
	buf_putc(&b, '%');
	return buf_flat(&b);
}

struct stmt *
search_sql_words(struct cx *cx, const struct search_scope *sc, const struct str *words, size_t n, int64_t before)
{
	struct stmt *s;
	struct buf b;

	buf_init(&b, cx->arena);
	buf_cstr(&b, "SELECT m.id FROM messages m WHERE m.id > ?1 AND m.id < ?3");
	put_scope(&b, sc);
	for (size_t i = 0; i < n; i++)
		buf_printf(&b, " AND (m.subject LIKE ?%zu ESCAPE '!' OR m.body_md LIKE ?%zu ESCAPE '!')", Q_WORD + i,
		    Q_WORD + i);
	buf_cstr(&b, " ORDER BY m.id DESC");
	s = stmt_adhoc(cx->db, buf_flat(&b));
	stmt_bind_int(s, Q_OWN, 0);
	bind_scope(s, sc, before);
	for (size_t i = 0; i < n; i++)
		stmt_bind_str(s, Q_WORD + (int)i, like_pattern(cx->arena, words[i]));
	return s;
}
