/*
 * notify - one datagram to NOTIFY_SOCKET; used by master, reload, stop and upgrade.
 *
 * The variables stay in the environment, because the next binary needs them
 * after an upgrade; children of the master never send.
 */
#include "proc/notify.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"

static struct sockaddr_un to;
static socklen_t to_len;
static int64_t watchdog_us;

void
notify_init(void)
{
	const char *path = getenv("NOTIFY_SOCKET"), *usec = getenv("WATCHDOG_USEC");

	to_len = 0;
	watchdog_us = 0;
	if (path == NULL || (path[0] != '/' && path[0] != '@') || strlen(path) >= sizeof(to.sun_path))
		return;
	to.sun_family = AF_UNIX;
	memcpy(to.sun_path, path, strlen(path));
	to_len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path));
	if (path[0] == '@')
		to.sun_path[0] = '\0';
	if (usec != NULL)
		watchdog_us = strtoll(usec, NULL, 10) / 2;
}

void
notify_send(const char *fmt, ...)
{
	char text[512];
	va_list ap;
	int fd, n;

	if (to_len == 0)
		return;
	va_start(ap, fmt);
	n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (n <= 0)
		return;
	if ((size_t)n >= sizeof(text))
		n = sizeof(text) - 1;
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	if (sendto(fd, text, (size_t)n, MSG_NOSIGNAL | MSG_DONTWAIT, (struct sockaddr *)&to, to_len) < 0)
		log_debug("the service manager does not listen");
	close(fd);
}

void
notify_reloading(void)
{
	notify_send("RELOADING=1\nMONOTONIC_USEC=%lld\nSTATUS=Reloading", (long long)clock_mono_us());
}

int64_t
notify_watchdog_us(void)
{
	return watchdog_us;
}
