#include "dissectors/spnego.h"

#include "tests/support/exact.h"

static enum dissect dissect(struct cursor in, void *out)
{
	return dissect_spnego(in, out);
}

static const struct exact spnego = { dissect, sizeof(struct spnego) };

static const char hint[] =
	"604806062b0601050502a03e303ca00e300c060a2b06010401823702020aa32a3028a0261b246e6f745f6465"
	"66696e65645f696e5f5246433431373840706c656173655f69676e6f7265";

static const char init[] =
	"604806062b0601050502a03e303ca00e300c060a2b06010401823702020aa22a04284e544c4d535350000100"
	"00001582086200000000280000000000000028000000060100000000000f";

static const char bare_init[] =
	"a03e303ca00e300c060a2b06010401823702020aa22a04284e544c4d53535000010000001582086200000000"
	"280000000000000028000000060100000000000f";

static const char all_mechs[] =
	"604f06062b0601050502a0453043a035303306092a864882f71201020206092a864886f712010202060a2b06"
	"010401823702020a060a2b06010401823702021e06032a8648a10403020000a20404026869";

static const char challenge[] =
	"a181a230819fa0030a0101a10c060a2b06010401823702020aa281890481864e544c4d53535000020000000e"
	"000e003800000015828a625cac24d9bb8a7b6800000000000000004000400046000000060100000000000f46"
	"0049004c00450053005200560002000e00460049004c00450053005200560001000e00460049004c00450053"
	"0052005600040000000300040076006d0007000800aa80a678487add0100000000";

static const char answer[] =
	"a18201a23082019ea2820186048201824e544c4d53535000030000001800180058000000dc00dc0070000000"
	"0c000c004c0100000c000c00580100000e000e0064010000100010007201000015820862060100000000000f"
	"1e4b10a07608cd87cc34de17fb06190700000000000000000000000000000000000000000000000015fb50b3"
	"fe0fd527eefb773345e34d020101000000000000aa80a678487add0153ba71ec1df7747a0000000002000e00"
	"460049004c00450053005200560001000e00460049004c004500530052005600040000000300040076006d00"
	"07000800aa80a678487add0106000400020000000800300030000000000000000000000000000000a55ab047"
	"1259f962f9a46395ab313052cdcd73218d5c2470432d6510c00bc3840a001000000000000000000000000000"
	"0000000009001c0063006900660073002f003100320037002e0030002e0030002e003100000000004f004600"
	"4600490043004500680061006e0061006b006f00460049004c004500530052005600cd5879a567fd196ee506"
	"132d03522d27a3120410010000009bea6c2222b6c13500000000";

static const char done[] = "a11b3019a0030a0100a312041001000000614a9572d97dbfbb00000000";

static const char kerberos[] = "601006092a864886f71201020201006e0130";
static void check_hint(const void *out)
{
	const struct spnego *msg = out;

	assert_int_equal(msg->kind, SPNEGO_INIT);
	assert_int_equal(msg->mechs, SPNEGO_MECH_NTLMSSP);
	assert_int_equal(msg->token.len, 0);
}

static void check_init(const void *out)
{
	const struct spnego *msg = out;

	assert_int_equal(msg->kind, SPNEGO_INIT);
	assert_int_equal(msg->preferred_mech, SPNEGO_MECH_NTLMSSP);
	assert_memory_equal(msg->token.data, "NTLMSSP", 8);
}

static void check_all_mechs(const void *out)
{
	const struct spnego *msg = out;

	assert_int_equal(msg->mechs, SPNEGO_MECH_KERBEROS | SPNEGO_MECH_NTLMSSP |
					     SPNEGO_MECH_NEGOEX | SPNEGO_MECH_OTHER);
	assert_int_equal(msg->preferred_mech, SPNEGO_MECH_KERBEROS);
	exact_assert_text(msg->token, "hi");
}

static void check_challenge(const void *out)
{
	const struct spnego *msg = out;

	assert_int_equal(msg->kind, SPNEGO_RESPONSE);
	assert_true(msg->has_state);
	assert_int_equal(msg->state, SPNEGO_ACCEPT_INCOMPLETE);
	assert_int_equal(msg->mechs, SPNEGO_MECH_NTLMSSP);
	assert_memory_equal(msg->token.data, "NTLMSSP", 8);
}

static void check_challenge_state(const void *out)
{
	const struct spnego *msg = out;

	assert_true(msg->has_state);
	assert_int_equal(msg->state, SPNEGO_ACCEPT_INCOMPLETE);
	assert_int_equal(msg->token.len, 0);
}

