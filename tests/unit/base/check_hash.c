/*
 * hash - digests against published vectors, base64 both ways, comparison.
 */
#include <check.h>
#include <string.h>

#include "base/arena.h"
#include "base/hash.h"

static struct arena arena;

static void
setup(void)
{
	arena_init(&arena, 64);
}

static void
teardown(void)
{
	arena_fini(&arena);
}

static void
ck_hex(const unsigned char *p, size_t n, const char *wanted)
{
	ck_assert_str_eq(arena_cstr(&arena, hash_hex(&arena, p, n)), wanted);
}

/* FIPS 180-4. */
START_TEST(digests)
{
	char sha[SHA1_HEX + 1];
	unsigned char md[32];

	hash_sha1_hex(STR("abc"), sha);
	ck_assert_str_eq(sha, "a9993e364706816aba3e25717850c26c9cd0d89d");
	hash_sha1_hex(STR_NONE, sha);
	ck_assert_str_eq(sha, "da39a3ee5e6b4b0d3255bfef95601890afd80709");
	hash_sha256(STR("abc"), md);
	ck_hex(md, 32, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	hash_sha256(STR_NONE, md);
	ck_hex(md, 32, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}
END_TEST

/* RFC 4231, cases 1, 2 and 6 (a key longer than a block). */
START_TEST(hmac)
{
	unsigned char md[32];
	char key[131];

	memset(key, 0x0b, 20);
	hash_hmac_sha256((struct str){ key, 20 }, STR("Hi There"), md);
	ck_hex(md, 32, "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
	hash_hmac_sha256(STR("Jefe"), STR("what do ya want for nothing?"), md);
	ck_hex(md, 32, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	memset(key, 0xaa, sizeof(key));
	hash_hmac_sha256(
	    (struct str){ key, sizeof(key) }, STR("Test Using Larger Than Block-Size Key - Hash Key First"), md);
	ck_hex(md, 32, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}
END_TEST

/* RFC 4648, section 10; the padded form is taken strictly. */
START_TEST(base64)
{
	static const char *const good[][2] = { { "", "" }, { "f", "Zg==" }, { "fo", "Zm8=" }, { "foo", "Zm9v" },
		{ "foob", "Zm9vYg==" }, { "foobar", "Zm9vYmFy" }, { "\xfb\xff", "+/8=" } };
	static const struct {
		const char *text;
		size_t at;
	} bad[] = { { "Zg=", 2 }, { "Zg", 2 }, { "Z===", 1 }, { "====", 0 }, { "Zm9v\nZg==", 4 }, { "Zm-_", 2 },
		{ "=Zg=", 0 }, { "Zg==Zg==", 2 } };
	struct str back;
	size_t at;

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct str plain = str_c(good[i][0]), text = hash_base64(&arena, plain.p, plain.n);

		ck_assert_str_eq(arena_cstr(&arena, text), good[i][1]);
		ck_assert(hash_base64_decode(&arena, text, &back, &at) && str_eq(back, plain));
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ck_assert_msg(!hash_base64_decode(&arena, str_c(bad[i].text), &back, &at), "%s", bad[i].text);
		ck_assert_msg(at == bad[i].at, "%s: %zu", bad[i].text, at);
	}
}
END_TEST

START_TEST(base64url)
{
	struct str b64, back;

	for (size_t n = 0; n < 40; n++) {
		unsigned char raw[40];

		memset(raw, (int)(250 - n), sizeof(raw));
		b64 = hash_base64url(&arena, raw, n);
		ck_assert(hash_base64url_decode(&arena, b64, &back));
		ck_assert(back.n == n && memcmp(back.p, raw, n) == 0);
	}
	ck_assert(!hash_base64url_decode(&arena, STR("a+b/"), &back));
	ck_assert(!hash_base64url_decode(&arena, STR("a"), &back));
}
END_TEST

START_TEST(comparison)
{
	ck_assert(hash_equal(STR("x"), STR("x")) && hash_equal(STR(""), STR_NONE));
	ck_assert(!hash_equal(STR("x"), STR("y")) && !hash_equal(STR("x"), STR("xx")));
	ck_assert(hash_fast(STR("a")) == hash_fast(STR("a")) && hash_fast(STR("a")) != hash_fast(STR("b")));
}
END_TEST

Suite *
suite_hash(void)
{
	Suite *s = suite_create("hash");
	TCase *t = tcase_create("hash");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, digests);
	tcase_add_test(t, hmac);
	tcase_add_test(t, base64);
	tcase_add_test(t, base64url);
	tcase_add_test(t, comparison);
	suite_add_tcase(s, t);
	return s;
}
