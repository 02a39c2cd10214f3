#include "dissectors/dcerpc.h"

#include "tests/support/exact.h"

static enum dissect dissect(struct cursor in, void *out)
{
	size_t before = cursor_left(&in);
	enum dissect got = dissect_dcerpc(&in, out);

	assert_true((got == DISSECT_OK) == (cursor_left(&in) < before));
	return got;
}

static const struct exact dcerpc = { dissect, sizeof(struct dcerpc) };

/* The first is rpcclient's, of Samba 4.17; the others are made by hand. */
static const char bind[] =
	"05000b03100000004800000001000000b810b810000000000100000000000100c84f324b7016d30112785a47"
	"bf6ee18803000000045d888aeb1cc9119fe808002b10486002000000";

static const char big_bind[] =
	"05000b0300000000004800000102030410b810b8000000000100000000000100123457781234abcdef000123"
	"456789ac000000018a885d041ceb11c99fe808002b10486000000002";

static const char login_bind[] =
	"05000e03100000003301070004030201b810b810000000000600000000000100354251e3064bd111ab0400c0"
	"4fc2dcd204000000045d888aeb1cc9119fe808002b1048600200000001000100354251e3064bd111ab0400c0"
	"4fc2dcd204000000045d888aeb1cc9119fe808002b1048600200000002000100354251e3064bd111ab0400c0"
	"4fc2dcd204000000045d888aeb1cc9119fe808002b1048600200000003000100354251e3064bd111ab0400c0"
	"4fc2dcd204000000045d888aeb1cc9119fe808002b1048600200000004000100354251e3064bd111ab0400c0"
	"4fc2dcd204000000045d888aeb1cc9119fe808002b1048600200000005000100354251e3064bd111ab0400c0"
	"4fc2dcd204000000045d888aeb1cc9119fe808002b104860020000000a060000010000004e544c4d535350";

static const char auth3[] =
	"05001003100000002300070004030201202020200a060000010000004e544c4d535350";

static const char request[] =
	"050000031000000028000400040302010400000002000c00617267730a060000010000007369676e";

static const char padded_request[] =
	"05000083100000003c00040001000000040000000000040000000000000000000000000000000000"
	"73747562000000000a060400010000007369676e";

static const char padding_outside[] =
	"050000031000000028000400010000000400000000000400737475620a06c800010000007369676e";

static const char long_request[] = "0500000310000000b8101000040302010f27000002000c00";

static const char fault[] = "0500030310000000200000000403020100000000000000000500000000000000";

static const char response[] = "05000203100000001c00000004030201040000000000000064617461";

static const char bind_ack[] =
	"05000c03100000004400000004030201b810b810010000000d005c504950455c737276737663000001000000"
	"000000000000000000000000000000000000000000000000";

static const char contexts_outside[] =
	"05000b03100000004800000004030201b810b810000000000900000000000100785734123412cdabef000123"
	"456789ac01000000045d888aeb1cc9119fe808002b10486002000000";

static const char verifier_outside[] = "0500100310000000140063000403020120202020";

static const char short_request[] = "050000031000000015000000040302010000000001";

static const char short_fragment[] = "05000003100000000f000000040302013132333435363738";

static const char ebcdic[] = "050000031100000018000000040302013132333435363738";
static void check_bind(const void *out)
{
	const struct dcerpc *msg = out;

	assert_int_equal(msg->type, DCERPC_BIND);
	assert_int_equal(msg->flags, 3);
	assert_int_equal(msg->call_id, 1);
	assert_int_equal(msg->context_count, 1);
	assert_int_equal(msg->contexts[0].id, 0);
	assert_int_equal(msg->contexts[0].version_major, 3);
	assert_int_equal(msg->contexts[0].version_minor, 0);
	assert_string_equal(dcerpc_interface_name(msg->contexts[0].uuid), "srvsvc");
	assert_int_equal(msg->auth_type, DCERPC_AUTH_NONE);
	assert_int_equal(msg->credentials.len, 0);
}

static void check_big_bind(const void *out)
{
	const struct dcerpc *msg = out;

	assert_int_equal(msg->context_count, 1);
	assert_string_equal(dcerpc_interface_name(msg->contexts[0].uuid), "samr");
	assert_int_equal(msg->contexts[0].version_major, 1);
	assert_int_equal(msg->call_id, 0x01020304);
}

static void check_login_bind(const void *out)
{
	const struct dcerpc *msg = out;

	assert_int_equal(msg->type, DCERPC_ALTER_CONTEXT);
	assert_int_equal(msg->context_count, 6);
	assert_int_equal(msg->contexts[3].id, 3);
	assert_string_equal(dcerpc_interface_name(msg->contexts[3].uuid), "drsuapi");
	assert_int_equal(msg->auth_type, DCERPC_AUTH_NTLMSSP);
	assert_int_equal(msg->auth_level, DCERPC_LEVEL_PRIVACY);
	exact_assert_text(msg->credentials, "NTLMSSP");
}

