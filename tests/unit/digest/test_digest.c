#include "sensor/digest/digest.h"

#include "tests/support/cmocka.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The examples of FIPS 180 as NIST publishes them; `repeat` times `text` is the message. */
struct digest_case {
	const char *name;
	const char *text;
	size_t repeat;
	const char *want_sha1;
	const char *want_sha256;
};

static struct digest_case cases[] = {
	{ "no bytes", "", 1, "da39a3ee5e6b4b0d3255bfef95601890afd80709",
	  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
	{ "one block", "abc", 1, "a9993e364706816aba3e25717850c26c9cd0d89d",
	  "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
	{ "two blocks", "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
	  "84983e441c3bd26ebaae4aa1f95129e5e54670f1",
	  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
	{ "a million bytes", "aaaaaaaaaa", 100000, "34aa973cd4c4daa4f61eeb2bdbad27316534016f",
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
	uint8_t sha1[SHA1_LEN];
	uint8_t sha256[SHA256_LEN];

	assert_non_null(message);
	for (size_t i = 0; i < c->repeat; i++)
		memcpy(message + i * piece, c->text, piece);
	digest_sha1(message, len, sha1);
	digest_sha256(message, len, sha256);
	expect_hex(sha1, sizeof(sha1), c->want_sha1);
	expect_hex(sha256, sizeof(sha256), c->want_sha256);
	free(message);
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
	struct CMUnitTest tests[ARRAY_LEN(cases) + 1] = {
		cmocka_unit_test(a_block_is_as_the_message_in_it),
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		tests[i + 1] = (struct CMUnitTest){ .name = cases[i].name,
						    .test_func = run_case,
						    .initial_state = &cases[i] };
	return cmocka_run_group_tests_name("digest", tests, NULL, NULL);
}
