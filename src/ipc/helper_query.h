/*
 * helper_query - how queries reach the helper process, which looks into other people's directories (decision 3.55), and
 * how their results come back. What is in them: ipc/query/.
 *
 * One datagram socket pair, made by the master before fork: all may send, the helper reads. Each query brings a socket of
 * its own for the result. So a helper that dies closes those of the queries that it took (whoever waits sees the end), a
 * process that dies waiting is a write that fails, and nothing has to be matched or cleaned up. What is too large for a
 * result (pictures) comes as a sealed memory file beside it.
 */
#ifndef IPC_HELPER_QUERY_H
#define IPC_HELPER_QUERY_H

#include <stddef.h>
#include <sys/types.h>

#include "base/str.h"

/* Bytes of a query, and of a result. */
#define HELPER_QUERY_MAX 65536
#define HELPER_RESULT_MAX (8 << 20)

/* fd[0] is read by the helper, fd[1] written by the others; both non-blocking. 0 or -1 with errno. */
int helper_query_pair(int fd[2]);
/*
 * Sends; the socket on which the result comes, up to its end, non-blocking. -1 with errno: EAGAIN when more queries wait
 * than the helper takes, EMSGSIZE for one that is empty or too long, or what the system says.
 */
int helper_query_send(int fd, struct str query);
/* The next query and where its result goes; its length, or -1 when there is none. */
ssize_t helper_query_recv(int fd, char *buf, size_t size, int *reply);
/* Writes a result, and passes a descriptor along with it unless `pass` is -1; more text may follow by write(). 0 or -1. */
int helper_result_send(int reply, struct str text, int pass);
/* Closes `reply` after telling that there is no room for its query now: HELPER_FULL in place of a result. */
void helper_query_refuse(int reply);
#define HELPER_FULL "full\n"
/* As read() of a result; a descriptor that came along is put into *passed, which is left alone otherwise. */
ssize_t helper_result_read(int fd, char *buf, size_t size, int *passed);

#endif
