#include "sensor/base/address.h"

#include "tests/support/cmocka.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* `want` is how the parsed address is written again; NULL: refused as ERR_SYNTAX. */
struct parse_case {
	const char *text;
	const char *want;
};

static struct parse_case parses[] = {
	{ "192.0.2.1", "192.0.2.1" },
	{ "0.0.0.0", "0.0.0.0" },
	{ "255.255.255.255", "255.255.255.255" },
	{ "2001:db8::1", "2001:db8::1" },
	{ "2001:DB8:0:0:0:0:0:1", "2001:db8::1" },
	{ "::", "::" },
	{ "::1", "::1" },
	{ "::ffff:192.0.2.1", "192.0.2.1" },
	{ "::ffff:c000:201", "192.0.2.1" },
	{ "::fffe:c000:201", "::fffe:c000:201" },
	{ "2001:db8:1:2:3:4:5:6", "2001:db8:1:2:3:4:5:6" },
	{ "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255",
	  "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff" },
	{ "", NULL },
	{ " 192.0.2.1", NULL },
	{ "192.0.2.1 ", NULL },
	{ "192.0.2", NULL },
	{ "192.0.2.256", NULL },
	{ "192.0.2.1.1", NULL },
	{ "192.0.2.1:80", NULL },
	{ "192.0.2.1/32", NULL },
	{ "0x7f.0.0.1", NULL },
	{ "[2001:db8::1]", NULL },
	{ "fe80::1%eth0", NULL },
	{ "2001:db8::1::2", NULL },
	{ "2001:db8", NULL },
	{ "localhost", NULL },
};

struct kind_case {
	const char *text;
	bool v4, loopback, multicast, broadcast, unspecified, link_local;
};

static struct kind_case kinds[] = {
	{ "192.0.2.1", .v4 = true },
	{ "126.255.255.255", .v4 = true },
	{ "127.0.0.0", .v4 = true, .loopback = true },
	{ "127.255.255.255", .v4 = true, .loopback = true },
	{ "128.0.0.0", .v4 = true },
	{ "169.253.255.255", .v4 = true },
	{ "169.254.0.0", .v4 = true, .link_local = true },
	{ "169.254.255.255", .v4 = true, .link_local = true },
	{ "169.255.0.0", .v4 = true },
	{ "223.255.255.255", .v4 = true },
	{ "224.0.0.0", .v4 = true, .multicast = true },
	{ "239.255.255.255", .v4 = true, .multicast = true },
	{ "240.0.0.0", .v4 = true },
	{ "255.255.255.254", .v4 = true },
	{ "255.255.255.255", .v4 = true, .broadcast = true },
	{ "0.0.0.0", .v4 = true, .unspecified = true },
	{ "0.0.0.1", .v4 = true },
	{ "::", .unspecified = true },
	{ "::1", .loopback = true },
	{ "::2", .v4 = false },
	{ "::1:0:0:1", .v4 = false },
	{ "fe7f:ffff::", .v4 = false },
	{ "fe80::", .link_local = true },
	{ "febf:ffff::1", .link_local = true },
	{ "fec0::", .v4 = false },
	{ "feff::", .v4 = false },
	{ "ff00::", .multicast = true },
	{ "ff02::1", .multicast = true },
	{ "::fffe:ffff:ffff", .v4 = false },
	{ "2001:db8::ffff:7f00:1", .v4 = false },
};

struct prefix_case {
	const char *text;
	const char *want_address;
	unsigned want_bits;
	enum err want;
};

static struct prefix_case prefixes[] = {
	{ "192.0.2.0/24", "192.0.2.0", 120, ERR_OK },
	{ "192.0.2.77/24", "192.0.2.0", 120, ERR_OK },
	{ "192.0.2.255/25", "192.0.2.128", 121, ERR_OK },
	{ "192.0.2.1/32", "192.0.2.1", 128, ERR_OK },
	{ "192.0.2.1", "192.0.2.1", 128, ERR_OK },
	{ "192.0.2.1/0", "0.0.0.0", 96, ERR_OK },
	{ "2001:db8::/32", "2001:db8::", 32, ERR_OK },
	{ "2001:db8:ffff::1/33", "2001:db8:8000::", 33, ERR_OK },
	{ "2001:db8::1/128", "2001:db8::1", 128, ERR_OK },
	{ "2001:db8::1", "2001:db8::1", 128, ERR_OK },
	{ "2001:db8::1/0", "::", 0, ERR_OK },
	{ "192.0.2.0/33", .want = ERR_RANGE },
	{ "2001:db8::/129", .want = ERR_RANGE },
	{ "192.0.2.0/256", .want = ERR_RANGE },
	{ "192.0.2.0/4294967320", .want = ERR_RANGE },
	{ "192.0.2.0/99999999999999999999999999", .want = ERR_RANGE },
	{ "192.0.2.0/", .want = ERR_SYNTAX },
	{ "192.0.2.0/-1", .want = ERR_SYNTAX },
	{ "192.0.2.0/+8", .want = ERR_SYNTAX },
	{ "192.0.2.0/ 8", .want = ERR_SYNTAX },
	{ "192.0.2.0/8 ", .want = ERR_SYNTAX },
	{ "192.0.2.0/8/8", .want = ERR_SYNTAX },
	{ "192.0.2.0/255.255.255.0", .want = ERR_SYNTAX },
	{ "192.0.2/24", .want = ERR_SYNTAX },
	{ "/24", .want = ERR_SYNTAX },
	{ "", .want = ERR_SYNTAX },
	{ "0000000000000000000000000000000000000000000000000000000000/8", .want = ERR_SYNTAX },
};

