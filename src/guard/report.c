/*
 * report - paths held against reservations, and what is said about it.
 */
#include <stdio.h>

#include "guard/guard.h"
#include "mail/reservation/pattern.h"
#include "mail/reservation/pattern_set.h"

#define LINES_MAX 10

static struct str
folded(struct arena *a, struct str s, bool ignore_case)
{
	return ignore_case ? str_lower(a, s) : s;
}

/* Writes a name with its control bytes as "?": the name of a file must not steer the terminal. */
static void
put_name(FILE *err, struct str name)
{
	for (size_t i = 0; i < name.n; i++)
		fputc((unsigned char)name.p[i] < 0x20 || name.p[i] == 0x7f ? '?' : name.p[i], err);
}

static void
say(FILE *err, struct str path, const struct guard_record *r)
{
	fputs("- ", err);
	put_name(err, path);
	fputs(" matches ", err);
	put_name(err, r->pattern);
	fputs(" (holder: ", err);
	put_name(err, r->agent);
	fputs(")\n", err);
}

size_t
guard_report(
    const struct guard_records *records, const struct str_list *paths, bool ignore_case, struct arena *a, FILE *err)
{
	const struct pattern **patterns = arena_array(a, const struct pattern *, records->n);
	struct pattern_set *set;
	size_t n = 0, of;

	for (size_t k = 0; k < records->n; k++)
		patterns[k] = pattern_new(a, folded(a, records->v[k].pattern, ignore_case));
	set = pattern_set_new(a, patterns, records->n);
	for (size_t i = 0; i < paths->n; i++) {
		const uint32_t *found = pattern_set_matching(set, folded(a, paths->v[i], ignore_case), &of);

		for (size_t k = 0; k < of; k++) {
			if (n == 0)
				fputs("Exclusive file_reservation conflicts detected\n", err);
			if (n++ < LINES_MAX)
				say(err, paths->v[i], &records->v[found[k]]);
		}
	}
	if (n > LINES_MAX)
		fprintf(err, "... and %zu more\n", n - LINES_MAX);
	return n;
}
