/*
 * pattern_parts - a compiled pattern, for pattern*.c alone.
 *
 * A list of parts, each for one segment of a path or for any number of them.
 */
#ifndef MAIL_RESERVATION_PATTERN_PARTS_H
#define MAIL_RESERVATION_PATTERN_PARTS_H

#include "mail/reservation/pattern_glob.h"

struct part {
	bool deep; /* any number of segments, also none; glob is unused */
	struct glob glob;
};

struct pattern {
	struct str text; /* as given, trimmed: the name of a virtual one */
	struct str path; /* text as a path: '/' for '\', without leading "/" and "./" */
	bool virtual_name;
	bool never;         /* matches nothing */
	bool bare;          /* one segment without wildcards: floats when matching, at the root when it names */
	bool below;         /* what lies below a match is matched too */
	struct str prefix;  /* every path that is matched begins so; empty when nothing is known */
	struct part *parts; /* the first is deep when the pattern floats */
	size_t n;
};

/* Is the path, already in the form of pattern.path, one that p names itself? See pattern_overlap. */
bool pattern_names(const struct pattern *p, struct str path);

/* The path of a pattern or a file in the form of pattern.path; a copy in `a`. */
struct str pattern_path(struct arena *a, struct str text);
/* pattern_match for a path in that form; p is not virtual. */
bool pattern_matches(const struct pattern *p, struct str path);

/* Is there a path that both name? Neither is virtual or never matches. */
bool pattern_meet(const struct pattern *a, const struct pattern *b);

#endif
