#include "dissectors/rdp.h"

#include "tests/support/exact.h"

static enum dissect dissect(struct cursor in, void *out)
{
	size_t before = cursor_left(&in);
	enum dissect got = dissect_rdp(&in, out);

	assert_true((got == DISSECT_OK) == (cursor_left(&in) < before));
	return got;
}

static const struct exact rdp = { dissect, sizeof(struct rdp) };

/* What FreeRDP 2.10 says; the confirms and the last ones are made by hand. */
static const char request[] =
	"0300002c27e00000000000436f6f6b69653a206d737473686173683d68616e616b6f0d0a0100080003000000";

static const char standard_request[] =
	"030000241fe00000000000436f6f6b69653a206d737473686173683d68616e616b6f0d0a";

static const char balanced_request[] =
	"0300003732e00000000000436f6f6b69653a206d7374733d333634303230353232382e31353632392e303030"
	"300d0a0100080001000000";

static const char settings[] =
	"030001c302f0807f658201b70401010401010101ff301a020122020102020100020101020100020101020300"
	"ffff0201023019020101020101020101020101020100020101020204200201023020020300ffff020300fc17"
	"020300ffff020101020100020101020300ffff02010204820151000500147c00018148000800100001c00044"
	"756361813a01c0ea000c0008000004000301ca03aa09040000bb4700004c00410050002d00480041004e0041"
	"004b004f0000000000000000000000000004000000000000000c000000000000000000000000000000000000"
	"0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
	"000000000001ca01000000000018000f00e30500000000000000000000000000000000000000000000000000"
	"0000000000000000000000000000000000000000000000000000000000000000000000000000000700000000"
	"0000000000000000000000000000000000000004c00c000d0000000000000002c00c001b0000000000000003"
	"c03800040000007264706472000000000080c0726470736e640000000000c0636c6970726472000000a0c064"
	"7264796e766300000080c0";

static const char other_token[] = "0300001712e000000000007473763a2f2f4d532e310d0a";

static const char filled_up[] =
	"030000211ce00000000000436f6f6b69653a206d737473686173683d610d0a0000";

static const char empty_cookie[] =
	"0300002621e00000000000436f6f6b69653a206d737473686173683d0d0a0100080001000000";

static const char other_key[] =
	"0300006a02f0807f6582005e0401010401010101ff300030003000044d000500147c000145000800100001c0"
	"004d63446e3801c03800040008002003580201ca03aa11040000280a00004100420043004400450046004700"
	"480049004a004b004c004d004e004f005000";

static const char no_block[] =
	"0300003202f0807f658200260401010401010101ff3000300030000415000500147c00010d000800100001c0"
	"004475636100";

static const char short_block[] =
	"0300003602f0807f6582002a0401010401010101ff3000300030000419000500147c000111000800100001c0"
	"00447563610402c00300";

static const char no_core[] =
	"0300003602f0807f6582002a0401010401010101ff3000300030000419000500147c000111000800100001c0"
	"00447563610402c00400";

static const char cut_core[] =
	"0300003a02f0807f6582002e0401010401010101ff300030003000041d000500147c000115000800100001c0"
	"00447563610801c0080061626364";

static const char long_lengths[] =
	"0300006c02f0807f658200600401010401010101ff300030003000044f000500147c00018046000800100001"
	"c00044756361803801c03800040008002003580201ca03aa11040000280a0000410042004300440045004600"
	"4700480049004a004b004c004d004e004f005000";
static void check_request(const void *out)
{
	const struct rdp *msg = out;

	assert_int_equal(msg->kind, RDP_CONNECTION_REQUEST);
	exact_assert_text(msg->cookie, "hanako");
	assert_int_equal(msg->routing_token.len, 0);
	assert_true(msg->has_negotiation);
	assert_int_equal(msg->protocols, RDP_PROTOCOL_TLS | RDP_PROTOCOL_CREDSSP);
}

static void check_standard_request(const void *out)
{
	const struct rdp *msg = out;

	exact_assert_text(msg->cookie, "hanako");
	assert_false(msg->has_negotiation);
	assert_int_equal(msg->protocols, RDP_PROTOCOL_STANDARD);
}

static void check_balanced_request(const void *out)
{
	const struct rdp *msg = out;

	exact_assert_text(msg->routing_token, "3640205228.15629.0000");
	assert_int_equal(msg->cookie.len, 0);
	assert_int_equal(msg->protocols, RDP_PROTOCOL_TLS);
}

static void check_other_token(const void *out)
{
	const struct rdp *msg = out;

	exact_assert_text(msg->routing_token, "tsv://MS.1");
	assert_false(msg->has_negotiation);
}

static void check_filled_up(const void *out)
{
	const struct rdp *msg = out;

	exact_assert_text(msg->cookie, "a");
	assert_false(msg->has_negotiation);
	assert_int_equal(msg->protocols, 0);
}

