/*
 * pattern_set - candidates first, then pattern_overlap.
 *
 * Two patterns can only meet when
 *   one of them is loose: nothing is known of what it begins with; or
 *   the known beginning of one (a key) begins with that of the other; or
 *   one is a bare name, which floats, and stands as a segment in the other.
 * A key ends before the first wildcard. A pattern that begins with "./" matches
 * by its whole text and is matched without these two bytes: it has two keys.
 */
#include "mail/reservation/pattern_set.h"

#include <stdlib.h>

#include "mail/reservation/name_table.h"
#include "mail/reservation/pattern.h"
#include "mail/reservation/pattern_parts.h"

/* A pattern of more segments is compared with all: their names are not worth the memory. */
#define SEGMENTS_MAX 64
#define KEYS_MAX 2

struct traits {
	struct str keys[KEYS_MAX];
	size_t nkeys;
	struct str name; /* of a bare one; else absent */
	bool loose;
};

struct key {
	struct str text;
	uint32_t of;     /* index of the pattern */
	uint32_t parent; /* the longest shorter key that this one begins with, or NAME_NONE; of the first of equals */
	uint32_t first;  /* the first of the keys that are equal to this one */
};

struct pattern_set {
	struct arena *arena;
	const struct pattern *const *v;
	size_t n;
	struct key *keys; /* sorted */
	size_t nkeys;
	uint32_t *loose, nloose;
	struct name_table bare, segments; /* segments: made when a bare name is asked for */
	bool has_segments;
	uint32_t *stamps, turn; /* stamps[i] == turn: already among the candidates */
	uint32_t *found;
	size_t nfound;
};

/*
 * The text before the first wildcard. Too short only makes more candidates; too long
 * would miss some: so white space at its end, which may be no part of the pattern, is left out.
 */
static struct str
before_wildcard(struct str s)
{
	size_t n = 0;

	while (n < s.n && s.p[n] != '*' && s.p[n] != '?' && s.p[n] != '[')
		n++;
	while (n > 0 && (unsigned char)s.p[n - 1] <= ' ')
		n--;
	return str_sub(s, 0, n);
}

static bool
too_many_segments(struct str path)
{
	size_t n = 1;

	for (size_t i = 0; i < path.n && n <= SEGMENTS_MAX; i++)
		n += path.p[i] == '/';
	return n > SEGMENTS_MAX;
}

static struct traits
traits_of(const struct pattern *p)
{
	struct traits t = { .nkeys = 0 };

	if (too_many_segments(p->path)) {
		t.loose = true;
	} else if (p->bare) {
		t.name = p->parts[1].glob.text;
		/* "src/": floats as src does, and names what begins with src/ */
		if (p->n > 2)
			t.keys[t.nkeys++] = str_sub(p->text, 0, t.name.n + 1);
	} else if (p->prefix.n > 0) {
		t.keys[t.nkeys++] = p->prefix;
	} else if (!p->parts[0].deep && p->path.n != p->text.n && before_wildcard(p->path).n > 0) {
		t.keys[t.nkeys++] = before_wildcard(p->path);
		t.keys[t.nkeys++] = before_wildcard(p->text);
	} else {
		t.loose = true;
	}
	return t;
}

static bool
counts(const struct pattern *p)
{
	return p != NULL && !p->never && !p->virtual_name;
}

static int
by_text(const void *va, const void *vb)
{
	const struct key *a = va, *b = vb;
	int rc = str_cmp(a->text, b->text);

	return rc != 0 ? rc : (a->of > b->of) - (a->of < b->of);
}

/* The nearest of key i and its parents that `text` begins with. */
static uint32_t
nearest(const struct pattern_set *set, uint32_t i, struct str text)
{
	while (i != NAME_NONE && !str_starts(text, set->keys[i].text))
		i = set->keys[set->keys[i].first].parent;
	return i;
}

/* In sorted order a key's parent is the one before it, or one that that one hangs on. */
static void
link_keys(struct pattern_set *set)
{
	uint32_t i;

	qsort(set->keys, set->nkeys, sizeof(*set->keys), by_text);
	for (i = 0; i < set->nkeys; i++) {
		struct key *k = &set->keys[i];

		if (i > 0 && str_eq(k[-1].text, k->text)) {
			k->first = k[-1].first;
		} else {
			k->first = i;
			k->parent = i > 0 ? nearest(set, i - 1, k->text) : NAME_NONE;
		}
	}
}

struct pattern_set *
pattern_set_new(struct arena *a, const struct pattern *const *v, size_t n)
{
	struct pattern_set *set = arena_new(a, struct pattern_set);

	*set = (struct pattern_set){ .arena = a, .v = v, .n = n };
	set->keys = arena_array(a, struct key, n * KEYS_MAX);
	set->loose = arena_array(a, uint32_t, n);
	set->stamps = arena_array(a, uint32_t, n);
	set->found = arena_array(a, uint32_t, n);
	name_table_init(a, &set->bare, n);
	for (size_t i = 0; i < n; i++) {
		struct traits t;

		if (v[i] == NULL || v[i]->never)
			continue;
		if (v[i]->virtual_name) {
			name_table_add(&set->bare, v[i]->text, (uint32_t)i);
			continue;
		}
		t = traits_of(v[i]);
		if (t.loose)
			set->loose[set->nloose++] = (uint32_t)i;
		if (t.name.p != NULL)
			name_table_add(&set->bare, t.name, (uint32_t)i);
		for (size_t k = 0; k < t.nkeys; k++)
			set->keys[set->nkeys++] = (struct key){ .text = t.keys[k], .of = (uint32_t)i };
	}
	link_keys(set);
	return set;
}

