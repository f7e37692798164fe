/*
 * logfile - opening and reopening the log; used by master and reload.
 */
#include "proc/logfile.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "conf/conf.h"

struct str
logfile_path(const struct conf *c, bool foreground, struct arena *a)
{
	if (c->log_file.n > 0)
		return c->log_file;
	if (foreground)
		return STR("stderr");
	if (c->installed && c->origin[CONF_KEY_state_dir] == CONF_DEFAULT)
		return STR("/var/log/agentmail/agentmaild.log");
	return arena_printf(a, "%" PRIstr "/agentmaild.log", FSTR(c->state_dir));
}

/* open_log - never 0 to 2: those are the standard descriptors, whatever the log is. */
static int
open_log(struct str path, struct arena *a, struct str *why)
{
	/* As root, in a directory that another account may write, a link could lead anywhere. */
	int flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | (geteuid() == 0 ? O_NOFOLLOW : 0), fd, high;

	if (str_eqc(path, "stderr"))
		fd = fcntl(2, F_DUPFD_CLOEXEC, 3);
	else
		fd = open(arena_cstr(a, path), flags, 0640);
	if (fd < 0) {
		*why = arena_printf(a, "log_file: cannot open %" PRIstr ": %s", FSTR(path), strerror(errno));
		return -1;
	}
	if (fd > 2)
		return fd;
	high = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	close(fd);
	return high;
}

int
logfile_open(const struct conf *c, bool foreground, struct arena *a, struct str *why)
{
	int fd = open_log(logfile_path(c, foreground, a), a, why);

	if (fd < 0)
		return -1;
	log_to(fd);
	log_set((enum log_level)c->log_level, (enum log_format)c->log_format);
	return 0;
}

int
logfile_reopen(const struct conf *c, bool foreground, struct arena *a, struct str *why)
{
	struct str path = logfile_path(c, foreground, a);
	int fd;

	/* Standard error cannot be opened anew, and by now may be /dev/null. */
	if (str_eqc(path, "stderr"))
		return 0;
	fd = open_log(path, a, why);
	if (fd < 0)
		return -1;
	dup3(fd, log_fd(), O_CLOEXEC);
	close(fd);
	return 0;
}
