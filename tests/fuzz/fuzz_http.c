/*
 * fuzz_http - the HTTP reader never crashes, and the same bytes in any split give
 * the same requests and the same verdict.
 *
 * The first byte of an input says how many sizes follow (0 to 7), then the sizes
 * of the pieces, then the bytes of the connection.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "fuzz/fuzz.h"
#include "support/http_cases.h"
#include "support/http_script.h"

static void
same(struct str a, struct str b, const char *how)
{
	if (str_eq(a, b))
		return;
	fprintf(stderr, "in one piece:\n%.*s\n%s:\n%.*s\n", FSTR(a), how, FSTR(b));
	abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static const unsigned char one[] = { 1 };
	size_t sizes = n > 0 ? p[0] % 8 : 0;
	struct arena a;
	struct str bytes, whole;

	if (n < 1 + sizes)
		return 0;
	arena_init(&a, 4096);
	bytes = (struct str){ (const char *)p + 1 + sizes, n - 1 - sizes };
	whole = http_script(&a, bytes, NULL, 0);
	same(whole, http_script(&a, bytes, one, 1), "byte by byte");
	if (sizes > 0)
		same(whole, http_script(&a, bytes, p + 1, sizes), "in the pieces of the input");
	arena_fini(&a);
	return 0;
}

void
fuzz_seeds(void (*put)(void *arg, const void *p, size_t n), void *arg)
{
	static const unsigned char splits[][4] = { { 0 }, { 2, 5, 1 }, { 3, 40, 2, 9 } };
	char seed[4096];

	for (size_t i = 0; i < sizeof(http_cases) / sizeof(http_cases[0]); i++) {
		const unsigned char *s = splits[i % 3];
		size_t head = 1 + (size_t)s[0], n = strlen(http_cases[i].in);

		if (head + n > sizeof(seed))
			abort();
		memcpy(seed, s, head);
		memcpy(seed + head, http_cases[i].in, n);
		put(arg, seed, head + n);
	}
}
