#include "dissectors/ntlmssp.h"

#include "tests/support/exact.h"

static enum dissect dissect(struct cursor in, void *out)
{
	return dissect_ntlmssp(in, out);
}

static const struct exact ntlmssp = { dissect, sizeof(struct ntlmssp) };

/* The first three are of smbclient and smbd 4.17; the others are made by hand. */
static const char negotiate[] =
	"4e544c4d53535000010000001582086200000000280000000000000028000000060100000000000f";

static const char challenge[] =
	"4e544c4d53535000020000000e000e003800000015828a625cac24d9bb8a7b68000000000000000040004000"
	"46000000060100000000000f460049004c00450053005200560002000e00460049004c004500530052005600"
	"01000e00460049004c004500530052005600040000000300040076006d0007000800aa80a678487add010000"
	"0000";

static const char authenticate[] =
	"4e544c4d53535000030000001800180058000000dc00dc00700000000c000c004c0100000c000c0058010000"
	"0e000e0064010000100010007201000015820862060100000000000f1e4b10a07608cd87cc34de17fb061907"
	"00000000000000000000000000000000000000000000000015fb50b3fe0fd527eefb773345e34d0201010000"
	"00000000aa80a678487add0153ba71ec1df7747a0000000002000e00460049004c0045005300520056000100"
	"0e00460049004c004500530052005600040000000300040076006d0007000800aa80a678487add0106000400"
	"020000000800300030000000000000000000000000000000a55ab0471259f962f9a46395ab313052cdcd7321"
	"8d5c2470432d6510c00bc3840a0010000000000000000000000000000000000009001c006300690066007300"
	"2f003100320037002e0030002e0030002e003100000000004f0046004600490043004500680061006e006100"
	"6b006f00460049004c004500530052005600cd5879a567fd196ee506132d03522d27a3120410010000009bea"
	"6c2222b6c13500000000";

static const char old_negotiate[] =
	"4e544c4d5353500001000000073200000600060024000000040004002000000050432d374f4646494345";

static const char domain_challenge[] =
	"4e544c4d53535000020000000200020038000000158289620123456789abcdef000000000000000024002400"
	"3a0000000a00614a0000000f4400060004000200000004000200640005000200660007000800050000000000"
	"000000000000";

static const char old_challenge[] =
	"4e544c4d53535000020000000300030020000000028200003132333435363738535256";

static const char damaged_target_info[] =
	"4e544c4d53535000020000000200020038000000158289620123456789abcdef00000000000000000c000c00"
	"3a0000000a00614a0000000f440004000200640005005a006600";

static const char v1[] =
	"4e544c4d53535000030000001800180040000000180018005800000002000200700000000200020072000000"
	"0800080074000000100010007c000000018200004c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c"
	"4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e44007500500043002d0037004b4b4b4b4b4b4b4b"
	"4b4b4b4b4b4b4b4b";

static const char anonymous[] =
	"4e544c4d53535000030000000100010040000000000000004100000000000000410000000000000041000000"
	"08000800410000000000000049000000018a000000500043002d003700";

static const char without_flags[] =
	"4e544c4d53535000030000001800180034000000180018004c0000000600060064000000060006006a000000"
	"04000400700000004c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4e4e4e4e4e4e4e4e4e4e4e4e"
	"4e4e4e4e4e4e4e4e4e4e4e4e4f464649434548414e414b4f50432d37";

static const char utf16_without_flags[] =
	"4e544c4d535350000300000000000000340000001800180034000000000000004c000000020002004c000000"
	"000000004e0000004e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e7500";

static const char name_outside[] =
	"4e544c4d535350000300000018001800400000001800180058000000020002007000000002000200f0ffffff"
	"0800080074000000100010007c000000018200004c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c"
	"4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e44007500500043002d0037004b4b4b4b4b4b4b4b"
	"4b4b4b4b4b4b4b4b";
static void check_negotiate(const void *out)
{
	const struct ntlmssp *msg = out;

	assert_int_equal(msg->type, NTLMSSP_NEGOTIATE);
	assert_false(msg->is_unicode);
	assert_true(msg->has_version);
	assert_int_equal(msg->version_major, 6);
	assert_int_equal(msg->version_minor, 1);
	assert_int_equal(msg->version_build, 0);
	assert_int_equal(msg->domain.len, 0);
	assert_int_equal(msg->workstation.len, 0);
}

static void check_old_negotiate(const void *out)
{
	const struct ntlmssp *msg = out;

	assert_false(msg->has_version);
	exact_assert_text(msg->workstation, "PC-7");
	exact_assert_text(msg->domain, "OFFICE");
}

static void check_short_negotiate(const void *out)
{
	const struct ntlmssp *msg = out;

	assert_int_equal(msg->flags, 0x02003207);
	assert_int_equal(msg->domain.len, 0);
}

