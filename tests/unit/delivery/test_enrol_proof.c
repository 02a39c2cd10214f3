#include "sensor/delivery/enrol_proof.h"

#include "tests/support/cmocka.h"

#include <stdio.h>
#include <string.h>

#define HEX_32(pair) HEX_8(pair) HEX_8(pair) HEX_8(pair) HEX_8(pair)
#define HEX_8(pair)  pair pair pair pair pair pair pair pair

static const char code[] = "7K3ZW0H1JM4NPQR9TVXY";

/* Computed by Python's hmac over the lines of the contract. */
static const char request_proof[] =
	"b143dc4b838c1dd8e4a2f16faaa92006f0cf3084b4f52410f113d33fd73f334a";
static const char reply_proof[] =
	"8ec53def9db7a314c1de8c7a50c3a3d786eb4b0ef74e83d945ea826331976ff4";

static const struct enrol_request request = {
	.code_id = "7K3ZW",
	.public_key = HEX_32("ab"),
	.host = "nas.local",
	.version = "0.1.0",
};

static const struct enrol_reply reply = {
	.public_key = HEX_32("ab"),
	.sensor = "s-0001",
	.office = "Sato 設計",
	.token = "token-abc",
	.desk_key = HEX_32("cd"),
	.authority = "-----BEGIN\nx\n",
	.policy = "{}",
};

struct typed_case {
	const char *typed;
	const char *want; /* "" when it is none */
};

static void codes_are_read_as_people_type_them(void **state)
{
	static const struct typed_case cases[] = {
		{ "7K3ZW-0H1JM-4NPQR-9TVXY", code },
		{ "7k3zwohijm4npqr9tvxy", code },
		{ " 7K3ZW oHlJM\t4NPQR--9TVXY\r\n", code },
		{ "", "" },
		{ "7K3ZW-0H1JM-4NPQR-9TVX", "" },
		{ "7K3ZW-0H1JM-4NPQR-9TVXYZ", "" },
		{ "UK3ZW-0H1JM-4NPQR-9TVXY", "" },
		{ "7K3ZW_0H1JM_4NPQR_9TVXY", "" },
		{ "\xc3\xa9"
		  "7K3ZW0H1JM4NPQR9TVX",
		  "" },
	};
	char out[ENROL_CODE_LEN];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(enrol_code_take(cases[i].typed, out), cases[i].want[0] != '\0');
		assert_string_equal(out, cases[i].want);
	}
}

static void proofs_are_those_of_the_contract(void **state)
{
	char proof[ENROL_PROOF_LEN];

	(void)state;
	assert_true(enrol_request_proof(code, &request, proof));
	assert_string_equal(proof, request_proof);
	assert_true(enrol_reply_proof(code, &reply, proof));
	assert_string_equal(proof, reply_proof);
	assert_true(enrol_proof_is(reply_proof, proof));
	assert_false(enrol_proof_is(request_proof, proof));
	assert_false(enrol_proof_is("", proof));
	proof[0] = proof[0] == '0' ? '1' : '0';
	assert_false(enrol_proof_is(reply_proof, proof));
}

/* A line's end in a field could move what stands in it into the next. */
static void control_characters_have_no_proof(void **state)
{
	struct enrol_reply moved = reply;
	struct enrol_request asked = request;
	char proof[ENROL_PROOF_LEN];
	char long_text[ENROL_FIELD_MAX + 1];

	(void)state;
	moved.sensor = "s-0001\noffice";
	assert_false(enrol_reply_proof(code, &moved, proof));
	asked.host = "a\x7f";
	assert_false(enrol_request_proof(code, &asked, proof));
	memset(long_text, 'x', ENROL_FIELD_MAX);
	long_text[ENROL_FIELD_MAX] = '\0';
	asked.host = long_text;
	assert_false(enrol_request_proof(code, &asked, proof));
	long_text[ENROL_FIELD_MAX - 1] = '\0';
	assert_true(enrol_request_proof(code, &asked, proof));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(codes_are_read_as_people_type_them),
		cmocka_unit_test(proofs_are_those_of_the_contract),
		cmocka_unit_test(control_characters_have_no_proof),
	};

	return cmocka_run_group_tests_name("enrol_proof", tests, NULL, NULL);
}
