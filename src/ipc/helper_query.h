/*
 * helper_query - questions to the helper process, which looks into other people's
 * directories (decision 3.55).
 *
 * One datagram socket pair, made by the master before fork: all may send, the
 * helper reads. Each question brings a socket of its own for the answer. So a
 * helper that dies closes what it was asked (the asker sees the end), an asker
 * that dies is a write that fails, and nothing has to be matched or cleaned up.
 * What is too large for an answer (pictures) comes as a sealed memory file beside it.
 */
#ifndef IPC_HELPER_QUERY_H
#define IPC_HELPER_QUERY_H

#include <stddef.h>
#include <sys/types.h>

#include "base/str.h"

#define ASK_MAX 65536       /* bytes of a question */
#define ANSWER_MAX (8 << 20)   /* and of an answer */

/* fd[0] is read by the helper, fd[1] written by the others; both non-blocking. 0 or -1 with errno. */
int ask_pair(int fd[2]);
/* Sends; the socket on which the answer comes, up to its end, non-blocking. -1: too long, or the helper is too busy. */
int ask_send(int fd, struct str question);
/* The next question and where to answer it; its length, or -1 when there is none. */
ssize_t ask_recv(int fd, char *buf, size_t size, int *reply);
/* Writes an answer, and passes a descriptor along with it unless `pass` is -1; more text may follow by write(). 0 or -1. */
int ask_answer(int reply, struct str text, int pass);
/* As read() of an answer; a descriptor that came along is put into *passed, which is left alone otherwise. */
ssize_t ask_read(int fd, char *buf, size_t size, int *passed);

#endif
