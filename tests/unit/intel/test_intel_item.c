#include "sensor/intel/intel_item.h"

#include "tests/support/cmocka.h"

#include <stdio.h>
#include <string.h>

enum { SHOWN_LEN = 2 * INTEL_ITEM_MAX + 80 };

typedef enum err item_fn(const char *text, struct intel_item *out);

/* An item as text: its kind, and what is hashed. */
static const char *show(const struct intel_item *item)
{
	static char shown[SHOWN_LEN];
	char address[ADDRESS_TEXT_LEN];
	int len = snprintf(shown, sizeof(shown), "%s ", intel_kind_text(item->kind));

	(void)address_text(&item->network.address, address);
	switch (item->kind) {
	case INTEL_NAME:
	case INTEL_URL:
	case INTEL_JA4:
		(void)snprintf(shown + len, sizeof(shown) - (size_t)len, "%.*s", (int)item->len,
			       (const char *)item->bytes);
		break;
	case INTEL_ADDRESS:
		(void)snprintf(shown + len, sizeof(shown) - (size_t)len, "%s", address);
		break;
	case INTEL_ENDPOINT:
		(void)snprintf(shown + len, sizeof(shown) - (size_t)len, "%s port %u", address,
			       item->port);
		break;
	case INTEL_NETWORK:
		(void)snprintf(shown + len, sizeof(shown) - (size_t)len, "%s/%u", address,
			       item->network.bits);
		break;
	case INTEL_JA3:
	case INTEL_HASSH:
	case INTEL_SHA1:
	case INTEL_SHA256:
	case INTEL_KINDS:
		for (size_t i = 0; i < item->len; i++)
			(void)snprintf(shown + len + 2 * i, 3, "%02x", item->bytes[i]);
		break;
	}
	return shown;
}

struct item_case {
	const char *name;
	item_fn *read;
	const char *text;
	const char *want; /* NULL: refused */
};

static enum err read_ja3(const char *text, struct intel_item *out)
{
	return intel_item_print(INTEL_JA3, text, out);
}

static enum err read_sha1(const char *text, struct intel_item *out)
{
	return intel_item_print(INTEL_SHA1, text, out);
}

static enum err read_ja4(const char *text, struct intel_item *out)
{
	return intel_item_print(INTEL_JA4, text, out);
}

#define LABEL63 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define DIGEST  "0123456789abcdef0123456789abcdef"

