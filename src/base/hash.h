/*
 * hash - digests, HMAC, base64 and constant-time compare, by OpenSSL.
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

#define SHA1_HEX 40

/* Lower-case hex of SHA-1, terminated. */
void hash_sha1_hex(struct str s, char out[SHA1_HEX + 1]);
void hash_sha256(struct str s, unsigned char out[32]);
void hash_hmac_sha256(struct str key, struct str s, unsigned char out[32]);
/* Fast, not secret: for tables and topics. */
uint64_t hash_fast(struct str s);
/* Equal, in time that depends on the lengths only. */
bool hash_equal(struct str a, struct str b);
struct str hash_hex(struct arena *a, const void *p, size_t n);
/* The usual alphabet, padded. */
struct str hash_base64(struct arena *a, const void *p, size_t n);
/* False with *at, the offset of the first byte that does not belong there. */
bool hash_base64_decode(struct arena *a, struct str s, struct str *out, size_t *at);
/* Without padding. */
struct str hash_base64url(struct arena *a, const void *p, size_t n);
/* False on a byte outside the alphabet; accepts missing padding. */
bool hash_base64url_decode(struct arena *a, struct str s, struct str *out);

#endif
