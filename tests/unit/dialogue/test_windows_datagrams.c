/* Kerberos and CLDAP: messages in a datagram each. */
#include "tests/unit/dialogue/hex_dialogue.h"

/* MIT Kerberos 1.20. */
static const char request[] =
	"6a82011730820113a103020105a20302010aa3773075300da10402020085a20504034d4954304ca103020102"
	"a24504433041a003020112a23a043813d122604ff987689e19a1b7bb3aa26f2f5c0ae1b08601ea193ab6640e"
	"ba1edadf62784680af26d2c1c91b6bbe051ac97d8755f9f0dc527b300aa10402020096a2020400300aa10402"
	"020095a2020400a4818d30818aa00703050000000010a111300fa003020101a10830061b04616e6e61a2101b"
	"0e4f46464943452e4558414d504c45a3233021a003020102a11a30181b066b72627467741b0e4f4646494345"
	"2e4558414d504c45a511180f32303236313132333036323933355aa7060204740aee18a81a30180201120201"
	"1102011402011302011002011702011902011a";

static const char answer[] =
	"7e81f03081eda003020105a10302011ea411180f32303236313132323036323933355aa505020303e6f4a603"
	"020118a7101b0e4f46464943452e4558414d504c45a811300fa003020101a10830061b04616e6e61a9101b0e"
	"4f46464943452e4558414d504c45aa233021a003020102a11a30181b066b72627467741b0e4f46464943452e"
	"4558414d504c45ab101b0e505245415554485f4641494c4544ac5404523050300aa10402020088a202040030"
	"28a103020113a221041f301d301ba003020112a1141b124f46464943452e4558414d504c45616e6e613009a1"
	"03020102a2020400300da10402020085a20504034d4954";

/* The ticket for a change of password, made by hand of one for another service. */
static const char password[] =
	"02870001027d6e82027930820275a003020105a10302010ea20703050000000000a38201a16182019d308201"
	"99a003020105a1101b0e4f46464943452e4558414d504c45a2233021a003020102a11a30181b066b72627467"
	"741b0e4f46464943452e4558414d504c45a382015930820155a003020112a103020101a282014704820143fb"
	"e12617249bbfe85e13b8afd650d7318284543d55aead2f0f1765f932ac7564b681179d06eebf45d962132b2d"
	"3cab22d3eb6b9e3cb44136bbcff9ae66b8ec57be81197a2ef2fe5360f3c710352eed4de7bdadf2e44a9ca43f"
	"e4c9e993943ce0046759c51f658f75f692e63f226b7409efc3e2f632ea47504165ec2bba9838c3c6e4441c5b"
	"fc7005ebb8154eeeb3cb002060f6142c6a81381c50e7a2d5b522a7b8bc1d9f8b6974f7f11bf0c1b317ba82bf"
	"d9a3c396a7917f50ed791cc9f4fa1b4ddfed1251f6ac7542d8d906ce96680f9807a4dc17510b3571450e4d6d"
	"3ce2c66d7c9bb363b0c7834c5ccad2974e216b5917e893870dd54065333806f30ed2e1c77c69e7364edaff05"
	"60228ce8a54c7677a36d2a9a35207f8488628b307b41d486d1afdcd0c1dd71ee8b81e2271bd32f88bf53c95f"
	"fcff9dd528e876e3f49183c81b88a481ba3081b7a003020112a281af0481ace46cc88a47bed8e12525f015cc"
	"ccdb8b6295397cadacaeba72a215c6c4f2f82bce8ee199888093f73212adf325fe003a095cff0c0308126d65"
	"e555d951d6378aff6dd2dc897c6f01c4378ca10ec5faf09b0fbaeb8060edabec92fc3ba0269a3b17ccab5795"
	"8d3ea08ab9eb171e177702dcef3fab20cc0d0dcafb31aa2ddb2b19f05417f874d813c3428b7af1ca480bd09a"
	"5650f72ba597331eb574acc4c8f3a90d30e4e60049ec36126fdec475023000";

/* Samba 4.17. */
static const char ping[] =
	"30818802010163818204000a01000a0100020100020100010100a063a31b0409446e73446f6d61696e040e6f"
	"66666963652e6578616d706c65a30c0404486f7374040450432d37a30d040455736572040550432d3724a30b"
	"0403414143040480000000870b6f626a656374436c617373a30d04054e74566572040416000000300a04084e"
	"65746c6f676f6e";

struct datagram_case {
	const char *name;
	bool from_client;
	uint16_t port;
	const char *digits;
	const char *lines;
};

static void test_datagram(void **state)
{
	const struct datagram_case *c = *state;
	size_t len;
	const char *bytes = hex_bytes(c->digits, &len);

	assert_string_equal(dialogue_datagram(c->from_client, c->port, bytes, len), c->lines);
	for (size_t cut = 0; cut < len; cut++) /* what a capture has cut: no more than the whole */
		assert_true(strlen(dialogue_datagram(c->from_client, c->port, bytes, cut)) <=
			    strlen(c->lines));
	free((void *)(uintptr_t)bytes);
}

static struct datagram_case cases[] = {
	{ "a login", true, 88, request,
	  "> kerberos message=AS-REQ client_name=anna realm=OFFICE.EXAMPLE "
	  "service_name=krbtgt/OFFICE.EXAMPLE etypes=aes256-cts-hmac-sha1-96 "
	  "etypes=aes128-cts-hmac-sha1-96 etypes=aes256-cts-hmac-sha384-192 "
	  "etypes=aes128-cts-hmac-sha256-128 etypes=des3-cbc-sha1-kd etypes=rc4-hmac "
	  "etypes=camellia128-cts-cmac etypes=camellia256-cts-cmac preauthenticated\n" },
	{ "a ticket, or an error", false, 88, answer,
	  "< kerberos message=KRB-ERROR client_name=anna realm=OFFICE.EXAMPLE "
	  "service_name=krbtgt/OFFICE.EXAMPLE error=24 error_name=KDC_ERR_PREAUTH_FAILED\n" },
	{ "a change of password", true, 464, password,
	  "> kerberos message=AP-REQ realm=OFFICE.EXAMPLE service_name=krbtgt/OFFICE.EXAMPLE "
	  "ticket_etype=aes256-cts-hmac-sha1-96\n" },
	{ "a member asks for its domain", true, 389, ping,
	  "> ldap.ping dns_domain=office.example workstation=PC-7 user=PC-7$\n" },
	{ "no Kerberos", true, 88, "00010203", "" },
	{ "no LDAP", true, 389, "00010203", "" },
};

int main(void)
{
	struct CMUnitTest tests[sizeof(cases) / sizeof(cases[0])];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		tests[i] = (struct CMUnitTest){ .name = cases[i].name,
						.test_func = test_datagram,
						.initial_state = &cases[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
