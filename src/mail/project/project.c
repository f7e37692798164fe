/*
 * project - looking projects up, making and listing them. Nearly every
 * operation starts here.
 */
#include "mail/project/project.h"

#include "base/hash.h"
#include "base/path.h"
#include "base/suggest.h"
#include "mail/project/siblings.h"
#include "store/changes.h"
#include "store/cx.h"
#include "store/archive_queue.h"
#include "store/stmt.h"

#define SLUG_MAX 200
#define KEY_MAX 4096
#define LIST_MAX 1000
/* How many projects, newest first, are compared with a key that was not found. */
#define SUGGEST_FROM 500
#define SHOWN 200

static const char *const placeholders[] = {
	"YOUR_PROJECT_PATH",
	"YOUR_PROJECT_KEY",
	"YOUR_PROJECT",
	"PLACEHOLDER",
	"<PROJECT>",
	"{PROJECT}",
	"$PROJECT",
};

static void
read_row(struct cx *cx, struct stmt *s, struct project *out)
{
	out->id = stmt_int(s, 0);
	out->slug = stmt_str(s, 1, cx->arena);
	out->human_key = stmt_str(s, 2, cx->arena);
	out->created_at = stmt_int(s, 3);
	out->archived_at = stmt_int(s, 4);
}

/* Steps a look-up once, reads its row, ends the statement. */
static int
one_row(struct cx *cx, struct stmt *s, struct project *out)
{
	int rc = stmt_step(cx, s);

	if (rc > 0)
		read_row(cx, s, out);
	stmt_done(s);
	return rc;
}

static int
by_text(struct cx *cx, enum stmt_id id, struct str text, struct project *out)
{
	struct stmt *s = stmt_get(cx->db, id);

	stmt_bind_str(s, 1, text);
	return one_row(cx, s, out);
}

static int
by_human_key(struct cx *cx, struct str key, struct project *out)
{
	int rc = by_text(cx, STMT_PROJECT_BY_KEY, key, out);

	return rc != 0 ? rc : by_text(cx, STMT_PROJECT_BY_KEY_NOCASE, key, out);
}

int
project_by_id(struct cx *cx, int64_t id, struct project *out)
{
	struct stmt *s = stmt_get(cx->db, STMT_PROJECT_BY_ID);

	stmt_bind_int(s, 1, id);
	return one_row(cx, s, out);
}

static bool
has_separator(struct str s)
{
	return str_chr(s, '/') >= 0 || str_chr(s, '\\') >= 0;
}

static bool
is_relative(struct str key)
{
	return key.p[0] == '.' || key.p[0] == '~';
}

static bool
has_control(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f)
			return true;
	return false;
}

static int
fail_key(struct cx *cx, const char *param, struct str key, const char *text)
{
	struct jw *w;

	fail(cx, ERR_INVALID_ARGUMENT, "%s", text);
	w = fail_data(cx);
	jw_kcstr(w, "parameter", param);
	jw_kstr(w, "provided", str_cut_chars(key, SHOWN));
	return -1;
}

/* Trims *key and refuses what can never name a project. */
static int
check_key(struct cx *cx, struct str *key)
{
	struct str given = *key;

	*key = str_trim(given);
	if (key->n == 0)
		return fail_key(cx, "project_key", given,
		    "Project identifier cannot be empty. Provide a project path like '/data/projects/myproject' or a slug "
		    "like 'myproject'.");
	if (is_relative(*key))
		return fail_key(cx, "project_key", given,
		    "Project identifier is a relative path. The server does not know your working directory: provide an "
		    "absolute path like '/data/projects/myproject' or a slug like 'myproject'.");
	return 0;
}

/* A bare name that differs from the slug in case or punctuation only: `Backend` for /backend. */
static int
by_slug_of(struct cx *cx, struct str key, struct project *out)
{
	struct str slug;

	if (has_separator(key))
		return 0;
	slug = path_slug(cx->arena, key);
	if (str_eq(slug, key) || str_eqc(slug, "project"))
		return 0;
	return by_text(cx, STMT_PROJECT_BY_SLUG, slug, out);
}

static int
lookup(struct cx *cx, struct str key, struct project *out)
{
	int rc;

	if (path_is_absolute(key))
		return by_human_key(cx, path_norm(cx->arena, key), out);
	if ((rc = by_text(cx, STMT_PROJECT_BY_SLUG, key, out)) != 0)
		return rc;
	if ((rc = by_human_key(cx, key, out)) != 0)
		return rc;
	return by_slug_of(cx, key, out);
}

int
project_lookup(struct cx *cx, struct str key, struct project *out)
{
	if (check_key(cx, &key) < 0)
		return -1;
	return lookup(cx, key, out);
}

