/*
 * fuzz_time - of ISO times only what can be printed is accepted, and what was printed reads back as the same time, in all
 * forms that we write. The C library agrees on the calendar.
 *
 * An input is the text of a time; one of eight bytes is a number of microseconds too.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "fuzz/fuzz.h"

static void
fail_with(const char *what, struct str text, int64_t us)
{
	fprintf(stderr, "%s: \"%.*s\", %lld\n", what, FSTR(text), (long long)us);
	abort();
}

static void
reads_back(size_t (*write)(char *, int64_t), int64_t us, int64_t wanted)
{
	char text[CLOCK_ISO_SIZE];
	size_t n = write(text, us);
	struct str s = { text, n };
	int64_t back;

	if (n >= CLOCK_ISO_SIZE || text[n] != '\0')
		fail_with("longer than it may be", s, us);
	if (!clock_parse_iso(s, &back) || back != wanted)
		fail_with("does not read back", s, us);
}

/* The calendar of the C library. */
static void
same_calendar(int64_t us)
{
	int64_t rest = (us % USEC + USEC) % USEC;
	time_t seconds = (time_t)((us - rest) / USEC);
	char ours[CLOCK_ISO_SIZE], theirs[80];
	struct tm tm;

	clock_iso_naive(ours, us - rest);
	if (gmtime_r(&seconds, &tm) == NULL)
		abort();
	snprintf(theirs, sizeof(theirs), "%04d-%02d-%02dT%02d:%02d:%02d", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
	    tm.tm_hour, tm.tm_min, tm.tm_sec);
	if (strcmp(ours, theirs) != 0)
		fail_with(theirs, str_c(ours), us);
}

static void
try_time(int64_t us)
{
	reads_back(clock_iso, us, us);
	reads_back(clock_iso_naive, us, us);
	reads_back(clock_iso_log, us, us - (us % 1000 + 1000) % 1000);
	same_calendar(us);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	char *copy = malloc(n + 1);
	int64_t us;

	if (copy == NULL)
		abort();
	/* A copy: the end of the input is the end of the memory. */
	memcpy(copy, p, n);
	if (clock_parse_iso((struct str){ copy, n }, &us)) {
		if (us < CLOCK_FIRST_US || us > CLOCK_LAST_US)
			fail_with("accepted and cannot be printed", (struct str){ copy, n }, us);
		try_time(us);
	}
	free(copy);
	if (n == sizeof(us)) {
		memcpy(&us, p, sizeof(us));
		if (us >= CLOCK_FIRST_US && us <= CLOCK_LAST_US)
			try_time(us);
	}
	return 0;
}

static const char *const seeds[] = { "1970-01-01T00:00:00+00:00", "2025-10-23T07:08:09.123456+00:00",
	"2025-10-23 09:08:09+02:00", "2020-W01-1", "2020W011", "2020-W53-7T12", "20200229T010203,5-1130",
	"0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59.999999-00:01", "9999-W52-7", "2020-01-01x00:00:00Z",
	"2023-02-29", "2020-01-01T24:00", "12345678" };

void
fuzz_seeds(void (*put)(void *arg, const void *p, size_t n), void *arg)
{
	static const int64_t numbers[] = { CLOCK_FIRST_US, CLOCK_LAST_US, 0, -1, INT64_C(951868799999999) };

	for (size_t i = 0; i < sizeof(seeds) / sizeof(seeds[0]); i++)
		put(arg, seeds[i], strlen(seeds[i]));
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		put(arg, &numbers[i], sizeof(numbers[i]));
}
