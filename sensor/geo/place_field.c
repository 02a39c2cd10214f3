#include "sensor/geo/place_field.h"

#include "sensor/base/text.h"

#include <string.h>

enum { ASN_DIGITS_MAX = 10 };

/* Of several, the one that says where the address is used goes over who registered it. */
enum { RANK_REGISTERED = 1, RANK_FLAT, RANK_NESTED };

static bool is(struct span key, const char *name)
{
	return key.len == strlen(name) && memcmp(key.data, name, key.len) == 0;
}

bool place_field_is_entered(struct span key)
{
	return is(key, "country") || is(key, "registered_country");
}

/* Of what is no country at all, some databases say "ZZ" or "XX". */
static void take_country(struct place_fields *fields, struct span value, uint8_t rank)
{
	char code[COUNTRY_LEN] = { 0 };

	if (value.len != COUNTRY_LEN - 1 || rank <= fields->country_rank)
		return;
	for (size_t i = 0; i < value.len; i++) {
		code[i] = (char)(value.data[i] & 0xdfU);
		if (code[i] < 'A' || code[i] > 'Z')
			return;
	}
	if (memcmp(code, "ZZ", COUNTRY_LEN) == 0 || memcmp(code, "XX", COUNTRY_LEN) == 0)
		return;
	memcpy(fields->place.country, code, sizeof(code));
	fields->country_rank = rank;
}

static void take_organisation(struct place_fields *fields, struct span value)
{
	char text[PLACE_ORGANISATION_LEN] = { 0 };

	if (fields->place.organisation[0] != '\0')
		return;
	(void)text_from_wire(value, text, sizeof(text));
	memset(fields->place.organisation, 0, sizeof(fields->place.organisation));
	memcpy(fields->place.organisation, text, strlen(text));
}

/* "AS13335", "as13335" or "13335". */
static void take_asn_text(struct place_fields *fields, struct span value)
{
	uint64_t number = 0;
	size_t at = 0;

	if (value.len >= 2 && (value.data[0] & 0xdfU) == 'A' && (value.data[1] & 0xdfU) == 'S')
		at = 2;
	if (value.len == at || value.len - at > ASN_DIGITS_MAX)
		return;
	for (; at < value.len; at++) {
		if (value.data[at] < '0' || value.data[at] > '9')
			return;
		number = number * 10 + (uint64_t)(value.data[at] - '0');
	}
	if (number <= UINT32_MAX)
		fields->place.asn = (uint32_t)number;
}

void place_field_text(struct place_fields *fields, struct span outer, struct span key,
		      struct span value)
{
	if (is(outer, "country") && is(key, "iso_code"))
		take_country(fields, value, RANK_NESTED);
	else if (is(outer, "registered_country") && is(key, "iso_code"))
		take_country(fields, value, RANK_REGISTERED);
	if (outer.len > 0)
		return;
	if (is(key, "country_code") || is(key, "country"))
		take_country(fields, value, RANK_FLAT);
	else if (is(key, "asn") || is(key, "autonomous_system_number"))
		take_asn_text(fields, value);
	else if (is(key, "autonomous_system_organization") || is(key, "as_name") ||
		 is(key, "as_organization") || is(key, "name"))
		take_organisation(fields, value);
}

void place_field_number(struct place_fields *fields, struct span outer, struct span key,
			uint64_t value)
{
	if (outer.len == 0 && value <= UINT32_MAX &&
	    (is(key, "autonomous_system_number") || is(key, "asn")))
		fields->place.asn = (uint32_t)value;
}
