#include "dissectors/ldap.h"

#include "tests/support/exact.h"

static enum dissect dissect(struct cursor in, void *out)
{
	size_t before = cursor_left(&in);
	enum dissect got = dissect_ldap(&in, out);

	assert_true((got == DISSECT_OK) == (cursor_left(&in) < before));
	return got;
}

static const struct exact ldap = { dissect, sizeof(struct ldap) };

/* What ldapsearch and slapd 2.5 said to one another; the last ones are made by hand. */
static const char simple[] =
	"302b0201016026020103041d636e3d61646d696e2c64633d6f66666963652c64633d6578616d706c65800270"
	"77";

static const char anonymous[] = "300c020101600702010304008000";

static const char bound[] = "300c02010161070a010004000400";

static const char refused[] = "300c02010161070a013104000400";

static const char search[] =
	"30390201026334041464633d6f66666963652c64633d6578616d706c650a01020a0100020100020100010100"
	"870b6f626a656374636c6173733000";

static const char not_found[] = "300c02010265070a012004000400";

static const char entry[] =
	"3081b90201026481b304003081ae3081ab0417737570706f727465645341534c4d656368616e69736d733181"
	"8f040a4753532d53504e45474f0406475353415049040d534352414d2d5348412d353132040d534352414d2d"
	"5348412d333834040d534352414d2d5348412d323536040d534352414d2d5348412d323234040b534352414d"
	"2d5348412d3104084753322d4b524235040a4753322d49414b455242040a4449474553542d4d443504084352"
	"414d2d4d443504044e544c4d";

static const char unbind[] = "30050201034200";

static const char start_tls[] = "301d02010177188016312e332e362e312e342e312e313436362e3230303337";

static const char tls_started[] = "300c02010178070a010004000400";

static const char who_am_i[] = "301e02010277198017312e332e362e312e342e312e343230332e312e31312e33";

static const char named_response[] =
	"303a02010178350a010e040464633d610403776879a30a04086c6461703a2f2f628701788a16312e332e362e"
	"312e342e312e313436362e3230303337";

static const char sasl[] = "3021020101601c0201030400a315040a4753532d53504e45474f04074e544c4d535350";

static const char sasl_alone[] = "301602010160110201030400a30a040845585445524e414c";

static const char sicily[] = "3013020101600e02010304008a074e544c4d535350";

static const char other_bind[] = "300d02010160080201030400850178";

static const char ping[] =
	"30818802010163818204000a01000a0100020100020100010100a063a31b0409446e73446f6d61696e040e6f"
	"66666963652e6578616d706c65a30c0404486f7374040450432d37a30d040455736572040550432d3724a30b"
	"0403414143040480000000870b6f626a656374436c617373a30d04054e74566572040416000000300a04084e"
	"65746c6f676f6e";

static const char no_ping[] =
	"3078020101637304000a01000a0100020100020100010100a054a31b0409446e73446f6d61696e040e6f6666"
	"6963652e6578616d706c65a30c0404486f7374040450432d37a30d040455736572040550432d3724a30b0403"
	"414143040480000000870b6f626a656374436c617373300a04084e65746c6f676f6e";
static void check_simple(const void *out)
{
	const struct ldap *msg = out;

	assert_int_equal(msg->operation, LDAP_BIND_REQUEST);
	assert_int_equal(msg->message_id, 1);
	assert_int_equal(msg->version, 3);
	exact_assert_text(msg->name, "cn=admin,dc=office,dc=example");
	assert_int_equal(msg->authentication, LDAP_SIMPLE);
	assert_int_equal(msg->password_len, 2);
	assert_int_equal(msg->credentials.len, 0);
}

static void check_anonymous(const void *out)
{
	const struct ldap *msg = out;

	assert_int_equal(msg->name.len, 0);
	assert_int_equal(msg->password_len, 0);
}

static void check_bound(const void *out)
{
	const struct ldap *msg = out;

	assert_int_equal(msg->operation, LDAP_BIND_RESPONSE);
	assert_int_equal(msg->result, LDAP_SUCCESS);
}