static struct item_case cases[] = {
	{ "name", intel_item_name, "evil.example", "name evil.example" },
	{ "name in capitals", intel_item_name, "EVIL.Example", "name evil.example" },
	{ "name with its root", intel_item_name, "evil.example.", "name evil.example" },
	{ "name with two dots at its end", intel_item_name, "evil.example..", NULL },
	{ "name that begins with a dot", intel_item_name, ".evil.example", NULL },
	{ "name with an empty label", intel_item_name, "evil..example", NULL },
	{ "name of one label", intel_item_name, "example", NULL },
	{ "name that is nothing", intel_item_name, "", NULL },
	{ "name that is a dot", intel_item_name, ".", NULL },
	{ "name in punycode", intel_item_name, "XN--P8J9A0D9C9A.example",
	  "name xn--p8j9a0d9c9a.example" },
	{ "name beyond ASCII is not the sensor's to map", intel_item_name, "m\xc3\xbc.example",
	  NULL },
	{ "name with an underscore", intel_item_name, "_dmarc.evil.example",
	  "name _dmarc.evil.example" },
	{ "name that ends in a number", intel_item_name, "evil.123", NULL },
	{ "name with a space", intel_item_name, "evil .example", NULL },
	{ "label of 63", intel_item_name, LABEL63 ".example", "name " LABEL63 ".example" },
	{ "label of 64", intel_item_name, LABEL63 "a.example", NULL },
	{ "name of 255", intel_item_name, LABEL63 "." LABEL63 "." LABEL63 "." LABEL63, NULL },
	{ "address", intel_item_network, "192.0.2.7", "address 192.0.2.7" },
	{ "address in a mapped form", intel_item_network, "::ffff:192.0.2.7", "address 192.0.2.7" },
	{ "address mapped, in hexadecimal", intel_item_network, "::ffff:c000:207",
	  "address 192.0.2.7" },
	{ "address with zeros in front", intel_item_network, "192.000.002.007", NULL },
	{ "address of three numbers", intel_item_network, "192.0.2", NULL },
	{ "address and port", intel_item_network, "192.0.2.7:4444",
	  "endpoint 192.0.2.7 port 4444" },
	{ "port 0", intel_item_network, "192.0.2.7:0", NULL },
	{ "port 65536", intel_item_network, "192.0.2.7:65536", NULL },
	{ "port with a sign", intel_item_network, "192.0.2.7:+80", NULL },
	{ "port and more", intel_item_network, "192.0.2.7:80x", NULL },
	{ "no port behind the colon", intel_item_network, "192.0.2.7:", NULL },
	{ "no address before the colon", intel_item_network, ":443", NULL },
	{ "IPv6", intel_item_network, "2001:DB8:0:0::7", "address 2001:db8::7" },
	{ "IPv6 in brackets", intel_item_network, "[2001:db8::7]", "address 2001:db8::7" },
	{ "IPv6 and port", intel_item_network, "[2001:db8::7]:443",
	  "endpoint 2001:db8::7 port 443" },
	{ "a bracket alone", intel_item_network, "[", NULL },
	{ "brackets around nothing", intel_item_network, "[]:443", NULL },
	{ "bracket that does not close", intel_item_network, "[2001:db8::7:443", NULL },
	{ "network", intel_item_network, "192.0.2.0/24", "network 192.0.2.0/120" },
	{ "network with bits beyond", intel_item_network, "192.0.2.77/24",
	  "network 192.0.2.0/120" },
	{ "network of one address", intel_item_network, "192.0.2.7/32", "address 192.0.2.7" },
	{ "network IPv6", intel_item_network, "2001:db8::/32", "network 2001:db8::/32" },
	{ "network in a mapped form", intel_item_network, "::ffff:192.0.2.0/120", NULL },
	{ "network with a port", intel_item_network, "192.0.2.0/24:80", NULL },
	{ "network of 33 bits", intel_item_network, "192.0.2.0/33", NULL },
	{ "URL", intel_item_url, "http://evil.example/gate.php", "url evil.example/gate.php" },
	{ "URL without a scheme", intel_item_url, "evil.example/gate.php",
	  "url evil.example/gate.php" },
	{ "URL's host in capitals, its path as it is", intel_item_url, "HTTP://EVIL.example/Gate",
	  "url evil.example/Gate" },
	{ "URL with a port", intel_item_url, "http://evil.example:8080/a", "url evil.example/a" },
	{ "URL without a path", intel_item_url, "http://evil.example", "url evil.example/" },
	{ "URL of a query alone", intel_item_url, "http://evil.example?a=1",
	  "url evil.example/?a=1" },
	{ "URL with a fragment", intel_item_url, "http://evil.example/a#b", "url evil.example/a" },
	{ "URL of a fragment alone", intel_item_url, "http://evil.example#b", "url evil.example/" },
	{ "URL with a user", intel_item_url, "http://user:secret@evil.example/a",
	  "url evil.example/a" },
	{ "URL whose user is to deceive", intel_item_url, "http://bank.example@x@evil.example/a",
	  "url evil.example/a" },
	{ "an @ in a path", intel_item_url, "http://evil.example/a@b.example",
	  "url evil.example/a@b.example" },
	{ "a URL in a query", intel_item_url, "evil.example/r?u=http://bank.example/",
	  "url evil.example/r?u=http://bank.example/" },
	{ "escapes of what needs none", intel_item_url, "http://evil.example/%67%61te%2Ephp",
	  "url evil.example/gate.php" },
	{ "escapes in small letters", intel_item_url, "http://evil.example/a%2fb%3fc",
	  "url evil.example/a%2Fb%3Fc" },
	{ "an escape cut short", intel_item_url, "http://evil.example/100%",
	  "url evil.example/100%" },
	{ "an escape of no number", intel_item_url, "http://evil.example/%zz",
	  "url evil.example/%zz" },
	{ "letters beyond ASCII", intel_item_url, "http://evil.example/\xc3\xbc",
	  "url evil.example/%C3%BC" },
	{ "white space", intel_item_url, "http://evil.example/a b", "url evil.example/a%20b" },
	{ "URL of an address", intel_item_url, "http://192.0.2.7:8080/i", "url 192.0.2.7/i" },
	{ "URL of an IPv6 address", intel_item_url, "http://[2001:DB8::7]:80/i",
	  "url 2001:db8::7/i" },
	{ "URL with a bracket that does not close", intel_item_url, "http://[2001:db8::7/i", NULL },
	{ "URL without a host", intel_item_url, "http:///gate.php", NULL },
	{ "a path alone", intel_item_url, "/a/gate.php?id=", "url /a/gate.php?id=" },
	{ "a folder alone", intel_item_url, "/a%41//", "url /aA" },
	{ "the root alone", intel_item_url, "/", "url /" },
	{ "a URL that leaves its scheme out", intel_item_url, "//evil.example/a", NULL },
	{ "guess: a path alone", intel_item_guess, "/a/gate.php", "url /a/gate.php" },
	{ "URL of one label", intel_item_url, "http://localhost/", NULL },
	{ "JA3", read_ja3, DIGEST, "ja3 " DIGEST },
	{ "JA3 in capitals", read_ja3, "0123456789ABCDEF0123456789ABCDEF", "ja3 " DIGEST },
	{ "JA3 a digit short", read_ja3, "0123456789abcdef0123456789abcde", NULL },
	{ "JA3 a digit long", read_ja3, DIGEST "0", NULL },
	{ "JA3 of other letters", read_ja3, "0123456789abcdef0123456789abcdeg", NULL },
	{ "SHA-1 with colons", read_sha1,
	  "01:23:45:67:89:ab:cd:ef:01:23:45:67:89:ab:cd:ef:01:23:45:67",
	  "sha1 0123456789abcdef0123456789abcdef01234567" },
	{ "JA4", read_ja4, "t13d1516h2_8daaf6152771_e5627efa2ab1",
	  "ja4 t13d1516h2_8daaf6152771_e5627efa2ab1" },
	{ "JA4 cut short", read_ja4, "t13d1516h2_8daaf6152771_e5627efa2ab", NULL },
	{ "guess: name", intel_item_guess, "Evil.example", "name evil.example" },
	{ "guess: address", intel_item_guess, "192.0.2.7", "address 192.0.2.7" },
	{ "guess: endpoint", intel_item_guess, "192.0.2.7:80", "endpoint 192.0.2.7 port 80" },
	{ "guess: URL", intel_item_guess, "evil.example/a", "url evil.example/a" },
	{ "guess: URL of an address", intel_item_guess, "192.0.2.7:80/a", "url 192.0.2.7/a" },
	{ "guess: a name with a port is no name", intel_item_guess, "evil.example:8080", NULL },
	{ "guess: SHA-1", intel_item_guess, "0123456789abcdef0123456789abcdef01234567",
	  "sha1 0123456789abcdef0123456789abcdef01234567" },
	{ "guess: JA3", intel_item_guess, DIGEST, "ja3 " DIGEST },
	{ "guess: SHA-256", intel_item_guess, DIGEST DIGEST, "sha256 " DIGEST DIGEST },
	{ "guess: JA4", intel_item_guess, "t13d1516h2_8daaf6152771_e5627efa2ab1",
	  "ja4 t13d1516h2_8daaf6152771_e5627efa2ab1" },
	{ "guess: nothing", intel_item_guess, "", NULL },
	{ "guess: a word", intel_item_guess, "evil", NULL },
};

