/*
 * main - runs a fuzz target without libFuzzer:
 *   fuzz_x FILE...     each file once; no file: standard input
 *   fuzz_x -g DIR      writes the seeds there
 *   fuzz_x -t SECONDS  mutates the seeds for so long, blindly
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "fuzz/fuzz.h"

#define INPUT_MAX 65536
#define SEEDS_MAX 1024

static struct {
	const void *p;
	size_t n;
} seeds[SEEDS_MAX];
static size_t nseeds;

static void
collect(void *arg, const void *p, size_t n)
{
	unsigned char *copy = malloc(n + 1);

	(void)arg;
	if (nseeds == SEEDS_MAX || copy == NULL)
		abort();
	memcpy(copy, p, n);
	seeds[nseeds].p = copy;
	seeds[nseeds++].n = n;
}

static int
run_file(const char *path)
{
	static uint8_t buf[1 << 20];
	FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
	size_t n;

	if (f == NULL) {
		perror(path);
		return 1;
	}
	n = fread(buf, 1, sizeof(buf), f);
	if (f != stdin)
		fclose(f);
	LLVMFuzzerTestOneInput(buf, n);
	return 0;
}

static int
write_seeds(const char *dir)
{
	char path[4096];

	for (size_t i = 0; i < nseeds; i++) {
		FILE *f;

		snprintf(path, sizeof(path), "%s/seed-%03zu", dir, i);
		f = fopen(path, "wb");
		if (f == NULL || fwrite(seeds[i].p, 1, seeds[i].n, f) != seeds[i].n || fclose(f) != 0) {
			perror(path);
			return 1;
		}
	}
	return 0;
}

static size_t
pick(size_t below)
{
	return below == 0 ? 0 : (size_t)random() % below;
}

/* Some bytes changed, dropped, doubled, or taken from another seed. */
static size_t
mutate(uint8_t *p, size_t n)
{
	size_t at = pick(n + 1), len = pick(16), i;

	switch (pick(4)) {
	case 0:
		for (i = at; i < n && i < at + 1 + len / 4; i++)
			p[i] = (uint8_t)random();
		return n;
	case 1:
		len = len > n - at ? n - at : len;
		memmove(p + at, p + at + len, n - at - len);
		return n - len;
	case 2:
		len = len > n - at ? n - at : len;
		if (n + len > INPUT_MAX)
			return n;
		memmove(p + at + len, p + at, n - at);
		return n + len;
	default:
		i = pick(nseeds);
		len = pick(seeds[i].n + 1);
		if (at + len > INPUT_MAX)
			return n;
		memcpy(p + at, seeds[i].p, len);
		return at + len > n ? at + len : n;
	}
}

static int
run_blindly(long seconds)
{
	static uint8_t buf[INPUT_MAX];
	int64_t end = clock_mono_us() + seconds * USEC;
	unsigned long runs = 0;
	size_t n;

	while (clock_mono_us() < end) {
		size_t i = pick(nseeds);

		memcpy(buf, seeds[i].p, seeds[i].n);
		n = seeds[i].n;
		for (size_t k = pick(8); k > 0; k--)
			n = mutate(buf, n);
		LLVMFuzzerTestOneInput(buf, n);
		runs++;
	}
	printf("%lu runs, property holds\n", runs);
	return 0;
}

int
main(int argc, char **argv)
{
	int rc = 0;

	fuzz_seeds(collect, NULL);
	if (argc == 3 && strcmp(argv[1], "-g") == 0)
		return write_seeds(argv[2]);
	if (argc == 3 && strcmp(argv[1], "-t") == 0)
		return run_blindly(atol(argv[2]));
	for (int i = 1; i < argc; i++)
		rc |= run_file(argv[i]);
	return argc == 1 ? run_file("-") : rc;
}
