#include "sensor/intel/intel_set.h"

#include "sensor/intel/intel_set_inside.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* 2000-01-01. */
#define DAYS_BEGIN (UINT64_C(10957) * NANOTIME_DAY)

static const char *const fault_texts[INTEL_FAULTS] = {
	[INTEL_FINE] = "fine",
	[INTEL_NOT_READ] = "cannot be read",
	[INTEL_NOT_A_SET] = "is not an intel set, or a part of one: 'hinomi intel build' makes one",
	[INTEL_OTHER_VERSION] = "is of another version of hinomi: build it anew",
	[INTEL_UNSIGNED] = "is not signed: build it with --key",
	[INTEL_OTHER_KEY] = "is signed by another key than those given",
	[INTEL_BAD_SIGNATURE] = "was changed after it was signed: fetch it again",
	[INTEL_BAD_FORM] = "is signed, but its content does not hold together: build it anew",
	[INTEL_NO_MEMORY] = "cannot be mapped: out of memory",
};

const char *intel_fault_text(enum intel_fault fault)
{
	return fault_texts[fault];
}

struct intel_issue intel_set_issue(const struct intel_set *set)
{
	return set->issue;
}

enum intel_purpose intel_set_purpose(const struct intel_set *set)
{
	return (enum intel_purpose)set->header->purpose;
}

void intel_set_digest(const struct intel_set *set, uint8_t out[static SHA256_LEN])
{
	memcpy(out, set->digest, SHA256_LEN);
}

size_t intel_set_count(const struct intel_set *set)
{
	return set->header->keys + set->header->ranges;
}

bool intel_set_holds(const struct intel_set *set, enum intel_kind kind)
{
	return set->kinds >> kind & 1;
}

const char *intel_set_source(const struct intel_set *set, unsigned bit)
{
	return bit < INTEL_SOURCES_MAX ? set->texts + set->header->sources[bit] : "";
}

static nanotime day_time(uint16_t day)
{
	return day == 0 ? 0 : DAYS_BEGIN + day * NANOTIME_DAY;
}

static void tell(const struct intel_set *set, uint32_t passport, struct intel_hit *out)
{
	const struct intel_passport *p = &set->passports[passport];

	*out = (struct intel_hit){
		.kind = (enum intel_kind)p->kind,
		.class = (enum intel_class)p->class,
		.has_subdomains = p->flags & INTEL_WITH_SUBDOMAINS,
		.is_harmless = p->flags & INTEL_HARMLESS,
		.confidence = p->confidence,
		.listed = day_time(p->listed),
		.confirmed = day_time(p->confirmed),
		.sources = p->sources,
		.family = set->texts + p->family,
	};
}

/* High byte first, so that the order of the bytes is that of the numbers. */
static uint64_t key_tail(const uint8_t *bytes)
{
	uint64_t tail = 0;

	for (size_t i = 0; i < INTEL_KEY_LEN; i++)
		tail = tail << 8 | bytes[i];
	return tail;
}