struct holds_case {
	const char *prefix;
	const char *address;
	bool want;
};

static struct holds_case holds[] = {
	{ "192.0.2.0/24", "192.0.2.0", true },
	{ "192.0.2.0/24", "192.0.2.255", true },
	{ "192.0.2.0/24", "192.0.3.0", false },
	{ "192.0.2.0/24", "192.0.1.255", false },
	{ "172.16.0.0/12", "172.31.255.255", true },
	{ "172.16.0.0/12", "172.32.0.0", false },
	{ "192.0.2.1/32", "192.0.2.1", true },
	{ "192.0.2.1/32", "192.0.2.0", false },
	{ "128.0.0.0/1", "255.0.0.0", true },
	{ "128.0.0.0/1", "127.255.255.255", false },
	{ "0.0.0.0/0", "203.0.113.9", true },
	{ "0.0.0.0/0", "2001:db8::1", false },
	{ "0.0.0.0/0", "::", false },
	{ "fc00::/7", "fdff::1", true },
	{ "fc00::/7", "fe00::1", false },
	{ "fc00::/7", "192.0.2.1", false },
	{ "2001:db8::1", "2001:db8::1", true },
	{ "2001:db8::1", "2001:db8::", false },
	{ "::/0", "2001:db8::1", true },
};

struct mac_case {
	const char *text;
	struct mac mac;
	bool zero, group, local;
};

static struct mac_case macs[] = {
	{ "00:00:00:00:00:00", { { 0 } }, .zero = true },
	{ "00:00:00:00:00:01", { { 0, 0, 0, 0, 0, 1 } }, .zero = false },
	{ "00:00:5e:00:53:af", { { 0, 0, 0x5e, 0, 0x53, 0xaf } }, .zero = false },
	{ "01:00:5e:00:00:fb", { { 1, 0, 0x5e, 0, 0, 0xfb } }, .group = true },
	{ "02:00:00:00:00:00", { { 2 } }, .local = true },
	{ "33:33:00:00:00:01", { { 0x33, 0x33, 0, 0, 0, 1 } }, .group = true, .local = true },
	{ "ff:ff:ff:ff:ff:ff",
	  { { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff } },
	  .group = true,
	  .local = true },
};

enum {
	CASES = ARRAY_LEN(parses) + ARRAY_LEN(kinds) + ARRAY_LEN(prefixes) + ARRAY_LEN(holds) +
		ARRAY_LEN(macs),
	NAME_LEN = 80,
};

static struct address parsed(const char *text)
{
	struct address a;

	assert_int_equal(address_parse(text, &a), ERR_OK);
	return a;
}

/* A heap copy, so that reading past the end is seen. */
static char *copy_of(const char *text)
{
	char *copy = strdup(text);

	assert_non_null(copy);
	return copy;
}

static void run_parse(void **state)
{
	const struct parse_case *c = *state;
	char *text = copy_of(c->text);
	struct address a;
	struct address before;
	char again[ADDRESS_TEXT_LEN];

	memset(&a, 0xa5, sizeof(a));
	before = a;
	assert_int_equal(address_parse(text, &a), c->want ? ERR_OK : ERR_SYNTAX);
	if (c->want) {
		address_text(&a, again);
		assert_string_equal(again, c->want);
	} else {
		assert_true(address_equal(&a, &before));
	}
	free(text);
}

