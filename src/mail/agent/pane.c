/*
 * pane - which file names the agent of a tmux pane, who may write it, and which files are stale.
 *
 * Called by registration and the pane tools. Files themselves are pane_file.c's.
 */
#include "mail/agent/pane.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/log.h"
#include "base/path.h"
#include "conf/conf.h"
#include "mail/agent/agent.h"
#include "mail/agent/pane_file.h"
#include "mail/project/project.h"
#include "store/cx.h"

#define HASH_DIGITS 12
#define PANE_MAX 200
#define PROJECTS_MAX 1000

struct str
pane_of(const struct cx *cx, struct str given)
{
	given = str_trim(given);
	return given.n > 0 ? given : cx->caller.pane;
}

struct str
pane_file_name(struct arena *a, struct str pane)
{
	char *out;
	size_t i;

	pane = str_trim(pane);
	if (pane.n > 0 && pane.p[0] == '%')
		pane = str_sub(pane, 1, pane.n);
	pane = str_sub(pane, 0, PANE_MAX);
	if (pane.n == 0)
		return STR("unknown");
	out = arena_get(a, pane.n + 1);
	for (i = 0; i < pane.n; i++) {
		char c = pane.p[i];
		bool plain =
		    (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';

		out[i] = plain ? c : c == ':' ? '-' : '_';
	}
	out[i] = '\0';
	return (struct str){ out, pane.n };
}

static struct str
hash_of(struct arena *a, struct str project_path)
{
	char hex[SHA1_HEX + 1];

	hash_sha1_hex(project_path, hex);
	return arena_dup(a, (struct str){ hex, HASH_DIGITS });
}

/* What the commit needs; in the operation's arena. */
struct assignment {
	const char *dir, *sub, *name, *text;
};

static void
write_assignment(void *arg)
{
	const struct assignment *as = arg;

	if (pane_file_write(as->dir, as->sub, as->name, as->text) != 0)
		log_warn("pane identity %s/%s/%s: %s", as->dir, as->sub, as->name, strerror(errno));
}

void
pane_assign(struct cx *cx, const struct project *p, struct str pane, struct str agent_name)
{
	struct assignment *as;

	if (pane.n == 0)
		return;
	as = arena_new(cx->arena, struct assignment);
	as->dir = arena_cstr(cx->arena, cx->conf->pane_identity_dir);
	as->sub = hash_of(cx->arena, p->human_key).p;
	as->name = pane_file_name(cx->arena, pane).p;
	as->text = arena_cstr(cx->arena, agent_name);
	cx_after_commit(cx, write_assignment, as);
}

/* The path whose hash is meant: of a known project its own, else the key as it is. */
static int
project_path(struct cx *cx, struct str key, struct str *path)
{
	struct project p;
	int rc = project_lookup(cx, key, &p);

	*path = rc > 0                        ? p.human_key
	    : path_is_absolute(str_trim(key)) ? path_norm(cx->arena, str_trim(key))
					      : str_trim(key);
	return rc < 0 ? -1 : 0;
}

struct lookup {
	struct cx *cx;
	struct str hash, pane;
	struct pane_identity *out;
};

static bool
try(struct lookup *l, struct str path, bool own)
{
	struct str name = pane_file_read(l->cx->arena, path, own);

	if (name.n == 0)
		return false;
	*l->out = (struct pane_identity){ name, l->pane, path };
	return true;
}

static struct str
own_path(struct lookup *l, struct str pane)
{
	return arena_printf(l->cx->arena, "%" PRIstr "/%" PRIstr "/%" PRIstr, FSTR(l->cx->conf->pane_identity_dir),
	    FSTR(l->hash), FSTR(pane_file_name(l->cx->arena, pane)));
}

/* Places of older programs; /tmp is everybody's, so only a file of our own account counts there. */
static bool
try_old_places(struct lookup *l)
{
	struct str name = pane_file_name(l->cx->arena, l->pane);
	const char *home = getenv("HOME");

	if (home != NULL && home[0] == '/' &&
	    try(l, arena_printf(l->cx->arena, "%s/.claude/agent-mail/identity.%" PRIstr, home, FSTR(name)), true))
		return true;
	return try(l,
	    arena_printf(l->cx->arena, "/tmp/agent-mail-name.%" PRIstr ".%" PRIstr, FSTR(l->hash), FSTR(name)), true);
}

int
pane_resolve(struct cx *cx, struct str project_key, struct str given, struct pane_identity *out)
{
	struct lookup l = { .cx = cx, .pane = pane_of(cx, given), .out = out };
	struct str path, bare = cx->caller.pane;
	struct jw *w;

	if (l.pane.n == 0)
		return fail(cx, ERR_MISSING_PANE_ID,
		    "pane_id is missing: give it, or send the header X-Tmux-Pane with the value of $TMUX_PANE.");
	if (project_path(cx, project_key, &path) < 0)
		return -1;
	l.hash = hash_of(cx->arena, path);
	if (try(&l, own_path(&l, l.pane), false))
		return 0;
	if (str_chr(l.pane, ':') >= 0 && bare.n > 0 && try(&l, own_path(&l, bare), false))
		return 0;
	if (try_old_places(&l))
		return 0;
	fail(cx, ERR_IDENTITY_NOT_FOUND,
	    "No identity file found for pane '%" PRIstr "' in project '%" PRIstr
	    "'. Register with register_agent and this pane_id first.",
	    FSTR(str_cut_chars(l.pane, PANE_MAX)), FSTR(str_cut_chars(path, PANE_MAX)));
	w = fail_data(cx);
	jw_kstr(w, "pane_id", l.pane);
	jw_kstr(w, "project_key", project_key);
	jw_kstr(w, "checked_path", own_path(&l, l.pane));
	return -1;
}

struct sweep {
	struct cx *cx;
	const struct project *project;
	struct str sub;
	struct str_list *removed;
	size_t room;
	bool failed;
};

static void
note_removed(struct sweep *s, struct str name)
{
	struct str_list *list = s->removed;
	struct str *more;

	if (list->n == s->room) {
		more = arena_array(s->cx->arena, struct str, s->room = s->room * 2 + 16);
		if (list->n > 0)
			memcpy(more, list->v, list->n * sizeof(*more));
		list->v = more;
	}
	list->v[list->n++] = arena_printf(s->cx->arena, "%" PRIstr "/%" PRIstr "/%" PRIstr,
	    FSTR(s->cx->conf->pane_identity_dir), FSTR(s->sub), FSTR(name));
}

static bool
is_stale(void *arg, struct str name, struct str text)
{
	struct sweep *s = arg;
	struct agent a;
	int rc = text.n > 0 ? agent_lookup_exact(s->cx, s->project->id, text, &a) : 0;

	if (rc < 0)
		s->failed = true;
	if (rc < 0 || (rc > 0 && a.retired_at == 0))
		return false;
	note_removed(s, name);
	return true;
}

static int
sweep_project(struct sweep *s, const struct project *p)
{
	s->project = p;
	s->sub = hash_of(s->cx->arena, p->human_key);
	if (pane_file_sweep(arena_cstr(s->cx->arena, s->cx->conf->pane_identity_dir), s->sub.p, is_stale, s) != 0)
		log_warn("pane identities of %" PRIstr ": %s", FSTR(p->slug), strerror(errno));
	return s->failed ? -1 : 0;
}

int
pane_cleanup(struct cx *cx, const struct project *p, struct str_list *removed)
{
	struct sweep s = { .cx = cx, .removed = removed };
	struct projects all;

	*removed = (struct str_list){ NULL, 0 };
	if (p != NULL)
		return sweep_project(&s, p);
	if (project_list(cx, STR_NONE, PROJECTS_MAX, &all) < 0)
		return -1;
	for (size_t i = 0; i < all.n; i++)
		if (sweep_project(&s, &all.v[i]) < 0)
			return -1;
	return 0;
}