bool intel_find_key(const struct intel_set *set, uint64_t key, struct intel_hit *out)
{
	if (!fuse_filter_may_hold(&set->header->filter, set->filter, key))
		return false;

	size_t bucket = key >> (8 * INTEL_KEY_LEN);
	uint64_t tail = key & ((UINT64_C(1) << (8 * INTEL_KEY_LEN)) - 1);
	uint32_t low = set->buckets[bucket];
	uint32_t high = set->buckets[bucket + 1];

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		uint64_t here = key_tail(set->keys + (size_t)middle * INTEL_KEY_LEN);

		if (here == tail) {
			tell(set, set->owners[middle], out);
			return true;
		}
		if (here < tail)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

bool intel_find_item(const struct intel_set *set, const struct intel_item *item,
		     struct intel_hit *out)
{
	return intel_find_key(set, intel_item_key(item), out) && out->kind == item->kind;
}

/* Not by intel_item_key(): no copy of half a kilobyte for each name that is looked up. */
static bool find_text(const struct intel_set *set, const char *name, size_t len,
		      struct intel_hit *out)
{
	enum { NAME_MOST = 253 };
	uint8_t message[1 + NAME_MOST];

	if (len > NAME_MOST)
		return false;
	message[0] = INTEL_NAME;
	memcpy(message + 1, name, len);
	return intel_find_key(set, intel_key_of(message, len + 1), out) && out->kind == INTEL_NAME;
}

/* Whether what lies around it could still say something of a hit. */
static bool wants_more(const struct intel_hit *hit)
{
	return hit->is_harmless || hit->class == INTEL_OF_ITS_OWN;
}

/* The narrower hit counts, but a warning list clears nothing, and its class holds within. */
static void widen(struct intel_hit *hit, const struct intel_hit *around)
{
	enum intel_class class = hit->class != INTEL_OF_ITS_OWN ? hit->class : around->class;

	if (hit->is_harmless && !around->is_harmless)
		*hit = *around;
	hit->class = class;
}

/* What the names above `name` say of it. */
static void ask_parents(const struct intel_set *set, const char *name, const char *registered,
			struct intel_hit *out)
{
	for (const char *dot = strchr(name, '.'); dot && wants_more(out);
	     dot = strchr(dot + 1, '.')) {
		const char *at = dot + 1;
		struct intel_hit around;

		if (!find_text(set, at, strlen(at), &around) || !around.has_subdomains)
			continue;
		/* Above the registered domain only what is known of the place counts. */
		if (!around.is_harmless && (!registered || at > registered))
			continue;
		around.name = at;
		widen(out, &around);
	}
}

bool intel_find_name(const struct intel_set *set, const char *name, const char *registered,
		     struct intel_hit *out)
{
	size_t len = strlen(name);
	const char *at = name;

	while (!find_text(set, at, len - (size_t)(at - name), out) ||
	       (at != name && !out->has_subdomains)) {
		const char *dot = !registered || at >= registered
					  ? NULL
					  : memchr(at, '.', (size_t)(registered - at));

		if (!dot)
			return false;
		at = dot + 1;
	}
	out->name = at;
	ask_parents(set, at, registered, out);
	return true;
}

static bool find_range(const struct intel_set *set, const struct address *address,
		       struct intel_hit *out)
{
	uint32_t low = 0;
	uint32_t high = set->header->ranges;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		const struct intel_range *range = &set->ranges[middle];

		if (address_compare(address, &range->first) < 0) {
			high = middle;
		} else if (address_compare(address, &range->last) > 0) {
			low = middle + 1;
		} else {
			tell(set, range->passport, out);
			out->first = range->first;
			out->last = range->last;
			return true;
		}
	}
	return false;
}

bool intel_find_address(const struct intel_set *set, const struct address *address, uint16_t port,
			struct intel_hit *out)
{
	uint8_t message[1 + ADDRESS_LEN + 2] = { INTEL_ENDPOINT };
	struct intel_hit around;
	bool is_found = false;

	memcpy(message + 1, address->bytes, ADDRESS_LEN);
	message[1 + ADDRESS_LEN] = (uint8_t)(port >> 8);
	message[2 + ADDRESS_LEN] = (uint8_t)port;
	if (port != 0)
		is_found = intel_find_key(set, intel_key_of(message, sizeof(message)), out) &&
			   out->kind == INTEL_ENDPOINT;
	if (is_found && !wants_more(out))
		return true;
	message[0] = INTEL_ADDRESS;
	if (intel_find_key(set, intel_key_of(message, 1 + ADDRESS_LEN), &around) &&
	    around.kind == INTEL_ADDRESS) {
		if (is_found)
			widen(out, &around);
		else
			*out = around;
		is_found = true;
	}
	if (is_found && !wants_more(out))
		return true;
	if (find_range(set, address, &around)) {
		if (is_found)
			widen(out, &around);
		else
			*out = around;
		is_found = true;
	}
	return is_found;
}

bool intel_holds_network(const struct intel_set *set, const struct address *first,
			 const struct address *last, bool is_harmless)
{
	struct address next = *first;
	struct intel_hit hit;

	while (find_range(set, &next, &hit) && hit.is_harmless == is_harmless) {
		if (address_compare(&hit.last, last) >= 0)
			return true;
		next = hit.last;
		for (size_t i = ADDRESS_LEN; i-- > 0 && ++next.bytes[i] == 0;)
			;
	}
	return false;
}

/* The bucket that holds the key at `index`: the last that begins at or before it. */
static uint64_t bucket_of(const struct intel_set *set, uint32_t index)
{
	uint32_t low = 0;
	uint32_t high = INTEL_BUCKETS;

	while (high - low > 1) {
		uint32_t middle = low + (high - low) / 2;

		if (set->buckets[middle] <= index)
			low = middle;
		else
			high = middle;
	}
	return low;
}

bool intel_set_next(const struct intel_set *set, size_t *at, struct intel_row *out)
{
	size_t index = (*at)++;

	memset(out, 0, sizeof(*out));
	if (index < set->header->keys) {
		out->key = bucket_of(set, (uint32_t)index) << (8 * INTEL_KEY_LEN) |
			   key_tail(set->keys + index * INTEL_KEY_LEN);
		tell(set, set->owners[index], &out->hit);
		return true;
	}
	index -= set->header->keys;
	if (index >= set->header->ranges)
		return false;
	tell(set, set->ranges[index].passport, &out->hit);
	out->hit.first = set->ranges[index].first;
	out->hit.last = set->ranges[index].last;
	return true;
}
