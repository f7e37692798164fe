/*
 * log - builds a line on the stack, writes it with one write(2), and counts repetitions.
 *
 * Descriptor, level, form and the last texts are the only state of the process besides the shared
 * segment. Nothing here allocates, waits or calls anything that logs.
 */
#include "base/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"

#define LINE 4096
/* Different texts that can be repeated at the same time, and how much of one is shown again. */
#define REPEATS 16
#define REPEAT_TEXT 240

struct repeat {
	uint64_t hash; /* of level and text; 0: free */
	int64_t since; /* monotonic: when it was first seen in this window */
	unsigned shown, hidden;
	enum log_level level;
	char text[REPEAT_TEXT];
};

static struct {
	int fd;
	enum log_level level;
	enum log_format format;
	char who[32];
	unsigned generation;
	struct repeat repeats[REPEATS];
} state = { .fd = 2, .level = LOG_LEVEL_INFO, .format = LOG_FORMAT_TEXT, .who = "agentmaild" };

static const char *const level_names[] = { "error", "warn", "info", "debug" };

void
log_to(int fd)
{
	state.fd = fd;
}

int
log_fd(void)
{
	return state.fd;
}

void
log_set(enum log_level level, enum log_format format)
{
	state.level = level;
	state.format = format;
}

bool
log_on(enum log_level level)
{
	return level <= state.level;
}

void
log_who(const char *role, unsigned generation)
{
	snprintf(state.who, sizeof(state.who), "%s", role);
	state.generation = generation;
}

/* Control bytes (and for JSON quotes) so that a line stays a line; returns the new length. */
static size_t
escape(char *to, size_t size, const char *from, bool json)
{
	size_t n = 0;

	for (; *from != '\0' && n + 8 < size; from++) {
		unsigned char c = (unsigned char)*from;

		if (json && (c == '"' || c == '\\')) {
			to[n++] = '\\';
			to[n++] = (char)c;
		} else if (c < 0x20 || c == 0x7f) {
			n += (size_t)snprintf(to + n, size - n, json ? "\\u%04x" : "\\x%02x", c);
		} else {
			to[n++] = (char)c;
		}
	}
	to[n] = '\0';
	return n;
}

static int
head(char *line, size_t size, const char *level)
{
	char when[CLOCK_ISO_SIZE];

	clock_iso_log(when, clock_wall_us());
	if (state.format == LOG_FORMAT_JSON)
		return snprintf(line, size,
		    "{\"time\":\"%s\",\"level\":\"%s\",\"who\":\"%s\",\"generation\":%u,\"pid\":%d,\"msg\":\"", when,
		    level, state.who, state.generation, (int)getpid());
	if (state.generation == 0)
		return snprintf(line, size, "%s %-5s %s %d ", when, level, state.who, (int)getpid());
	return snprintf(line, size, "%s %-5s %s g%u %d ", when, level, state.who, state.generation, (int)getpid());
}

static void
put(const char *level, const char *text)
{
	char line[LINE + 256];
	bool json = state.format == LOG_FORMAT_JSON;
	int at = head(line, sizeof(line), level);
	size_t n;

	n = (size_t)at + escape(line + at, sizeof(line) - (size_t)at - 8, text, json);
	if (json) {
		line[n++] = '"';
		line[n++] = '}';
	}
	line[n++] = '\n';
	/* A log that cannot be written is not worth dying for; stderr is the last resort. */
	if (write(state.fd, line, n) < 0 && state.fd != 2)
		(void)!write(2, line, n);
}

/* Says what a repetition has kept back, and forgets it. */
static void
end_repeat(struct repeat *r)
{
	char text[REPEAT_TEXT + 64];

	if (r->hidden > 0) {
		snprintf(text, sizeof(text), "%s (%u more of these lines)", r->text, r->hidden);
		put(level_names[r->level], text);
	}
	r->hash = 0;
	r->hidden = 0;
}

void
log_idle(int64_t now)
{
	for (int i = 0; i < REPEATS; i++)
		if (state.repeats[i].hash != 0 && now - state.repeats[i].since >= LOG_WINDOW_US)
			end_repeat(&state.repeats[i]);
}

/* The place of this text: its own, else that of the text which has been there longest. */
static struct repeat *
repeat_of(uint64_t hash)
{
	struct repeat *oldest = &state.repeats[0];

	for (int i = 0; i < REPEATS; i++) {
		struct repeat *r = &state.repeats[i];

		if (r->hash == hash)
			return r;
		if (r->hash == 0 || (oldest->hash != 0 && r->since < oldest->since))
			oldest = r;
	}
	return oldest;
}

/* False for a line that has been said often enough for now. */
static bool
worth_saying(enum log_level level, const char *text)
{
	uint64_t hash = 14695981039346656037U ^ (uint64_t)level;
	int64_t now = clock_mono_us();
	struct repeat *r;

	for (const char *p = text; *p != '\0'; p++)
		hash = (hash ^ (unsigned char)*p) * 1099511628211U;
	hash |= hash == 0;
	log_idle(now);
	r = repeat_of(hash);
	if (r->hash != hash) {
		end_repeat(r);
		*r = (struct repeat){ .hash = hash, .since = now, .level = level };
		snprintf(r->text, sizeof(r->text), "%.*s", REPEAT_TEXT - 1, text);
	}
	if (r->shown < LOG_SHOWN) {
		r->shown++;
		return true;
	}
	r->hidden++;
	return false;
}

static void __attribute__((format(printf, 2, 0))) emit(enum log_level level, const char *fmt, va_list ap)
{
	char text[LINE];
	int saved = errno;

	vsnprintf(text, sizeof(text), fmt, ap);
	if (level > LOG_LEVEL_WARN || worth_saying(level, text))
		put(level_names[level], text);
	errno = saved;
}

static void __attribute__((format(printf, 2, 0))) emit_last(const char *word, const char *fmt, va_list ap)
{
	char text[LINE];

	vsnprintf(text, sizeof(text), fmt, ap);
	put(word, text);
}

#define LEVEL_FN(name, LEVEL) \
	void log_##name(const char *fmt, ...) \
	{ \
		va_list ap; \
\
		if (!log_on(LEVEL)) \
			return; \
		va_start(ap, fmt); \
		emit(LEVEL, fmt, ap); \
		va_end(ap); \
	}

LEVEL_FN(error, LOG_LEVEL_ERROR)
LEVEL_FN(warn, LOG_LEVEL_WARN)
LEVEL_FN(info, LOG_LEVEL_INFO)
LEVEL_FN(debug, LOG_LEVEL_DEBUG)

void
log_fatal(int code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	emit_last("fatal", fmt, ap);
	va_end(ap);
	exit(code);
}

void
log_panic(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	emit_last("panic", fmt, ap);
	va_end(ap);
	abort();
}
