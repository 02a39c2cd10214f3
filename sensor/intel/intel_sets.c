#include "sensor/intel/intel_sets.h"

#include "sensor/intel/intel_form.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct intel_sets {
	size_t count;
	bool has_refusal;
	struct intel_set *list[INTEL_SETS_MAX];
};

enum err intel_sets_new(struct intel_sets **out)
{
	*out = calloc(1, sizeof(**out));
	return *out ? ERR_OK : ERR_MEMORY;
}

void intel_sets_free(struct intel_sets *sets)
{
	if (!sets)
		return;
	for (size_t i = 0; i < sets->count; i++)
		intel_set_free(sets->list[i]);
	free(sets);
}

enum err intel_sets_add(struct intel_sets *sets, struct intel_set *set)
{
	if (sets->count == INTEL_SETS_MAX) {
		intel_set_free(set);
		return ERR_FULL;
	}
	sets->list[sets->count++] = set;
	return ERR_OK;
}

size_t intel_sets_count(const struct intel_sets *sets)
{
	return sets ? sets->count : 0;
}

const struct intel_set *intel_sets_at(const struct intel_sets *sets, size_t index)
{
	return sets->list[index];
}

void intel_sets_note_refusal(struct intel_sets *sets)
{
	sets->has_refusal = true;
}

static nanotime earlier(nanotime one, nanotime other)
{
	return one == 0 || (other != 0 && other < one) ? other : one;
}

struct intel_sets_age intel_sets_age(const struct intel_sets *sets)
{
	struct intel_sets_age age = { .has_refusal = sets && sets->has_refusal };

	for (size_t i = 0; i < intel_sets_count(sets); i++) {
		const struct intel_set *set = sets->list[i];
		const struct intel_issue issue = intel_set_issue(set);

		if (intel_set_purpose(set) == INTEL_INDICATORS)
			age.entries += intel_set_count(set);
		age.made = earlier(age.made, issue.made);
		age.expires = earlier(age.expires, issue.expires);
	}
	return age;
}

void intel_sets_digest(const struct intel_sets *sets, uint8_t out[static SHA256_LEN])
{
	uint8_t all[INTEL_SETS_MAX * SHA256_LEN];

	for (size_t i = 0; i < sets->count; i++)
		intel_set_digest(sets->list[i], all + i * SHA256_LEN);
	digest_sha256(all, sets->count * SHA256_LEN, out);
}

bool intel_sets_hold(const struct intel_sets *sets, enum intel_purpose purpose,
		     enum intel_kind kind)
{
	for (size_t i = 0; i < intel_sets_count(sets); i++) {
		if (intel_set_purpose(sets->list[i]) == purpose &&
		    intel_set_holds(sets->list[i], kind))
			return true;
	}
	return false;
}

static bool is_better(const struct intel_hit *hit, const struct intel_hit *than)
{
	if (hit->is_harmless != than->is_harmless)
		return !hit->is_harmless;
	return hit->confidence > than->confidence;
}

/* What is asked; one of the three. */
struct question {
	const char *name;
	const char *registered;
	const struct address *address;
	uint16_t port;
	const struct intel_item *item;
};

static bool ask(const struct intel_set *set, const struct question *q, struct intel_hit *hit)
{
	if (q->name)
		return intel_find_name(set, q->name, q->registered, hit);
	if (q->address)
		return intel_find_address(set, q->address, q->port, hit);
	return intel_find_item(set, q->item, hit);
}

static bool find(const struct intel_sets *sets, enum intel_purpose purpose,
		 const struct question *q, struct intel_match *out)
{
	bool is_found = false;

	for (size_t i = 0; sets && i < sets->count; i++) {
		struct intel_hit hit;

		if (intel_set_purpose(sets->list[i]) != purpose || !ask(sets->list[i], q, &hit) ||
		    (is_found && !is_better(&hit, &out->hit)))
			continue;
		out->hit = hit;
		out->set = sets->list[i];
		is_found = true;
	}
	return is_found;
}

