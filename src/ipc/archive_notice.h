/*
 * archive_notice - commit orders on their way to the archiver: hints, never data.
 *
 * One fixed record per transaction, far under PIPE_BUF, so that writes of all
 * workers are atomic. A full pipe drops the order (counted): the archiver looks
 * at the outbox every second anyway.
 */
#ifndef IPC_ARCHIVE_NOTICE_H
#define IPC_ARCHIVE_NOTICE_H

#include <stdbool.h>
#include <stdint.h>

struct archive_notice {
	uint32_t version;
	uint32_t slot;
	int64_t first, last; /* outbox ids */
	int64_t sent_us;     /* monotonic */
	uint64_t reserved[4];
};

#define ARCHIVE_NOTICE_VERSION 1

/* Non-blocking pipe: fd[0] for the archiver, fd[1] for every writer. 0 or -1 with errno. */
int archive_notice_pipe(int fd[2]);
/* False when the pipe was full. */
bool archive_notice_send(int fd, uint32_t slot, int64_t first, int64_t last);
/* Empties the pipe; returns how many orders there were and the highest outbox id in *last. */
int archive_notice_drain(int fd, int64_t *last);

#endif
