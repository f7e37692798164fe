/*
 * result_cache - a small table of answers of the helper, each for the seconds that its question allows;
 * the oldest makes room.
 */
#include "job/result_cache.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"

#define PLACES 64
#define BYTES_MAX 16384

struct place {
	char *text; /* query, then result */
	size_t query, result;
	int64_t end;
};

struct result_cache {
	struct place v[PLACES];
	size_t next; /* the oldest */
};

struct result_cache *
result_cache_new(void)
{
	struct result_cache *c = calloc(1, sizeof(*c));

	must(c != NULL);
	return c;
}

void
result_cache_free(struct result_cache **c)
{
	if (*c == NULL)
		return;
	for (size_t i = 0; i < PLACES; i++)
		free((*c)->v[i].text);
	free(*c);
	*c = NULL;
}

static struct place *
find(struct result_cache *c, struct str query)
{
	for (size_t i = 0; i < PLACES; i++)
		if (c->v[i].text != NULL && str_eq((struct str){ c->v[i].text, c->v[i].query }, query))
			return &c->v[i];
	return NULL;
}

bool
result_cache_find(struct result_cache *c, struct str query, int64_t now, struct arena *arena, struct str *result)
{
	const struct place *p = find(c, query);

	if (p == NULL || p->end <= now)
		return false;
	*result = arena_dup(arena, (struct str){ p->text + p->query, p->result });
	return true;
}

void
result_cache_keep(struct result_cache *c, struct str query, struct str result, int64_t end)
{
	struct place *p = find(c, query);

	if (query.n + result.n > BYTES_MAX)
		return;
	if (p == NULL) {
		p = &c->v[c->next];
		c->next = (c->next + 1) % PLACES;
	}
	free(p->text);
	*p = (struct place){ malloc(query.n + result.n + 1), query.n, result.n, end };
	must(p->text != NULL);
	memcpy(p->text, query.p, query.n);
	memcpy(p->text + query.n, result.p, result.n);
}
