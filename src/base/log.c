/*
 * log - see log.h. The only state of the process besides the shared segment.
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

static struct {
	int fd;
	enum log_level level;
	enum log_format format;
	char who[32];
	unsigned generation;
} state = { 2, LOG_INFO, LOG_TEXT, "agentmaild", 0 };

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
	if (state.format == LOG_JSON)
		return snprintf(line, size, "{\"time\":\"%s\",\"level\":\"%s\",\"who\":\"%s\",\"generation\":%u,\"pid\":%d,\"msg\":\"",
		    when, level, state.who, state.generation, (int)getpid());
	if (state.generation == 0)
		return snprintf(line, size, "%s %-5s %s %d ", when, level, state.who, (int)getpid());
	return snprintf(line, size, "%s %-5s %s g%u %d ", when, level, state.who, state.generation, (int)getpid());
}

static void __attribute__((format(printf, 2, 0)))
emit(const char *level, const char *fmt, va_list ap)
{
	char text[LINE], line[LINE + 256];
	int saved = errno, at;
	bool json = state.format == LOG_JSON;
	size_t n;

	vsnprintf(text, sizeof(text), fmt, ap);
	at = head(line, sizeof(line), level);
	n = (size_t)at + escape(line + at, sizeof(line) - (size_t)at - 8, text, json);
	if (json) {
		line[n++] = '"';
		line[n++] = '}';
	}
	line[n++] = '\n';
	/* A log that cannot be written is not worth dying for; stderr is the last resort. */
	if (write(state.fd, line, n) < 0 && state.fd != 2 && write(2, line, n) < 0)
		saved = errno;
	errno = saved;
}

#define LEVEL_FN(name, LEVEL)                                         \
	void log_##name(const char *fmt, ...)                         \
	{                                                             \
		va_list ap;                                           \
                                                                      \
		if (!log_on(LEVEL))                                   \
			return;                                       \
		va_start(ap, fmt);                                    \
		emit(level_names[LEVEL], fmt, ap);                    \
		va_end(ap);                                           \
	}

LEVEL_FN(error, LOG_ERROR)
LEVEL_FN(warn, LOG_WARN)
LEVEL_FN(info, LOG_INFO)
LEVEL_FN(debug, LOG_DEBUG)

void
log_fatal(int code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	emit("fatal", fmt, ap);
	va_end(ap);
	exit(code);
}

void
log_panic(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	emit("panic", fmt, ap);
	va_end(ap);
	abort();
}
