/*
 * hash - digests and HMAC by OpenSSL, base64 in both alphabets, and a fast hash for tables.
 *
 * hash_fast is for tables in memory and names of rate buckets only: it keeps nothing secret and
 * resists nobody. Secrets are compared with hash_equal alone.
 */
#include "base/hash.h"

#include <limits.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

#include "base/log.h"

static void
hex(const unsigned char *p, size_t n, char *out)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		out[2 * i] = digits[p[i] >> 4];
		out[2 * i + 1] = digits[p[i] & 15];
	}
	out[2 * n] = '\0';
}

void
hash_sha1_hex(struct str s, char out[SHA1_HEX + 1])
{
	unsigned char md[20];

	must(EVP_Digest(s.p ? s.p : "", s.n, md, NULL, EVP_sha1(), NULL) == 1);
	hex(md, sizeof(md), out);
}

void
hash_sha256(struct str s, unsigned char out[32])
{
	must(EVP_Digest(s.p ? s.p : "", s.n, out, NULL, EVP_sha256(), NULL) == 1);
}

void
hash_hmac_sha256(struct str key, struct str s, unsigned char out[32])
{
	unsigned int n = 32;

	must(HMAC(EVP_sha256(), key.p, (int)key.n, (const unsigned char *)s.p, s.n, out, &n) != NULL);
}

/* FNV-1a, its end mixed so that low bits serve as a table index. */
uint64_t
hash_fast(struct str s)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * UINT64_C(0x100000001b3);
	h ^= h >> 32;
	return h * UINT64_C(0x9e3779b97f4a7c15);
}

bool
hash_equal(struct str a, struct str b)
{
	return a.n == b.n && CRYPTO_memcmp(a.p ? a.p : "", b.p ? b.p : "", a.n) == 0;
}

struct str
hash_hex(struct arena *a, const void *p, size_t n)
{
	char *out = arena_get(a, 2 * n + 1);

	hex(p, n, out);
	return (struct str){ out, 2 * n };
}

struct str
hash_base64(struct arena *a, const void *p, size_t n)
{
	unsigned char *out = arena_get(a, (n + 2) / 3 * 4 + 1);

	return (struct str){ (char *)out, (size_t)EVP_EncodeBlock(out, p, (int)n) };
}

static bool
is_base64(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
}

bool
hash_base64_decode(struct arena *a, struct str s, struct str *out, size_t *at)
{
	size_t text = s.n;
	unsigned char *to;

	while (text > 0 && s.n - text < 2 && s.p[text - 1] == '=')
		text--;
	for (*at = 0; *at < text; ++*at)
		if (!is_base64(s.p[*at]))
			return false;
	if (s.n % 4 != 0 || s.n > INT_MAX)
		return false;
	to = arena_get(a, s.n / 4 * 3 + 1);
	if (s.n > 0 && EVP_DecodeBlock(to, (const unsigned char *)s.p, (int)s.n) < 0)
		return false;
	*out = (struct str){ (char *)to, s.n / 4 * 3 - (s.n - text) };
	return true;
}

struct str
hash_base64url(struct arena *a, const void *p, size_t n)
{
	unsigned char *out = arena_get(a, (n + 2) / 3 * 4 + 1);
	size_t len = (size_t)EVP_EncodeBlock(out, p, (int)n);

	while (len > 0 && out[len - 1] == '=')
		len--;
	for (size_t i = 0; i < len; i++)
		out[i] = out[i] == '+' ? '-' : out[i] == '/' ? '_' : out[i];
	out[len] = '\0';
	return (struct str){ (char *)out, len };
}

bool
hash_base64url_decode(struct arena *a, struct str s, struct str *out)
{
	size_t padded;
	unsigned char *in, *to;
	int n;

	while (s.n > 0 && s.p[s.n - 1] == '=')
		s.n--;
	padded = (s.n + 3) / 4 * 4;
	if (s.n % 4 == 1)
		return false;
	in = arena_get(a, padded + 1);
	to = arena_get(a, padded + 1);
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c == '+' || c == '/' || c == '=')
			return false;
		in[i] = (unsigned char)(c == '-' ? '+' : c == '_' ? '/' : c);
	}
	memset(in + s.n, '=', padded - s.n);
	n = EVP_DecodeBlock(to, in, (int)padded);
	if (n < 0)
		return false;
	*out = (struct str){ (char *)to, (size_t)n - (padded - s.n) };
	return true;
}
