/*
 * fts_query - recursive descent over the FTS5 grammar, from text to a tree.
 *
 * OR binds weakest, then AND, then NOT; words side by side are an AND that binds strongest.
 * Phrases are numbered as FTS5 numbers them.
 */
#include "store/fts_query.h"

#include <string.h>

/* NEAR without a number. */
#define NEAR_DEFAULT 10
/* As good as anywhere. */
#define NEAR_MAX 1000000000

enum token { T_END, T_STRING, T_BARE, T_AND, T_OR, T_NOT, T_OTHER };

struct parser {
	struct arena *arena;
	struct str rest;
	enum token token;
	struct str text; /* of T_STRING (unescaped) and T_BARE */
	char c;          /* of T_OTHER */
	fts_words_fn *cut;
	void *words;
	struct fts_tree *tree;
};

static bool
is_bare(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || c == 0x1a ||
	    (unsigned char)c >= 0x80;
}

/* A quoted string; "" inside stands for one quote. */
static void
take_string(struct parser *p)
{
	char *out = arena_get(p->arena, p->rest.n + 1);
	size_t i = 1, n = 0;

	for (; i < p->rest.n; i++) {
		if (p->rest.p[i] == '"' && (i + 1 == p->rest.n || p->rest.p[i + 1] != '"'))
			break;
		i += p->rest.p[i] == '"';
		out[n++] = p->rest.p[i];
	}
	p->token = T_STRING;
	p->text = (struct str){ out, n };
	p->rest = str_sub(p->rest, i + 1, p->rest.n);
}

static void
take_bare(struct parser *p)
{
	size_t n = 0;

	while (n < p->rest.n && is_bare(p->rest.p[n]))
		n++;
	p->text = str_sub(p->rest, 0, n);
	p->rest = str_sub(p->rest, n, p->rest.n);
	p->token = str_eqc(p->text, "AND") ? T_AND
	    : str_eqc(p->text, "OR")       ? T_OR
	    : str_eqc(p->text, "NOT")      ? T_NOT
					   : T_BARE;
}

static void
next(struct parser *p)
{
	while (p->rest.n > 0 && strchr(" \t\n\r", p->rest.p[0]) != NULL && p->rest.p[0] != '\0')
		p->rest = str_sub(p->rest, 1, p->rest.n);
	if (p->rest.n == 0)
		p->token = T_END;
	else if (p->rest.p[0] == '"')
		take_string(p);
	else if (is_bare(p->rest.p[0]))
		take_bare(p);
	else {
		p->token = T_OTHER;
		p->c = p->rest.p[0];
		p->rest = str_sub(p->rest, 1, p->rest.n);
	}
}

static bool
is_char(const struct parser *p, char c)
{
	return p->token == T_OTHER && p->c == c;
}

static bool
is_text(const struct parser *p)
{
	return p->token == T_STRING || p->token == T_BARE;
}

static void
add_word(struct str word, void *arg)
{
	struct parser *p = arg;
	struct fts_tree *t = p->tree;

	t->term[t->terms++] = (struct fts_term){ .text = arena_dup(p->arena, word) };
	t->phrase[t->phrases].terms++;
}

/* phrase: string ("+" string)*, each with an optional star. One without words is dropped. True when it has some. */
static bool
parse_phrase(struct parser *p)
{
	struct fts_tree *t = p->tree;
	struct fts_phrase *ph = &t->phrase[t->phrases];

	*ph = (struct fts_phrase){ .term = t->terms };
	while (is_text(p)) {
		p->cut(p->words, p->text, add_word, p);
		next(p);
		if (is_char(p, '*')) {
			if (ph->terms > 0)
				t->term[t->terms - 1].prefix = true;
			next(p);
		}
		if (!is_char(p, '+'))
			break;
		next(p);
	}
	if (ph->terms == 0)
		return false;
	t->phrases++;
	return true;
}

static struct fts_node *
node(struct parser *p, enum fts_kind kind, struct fts_node *left, struct fts_node *right)
{
	struct fts_node *n = arena_new(p->arena, struct fts_node);

	n->kind = kind;
	n->left = left;
	n->right = right;
	n->columns = FTS_ALL_COLUMNS;
	return n;
}

/* "NEAR" "(" phrases ["," number] ")", after its name. */
static void
parse_near(struct parser *p, struct fts_node *n)
{
	next(p);
	while (is_text(p))
		n->phrases += parse_phrase(p);
	if (is_char(p, ',')) {
		next(p);
		if (!str_int(p->text, &n->near) || n->near > NEAR_MAX)
			n->near = NEAR_MAX;
		next(p);
	}
	next(p);
}

