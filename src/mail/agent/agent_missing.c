/*
 * agent_missing - the errors of contract/messaging.md 6.4, lookup steps 1, 2
 * and 4. Called by agent_find and by registration.
 */
#include "mail/agent/agent_missing.h"

#include "base/buf.h"
#include "mail/agent/mistake.h"
#include "mail/agent/names.h"
#include "mail/project/project.h"
#include "base/suggest.h"
#include "store/cx.h"
#include "store/stmt.h"

#define SHOWN 200
#define COMPARED 1000 /* names that suggestions come from */
#define AVAILABLE 10  /* names that data lists */
#define IN_TEXT 5

struct known {
	struct str first[AVAILABLE];
	size_t n; /* of first */
	struct suggest near;
};

int
agent_fail_blank(struct cx *cx, const struct project *p, struct str name)
{
	struct jw *w;

	fail(cx, ERR_INVALID_ARGUMENT,
	    "Agent name cannot be empty. Provide a valid agent name for project '%" PRIstr "'.", FSTR(p->human_key));
	w = fail_data(cx);
	jw_kcstr(w, "parameter", "agent_name");
	jw_kstr(w, "provided", str_cut_chars(name, SHOWN));
	jw_kstr(w, "project", p->slug);
	return -1;
}

int
agent_refuse_placeholder(struct cx *cx, const char *param, struct str name)
{
	const char *word = name_placeholder(name);
	struct jw *w;

	if (word == NULL)
		return 0;
	fail(cx, ERR_CONFIGURATION_ERROR,
	    "Detected placeholder value '%" PRIstr
	    "' instead of a real agent name. A hook or script has probably not been "
	    "configured yet: put the agent's own name, like 'BlueLake', into its settings or environment.",
	    FSTR(str_cut_chars(name, SHOWN)));
	w = fail_data(cx);
	jw_kcstr(w, "parameter", param);
	jw_kstr(w, "provided", str_cut_chars(name, SHOWN));
	jw_kcstr(w, "detected_placeholder", word);
	jw_kcstr(w, "fix_hint", "Set the name that register_agent returned where the placeholder stands.");
	return -1;
}

static int
survey(struct cx *cx, const struct project *p, struct str name, struct known *k)
{
	struct stmt *s = stmt_get(cx->db, STMT_AGENT_NAMES);
	int rc;

	stmt_bind_int(s, 1, p->id);
	stmt_bind_int(s, 2, COMPARED);
	while ((rc = stmt_step(cx, s)) > 0) {
		double score = suggest_score(cx->arena, name, stmt_peek(s, 0));

		if (k->n < AVAILABLE)
			k->first[k->n++] = stmt_str(s, 0, cx->arena);
		if (score >= 0.4)
			suggest_add(&k->near, stmt_str(s, 0, cx->arena), STR_NONE, score);
	}
	stmt_done(s);
	return rc;
}

/* Writes the sentences that stand before the hint. */
static void
write_text(struct buf *b, const struct project *p, struct str raw, const struct known *k)
{
	if (k->n == 0) {
		buf_printf(b,
		    "Agent '%" PRIstr "' not found. Project '%" PRIstr
		    "' has no registered agents yet. Use register_agent to "
		    "create an agent identity first (omit 'name' to auto-generate a valid one). Example: "
		    "register_agent(project_key='%" PRIstr "', program='claude-code', model='opus-4')",
		    FSTR(raw), FSTR(p->human_key), FSTR(p->slug));
		return;
	}
	buf_printf(b, "Agent '%" PRIstr "' not found in project '%" PRIstr "'. ", FSTR(raw), FSTR(p->human_key));
	if (k->near.n > 0) {
		buf_printf(b, "Did you mean: %" PRIstr "? Agent names are case-insensitive but must match exactly.",
		    FSTR(suggest_text(b->arena, &k->near)));
		return;
	}
	buf_cstr(b, "Available agents: ");
	for (size_t i = 0; i < k->n && i < IN_TEXT; i++)
		buf_printf(b, "%s'%" PRIstr "'", i > 0 ? ", " : "", FSTR(k->first[i]));
	if (k->n > IN_TEXT)
		buf_printf(b, " and %zu more", k->n - IN_TEXT);
	buf_cstr(b, ". Use register_agent to create a new agent identity.");
}

static void
write_data(struct jw *w, const struct project *p, struct str raw, const struct known *k, const struct mistake *m)
{
	struct str_list available = { (struct str *)k->first, k->n };

	jw_kstr(w, "agent_name", raw);
	jw_kstr(w, "project", p->slug);
	jw_kstrs(w, "available_agents", &available);
	jw_kcstr(w, "mistake_type", m != NULL ? err_name(m->code) : NULL);
	if (k->near.n == 0)
		return;
	jw_karr(w, "suggestions");
	for (size_t i = 0; i < k->near.n; i++) {
		jw_obj(w);
		jw_kstr(w, "name", k->near.v[i].name);
		jw_key(w, "score");
		jw_double(w, suggest_shown(&k->near.v[i]));
		jw_end(w);
	}
	jw_end(w);
}

int
agent_fail_missing(struct cx *cx, const struct project *p, struct str name)
{
	const struct mistake *m = mistake_detect(name);
	struct str raw = str_cut_chars(name, SHOWN);
	struct known k = { .n = 0 };
	struct buf text;

	if (agent_refuse_placeholder(cx, "agent_name", name) < 0 || survey(cx, p, str_trim(name), &k) < 0)
		return -1;
	buf_init(&text, cx->arena);
	write_text(&text, p, raw, &k);
	if (m != NULL)
		buf_printf(&text, "\n\nHINT: %" PRIstr, FSTR(mistake_text(cx->arena, m, raw)));
	fail(cx, m != NULL ? m->code : ERR_NOT_FOUND, "%" PRIstr, FSTR(buf_flat(&text)));
	write_data(fail_data(cx), p, raw, &k, m);
	return -1;
}
