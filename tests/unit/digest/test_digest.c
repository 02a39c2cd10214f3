#include "sensor/digest/digest.h"

#include "tests/support/cmocka.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The examples of FIPS 180 as NIST publishes them, and their MD5; `repeat` times `text` is the
 * message. */
struct digest_case {
	const char *name;
	const char *text;
	size_t repeat;
	const char *want_md5;
	const char *want_sha1;
	const char *want_sha256;
};

static struct digest_case cases[] = {
	{ "no bytes", "", 1, "d41d8cd98f00b204e9800998ecf8427e",
	  "da39a3ee5e6b4b0d3255bfef95601890afd80709",
	  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
	{ "one block", "abc", 1, "900150983cd24fb0d6963f7d28e17f72",
	  "a9993e364706816aba3e25717850c26c9cd0d89d",
	  "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
	{ "two blocks", "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
	  "8215ef0796a20bcaaae116d3876c664a", "84983e441c3bd26ebaae4aa1f95129e5e54670f1",
	  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
	{ "a million bytes", "aaaaaaaaaa", 100000, "7707d6ae4e027c70eea2a935c2296f21",
	  "34aa973cd4c4daa4f61eeb2bdbad27316534016f",
	  "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0" },
};

static void expect_hex(const uint8_t *bytes, size_t len, const char *want)
{
	char hex[2 * SHA256_LEN + 1];

	for (size_t i = 0; i < len; i++)
		(void)snprintf(hex + 2 * i, 3, "%02x", bytes[i]);
	assert_string_equal(hex, want);
}

static void run_case(void **state)
{
	const struct digest_case *c = *state;
	size_t piece = strlen(c->text);
	size_t len = piece * c->repeat;
	char *message = malloc(len > 0 ? len : 1);
	uint8_t md5[MD5_LEN];
	uint8_t sha1[SHA1_LEN];
	uint8_t sha256[SHA256_LEN];

	assert_non_null(message);
	for (size_t i = 0; i < c->repeat; i++)
		memcpy(message + i * piece, c->text, piece);
	digest_md5(&(struct span){ (const uint8_t *)message, len }, 1, 0, md5);
	digest_sha1(message, len, sha1);
	digest_sha256(message, len, sha256);
	expect_hex(md5, sizeof(md5), c->want_md5);
	expect_hex(sha1, sizeof(sha1), c->want_sha1);
	expect_hex(sha256, sizeof(sha256), c->want_sha256);
	free(message);
}

static void a_uuid_is_version_8_of_sha256(void **state)
{
	char uuid[DIGEST_UUID_LEN];

	(void)state;
	digest_uuid("abc", 3, uuid);
	assert_string_equal(uuid, "ba7816bf-8f01-8fea-8141-40de5dae2223");
}

static void a_separator_stands_between_parts(void **state)
{
	const struct span parts[] = { { (const uint8_t *)"a", 1 },
				      { (const uint8_t *)"", 0 },
				      { (const uint8_t *)"b", 1 } };
	const struct span whole = { (const uint8_t *)"a;;b", 4 };
	uint8_t got[MD5_LEN];
	uint8_t want[MD5_LEN];

	(void)state;
	digest_md5(parts, ARRAY_LEN(parts), ';', got);
	digest_md5(&whole, 1, ';', want);
	assert_memory_equal(got, want, MD5_LEN);
}

static void a_block_is_as_the_message_in_it(void **state)
{
	(void)state;
	for (size_t len = 0; len <= SHA1_BLOCK_MAX; len++) {
		uint8_t block[SHA1_BLOCK_LEN] = { 0 };
		uint8_t got[SHA1_LEN];
		uint8_t want[SHA1_LEN];

		for (size_t i = 0; i < len; i++)
			block[i] = (uint8_t)(0xff - 7 * i);
		digest_sha1(block, len, want);
		digest_sha1_block(block, len, got);
		assert_memory_equal(got, want, SHA1_LEN);
	}
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(cases) + 3] = {
		cmocka_unit_test(a_separator_stands_between_parts),
		cmocka_unit_test(a_block_is_as_the_message_in_it),
		cmocka_unit_test(a_uuid_is_version_8_of_sha256),
	};

	(void)ADD_ROWS(tests + 3, cases, run_case);
	return cmocka_run_group_tests_name("digest", tests, NULL, NULL);
}