static bool
opens(const struct parser *p)
{
	const struct str r = str_trim(p->rest);

	return r.n > 0 && r.p[0] == '(';
}

/* nearset: [^] phrase, or NEAR(...). */
static struct fts_node *
parse_group(struct parser *p)
{
	struct fts_node *n = node(p, FTS_GROUP, NULL, NULL);

	n->phrase = p->tree->phrases;
	n->near = NEAR_DEFAULT;
	if (p->token == T_BARE && str_eqc(p->text, "NEAR") && opens(p)) {
		next(p);
		parse_near(p, n);
		return n;
	}
	n->first = is_char(p, '^');
	if (n->first)
		next(p);
	n->phrases = parse_phrase(p);
	return n;
}

static unsigned
column(struct str name)
{
	return str_eqc_ci(name, "subject") ? 1u << FTS_SUBJECT : str_eqc_ci(name, "body") ? 1u << FTS_BODY : 0;
}

/* Whether a column filter begins here: -, {, or a name before a colon. */
static bool
at_filter(const struct parser *p)
{
	const struct str r = str_trim(p->rest);

	return is_char(p, '-') || is_char(p, '{') || (is_text(p) && r.n > 0 && r.p[0] == ':');
}

/* [-] name, or [-] { names }, and the colon. */
static unsigned
parse_filter(struct parser *p)
{
	bool all_but = is_char(p, '-');
	unsigned columns = 0;

	if (all_but)
		next(p);
	if (is_char(p, '{')) {
		for (next(p); is_text(p); next(p))
			columns |= column(p->text);
	} else
		columns = column(p->text);
	next(p);
	next(p);
	return all_but ? FTS_ALL_COLUMNS & ~columns : columns;
}

static void
restrict_to(struct fts_node *n, unsigned columns)
{
	for (; n != NULL; n = n->left) {
		n->columns &= columns;
		restrict_to(n->right, columns);
	}
}

static struct fts_node *parse_or(struct parser *p);

/* ( expr ), after a filter or not. */
static struct fts_node *
parse_parens(struct parser *p, unsigned columns)
{
	struct fts_node *n;

	next(p);
	n = parse_or(p);
	next(p);
	restrict_to(n, columns);
	return n;
}

/* Words side by side; those without letters do not count. */
static struct fts_node *
parse_list(struct parser *p, unsigned columns)
{
	struct fts_node *all = NULL;
	bool more = true;

	while (more) {
		struct fts_node *n = parse_group(p);

		n->columns &= columns;
		if (all == NULL || (all->kind == FTS_GROUP && all->phrases == 0))
			all = n;
		else if (n->phrases > 0)
			all = node(p, FTS_AND, all, n);
		more = at_filter(p) || is_text(p) || is_char(p, '^');
		columns = more && at_filter(p) ? parse_filter(p) : FTS_ALL_COLUMNS;
	}
	return all;
}

static struct fts_node *
parse_primary(struct parser *p)
{
	unsigned columns = at_filter(p) ? parse_filter(p) : FTS_ALL_COLUMNS;

	return is_char(p, '(') ? parse_parens(p, columns) : parse_list(p, columns);
}

static struct fts_node *
parse_not(struct parser *p)
{
	struct fts_node *n = parse_primary(p);

	while (p->token == T_NOT) {
		next(p);
		n = node(p, FTS_NOT, n, parse_primary(p));
	}
	return n;
}

static struct fts_node *
parse_and(struct parser *p)
{
	struct fts_node *n = parse_not(p);

	while (p->token == T_AND) {
		next(p);
		n = node(p, FTS_AND, n, parse_not(p));
	}
	return n;
}

static struct fts_node *
parse_or(struct parser *p)
{
	struct fts_node *n = parse_and(p);

	while (p->token == T_OR) {
		next(p);
		n = node(p, FTS_OR, n, parse_and(p));
	}
	return n;
}

struct fts_tree *
fts_query_parse(struct arena *a, struct str query, fts_words_fn *cut, void *words)
{
	struct fts_tree *t = arena_new(a, struct fts_tree);
	struct parser p = { .arena = a, .rest = query, .cut = cut, .words = words, .tree = t };

	/* A word or phrase has at least one byte of the query, and one more between two. */
	t->term = arena_array(a, struct fts_term, query.n + 1);
	t->phrase = arena_array(a, struct fts_phrase, query.n + 1);
	next(&p);
	t->root = parse_or(&p);
	return t;
}