static void becomes_its_plain_form(void **state)
{
	const struct item_case *c = *state;
	struct intel_item item;
	enum err err = c->read(c->text, &item);

	if (!c->want) {
		assert_int_equal(err, ERR_SYNTAX);
		return;
	}
	assert_int_equal(err, ERR_OK);
	assert_string_equal(show(&item), c->want);
}

/* Escapes grow: what fits as text may not as an item. */
static void a_url_may_be_as_long_as_an_item(void **state)
{
	char text[2 * INTEL_ITEM_MAX];
	struct intel_item item;
	size_t longest = 0;

	(void)state;
	for (size_t len = 20; len < sizeof(text); len++) {
		memset(text, 'a', len);
		memcpy(text, "evil.example/", 13);
		text[len] = '\0';
		if (intel_item_url(text, &item) != ERR_OK)
			break;
		assert_int_equal(item.len, len);
		longest = len;
	}
	assert_in_range(longest, INTEL_ITEM_MAX - 3, INTEL_ITEM_MAX);
	memset(text, ' ', longest);
	memcpy(text, "evil.example/", 13);
	text[longest] = '\0';
	assert_int_equal(intel_item_url(text, &item), ERR_SYNTAX);
}

/* The same bytes as a name and as a digest are two things. */
static void kinds_have_keys_of_their_own(void **state)
{
	struct intel_item item;
	uint64_t keys[INTEL_KINDS];

	(void)state;
	assert_int_equal(read_ja3(DIGEST, &item), ERR_OK);
	for (size_t i = 0; i < INTEL_KINDS; i++) {
		item.kind = (enum intel_kind)i;
		keys[i] = intel_item_key(&item);
		for (size_t k = 0; k < i; k++)
			assert_true(keys[k] != keys[i]);
	}
}

/* What a sensor remembered a month ago has to be found in the sets of today. */
static void keys_never_change(void **state)
{
	struct intel_item item;

	(void)state;
	assert_int_equal(intel_item_name("evil.example", &item), ERR_OK);
	assert_true(intel_item_key(&item) == intel_key_of((const uint8_t *)"\0evil.example", 13));
	assert_true(intel_item_key(&item) == UINT64_C(0xd7a9078f6c78603a));
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(cases) + 3];
	size_t count = ADD_ROWS(tests, cases, becomes_its_plain_form);

	tests[count++] = (struct CMUnitTest)cmocka_unit_test(a_url_may_be_as_long_as_an_item);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(kinds_have_keys_of_their_own);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(keys_never_change);
	return _cmocka_run_group_tests("intel_item", tests, count, NULL, NULL);
}
