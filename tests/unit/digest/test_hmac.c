#include "sensor/digest/hmac.h"

#include "sensor/base/hex.h"

#include "tests/support/cmocka.h"

#include <string.h>

enum { KEY_MAX = 131, DATA_MAX = 160 };

/* RFC 4231, test cases 1, 2, 3 and 6. */
struct hmac_case {
	int key_byte; /* repeated; 0: `key` */
	size_t key_len;
	const char *key;
	int data_byte;
	size_t data_len;
	const char *data;
	const char *want;
};

static const struct hmac_case cases[] = {
	{ 0x0b, 20, NULL, 0, 0, "Hi There",
	  "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7" },
	{ 0, 0, "Jefe", 0, 0, "what do ya want for nothing?",
	  "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843" },
	{ 0xaa, 20, NULL, 0xdd, 50, NULL,
	  "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe" },
	{ 0xaa, 131, NULL, 0, 0, "Test Using Larger Than Block-Size Key - Hash Key First",
	  "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54" },
};

static void the_examples_of_the_rfc(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct hmac_case *c = &cases[i];
		char key[KEY_MAX];
		char data[DATA_MAX];
		char text[2 * SHA256_LEN + 1];
		uint8_t out[SHA256_LEN];
		size_t key_len = c->key ? strlen(c->key) : c->key_len;
		size_t data_len = c->data ? strlen(c->data) : c->data_len;

		memset(key, c->key_byte, sizeof(key));
		memset(data, c->data_byte, sizeof(data));
		if (c->key)
			memcpy(key, c->key, key_len);
		if (c->data)
			memcpy(data, c->data, data_len);
		digest_hmac(key, key_len, data, data_len, out);
		hex_text(out, sizeof(out), text);
		assert_string_equal(text, c->want);
	}
}

static void one_bit_is_a_difference(void **state)
{
	uint8_t a[SHA256_LEN] = { 7 };
	uint8_t b[SHA256_LEN] = { 7 };

	(void)state;
	assert_true(digest_is_same(a, b));
	for (size_t bit = 0; bit < 8 * SHA256_LEN; bit++) {
		b[bit / 8] ^= (uint8_t)(1U << bit % 8);
		assert_false(digest_is_same(a, b));
		b[bit / 8] ^= (uint8_t)(1U << bit % 8);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_examples_of_the_rfc),
		cmocka_unit_test(one_bit_is_a_difference),
	};

	return cmocka_run_group_tests_name("hmac", tests, NULL, NULL);
}
