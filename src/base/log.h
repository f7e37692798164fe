/*
 * log - one line, one write.
 *
 *   2026-11-21T02:45:48.123Z info  worker/3 g7 12345 <text> key=value ...
 *
 * The line is built in a stack buffer, control bytes are escaped, errno is
 * kept. Four words with fixed senses (docs/STYLE.md): warn - the outside world
 * misbehaves and we go on; error - something was lost or refused that should
 * not have been; fatal - this process cannot go on; panic - our bug.
 * Secrets never come here: callers pass names, not values.
 *
 * A full disk says the same thing with every request: of warnings and errors with
 * the same text LOG_SHOWN are written in LOG_WINDOW_US, the others are counted,
 * and one line says how many they were when the time is over.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>
#include <stdint.h>

/* Named so that they do not meet those of syslog(3). */
enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARN, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };
enum log_format { LOG_FORMAT_TEXT, LOG_FORMAT_JSON };

/* Descriptor of the log; 2 at start. The caller keeps it open. */
void log_to(int fd);
int log_fd(void);
void log_set(enum log_level level, enum log_format format);
bool log_on(enum log_level level);
/* Who speaks: "master", "worker/3"; generation 0 is not printed. The text is copied. */
void log_who(const char *role, unsigned generation);

#define LOG_SHOWN 5
#define LOG_WINDOW_US INT64_C(10000000)
/* To be called now and then with clock_mono_us(): tells of lines that were left out, if their time is over. */
void log_idle(int64_t now);

/* One line, without its end, at that level; a line said often is left out and counted (see above). Safe from any process. */
void log_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_info(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_debug(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* Logs and ends the process with exit code `code` (sysexits: 78 configuration, 71 system). */
void log_fatal(int code, const char *fmt, ...) __attribute__((format(printf, 2, 3), noreturn));
/* Logs and aborts. */
void log_panic(const char *fmt, ...) __attribute__((format(printf, 1, 2), noreturn));

/* An invariant that stays on in production. */
#define must(cond) ((cond) ? (void)0 : log_panic("%s:%d: %s: must hold: %s", __FILE__, __LINE__, __func__, #cond))

#endif
