/*
 * toon_lines - for tests/wire/toon.sh: JSON values, one a line, to their TOON
 * texts, each as one JSON string a line.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/json_write.h"
#include "base/toon.h"

static int
convert(struct arena *a, struct str line)
{
	struct jr_error err;
	struct buf text, out;
	struct jr v;
	struct jw w;

	if (!jr_parse(a, line, &v, &err)) {
		fprintf(stderr, "toon_lines: %s at byte %zu\n", err.why, err.offset);
		return 1;
	}
	buf_init(&text, a);
	toon_write(v, &text);
	buf_init(&out, a);
	jw_init(&w, &out, JW_COMPACT);
	jw_quoted_buf(&w, &text);
	printf("%.*s\n", (int)out.n, buf_flat(&out).p);
	return 0;
}

int
main(void)
{
	struct arena a;
	char *line = NULL;
	size_t size = 0;
	ssize_t n;
	int rc = 0;

	arena_init(&a, 65536);
	while (rc == 0 && (n = getline(&line, &size, stdin)) > 0) {
		rc = convert(&a, (struct str){ line, (size_t)n });
		arena_reset(&a);
	}
	free(line);
	arena_fini(&a);
	return rc;
}