static void run_kind(void **state)
{
	const struct kind_case *c = *state;
	struct address a = parsed(c->text);

	assert_int_equal(address_is_v4(&a), c->v4);
	assert_int_equal(address_is_loopback(&a), c->loopback);
	assert_int_equal(address_is_multicast(&a), c->multicast);
	assert_int_equal(address_is_broadcast(&a), c->broadcast);
	assert_int_equal(address_is_unspecified(&a), c->unspecified);
	assert_int_equal(address_is_link_local(&a), c->link_local);
}

static void run_prefix(void **state)
{
	const struct prefix_case *c = *state;
	char *text = copy_of(c->text);
	struct prefix p = { .bits = 77 };
	char address[ADDRESS_TEXT_LEN];

	assert_int_equal(prefix_parse(text, &p), c->want);
	if (c->want == ERR_OK) {
		address_text(&p.address, address);
		assert_string_equal(address, c->want_address);
		assert_int_equal(p.bits, c->want_bits);
		assert_true(prefix_holds(&p, &p.address));
	} else {
		assert_int_equal(p.bits, 77);
	}
	free(text);
}

static void run_holds(void **state)
{
	const struct holds_case *c = *state;
	struct address a = parsed(c->address);
	struct prefix p;

	assert_int_equal(prefix_parse(c->prefix, &p), ERR_OK);
	assert_int_equal(prefix_holds(&p, &a), c->want);
}

static void expect_like_inet_ntop(const struct address *a)
{
	char want[INET6_ADDRSTRLEN];
	char got[ADDRESS_TEXT_LEN];

	if (address_is_v4(a))
		assert_non_null(inet_ntop(AF_INET, a->bytes + 12, want, sizeof(want)));
	else
		assert_non_null(inet_ntop(AF_INET6, a->bytes, want, sizeof(want)));
	assert_int_equal(address_text(a, got), strlen(want));
	assert_string_equal(got, want);
}

/* Each of the eight groups by turns nothing, short, long and all ones: every run of zeros. */
static void all_shapes_of_groups_are_as_inet_ntop_writes_them(void **state)
{
	static const uint8_t groups[4][2] = { { 0, 0 }, { 0, 7 }, { 0xa, 0xb0 }, { 0xff, 0xff } };

	(void)state;
	for (unsigned shape = 0; shape < 1U << 16; shape++) {
		struct address a;

		for (unsigned i = 0; i < 8; i++)
			memcpy(a.bytes + (size_t)2 * i, groups[shape >> 2 * i & 3], 2);
		expect_like_inet_ntop(&a);
	}
}

static void all_values_are_as_inet_ntop_writes_them(void **state)
{
	(void)state;
	for (unsigned value = 0; value <= UINT16_MAX; value++) {
		const uint8_t low = (uint8_t)value;
		const uint8_t high = (uint8_t)(value >> 8);
		const uint8_t v4[4] = { high, low, low, high };
		struct address a = address_v4(v4);

		expect_like_inet_ntop(&a);
		memset(a.bytes, 0, 12); /* IPv4-compatible */
		expect_like_inet_ntop(&a);
		a.bytes[0] = high;
		a.bytes[1] = low;
		expect_like_inet_ntop(&a);
	}
}

/* Every length, against a comparison of one bit at a time. */
static void a_prefix_looks_at_its_bits_only(void **state)
{
	struct address a = parsed("2001:db8:55aa:ff00:0123:4567:89ab:cdef");

	(void)state;
	for (unsigned bits = 0; bits <= ADDRESS_LEN * 8; bits++) {
		struct prefix p = { .address = a, .bits = (uint8_t)bits };

		for (unsigned flipped = 0; flipped < ADDRESS_LEN * 8; flipped++) {
			struct address other = a;

			other.bytes[flipped / 8] ^= (uint8_t)(0x80U >> flipped % 8);
			assert_int_equal(prefix_holds(&p, &other), flipped >= bits);
		}
	}
}

static void bytes_become_addresses(void **state)
{
	static const uint8_t v4[4] = { 192, 0, 2, 1 };
	static const uint8_t v6[16] = { 0x20, 1, 0xd, 0xb8, [15] = 1 };
	struct address want4 = parsed("192.0.2.1");
	struct address want6 = parsed("2001:db8::1");
	struct address got4 = address_v4(v4);
	struct address got6 = address_v6(v6);

	(void)state;
	assert_true(address_equal(&got4, &want4));
	assert_true(address_equal(&got6, &want6));
	assert_false(address_equal(&got4, &got6));
}

