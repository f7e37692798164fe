/*
 * peer - where a connection comes from, by its socket alone: no header is believed.
 */
#ifndef NET_PEER_H
#define NET_PEER_H

#include <stdbool.h>
#include <stdint.h>

struct peer {
	bool unix_socket;
	bool loopback; /* TCP from 127.0.0.0/8 or ::1, to such an address */
	char addr[46]; /* "127.0.0.1", "::1"; "" for a UNIX socket */
	uint16_t port;
};

#endif