static void put_item(struct intel_match *out, const char *text)
{
	(void)snprintf(out->item, sizeof(out->item), "%s", text);
}

bool intel_sets_find_name(const struct intel_sets *sets, enum intel_purpose purpose,
			  const char *name, const char *registered, struct intel_match *out)
{
	const struct question q = { .name = name, .registered = registered };

	if (!find(sets, purpose, &q, out))
		return false;
	put_item(out, out->hit.name);
	return true;
}

static bool lies_within(const struct prefix *network, const struct intel_hit *hit)
{
	struct address last = network->address;

	for (unsigned bit = network->bits; bit < ADDRESS_LEN * 8; bit++)
		last.bytes[bit / 8] |= (uint8_t)(0x80U >> bit % 8);
	return address_compare(&network->address, &hit->first) >= 0 &&
	       address_compare(&last, &hit->last) <= 0;
}

/* The widest network around the address that is listed as a whole. */
static void put_network(struct intel_match *out, const struct address *address)
{
	bool is_v4 = address_is_v4(address);
	unsigned least = is_v4 ? V4_PREFIX_BITS : 0;
	struct prefix network = { .address = *address, .bits = ADDRESS_LEN * 8 };
	char text[ADDRESS_TEXT_LEN];

	while (network.bits > least) {
		struct prefix wider = network;

		wider.bits--;
		wider.address.bytes[wider.bits / 8] &= (uint8_t) ~(0x80U >> wider.bits % 8);
		if (!lies_within(&wider, &out->hit))
			break;
		network = wider;
	}
	(void)address_text(&network.address, text);
	(void)snprintf(out->item, sizeof(out->item), "%s/%u", text, network.bits - least);
}

bool intel_sets_find_address(const struct intel_sets *sets, enum intel_purpose purpose,
			     const struct address *address, uint16_t port, struct intel_match *out)
{
	const struct question q = { .address = address, .port = port };
	char text[ADDRESS_TEXT_LEN];

	if (!find(sets, purpose, &q, out))
		return false;
	(void)address_text(address, text);
	if (out->hit.kind == INTEL_NETWORK)
		put_network(out, address);
	else if (out->hit.kind != INTEL_ENDPOINT)
		put_item(out, text);
	else if (address_is_v4(address))
		(void)snprintf(out->item, sizeof(out->item), "%s:%u", text, port);
	else
		(void)snprintf(out->item, sizeof(out->item), "[%s]:%u", text, port);
	return true;
}

bool intel_sets_find_item(const struct intel_sets *sets, enum intel_purpose purpose,
			  const struct intel_item *item, const char *text, struct intel_match *out)
{
	const struct question q = { .item = item };

	if (!find(sets, purpose, &q, out))
		return false;
	put_item(out, text);
	return true;
}

static void begin_part(struct text *out, size_t *parts)
{
	text_add(out, (*parts)++ == 0 ? " (" : "; ");
}

static void put_sources(const struct intel_match *match, struct text *out, size_t *parts)
{
	bool is_first = true;

	for (unsigned bit = 0; bit < INTEL_SOURCES_MAX; bit++) {
		if ((match->hit.sources >> bit & 1) == 0)
			continue;
		/* A plain list is both: who says it, and of what family. */
		if (strcmp(intel_set_source(match->set, bit), match->hit.family) == 0)
			continue;
		if (is_first)
			begin_part(out, parts);
		else
			text_add(out, ", ");
		text_add(out, intel_set_source(match->set, bit));
		is_first = false;
	}
}

void intel_match_text(const struct intel_match *match, struct text *out)
{
	char when[NANOTIME_TEXT_LEN];
	size_t parts = 0;

	text_add(out, match->item);
	if (match->hit.family[0] != '\0') {
		begin_part(out, &parts);
		text_add(out, match->hit.family);
	}
	put_sources(match, out, &parts);
	if (match->hit.listed != 0) {
		nanotime_text(match->hit.listed, when);
		begin_part(out, &parts);
		text_format(out, "since %.10s", when);
	}
	if (parts > 0)
		text_add(out, ")");
}
