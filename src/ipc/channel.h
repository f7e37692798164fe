/*
 * channel - fixed 64-byte messages between the master and a child.
 *
 * SOCK_SEQPACKET keeps the boundaries; one descriptor may ride along. The
 * generation number lets late mail from the dead be dropped.
 */
#ifndef IPC_CHANNEL_H
#define IPC_CHANNEL_H

#include <stdint.h>

enum channel_kind {
	/* child to master */
	CH_HELLO = 1, /* a: protocol version */
	CH_READY,     /* it serves */
	CH_DRAINED,   /* about to leave */
	CH_LEAVE,     /* it was sent SIGTERM: answer with CH_DRAIN (sent by master/child_main.c) */
	/* master to child */
	CH_DRAIN = 32, /* a: deadline in ms, 0 for none */
	CH_FAST,       /* finish the current transaction, leave */
	CH_REOPEN,     /* the new log descriptor rides along: dup2 it over log_fd(), close it */
	CH_ADOPT,      /* a: index in child_env.sockets, to accept on as well */
	CH_RELEASE,    /* a: index; stop accepting there */
	CH_SLOT,       /* a: a new slot of the scoreboard; its eventfd rides along, for child_env.wake_fds */
};

#define CHANNEL_VERSION 1

struct channel_msg {
	uint32_t kind;
	uint32_t generation;
	int32_t slot;
	int32_t pad;
	int64_t a, b;
	char text[32];
};

/* fds[0] for the master, fds[1] for the child; non-blocking, close on exec. 0 or -1 with errno. */
int channel_pair(int fds[2]);
/* fd < 0: none rides along. 0 or -1 with errno. */
int channel_send(int channel, const struct channel_msg *m, int fd);
/* 1 received, 0 closed by the other side, -1 with errno (EAGAIN: nothing there). *fd is -1 unless one came. */
int channel_recv(int channel, struct channel_msg *m, int *fd);
const char *channel_name(uint32_t kind);

#endif
