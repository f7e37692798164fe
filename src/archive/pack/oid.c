/*
 * oid - names of objects, by SHA-1 of OpenSSL: it uses the processor's own instructions,
 * libgit2's collision-detecting one is five times slower, and nobody but us chooses the bytes of
 * trees.
 */
#include "archive/pack/oid.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"

const char *
obj_word(enum obj_type type)
{
	static const char *const words[] = { "", "commit", "tree", "blob", "tag" };

	must(type >= OBJ_COMMIT && type <= OBJ_TAG);
	return words[type];
}

void
oid_of(enum obj_type type, const void *p, size_t n, struct oid *out)
{
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	char head[32];
	int len = snprintf(head, sizeof(head), "%s %zu", obj_word(type), n);

	must(md && EVP_DigestInit_ex(md, EVP_sha1(), NULL) == 1);
	must(EVP_DigestUpdate(md, head, (size_t)len + 1) == 1);
	must(EVP_DigestUpdate(md, p ? p : "", n) == 1);
	must(EVP_DigestFinal_ex(md, out->b, NULL) == 1);
	EVP_MD_CTX_free(md);
}

bool
oid_eq(const struct oid *a, const struct oid *b)
{
	return memcmp(a->b, b->b, OID_SIZE) == 0;
}

int
oid_cmp(const struct oid *a, const struct oid *b)
{
	return memcmp(a->b, b->b, OID_SIZE);
}

bool
oid_none(const struct oid *a)
{
	static const struct oid none;

	return oid_eq(a, &none);
}

void
oid_hex(const struct oid *a, char out[OID_HEX + 1])
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < OID_SIZE; i++) {
		out[2 * i] = digits[a->b[i] >> 4];
		out[2 * i + 1] = digits[a->b[i] & 15];
	}
	out[OID_HEX] = '\0';
}

static int
nibble(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool
oid_parse(struct str s, struct oid *out)
{
	if (s.n < OID_HEX)
		return false;
	for (size_t i = 0; i < OID_SIZE; i++) {
		int hi = nibble(s.p[2 * i]), lo = nibble(s.p[2 * i + 1]);

		if (hi < 0 || lo < 0)
			return false;
		out->b[i] = (unsigned char)(hi << 4 | lo);
	}
	return true;
}