static void check_refused(const void *out)
{
	const struct ldap *msg = out;

	assert_int_equal(msg->result, LDAP_INVALID_CREDENTIALS);
}

static void check_search(const void *out)
{
	const struct ldap *msg = out;

	assert_int_equal(msg->operation, LDAP_SEARCH_REQUEST);
	exact_assert_text(msg->base, "dc=office,dc=example");
	assert_int_equal(msg->scope, 2);
	assert_false(msg->is_netlogon_ping);
}

static void check_not_found(const void *out)
{
	const struct ldap *msg = out;

	assert_int_equal(msg->operation, LDAP_SEARCH_DONE);
	assert_int_equal(msg->result, 32);
}

static void check_entry(const void *out)
{
	const struct ldap *msg = out;

	assert_int_equal(msg->operation, LDAP_SEARCH_ENTRY);
	assert_int_equal(msg->message_id, 2);
}

static void check_long_entry(const void *out)
{
	const struct ldap *msg = out;

	assert_int_equal(msg->operation, LDAP_SEARCH_ENTRY);
	assert_true(msg->missing >= 0x10000 - 12);
}

static void check_unbind(const void *out)
{
	const struct ldap *msg = out;

	assert_int_equal(msg->operation, LDAP_UNBIND_REQUEST);
}

static void check_start_tls(const void *out)
{
	const struct ldap *msg = out;

	assert_int_equal(msg->operation, LDAP_EXTENDED_REQUEST);
	exact_assert_text(msg->extended_name, "1.3.6.1.4.1.1466.20037");
	assert_true(msg->is_start_tls);
}

static void check_tls_started(const void *out)
{
	const struct ldap *msg = out;

	assert_int_equal(msg->operation, LDAP_EXTENDED_RESPONSE);
	assert_int_equal(msg->result, LDAP_SUCCESS);
}

static void check_named_response(const void *out)
{
	const struct ldap *msg = out;

	assert_true(msg->is_start_tls);
	exact_assert_text(msg->credentials, "x");
	assert_int_equal(msg->result, LDAP_SASL_BIND_IN_PROGRESS);
	exact_assert_text(msg->matched_dn, "dc=a");
	exact_assert_text(msg->diagnostic, "why");
}

static void check_who_am_i(const void *out)
{
	const struct ldap *msg = out;

	assert_false(msg->is_start_tls);
	exact_assert_text(msg->extended_name, "1.3.6.1.4.1.4203.1.11.3");
}

static void check_sasl(const void *out)
{
	const struct ldap *msg = out;

	assert_int_equal(msg->authentication, LDAP_SASL);
	exact_assert_text(msg->mechanism, "GSS-SPNEGO");
	exact_assert_text(msg->credentials, "NTLMSSP");
}

static void check_sasl_alone(const void *out)
{
	const struct ldap *msg = out;

	exact_assert_text(msg->mechanism, "EXTERNAL");
	assert_int_equal(msg->credentials.len, 0);
}

static void check_sicily(const void *out)
{
	const struct ldap *msg = out;

	assert_int_equal(msg->authentication, LDAP_SICILY_NEGOTIATE);
	exact_assert_text(msg->credentials, "NTLMSSP");
}

static void check_ping(const void *out)
{
	const struct ldap *msg = out;

	assert_true(msg->is_netlogon_ping);
	exact_assert_text(msg->ping.dns_domain, "office.example");
	exact_assert_text(msg->ping.host, "PC-7");
	exact_assert_text(msg->ping.user, "PC-7$");
}

static void check_no_ping(const void *out)
{
	const struct ldap *msg = out;

	assert_false(msg->is_netlogon_ping);
	assert_int_equal(msg->ping.host.len, 0);
}

