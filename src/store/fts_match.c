/*
 * fts_match - evaluates a query tree on one row whose words have been found.
 */
#include <string.h>

#include "store/fts_query.h"

/* Appends to a list that grows in the arena. */
static void
add_pos(struct arena *a, int64_t **list, size_t *n, size_t *room, int64_t pos)
{
	if (*n == *room) {
		int64_t *wider;

		*room = *room * 2 + 8;
		wider = arena_array(a, int64_t, *room);
		if (*n > 0)
			memcpy(wider, *list, *n * sizeof(*wider));
		*list = wider;
	}
	(*list)[(*n)++] = pos;
}

void
fts_term_at(struct arena *a, struct fts_term *t, int64_t pos)
{
	add_pos(a, &t->pos, &t->n, &t->room, pos);
}

/* Whether one of the n positions, which are in rising order, lies in min..max. */
static bool
has_within(const int64_t *v, size_t n, int64_t min, int64_t max)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (v[mid] < min)
			low = mid + 1;
		else
			high = mid;
	}
	return low < n && v[low] <= max;
}

static bool
stands_at(const struct fts_term *t, int64_t pos)
{
	return has_within(t->pos, t->n, pos, pos);
}

/* Fills where the phrase begins, within the columns of its group. */
static bool
find_phrase(struct arena *a, struct fts_tree *t, struct fts_phrase *ph, const struct fts_node *group)
{
	const struct fts_term *first = &t->term[ph->term];

	ph->n = 0;
	for (size_t i = 0; i < first->n && t->steps >= 0; i++) {
		int64_t pos = first->pos[i];
		size_t k = 1;

		t->steps -= (int64_t)ph->terms;
		if ((group->columns >> (pos >> 32) & 1u) == 0 || (group->first && (uint32_t)pos != 0))
			continue;
		while (k < ph->terms && stands_at(first + k, pos + (int64_t)k))
			k++;
		if (k == ph->terms)
			add_pos(a, &ph->pos, &ph->n, &ph->room, pos);
	}
	return ph->n > 0;
}

/*
 * Whether the phrases stand near each other: starts can be picked so that from
 * the end of each to the start of the last there are `near` words at most.
 */
static bool
are_near(struct fts_tree *t, const struct fts_node *g)
{
	const struct fts_phrase *ph = &t->phrase[g->phrase];

	for (size_t last = 0; last < g->phrases; last++)
		for (size_t i = 0; i < ph[last].n && t->steps >= 0; i++) {
			int64_t max = ph[last].pos[i];
			size_t k = 0;

			t->steps -= (int64_t)g->phrases;
			while (
			    k < g->phrases && has_within(ph[k].pos, ph[k].n, max - (int64_t)ph[k].terms - g->near, max))
				k++;
			if (k == g->phrases)
				return true;
		}
	return false;
}

static bool
match_group(struct arena *a, struct fts_tree *t, const struct fts_node *g)
{
	bool all = g->phrases > 0;

	/* Every phrase is looked for, since the score counts them all. */
	for (size_t i = 0; i < g->phrases; i++)
		all = find_phrase(a, t, &t->phrase[g->phrase + i], g) && all;
	return all && (g->phrases == 1 || are_near(t, g));
}

/*
 * Both sides are always looked at, since the score counts every phrase. Chains of AND, OR and NOT are left-deep, so this
 * recurs once for each of them; who searches bounds the length of a query (mail/search) and so the depth.
 */
static bool
match_node(struct arena *a, struct fts_tree *t, const struct fts_node *n)
{
	bool left, right;

	if (n->kind == FTS_GROUP)
		return match_group(a, t, n);
	right = match_node(a, t, n->right);
	left = match_node(a, t, n->left);
	return n->kind == FTS_AND ? left && right : n->kind == FTS_OR ? left || right : left && !right;
}

bool
fts_query_match(struct arena *a, struct fts_tree *t)
{
	for (size_t i = 0; i < t->phrases; i++)
		t->phrase[i].n = 0;
	return match_node(a, t, t->root) && t->steps >= 0;
}
