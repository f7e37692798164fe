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
	char *text;              /* question, then answer */
	size_t question, answer;
	int64_t end;
};

struct answers {
	struct place v[PLACES];
	size_t next;             /* the oldest */
};

struct answers *
answers_new(void)
{
	struct answers *a = calloc(1, sizeof(*a));

	must(a != NULL);
	return a;
}

void
answers_free(struct answers **a)
{
	if (*a == NULL)
		return;
	for (size_t i = 0; i < PLACES; i++)
		free((*a)->v[i].text);
	free(*a);
	*a = NULL;
}

static struct place *
find(struct answers *a, struct str question)
{
	for (size_t i = 0; i < PLACES; i++)
		if (a->v[i].text != NULL && str_eq((struct str){ a->v[i].text, a->v[i].question }, question))
			return &a->v[i];
	return NULL;
}

bool
answers_find(struct answers *a, struct str question, int64_t now, struct arena *arena, struct str *answer)
{
	const struct place *p = find(a, question);

	if (p == NULL || p->end <= now)
		return false;
	*answer = arena_dup(arena, (struct str){ p->text + p->question, p->answer });
	return true;
}

void
answers_keep(struct answers *a, struct str question, struct str answer, int64_t end)
{
	struct place *p = find(a, question);

	if (question.n + answer.n > BYTES_MAX)
		return;
	if (p == NULL) {
		p = &a->v[a->next];
		a->next = (a->next + 1) % PLACES;
	}
	free(p->text);
	*p = (struct place){ malloc(question.n + answer.n + 1), question.n, answer.n, end };
	must(p->text != NULL);
	memcpy(p->text, question.p, question.n);
	memcpy(p->text + question.n, answer.p, answer.n);
}
