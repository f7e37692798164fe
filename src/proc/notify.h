/*
 * notify - what the service manager is told (sd_notify(3), without libsystemd).
 */
#ifndef PROC_NOTIFY_H
#define PROC_NOTIFY_H

#include <stdint.h>

/* Remembers NOTIFY_SOCKET and WATCHDOG_USEC. */
void notify_init(void);
/* One datagram of lines "KEY=value"; nothing happens without a service manager. */
void notify_send(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* RELOADING=1 with the monotonic time that systemd wants with it. */
void notify_reloading(void);
/* Microseconds between two WATCHDOG=1, 0: none are wanted. */
int64_t notify_watchdog_us(void);

#endif