static void the_order_is_that_of_the_bytes(void **state)
{
	static const char *const ascending[] = { "::",        "::1",         "0.0.0.0",
						 "9.0.0.0",   "10.0.0.0",    "10.0.0.1",
						 "127.0.0.1", "128.0.0.1",   "255.255.255.255",
						 "1::",       "2001:db8::1", "2001:db8::80",
						 "8000::",    "ff02::1" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ascending); i++) {
		for (size_t j = 0; j < ARRAY_LEN(ascending); j++) {
			struct address a = parsed(ascending[i]);
			struct address b = parsed(ascending[j]);
			int order = address_compare(&a, &b);

			assert_int_equal(order < 0, i < j);
			assert_int_equal(order > 0, i > j);
			assert_int_equal(address_equal(&a, &b), i == j);
		}
	}
}

static void run_mac(void **state)
{
	const struct mac_case *c = *state;
	char text[MAC_TEXT_LEN];

	mac_text(&c->mac, text);
	assert_string_equal(text, c->text);
	assert_int_equal(mac_is_zero(&c->mac), c->zero);
	assert_int_equal(mac_is_group(&c->mac), c->group);
	assert_int_equal(mac_is_local(&c->mac), c->local);
	for (size_t i = 0; i < ARRAY_LEN(macs); i++)
		assert_int_equal(mac_equal(&c->mac, &macs[i].mac), c == &macs[i]);
}

/* Called once for each case. */
static struct CMUnitTest test_of(const char *what, const char *subject, CMUnitTestFunction run,
				 void *c)
{
	static char names[CASES][NAME_LEN];
	static size_t count;
	char *name = names[count++];

	(void)snprintf(name, NAME_LEN, "%s %s", what, subject);
	return (struct CMUnitTest){ .name = name, .test_func = run, .initial_state = c };
}

/* The definition, bit by bit. */
static bool holds_plainly(const struct prefix *p, const struct address *a)
{
	if (p->bits < V4_PREFIX_BITS && address_is_v4(a))
		return false;
	for (unsigned bit = 0; bit < p->bits; bit++) {
		unsigned differ = p->address.bytes[bit / 8] ^ a->bytes[bit / 8];

		if ((differ & 0x80U >> bit % 8) != 0)
			return false;
	}
	return true;
}

static uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static void a_prefix_holds_what_its_bits_say(void **state)
{
	enum { PAIRS = 200000 };

	uint64_t random = UINT64_C(0x9e3779b97f4a7c15);
	unsigned held = 0;

	(void)state;
	for (unsigned i = 0; i < PAIRS; i++) {
		struct prefix p = { .bits = (uint8_t)(next_random(&random) % 129) };
		struct address a;

		for (size_t k = 0; k < ADDRESS_LEN; k++)
			p.address.bytes[k] = (uint8_t)(next_random(&random) >> 32);
		if (i % 3 == 0)
			p.address = address_v4(p.address.bytes);
		a = p.address;
		if (i % 4 != 0) { /* differs in one bit, most often near the end of the prefix */
			unsigned bit =
				(p.bits + 126 + (unsigned)(next_random(&random) >> 40) % 5) % 128;

			a.bytes[bit / 8] ^= (uint8_t)(0x80U >> bit % 8);
		}
		assert_int_equal(prefix_holds(&p, &a), holds_plainly(&p, &a));
		held += prefix_holds(&p, &a);
	}
	assert_in_range(held, PAIRS / 4, PAIRS - PAIRS / 8);
}

int main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(all_shapes_of_groups_are_as_inet_ntop_writes_them),
		cmocka_unit_test(all_values_are_as_inet_ntop_writes_them),
		cmocka_unit_test(a_prefix_holds_what_its_bits_say),
		cmocka_unit_test(a_prefix_looks_at_its_bits_only),
		cmocka_unit_test(bytes_become_addresses),
		cmocka_unit_test(the_order_is_that_of_the_bytes),
	};
	static struct CMUnitTest tests[CASES + ARRAY_LEN(others)];
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(parses); i++)
		tests[n++] = test_of("parse", parses[i].text, run_parse, &parses[i]);
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		tests[n++] = test_of("kind of", kinds[i].text, run_kind, &kinds[i]);
	for (size_t i = 0; i < ARRAY_LEN(prefixes); i++)
		tests[n++] = test_of("prefix", prefixes[i].text, run_prefix, &prefixes[i]);
	for (size_t i = 0; i < ARRAY_LEN(holds); i++)
		tests[n++] = test_of(holds[i].prefix, holds[i].address, run_holds, &holds[i]);
	for (size_t i = 0; i < ARRAY_LEN(macs); i++)
		tests[n++] = test_of("MAC", macs[i].text, run_mac, &macs[i]);
	memcpy(tests + n, others, sizeof(others));
	return cmocka_run_group_tests_name("address", tests, NULL, NULL);
}