static void check_empty_cookie(const void *out)
{
	const struct rdp *msg = out;

	assert_int_equal(msg->cookie.len, 0);
	assert_int_equal(msg->protocols, RDP_PROTOCOL_TLS);
}

static void check_confirm(const void *out)
{
	const struct rdp *msg = out;

	assert_int_equal(msg->kind, RDP_CONNECTION_CONFIRM);
	assert_true(msg->has_negotiation);
	assert_int_equal(msg->protocols, RDP_PROTOCOL_CREDSSP);
	assert_int_equal(msg->failure_code, 0);
}

static void check_failure(const void *out)
{
	const struct rdp *msg = out;

	assert_int_equal(msg->failure_code, RDP_CREDSSP_REQUIRED);
	assert_int_equal(msg->protocols, 0);
}

static void check_settings(const void *out)
{
	const struct rdp *msg = out;

	assert_int_equal(msg->kind, RDP_CLIENT_SETTINGS);
	exact_assert_utf16(msg->client_name, "LAP-HANAKO");
	assert_int_equal(msg->desktop_width, 1024);
	assert_int_equal(msg->desktop_height, 768);
	assert_int_equal(msg->keyboard_layout, 0x409);
	assert_int_equal(msg->client_build, 18363);
	assert_true(msg->version >= 0x00080004);
}

static struct exact_case cases[] = {
	{ "a user who connects", &rdp, request, DISSECT_OK, check_request },
	{ "a user who connects without TLS", &rdp, standard_request, DISSECT_OK,
	  check_standard_request },
	{ "through a load balancer", &rdp, balanced_request, DISSECT_OK, check_balanced_request },
	{ "through another", &rdp, other_token, DISSECT_OK, check_other_token },
	{ "a cookie with something behind it", &rdp, filled_up, DISSECT_OK, check_filled_up },
	{ "a cookie with nothing in it", &rdp, empty_cookie, DISSECT_OK, check_empty_cookie },
	{ "nothing said", &rdp, "0300000b06e00000000000", DISSECT_OK, NULL },
	{ "CredSSP chosen", &rdp, "030000130ed000001234000200080002000000", DISSECT_OK,
	  check_confirm },
	{ "refused", &rdp, "030000130ed000001234000300080005000000", DISSECT_OK, check_failure },
	{ "settings in clear", &rdp, settings, DISSECT_OK, check_settings },
	{ "settings with another key", &rdp, other_key, DISSECT_MALFORMED, NULL },
	{ "settings of no block", &rdp, no_block, DISSECT_MALFORMED, NULL },
	{ "settings of a short block", &rdp, short_block, DISSECT_MALFORMED, NULL },
	{ "settings without the core", &rdp, no_core, DISSECT_MALFORMED, NULL },
	{ "a core that is cut", &rdp, cut_core, DISSECT_MALFORMED, NULL },
	{ "a conference of two long lengths", &rdp, long_lengths, DISSECT_OK, NULL },
	{ "a negotiation of another length", &rdp, "030000130ee000001234000100090003000000",
	  DISSECT_OTHER, NULL },
	{ "a response in a request", &rdp, "030000130ee000001234000200080003000000", DISSECT_OTHER,
	  NULL },
	{ "a failure in a request", &rdp, "030000130ee000001234000300080003000000", DISSECT_OTHER,
	  NULL },
	{ "S7", &rdp, "0300001611e00000000100c0010ac1020100c2020102", DISSECT_OTHER, NULL },
	{ "a token without its end", &rdp, "0300001307e000000000005473763a2f2f4d53", DISSECT_OTHER,
	  NULL },
	{ "a token with half an end", &rdp, "0300000c07e00000000000410a", DISSECT_OTHER, NULL },
	{ "a request that is cut", &rdp, "0300000903e0000000", DISSECT_OTHER, NULL },
	{ "data", &rdp, "0300000802f0806400", DISSECT_OTHER, NULL },
	{ "data of another MCS message", &rdp, "0300000902f0807f66", DISSECT_OTHER, NULL },
	{ "data that is not the last", &rdp, "0300000902f0007f65", DISSECT_OTHER, NULL },
	{ "data with a longer header", &rdp, "0300000903f0807f65", DISSECT_OTHER, NULL },
	{ "a disconnection", &rdp, "0300000b06800000000000", DISSECT_OTHER, NULL },
	{ "a packet that is too short", &rdp, "0300000602f0", DISSECT_OTHER, NULL },
	{ "another version", &rdp, "0400000b06e00000000000", DISSECT_OTHER, NULL },
	{ "something else", &rdp, "0301", DISSECT_OTHER, NULL },
};

int main(void)
{
	return exact_run_all("rdp", cases, ARRAY_LEN(cases), NULL, 0);
}
