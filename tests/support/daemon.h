/*
 * daemon - a daemon under test: started in a directory of its own, told things
 * by signal or control socket, asked over HTTP. Everything waits for events with
 * a deadline and ends the test when it passes.
 */
#ifndef SUPPORT_DAEMON_H
#define SUPPORT_DAEMON_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct daemon {
	char dir[256];   /* state_dir; log, pidfile and sockets lie in it */
	const char *exe; /* from $DAEMON, else the test daemon */
	int port;
	pid_t pid;           /* of the process that was started; 0 none */
	int pass_fd;         /* a listening socket for LISTEN_FDS; 0 none */
	int notify;          /* datagrams of sd_notify */
	char notified[4096]; /* all of them so far */
};

/* A fresh directory, a free port. */
void daemon_init(struct daemon *d);
/*
 * Starts it with "-F" (unless `background`), the directory's settings and more
 * "-o" assignments, NULL-terminated. Does not wait.
 */
void daemon_spawn(struct daemon *d, bool background, const char *const *more);
/* The same in the foreground, and waits until it serves. */
void daemon_start(struct daemon *d, const char *const *more);
/* It is the test daemon, whose roles can be told to fail. */
bool daemon_is_test(const struct daemon *d);
/* Waits for the end of the started process: its exit code, or 1000 + signal. */
int daemon_wait(struct daemon *d);
/* Sends TERM and waits. */
int daemon_stop(struct daemon *d);
void daemon_signal(struct daemon *d, int number);
/* Waits until sd_notify said so; `count` times in all. */
void daemon_notified(struct daemon *d, const char *text, int count);
/* Removes the directory; on failure of the test it stays. */
void daemon_fini(struct daemon *d);

/* A file of the directory as text; "" when it is not there. Freed by nobody. */
char *daemon_file(const struct daemon *d, const char *name);
void daemon_write(const struct daemon *d, const char *name, const char *text);
bool daemon_logged(const struct daemon *d, const char *text);
/* Waits until the log has the text so many times. */
void daemon_log_wait(const struct daemon *d, const char *text, int count);
/* One word to the control socket, its one line back; false when it cannot be reached. */
bool daemon_ctl(const struct daemon *d, const char *word, char *answer, size_t size);
/* Process of "worker" 1, "archiver" 0, ... in the newest generation; waits until it is ready. */
pid_t daemon_child(const struct daemon *d, const char *role, int index);
/* The pid in the pidfile, 0 without one. */
pid_t daemon_pidfile(const struct daemon *d, const char *name);
bool process_lives(pid_t pid);
/* Waits until it is gone. */
void process_gone(pid_t pid);

/* GET over a connection of its own: status, or -1 with errno; the body, cut to size. */
int http_get(int port, const char *path, char *body, size_t size);
int free_port(void);

/* Clients that send one request per connection until they are stopped; answers are counted. */
struct load {
	pid_t pid[8];
	int n;
	struct load_count *count; /* shared */
};
struct load_count {
	_Atomic long good, bad;
	_Atomic int stop, first_errno, first_stage; /* 1 connect, 2 send, 3 receive, 4 status */
};
void load_start(struct load *l, int port, int clients);
/* Waits until so many more answers have come. */
void load_wait(struct load *l, long more);
/* Ends the clients; how many requests failed. */
long load_stop(struct load *l);

#endif