static void check_challenge(const void *out)
{
	const struct ntlmssp *msg = out;

	assert_int_equal(msg->type, NTLMSSP_CHALLENGE);
	assert_true(msg->is_unicode);
	exact_assert_utf16(msg->target_name, "FILESRV");
	exact_assert_utf16(msg->netbios_computer, "FILESRV");
	exact_assert_utf16(msg->netbios_domain, "FILESRV");
	exact_assert_utf16(msg->dns_computer, "vm");
	exact_assert_utf16(msg->dns_domain, "");
	assert_int_equal(msg->version_major, 6);
	assert_true(msg->timestamp >> 56 == 1);
}

static void check_domain_challenge(const void *out)
{
	const struct ntlmssp *msg = out;

	exact_assert_utf16(msg->dns_domain, "d");
	exact_assert_utf16(msg->dns_forest, "f");
	assert_int_equal(msg->timestamp, 5);
	assert_memory_equal(msg->server_challenge, "\x01\x23\x45\x67\x89\xab\xcd\xef", 8);
	assert_int_equal(msg->version_build, 19041);
}

static void check_old_challenge(const void *out)
{
	const struct ntlmssp *msg = out;

	assert_false(msg->is_unicode);
	exact_assert_text(msg->target_name, "SRV");
	assert_false(msg->has_version);
	assert_int_equal(msg->netbios_computer.len, 0);
}

static void check_damaged_target_info(const void *out)
{
	const struct ntlmssp *msg = out;

	exact_assert_utf16(msg->dns_domain, "d");
	assert_int_equal(msg->dns_forest.len, 0);
}

static void check_authenticate(const void *out)
{
	const struct ntlmssp *msg = out;

	assert_int_equal(msg->type, NTLMSSP_AUTHENTICATE);
	assert_true(msg->is_unicode);
	exact_assert_utf16(msg->domain, "OFFICE");
	exact_assert_utf16(msg->user, "hanako");
	exact_assert_utf16(msg->workstation, "FILESRV");
	assert_int_equal(msg->proof, NTLMSSP_PROOF_V2);
	assert_int_equal(msg->lm_response_len, 24);
	assert_int_equal(msg->nt_response_len, 220);
	exact_assert_utf16(msg->service, "cifs/127.0.0.1");
	assert_int_equal(msg->version_major, 6);
}

static void check_v1(const void *out)
{
	const struct ntlmssp *msg = out;

	assert_int_equal(msg->proof, NTLMSSP_PROOF_V1);
	assert_int_equal(msg->nt_response_len, 24);
	exact_assert_utf16(msg->user, "u");
	assert_true(msg->is_unicode);
	assert_false(msg->has_version);
}

static void check_anonymous(const void *out)
{
	const struct ntlmssp *msg = out;

	assert_int_equal(msg->proof, NTLMSSP_PROOF_ANONYMOUS);
	exact_assert_utf16(msg->workstation, "PC-7");
}

static void check_without_flags(const void *out)
{
	const struct ntlmssp *msg = out;

	assert_int_equal(msg->flags, 0);
	assert_false(msg->is_unicode);
	exact_assert_text(msg->user, "HANAKO");
	exact_assert_text(msg->workstation, "PC-7");
	assert_int_equal(msg->proof, NTLMSSP_PROOF_V1);
}

static void check_utf16_without_flags(const void *out)
{
	const struct ntlmssp *msg = out;

	assert_true(msg->is_unicode);
	exact_assert_utf16(msg->user, "u");
}

static struct exact_case cases[] = {
	{ "a client begins", &ntlmssp, negotiate, DISSECT_OK, check_negotiate },
	{ "a client of long ago begins", &ntlmssp, old_negotiate, DISSECT_OK, check_old_negotiate },
	{ "flags alone", &ntlmssp, "4e544c4d535350000100000007320002", DISSECT_OK,
	  check_short_negotiate },
	{ "a challenge", &ntlmssp, challenge, DISSECT_OK, check_challenge },
	{ "a challenge of a domain", &ntlmssp, domain_challenge, DISSECT_OK,
	  check_domain_challenge },
	{ "a challenge of long ago", &ntlmssp, old_challenge, DISSECT_OK, check_old_challenge },
	{ "target information that is cut", &ntlmssp, damaged_target_info, DISSECT_OK,
	  check_damaged_target_info },
	{ "an answer", &ntlmssp, authenticate, DISSECT_OK, check_authenticate },
	{ "an answer of version 1", &ntlmssp, v1, DISSECT_OK, check_v1 },
	{ "nobody", &ntlmssp, anonymous, DISSECT_OK, check_anonymous },
	{ "an answer without flags", &ntlmssp, without_flags, DISSECT_OK, check_without_flags },
	{ "the same in UTF-16", &ntlmssp, utf16_without_flags, DISSECT_OK,
	  check_utf16_without_flags },
	{ "a name outside", &ntlmssp, name_outside, DISSECT_TRUNCATED, NULL },
	{ "a fourth type", &ntlmssp, "4e544c4d535350000400000000000000", DISSECT_MALFORMED, NULL },
	{ "something else", &ntlmssp, "4e544c4d53535058", DISSECT_OTHER, NULL },
};

int main(void)
{
	return exact_run_all("ntlmssp", cases, ARRAY_LEN(cases), NULL, 0);
}
