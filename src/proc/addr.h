/*
 * addr - one entry of `listen`: an address to bind.
 */
#ifndef PROC_ADDR_H
#define PROC_ADDR_H

#include <stdbool.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "base/arena.h"
#include "base/str.h"

struct conf;

struct addr {
	struct sockaddr_storage sa;
	socklen_t len;
	char text[128]; /* canonical: "127.0.0.1:8765", "[::1]:8765", "unix:/run/x.sock" */
};

/*
 * Reads "1.2.3.4", "host:port", "[::1]", "[::1]:80", "::1", "*" or
 * "unix:/path"; a name may stand for several addresses. Appends to out, at most
 * max; returns how many, or -1 with *why.
 */
int addr_parse(struct str text, int port, struct addr *out, int max, struct arena *a, struct str *why);
bool addr_equal(const struct addr *x, const struct addr *y);
/* Reachable from this machine only. */
bool addr_is_local(const struct addr *x);
/* Fills in the text of a bound socket's address. */
void addr_describe(struct addr *x);

#define ADDR_MAX 32
/*
 * All of `listen`, without doubles: how many, or -1 with *why. An address beyond
 * this machine without http_bearer_token is refused (decision 3.9).
 */
int addr_all(const struct conf *c, struct addr out[ADDR_MAX], struct arena *a, struct str *why);
/* `unix_mode`, the mode of UNIX sockets, as a number; 0, or -1 with *why. */
int addr_unix_mode(struct str text, int *mode, struct arena *a, struct str *why);

#endif
