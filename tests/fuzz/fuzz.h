/*
 * fuzz - what a fuzz target offers: tests/fuzz/fuzz_<name>.c defines both. It runs
 * under libFuzzer (`make fuzz`) or with main.c (`build/fuzz_<name> FILE...`).
 */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* Aborts when the property does not hold. */
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
/* Hands each seed input to put. */
void fuzz_seeds(void (*put)(void *arg, const void *p, size_t n), void *arg);

#endif