static void check_answer(const void *out)
{
	const struct spnego *msg = out;

	assert_int_equal(msg->kind, SPNEGO_RESPONSE);
	assert_false(msg->has_state);
	assert_int_equal(msg->mechs, 0);
	assert_memory_equal(msg->token.data, "NTLMSSP", 8);
}

static void check_done(const void *out)
{
	const struct spnego *msg = out;

	assert_true(msg->has_state);
	assert_int_equal(msg->state, SPNEGO_ACCEPT_COMPLETED);
}

static void check_ntlmssp(const void *out)
{
	const struct spnego *msg = out;

	assert_int_equal(msg->kind, SPNEGO_NTLMSSP);
	assert_int_equal(msg->mechs, SPNEGO_MECH_NTLMSSP);
	assert_int_equal(msg->token.data[0], 'N');
}

static void check_kerberos(const void *out)
{
	const struct spnego *msg = out;

	assert_int_equal(msg->kind, SPNEGO_KERBEROS);
	assert_int_equal(msg->mechs, SPNEGO_MECH_KERBEROS);
	assert_int_equal(msg->token_id, 0x0100);
	exact_assert_text(msg->token, "\x6e\x01\x30");
}

static void check_dce_kerberos(const void *out)
{
	const struct spnego *msg = out;

	assert_int_equal(msg->kind, SPNEGO_KERBEROS);
	assert_int_equal(msg->token_id, 0);
	assert_int_equal(msg->token.len, 6);
}

static struct exact_case cases[] = {
	{ "a server's hint", &spnego, hint, DISSECT_OK, check_hint },
	{ "a client begins", &spnego, init, DISSECT_OK, check_init },
	{ "without the GSS frame", &spnego, bare_init, DISSECT_OK, check_init },
	{ "every mechanism", &spnego, all_mechs, DISSECT_OK, check_all_mechs },
	{ "a challenge", &spnego, challenge, DISSECT_OK, check_challenge },
	{ "an answer", &spnego, answer, DISSECT_OK, check_answer },
	{ "the end", &spnego, done, DISSECT_OK, check_done },
	{ "a bare NTLM message", &spnego, "4e544c4d535350000100000000000000", DISSECT_OK,
	  check_ntlmssp },
	{ "a bare Kerberos token", &spnego, kerberos, DISSECT_OK, check_kerberos },
	{ "a Kerberos message alone", &spnego, "6e0430020500", DISSECT_OK, check_dce_kerberos },
	{ "a Kerberos answer alone", &spnego, "6f0430020500", DISSECT_OK, check_dce_kerberos },
	{ "a Kerberos error alone", &spnego, "7e0430020500", DISSECT_OK, check_dce_kerberos },
	{ "Kerberos without a token", &spnego, "600b06092a864886f712010202", DISSECT_MALFORMED,
	  NULL },
	{ "GSS of another mechanism", &spnego, "600806062b0601050501", DISSECT_OTHER, NULL },
	{ "GSS without a mechanism", &spnego, "60020400", DISSECT_MALFORMED, NULL },
	{ "SPNEGO that is neither", &spnego, "600a06062b0601050502a200", DISSECT_MALFORMED, NULL },
	{ "mechanisms that are no names", &spnego, "a0083006a00430020400", DISSECT_MALFORMED,
	  NULL },
	{ "a token of another kind", &spnego, "a0083006a20404026869", DISSECT_OK, NULL },
	{ "a token that is no octets", &spnego, "a0083006a20402026869", DISSECT_MALFORMED, NULL },
	{ "an init past its end", &spnego, "a00830a0a20404026869", DISSECT_MALFORMED, NULL },
	{ "a state alone", &spnego, "a1073005a0030a0101", DISSECT_OK, check_challenge_state },
	{ "a response past its end", &spnego, "a1063004a0090a01", DISSECT_MALFORMED, NULL },
	{ "a state that is no number", &spnego, "a1073005a003040100", DISSECT_MALFORMED, NULL },
	{ "a mechanism that is no name", &spnego, "a1073005a103040100", DISSECT_MALFORMED, NULL },
	{ "no sequence", &spnego, "a103040100", DISSECT_MALFORMED, NULL },
	{ "something else", &spnego, "3003020101", DISSECT_OTHER, NULL },
	{ "something else with an N", &spnego, "4e544c4d5353502020", DISSECT_OTHER, NULL },
};

int main(void)
{
	return exact_run_all("spnego", cases, ARRAY_LEN(cases), NULL, 0);
}