/* Makes the table of every segment of every text, once, when somebody asks for a bare name. */
static void
add_segments(struct pattern_set *set)
{
	size_t room = 0;

	for (size_t i = 0; i < set->n; i++)
		for (size_t k = 0; counts(set->v[i]) && !too_many_segments(set->v[i]->path) && k <= set->v[i]->path.n;
		     k++)
			room += k == set->v[i]->path.n || set->v[i]->path.p[k] == '/';
	name_table_init(set->arena, &set->segments, room);
	for (size_t i = 0; i < set->n; i++) {
		struct str rest, segment;

		if (!counts(set->v[i]) || too_many_segments(set->v[i]->path))
			continue;
		rest = set->v[i]->path;
		while (str_next(&rest, '/', &segment))
			name_table_add(&set->segments, segment, (uint32_t)i);
	}
	set->has_segments = true;
}

/* What a candidate is held against: it must meet `pattern` or, where that is NULL, match `path`. */
struct question {
	const struct pattern *pattern;
	struct str path;
};

static void
candidate(struct pattern_set *set, uint32_t i, const struct question *q)
{
	if (set->stamps[i] == set->turn)
		return;
	set->stamps[i] = set->turn;
	if (q->pattern != NULL ? pattern_overlap(set->v[i], q->pattern) : pattern_matches(set->v[i], q->path))
		set->found[set->nfound++] = i;
}

static void
by_name(struct pattern_set *set, const struct name_table *t, struct str text, const struct question *q)
{
	uint32_t i = NAME_NONE;

	while ((i = name_table_next(t, text, i)) != NAME_NONE)
		candidate(set, t->v[i].value, q);
}

static void
by_key(struct pattern_set *set, struct str key, const struct question *q)
{
	size_t lo = 0, hi = set->nkeys;
	uint32_t i;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (str_cmp(set->keys[mid].text, key) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	/* Those that begin with the key follow; those that it begins with hang together before them. */
	for (hi = lo; hi < set->nkeys && str_starts(set->keys[hi].text, key); hi++)
		candidate(set, set->keys[hi].of, q);
	for (i = lo > 0 ? nearest(set, (uint32_t)lo - 1, key) : NAME_NONE; i != NAME_NONE;
	     i = set->keys[set->keys[i].first].parent) {
		uint32_t k = set->keys[i].first;

		for (; k < set->nkeys && str_eq(set->keys[k].text, set->keys[i].text); k++)
			candidate(set, set->keys[k].of, q);
	}
}

static int
ascending(const void *va, const void *vb)
{
	uint32_t a = *(const uint32_t *)va, b = *(const uint32_t *)vb;

	return (a > b) - (a < b);
}

static void
look(struct pattern_set *set, const struct question *q, const struct traits *t)
{
	struct str rest = q->path, segment;

	for (size_t i = 0; i < set->nloose; i++)
		candidate(set, set->loose[i], q);
	for (size_t i = 0; i < t->nkeys; i++)
		by_key(set, t->keys[i], q);
	while (str_next(&rest, '/', &segment))
		by_name(set, &set->bare, segment, q);
	if (t->name.p == NULL)
		return;
	if (!set->has_segments)
		add_segments(set);
	by_name(set, &set->bare, t->name, q);
	by_name(set, &set->segments, t->name, q);
}

static const uint32_t *
in_order(struct pattern_set *set, size_t *n)
{
	if (set->nfound > 1)
		qsort(set->found, set->nfound, sizeof(*set->found), ascending);
	*n = set->nfound;
	return set->found;
}

const uint32_t *
pattern_set_meeting(struct pattern_set *set, const struct pattern *wanted, size_t *n)
{
	struct question q = { wanted, wanted->path };
	struct traits t;
	uint32_t i;

	set->nfound = 0;
	set->turn++;
	if (wanted->virtual_name) {
		by_name(set, &set->bare, wanted->text, &q);
	} else if (!wanted->never) {
		t = traits_of(wanted);
		for (i = 0; t.loose && i < set->n; i++)
			if (set->v[i] != NULL)
				candidate(set, i, &q);
		if (!t.loose)
			look(set, &q, &t);
	}
	return in_order(set, n);
}

/* A pattern with a key matches only what begins with it: the whole path is a key here. */
const uint32_t *
pattern_set_matching(struct pattern_set *set, struct str path, size_t *n)
{
	struct arena_mark mark = arena_mark(set->arena);
	struct question q = { NULL, STR_NONE };
	struct traits t = { .nkeys = 1 };

	set->nfound = 0;
	set->turn++;
	if (pattern_virtual(path)) {
		path = str_trim(path);
		for (uint32_t i = NAME_NONE; (i = name_table_next(&set->bare, path, i)) != NAME_NONE;)
			set->found[set->nfound++] = set->bare.v[i].value;
		return in_order(set, n);
	}
	q.path = t.keys[0] = pattern_path(set->arena, path);
	look(set, &q, &t);
	arena_rewind(set->arena, mark);
	return in_order(set, n);
}
