#include "sensor/geo/place_field.h"

#include "tests/support/cmocka.h"

#include <string.h>

/* One value of a record, and what is known after it. */
struct field_case {
	const char *name;
	const char *outer;
	const char *key;
	const char *text; /* NULL: the number */
	uint64_t number;
	const char *country;
	uint32_t asn;
	const char *organisation;
};

static struct field_case cases[] = {
	{ "MaxMind's country", "country", "iso_code", "NL", 0, "NL", 0, "" },
	{ "who registered it", "registered_country", "iso_code", "US", 0, "US", 0, "" },
	{ "a flat country", "", "country_code", "jp", 0, "JP", 0, "" },
	{ "an older flat country", "", "country", "DE", 0, "DE", 0, "" },
	{ "a country's name is no code", "", "country", "Japan", 0, "", 0, "" },
	{ "a code of three", "", "country_code", "JPN", 0, "", 0, "" },
	{ "a code that is none", "", "country_code", "J\xff", 0, "", 0, "" },
	{ "no country at all", "", "country_code", "ZZ", 0, "", 0, "" },
	{ "a continent's code", "continent", "code", "EU", 0, "", 0, "" },
	{ "a represented country", "represented_country", "iso_code", "US", 0, "", 0, "" },
	{ "MaxMind's ASN", "", "autonomous_system_number", NULL, 13335, "", 13335, "" },
	{ "an ASN as text", "", "asn", "AS13335", 0, "", 13335, "" },
	{ "an ASN as digits", "", "asn", "13335", 0, "", 13335, "" },
	{ "an ASN in small letters", "", "asn", "as4294967295", 0, "", 4294967295, "" },
	{ "an ASN too large", "", "asn", "AS4294967296", 0, "", 0, "" },
	{ "an ASN of many digits", "", "asn", "AS00000000001", 0, "", 0, "" },
	{ "an ASN without digits", "", "asn", "AS", 0, "", 0, "" },
	{ "an empty ASN", "", "asn", "", 0, "", 0, "" },
	{ "an ASN of letters", "", "asn", "AS12x", 0, "", 0, "" },
	{ "a number too large", "", "asn", NULL, UINT64_C(1) << 32, "", 0, "" },
	{ "a number deeper down", "traits", "autonomous_system_number", NULL, 7, "", 0, "" },
	{ "MaxMind's organisation", "", "autonomous_system_organization", "Telstra", 0, "", 0,
	  "Telstra" },
	{ "a flat organisation", "", "as_name", "日本ネット", 0, "", 0, "日本ネット" },
	{ "controls in an organisation", "", "as_name", "a\x1b[2J", 0, "", 0, "a\xef\xbf\xbd[2J" },
	{ "bytes that are no text", "", "as_name", "\xff", 0, "", 0, "\xef\xbf\xbd" },
	{ "a long organisation is cut between characters", "", "as_name",
	  "0123456789012345678901234567890123456789012345678901234567890日本", 0, "", 0,
	  "0123456789012345678901234567890123456789012345678901234567890" },
	{ "what is of no concern", "", "postal", "1234", 0, "", 0, "" },
	{ "a key with a NUL", "", "", "NL", 0, "", 0, "" },
};

static struct span span_of(const char *text)
{
	return (struct span){ (const uint8_t *)text, strlen(text) };
}

static void run_case(void **state)
{
	const struct field_case *c = *state;
	struct place_fields fields = { 0 };
	struct place *place = &fields.place;

	if (c->text)
		place_field_text(&fields, span_of(c->outer), span_of(c->key), span_of(c->text));
	else
		place_field_number(&fields, span_of(c->outer), span_of(c->key), c->number);
	assert_string_equal(place->country, c->country);
	assert_int_equal(place->asn, c->asn);
	assert_string_equal(place->organisation, c->organisation);
	assert_true(place_is_sound(place));
	assert_int_equal(place_is_known(place), c->country[0] != '\0' || c->asn != 0);
}

static void where_it_is_used_goes_over_who_registered_it(void **state)
{
	static const struct span nothing;
	const struct span code = span_of("iso_code");
	struct place_fields fields = { 0 };

	(void)state;
	place_field_text(&fields, span_of("registered_country"), code, span_of("US"));
	place_field_text(&fields, span_of("country"), code, span_of("JP"));
	place_field_text(&fields, span_of("registered_country"), code, span_of("US"));
	place_field_text(&fields, nothing, span_of("country_code"), span_of("DE"));
	assert_string_equal(fields.place.country, "JP");
}

static void who_rents_out_servers_says_so_in_a_word(void **state)
{
	static const struct {
		const char *name;
		bool is;
	} names[] = { { "Example Hosting B.V.", true }, { "EXAMPLE-HOST", true },
		      { "VPS-Land Ltd", true },         { "Foo Data Center", true },
		      { "Observer Media", false },      { "Cloudflare, Inc.", false },
		      { "NTT Communications", false },  { "", false } };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct place place = { .asn = 1 };

		memcpy(place.organisation, names[i].name, strlen(names[i].name));
		assert_int_equal(place_is_hosting(&place), names[i].is);
	}
}

static void what_was_kept_elsewhere_is_checked(void **state)
{
	const struct place good = { .country = "JP", .asn = 1, .organisation = "A" };
	struct place bad = good;

	(void)state;
	assert_true(place_is_sound(&good));
	memcpy(bad.country, "jp", 2);
	assert_false(place_is_sound(&bad));
	bad = good;
	bad.country[2] = 'X';
	assert_false(place_is_sound(&bad));
	bad = good;
	bad.country_day = UINT32_MAX;
	assert_false(place_is_sound(&bad));
	bad = good;
	memset(bad.organisation, 'A', sizeof(bad.organisation));
	assert_false(place_is_sound(&bad));
	bad = good;
	bad.organisation[0] = '\x1b';
	assert_false(place_is_sound(&bad));
}

int main(void)
{
	enum { CASES = sizeof(cases) / sizeof(cases[0]), OTHERS = 3 };
	const struct CMUnitTest others[OTHERS] = {
		cmocka_unit_test(where_it_is_used_goes_over_who_registered_it),
		cmocka_unit_test(who_rents_out_servers_says_so_in_a_word),
		cmocka_unit_test(what_was_kept_elsewhere_is_checked),
	};
	struct CMUnitTest tests[CASES + OTHERS];

	for (size_t i = 0; i < CASES; i++)
		tests[i] = (struct CMUnitTest){ .name = cases[i].name,
						.test_func = run_case,
						.initial_state = &cases[i] };
	memcpy(tests + CASES, others, sizeof(others));
	return cmocka_run_group_tests_name("place_field", tests, NULL, NULL);
}