static void check_auth3(const void *out)
{
	const struct dcerpc *msg = out;

	assert_int_equal(msg->type, DCERPC_AUTH3);
	exact_assert_text(msg->credentials, "NTLMSSP");
}

static void check_request(const void *out)
{
	const struct dcerpc *msg = out;

	assert_int_equal(msg->type, DCERPC_REQUEST);
	assert_int_equal(msg->context_id, 2);
	assert_int_equal(msg->opnum, 12);
	if (msg->missing == 0) {
		exact_assert_text(msg->credentials, "sign");
		exact_assert_text(msg->arguments, "args");
	} else {
		assert_int_equal(msg->credentials.len, 0);
		assert_int_equal(msg->arguments.len, 0);
	}
}

static void check_long_request(const void *out)
{
	const struct dcerpc *msg = out;

	assert_int_equal(msg->opnum, 12);
	assert_int_equal(msg->missing, 4280 - 24);
	assert_int_equal(msg->credentials.len, 0);
}

static void check_fault(const void *out)
{
	const struct dcerpc *msg = out;

	assert_int_equal(msg->type, DCERPC_FAULT);
	assert_int_equal(msg->fault_status, 5);
}

/* Behind an object's id, and before padding and a verifier. */
static void check_padded_request(const void *out)
{
	const struct dcerpc *msg = out;

	assert_int_equal(msg->opnum, 4);
	exact_assert_text(msg->arguments, "stub");
	exact_assert_text(msg->credentials, "sign");
}

static void check_padding_outside(const void *out)
{
	const struct dcerpc *msg = out;

	assert_int_equal(msg->arguments.len, 0);
}

static struct exact_case cases[] = {
	{ "a bind", &dcerpc, bind, DISSECT_OK, check_bind },
	{ "a bind with large ends first", &dcerpc, big_bind, DISSECT_OK, check_big_bind },
	{ "several contexts, and a login", &dcerpc, login_bind, DISSECT_OK, check_login_bind },
	{ "the end of a login", &dcerpc, auth3, DISSECT_OK, check_auth3 },
	{ "a call", &dcerpc, request, DISSECT_OK, check_request },
	{ "a call of an object, with padding", &dcerpc, padded_request, DISSECT_OK,
	  check_padded_request },
	{ "padding outside", &dcerpc, padding_outside, DISSECT_OK, check_padding_outside },
	{ "a call still to come", &dcerpc, long_request, DISSECT_OK, check_long_request },
	{ "a fault", &dcerpc, fault, DISSECT_OK, check_fault },
	{ "an answer", &dcerpc, response, DISSECT_OK, NULL },
	{ "a bind acknowledged", &dcerpc, bind_ack, DISSECT_OK, NULL },
	{ "contexts outside", &dcerpc, contexts_outside, DISSECT_MALFORMED, NULL },
	{ "a verifier outside", &dcerpc, verifier_outside, DISSECT_MALFORMED, NULL },
	{ "a call without an operation", &dcerpc, short_request, DISSECT_MALFORMED, NULL },
	{ "a fragment shorter than its header", &dcerpc, short_fragment, DISSECT_OTHER, NULL },
	{ "numbers in EBCDIC", &dcerpc, ebcdic, DISSECT_OTHER, NULL },
	{ "version 4", &dcerpc, "0400", DISSECT_OTHER, NULL },
	{ "version 5.2", &dcerpc, "0502", DISSECT_OTHER, NULL },
	{ "an unknown type", &dcerpc, "050001", DISSECT_OTHER, NULL },
	{ "an unknown type above", &dcerpc, "050014", DISSECT_OTHER, NULL },
	{ "an unknown type between", &dcerpc, "050004", DISSECT_OTHER, NULL },
};

static void an_interface_may_be_unknown(void **state)
{
	static const uint8_t none[DCERPC_UUID_LEN] = { 0 };
	static const uint8_t nearly[DCERPC_UUID_LEN] = { 0x36, 0x7a, 0xbb, 0x81, 0x98,
							 0x44, 0x35, 0xf1, 0 };

	(void)state;
	assert_null(dcerpc_interface_name(none));
	assert_null(dcerpc_interface_name(nearly));
}

int main(void)
{
	static const struct CMUnitTest more[] = { cmocka_unit_test(an_interface_may_be_unknown) };

	return exact_run_all("dcerpc", cases, ARRAY_LEN(cases), more, ARRAY_LEN(more));
}
