/*
 * rng - random bytes from OpenSSL; tests may seed a repeatable stream.
 */
#ifndef BASE_RNG_H
#define BASE_RNG_H

#include <stddef.h>
#include <stdint.h>

/* Fills p; ends the process when the system has no randomness. */
void rng_bytes(void *p, size_t n);
/* Uniform in 0..below-1; below > 0. */
uint64_t rng_below(uint64_t below);
/* From now on a repeatable stream (tests only); seed 0 goes back to real randomness. */
void rng_seed_for_tests(uint64_t seed);

#endif
