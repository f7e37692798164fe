/*
 * rng - random bytes from OpenSSL, or from a seeded stream in tests.
 *
 * Tokens, session ids and keys come from here. A system without randomness ends the process: there
 * is no weaker way.
 */
#include "base/rng.h"

#include <openssl/rand.h>
#include <string.h>

#include "base/log.h"

static uint64_t test_state; /* 0: real randomness */

/* splitmix64: repeatable, good enough to tell test values apart. */
static uint64_t
test_next(void)
{
	uint64_t z = (test_state += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

void
rng_bytes(void *p, size_t n)
{
	unsigned char *to = p;

	if (test_state == 0) {
		if (RAND_bytes(to, (int)n) != 1)
			log_fatal(71, "the system gives no random bytes");
		return;
	}
	for (size_t i = 0; i < n; i++)
		to[i] = (unsigned char)test_next();
}

uint64_t
rng_below(uint64_t below)
{
	uint64_t v, limit = UINT64_MAX - UINT64_MAX % below;

	must(below > 0);
	do {
		rng_bytes(&v, sizeof(v));
	} while (v >= limit);
	return v % below;
}

void
rng_seed_for_tests(uint64_t seed)
{
	test_state = seed;
}