static const char *
placeholder_in(struct str key)
{
	for (size_t i = 0; i < sizeof(placeholders) / sizeof(placeholders[0]); i++)
		if (str_has_ci(key, str_c(placeholders[i])))
			return placeholders[i];
	return NULL;
}

static int
fail_placeholder(struct cx *cx, const char *param, struct str key, const char *word)
{
	struct jw *w;

	fail(cx, ERR_CONFIGURATION_ERROR,
	    "Detected placeholder value '%" PRIstr "' instead of a real project path. A hook or script has probably not "
	    "been configured yet: put the project's directory, like '/Users/you/projects/myproject', into its settings or "
	    "environment.",
	    FSTR(str_cut_chars(key, SHOWN)));
	w = fail_data(cx);
	jw_kcstr(w, "parameter", param);
	jw_kstr(w, "provided", str_cut_chars(key, SHOWN));
	jw_kcstr(w, "detected_placeholder", word);
	jw_kcstr(w, "fix_hint", "Set the project's absolute path where the placeholder stands.");
	return -1;
}

static int
find_similar(struct cx *cx, struct str key, struct str slug, struct suggest *near)
{
	struct stmt *s = stmt_get(cx->db, STMT_PROJECT_NEWEST);
	int rc;

	stmt_bind_int(s, 1, SUGGEST_FROM);
	while ((rc = stmt_step(cx, s)) > 0) {
		double a = suggest_score(cx->arena, slug, stmt_peek(s, 0));
		double b = suggest_score(cx->arena, key, stmt_peek(s, 1));

		if (a >= 0.4 || b >= 0.4)
			suggest_add(near, stmt_str(s, 0, cx->arena), stmt_str(s, 1, cx->arena), a > b ? a : b);
	}
	stmt_done(s);
	return rc;
}

static void
write_similar(struct jw *w, const struct suggest *near)
{
	jw_karr(w, "suggestions");
	for (size_t i = 0; i < near->n; i++) {
		jw_obj(w);
		jw_kstr(w, "slug", near->v[i].name);
		jw_kstr(w, "human_key", near->v[i].detail);
		jw_key(w, "score");
		jw_double(w, suggest_shown(&near->v[i]));
		jw_end(w);
	}
	jw_end(w);
}

static int
fail_missing(struct cx *cx, struct str key)
{
	struct str slug = path_slug(cx->arena, key), shown = str_cut_chars(key, SHOWN);
	struct suggest near = { .n = 0 };
	struct jw *w;

	if (find_similar(cx, key, slug, &near) < 0)
		return -1;
	if (near.n > 0)
		fail(cx, ERR_NOT_FOUND,
		    "Project '%" PRIstr "' not found. Did you mean: %" PRIstr
		    "? Use ensure_project to create a new project, "
		    "or check spelling.",
		    FSTR(shown), FSTR(suggest_text(cx->arena, &near)));
	else
		fail(cx, ERR_NOT_FOUND,
		    "Project '%" PRIstr
		    "' not found and no similar projects exist. Use ensure_project to create a new project "
		    "first. Example: ensure_project(human_key='/path/to/your/project')",
		    FSTR(shown));
	w = fail_data(cx);
	jw_kstr(w, "identifier", shown);
	jw_kstr(w, "slug_searched", slug);
	if (near.n > 0)
		write_similar(w, &near);
	return -1;
}

int
project_find(struct cx *cx, struct str key, struct project *out)
{
	const char *word;
	int rc;

	if (check_key(cx, &key) < 0 || (rc = lookup(cx, key, out)) < 0)
		return -1;
	if (rc > 0)
		return 0;
	if ((word = placeholder_in(key)) != NULL)
		return fail_placeholder(cx, "project_key", key, word);
	return fail_missing(cx, key);
}

/* The key of a project to be made, normalised; refuses what is no identity. */
static int
check_new_key(struct cx *cx, struct str *key, enum project_keys accept)
{
	struct str given = *key;
	const char *word;

	if (given.n > KEY_MAX)
		return fail_key(cx, "human_key", given, "human_key is longer than 4096 bytes.");
	if (has_control(given))
		return fail_key(cx, "human_key", given, "human_key holds a control character.");
	if (path_is_absolute(given)) {
		*key = path_norm(cx->arena, given);
		return 0;
	}
	if (accept == PROJECT_ABSOLUTE)
		return fail_key(cx, "human_key", given,
		    arena_printf(cx->arena,
			"Invalid argument value: human_key must be an absolute directory path, got: '%" PRIstr
			"'. Use the "
			"agent's working directory path (e.g., '/data/projects/backend' on Unix or 'C:\\projects\\backend' on "
			"Windows).. Check that all parameters have valid values.",
			FSTR(str_cut_chars(given, SHOWN)))
			.p);
	*key = str_trim(given);
	if (key->n == 0 || is_relative(*key) || has_separator(*key))
		return fail_key(cx, "human_key", given,
		    "human_key is empty or a relative path. Provide an absolute directory path like '/data/projects/backend', "
		    "or a bare name like 'backend'.");
	if ((word = placeholder_in(*key)) != NULL)
		return fail_placeholder(cx, "human_key", *key, word);
	return 0;
}

