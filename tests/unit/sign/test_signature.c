#include "sensor/sign/signature.h"

#include "tests/support/cmocka.h"

#include <string.h>

static struct sign_public public;
static struct sign_secret secret;

static int set_up(void **state)
{
	(void)state;
	if (sign_start() != ERR_OK)
		return -1;
	sign_make_pair(&public, &secret);
	sign_name_by_key(&public, &secret);
	return 0;
}

/* RFC 8032, section 7.1, tests 1 and 2. */
static void what_the_standard_signs_is_good(void **state)
{
	static const struct sign_public one = {
		.key = { 0xd7, 0x5a, 0x98, 0x01, 0x82, 0xb1, 0x0a, 0xb7, 0xd5, 0x4b, 0xfe,
			 0xd3, 0xc9, 0x64, 0x07, 0x3a, 0x0e, 0xe1, 0x72, 0xf3, 0xda, 0xa6,
			 0x23, 0x25, 0xaf, 0x02, 0x1a, 0x68, 0xf7, 0x07, 0x51, 0x1a }
	};
	static const uint8_t signature[SIGNATURE_LEN] = {
		0xe5, 0x56, 0x43, 0x00, 0xc3, 0x60, 0xac, 0x72, 0x90, 0x86, 0xe2, 0xcc, 0x80,
		0x6e, 0x82, 0x8a, 0x84, 0x87, 0x7f, 0x1e, 0xb8, 0xe5, 0xd9, 0x74, 0xd8, 0x73,
		0xe0, 0x65, 0x22, 0x49, 0x01, 0x55, 0x5f, 0xb8, 0x82, 0x15, 0x90, 0xa3, 0x3b,
		0xac, 0xc6, 0x1e, 0x39, 0x70, 0x1c, 0xf9, 0xb4, 0x6b, 0xd2, 0x5b, 0xf5, 0xf0,
		0x59, 0x5b, 0xbe, 0x24, 0x65, 0x51, 0x41, 0x43, 0x8e, 0x7a, 0x10, 0x0b
	};

	(void)state;
	assert_true(sign_message_check(&one, "", 0, signature));
	assert_false(sign_message_check(&one, "x", 1, signature));
}

static void each_changed_bit_is_found(void **state)
{
	static const char message[] = "hinomi.parcel/1\ns-1\n";
	uint8_t signature[SIGNATURE_LEN];
	char other[sizeof(message)];

	(void)state;
	sign_message(&secret, message, sizeof(message), signature);
	assert_true(sign_message_check(&public, message, sizeof(message), signature));
	for (size_t i = 0; i < 8 * sizeof(signature); i++) {
		signature[i / 8] ^= (uint8_t)(1U << i % 8);
		assert_false(sign_message_check(&public, message, sizeof(message), signature));
		signature[i / 8] ^= (uint8_t)(1U << i % 8);
	}
	for (size_t i = 0; i < 8 * sizeof(message); i++) {
		memcpy(other, message, sizeof(message));
		other[i / 8] = (char)(other[i / 8] ^ (char)(1U << i % 8));
		assert_false(sign_message_check(&public, other, sizeof(other), signature));
	}
	assert_false(sign_message_check(&public, message, sizeof(message) - 1, signature));
}

static void a_key_says_its_own_id(void **state)
{
	uint8_t id[SIGN_ID_LEN];
	struct sign_public other;
	struct sign_secret unused;

	(void)state;
	sign_key_id(public.key, id);
	assert_memory_equal(id, public.id, sizeof(id));
	assert_memory_equal(id, secret.id, sizeof(id));
	sign_make_pair(&other, &unused);
	sign_name_by_key(&other, &unused);
	assert_memory_not_equal(other.id, id, sizeof(id));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_the_standard_signs_is_good),
		cmocka_unit_test(each_changed_bit_is_found),
		cmocka_unit_test(a_key_says_its_own_id),
	};

	return cmocka_run_group_tests_name("signature", tests, set_up, NULL);
}