static struct exact_case cases[] = {
	{ "a bind with a password", &ldap, simple, DISSECT_OK, check_simple },
	{ "a bind as nobody", &ldap, anonymous, DISSECT_OK, check_anonymous },
	{ "a bind that succeeds", &ldap, bound, DISSECT_OK, check_bound },
	{ "a bind that fails", &ldap, refused, DISSECT_OK, check_refused },
	{ "a search", &ldap, search, DISSECT_OK, check_search },
	{ "a search for nothing", &ldap, not_found, DISSECT_OK, check_not_found },
	{ "an entry", &ldap, entry, DISSECT_OK, check_entry },
	{ "an entry still to come", &ldap, "308400010000020105648400010000", DISSECT_OK,
	  check_long_entry },
	{ "an unbind", &ldap, unbind, DISSECT_OK, check_unbind },
	{ "StartTLS", &ldap, start_tls, DISSECT_OK, check_start_tls },
	{ "TLS may begin", &ldap, tls_started, DISSECT_OK, check_tls_started },
	{ "a response with all that may be", &ldap, named_response, DISSECT_OK,
	  check_named_response },
	{ "who am I", &ldap, who_am_i, DISSECT_OK, check_who_am_i },
	{ "a bind by SASL", &ldap, sasl, DISSECT_OK, check_sasl },
	{ "a bind by SASL without credentials", &ldap, sasl_alone, DISSECT_OK, check_sasl_alone },
	{ "a bind by Sicily", &ldap, sicily, DISSECT_OK, check_sicily },
	{ "a bind by something else", &ldap, other_bind, DISSECT_MALFORMED, NULL },
	{ "a ping of netlogon's", &ldap, ping, DISSECT_OK, check_ping },
	{ "the same without its version", &ldap, no_ping, DISSECT_OK, check_no_ping },
	{ "an operation past the end", &ldap, "3007020101600a0201", DISSECT_MALFORMED, NULL },
	{ "a bind that is cut short", &ldap, "300702010160020201", DISSECT_MALFORMED, NULL },
	{ "an intermediate response", &ldap, "30050201017900", DISSECT_OK, NULL },
	{ "a reference", &ldap, "30050201017300", DISSECT_OK, NULL },
	{ "an abandonment", &ldap, "3006020101500101", DISSECT_OK, NULL },
	{ "a deletion", &ldap, "30060201014a0161", DISSECT_OK, NULL },
	{ "a deletion of a wrong form", &ldap, "30060201016a0161", DISSECT_OTHER, NULL },
	{ "a bind of a wrong form", &ldap, "3006020101400161", DISSECT_OTHER, NULL },
	{ "an unknown operation", &ldap, "30050201017200", DISSECT_OTHER, NULL },
	{ "an unknown operation above", &ldap, "30050201017a00", DISSECT_OTHER, NULL },
	{ "an operation of another class", &ldap, "3005020101a000", DISSECT_OTHER, NULL },
	{ "SNMP", &ldap, "300a0201010406707562", DISSECT_OTHER, NULL },
	{ "no number", &ldap, "3003040101", DISSECT_OTHER, NULL },
	{ "no number in sight", &ldap, "300c04", DISSECT_TRUNCATED, NULL },
	{ "text instead of a number", &ldap, "300c0406", DISSECT_OTHER, NULL },
	{ "an empty number", &ldap, "300402006000", DISSECT_OTHER, NULL },
	{ "a number that is too long", &ldap, "300a020501020304056000", DISSECT_OTHER, NULL },
	{ "no operation", &ldap, "3003020101", DISSECT_OTHER, NULL },
	{ "an indefinite length", &ldap, "3080020101600000", DISSECT_OTHER, NULL },
	{ "wrapped by SASL", &ldap, "000000506042", DISSECT_OTHER, NULL },
};

static void messages_follow_one_another(void **state)
{
	uint8_t bytes[EXACT_BYTES_MAX];
	size_t len = exact_bytes(bound, bytes);
	struct ldap msg;

	(void)state;
	len += exact_bytes(unbind, &bytes[len]);
	struct cursor in = cursor_over(bytes, len);

	assert_int_equal(dissect_ldap(&in, &msg), DISSECT_OK);
	assert_int_equal(dissect_ldap(&in, &msg), DISSECT_OK);
	check_unbind(&msg);
	assert_int_equal(dissect_ldap(&in, &msg), DISSECT_TRUNCATED);
}

int main(void)
{
	static const struct CMUnitTest more[] = { cmocka_unit_test(messages_follow_one_another) };

	return exact_run_all("ldap", cases, ARRAY_LEN(cases), more, ARRAY_LEN(more));
}