/* A slug that nobody has: the key's own, or with as many digits of its hash as it takes (decision 3.40). */
static int
free_slug(struct cx *cx, struct str key, struct str *out)
{
	struct str slug = path_slug(cx->arena, key), cut = str_sub(slug, 0, SLUG_MAX);
	struct project other;
	char hex[SHA1_HEX + 1];
	int rc = 1;

	hash_sha1_hex(key, hex);
	if (slug.n <= SLUG_MAX)
		rc = by_text(cx, STMT_PROJECT_BY_SLUG, slug, &other);
	for (int digits = 8; rc > 0 && digits <= SHA1_HEX; digits += 8) {
		slug = arena_printf(cx->arena, "%" PRIstr "-%.*s", FSTR(cut), digits, hex);
		rc = by_text(cx, STMT_PROJECT_BY_SLUG, slug, &other);
	}
	if (rc > 0)
		return fail(cx, ERR_CONFLICT, "No directory name is free for this project");
	*out = slug;
	return rc;
}

static int
insert(struct cx *cx, struct str key, struct project *out)
{
	struct str slug;
	struct stmt *s;

	if (free_slug(cx, key, &slug) < 0)
		return -1;
	s = stmt_get(cx->db, STMT_PROJECT_INSERT);
	stmt_bind_str(s, 1, slug);
	stmt_bind_str(s, 2, key);
	stmt_bind_time(s, 3, cx->now);
	if (stmt_run(cx, s) < 0)
		return -1;
	*out = (struct project){ db_last_id(cx->db), slug, arena_dup(cx->arena, key), cx->now, 0 };
	if (cx_changed(cx, TOPIC_OF(PROJECTS, 0), CHANGE_CREATED, out->id) < 0)
		return -1;
	return archive_queue_add(cx, QUEUE_PROJECT, out->id, out->id, STR_NONE);
}

int
project_ensure(struct cx *cx, struct str human_key, enum project_keys accept, struct project *out, bool *created)
{
	int rc;

	if (check_new_key(cx, &human_key, accept) < 0)
		return -1;
	if (created != NULL)
		*created = false;
	if ((rc = by_human_key(cx, human_key, out)) != 0)
		return rc < 0 ? -1 : 0;
	if (created != NULL)
		*created = true;
	return insert(cx, human_key, out) < 0 ? -1 : siblings_suggest(cx, out);
}

static int
load_list(struct cx *cx, struct stmt *s, struct projects *out)
{
	size_t room = 16;
	int rc;

	*out = (struct projects){ arena_array(cx->arena, struct project, room), 0 };
	while ((rc = stmt_step(cx, s)) > 0) {
		if (out->n == room) {
			struct project *more = arena_array(cx->arena, struct project, room *= 2);

			for (size_t i = 0; i < out->n; i++)
				more[i] = out->v[i];
			out->v = more;
		}
		read_row(cx, s, &out->v[out->n++]);
	}
	stmt_done(s);
	return rc;
}

int
project_list(struct cx *cx, struct str contains, int64_t limit, struct projects *out)
{
	struct stmt *s = stmt_get(cx->db, STMT_PROJECT_LIST);

	stmt_bind_str(s, 1, contains);
	stmt_bind_int(s, 2, limit < 0 || limit > LIST_MAX ? LIST_MAX : limit);
	return load_list(cx, s, out);
}

int
project_list_newest(struct cx *cx, int64_t limit, struct projects *out)
{
	struct stmt *s = stmt_get(cx->db, STMT_PROJECT_LIST_NEWEST);

	stmt_bind_int(s, 1, limit < 0 || limit > LIST_MAX ? LIST_MAX : limit);
	return load_list(cx, s, out);
}

int
project_set_archived(struct cx *cx, struct project *p, bool archived)
{
	struct stmt *s = stmt_get(cx->db, STMT_PROJECT_SET_ARCHIVED);

	p->archived_at = archived ? cx->now : 0;
	stmt_bind_int(s, 1, p->id);
	stmt_bind_time(s, 2, p->archived_at);
	if (stmt_run(cx, s) < 0)
		return -1;
	return cx_changed(cx, TOPIC_OF(PROJECTS, 0), archived ? CHANGE_ARCHIVED : CHANGE_UNARCHIVED, p->id);
}
