/* Everything that a search in the mapped bytes relies on, so that no search has to check again. */
#include "sensor/intel/intel_set_inside.h"

#include <string.h>

/* How many bytes each section has, as the header's counts say. */
static uint64_t bytes_of(const struct intel_header *h, enum intel_section section)
{
	switch (section) {
	case INTEL_SECTION_BUCKETS:
		return (INTEL_BUCKETS + 1) * sizeof(uint32_t);
	case INTEL_SECTION_KEYS:
		return h->keys * INTEL_KEY_LEN;
	case INTEL_SECTION_OWNERS:
		return h->keys * sizeof(uint32_t);
	case INTEL_SECTION_FILTER:
		return fuse_filter_bytes(&h->filter);
	case INTEL_SECTION_RANGES:
		return (uint64_t)h->ranges * sizeof(struct intel_range);
	case INTEL_SECTION_PASSPORTS:
		return (uint64_t)h->passports * sizeof(struct intel_passport);
	case INTEL_SECTION_TEXTS:
	case INTEL_SECTIONS:
		break;
	}
	return h->sections[INTEL_SECTION_TEXTS].bytes;
}

/* One behind the other, each at a multiple of 8, up to the end. */
static bool sections_fit(const struct intel_header *h, size_t len)
{
	uint64_t at = sizeof(*h);

	if (h->keys > FUSE_KEYS_MAX || fuse_filter_bytes(&h->filter) == 0)
		return false;
	for (size_t i = 0; i < INTEL_SECTIONS; i++) {
		uint64_t bytes = h->sections[i].bytes;

		if (h->sections[i].at != at || bytes > len - at ||
		    bytes != bytes_of(h, (enum intel_section)i))
			return false;
		at += (bytes + 7) & ~UINT64_C(7);
		if (at > len)
			return false;
	}
	return at == len;
}

enum { PART_LEN = 256 << 10 };

/* What lies between `*from` and `to` has been checked. */
static void pass(const struct intel_set *set, const uint8_t **from, const void *to)
{
	size_t len = (size_t)((const uint8_t *)to - *from);

	if (len < PART_LEN)
		return;
	intel_set_let_go(set, *from, len);
	*from = to;
}

/* Of different keys, ascending. */
static bool bucket_is_sorted(const struct intel_set *set, size_t bucket)
{
	for (uint64_t i = (uint64_t)set->buckets[bucket] + 1; i < set->buckets[bucket + 1]; i++) {
		const uint8_t *key = set->keys + i * INTEL_KEY_LEN;

		if (memcmp(key - INTEL_KEY_LEN, key, INTEL_KEY_LEN) >= 0)
			return false;
	}
	return true;
}

static bool keys_are_sound(const struct intel_set *set)
{
	const struct intel_header *h = set->header;
	const uint8_t *keys = set->keys;
	const uint8_t *owners = (const uint8_t *)set->owners;

	if (set->buckets[0] != 0 || set->buckets[INTEL_BUCKETS] != h->keys)
		return false;
	for (size_t b = 0; b < INTEL_BUCKETS; b++) {
		if (set->buckets[b] > set->buckets[b + 1])
			return false;
	}
	for (uint64_t i = 0; i < h->keys; i++) {
		if (set->owners[i] >= h->passports)
			return false;
		pass(set, &owners, &set->owners[i]);
	}
	for (size_t b = 0; b < INTEL_BUCKETS; b++) {
		if (!bucket_is_sorted(set, b))
			return false;
		pass(set, &keys, set->keys + (uint64_t)set->buckets[b] * INTEL_KEY_LEN);
	}
	return true;
}

static bool ranges_are_sound(const struct intel_set *set)
{
	const uint8_t *ranges = (const uint8_t *)set->ranges;

	for (uint32_t i = 0; i < set->header->ranges; i++) {
		const struct intel_range *r = &set->ranges[i];

		pass(set, &ranges, r);
		if (r->passport >= set->header->passports || r->spare != 0 ||
		    address_compare(&r->first, &r->last) > 0 ||
		    (i > 0 && address_compare(&set->ranges[i - 1].last, &r->first) >= 0))
			return false;
	}
	return true;
}

static bool passports_are_sound(struct intel_set *set)
{
	const struct intel_header *h = set->header;
	uint64_t bytes = h->sections[INTEL_SECTION_TEXTS].bytes;

	/* The last byte ends every text that begins within. */
	if (bytes == 0 || set->texts[0] != '\0' || set->texts[bytes - 1] != '\0')
		return false;
	for (size_t i = 0; i < INTEL_SOURCES_MAX; i++) {
		if (h->sources[i] >= bytes)
			return false;
	}
	for (uint32_t i = 0; i < h->passports; i++) {
		const struct intel_passport *p = &set->passports[i];

		if (p->family >= bytes || p->kind >= INTEL_KINDS || p->class >= INTEL_CLASSES ||
		    (p->flags & ~(INTEL_WITH_SUBDOMAINS | INTEL_HARMLESS)) != 0)
			return false;
		set->kinds |= UINT32_C(1) << p->kind;
	}
	return true;
}

enum intel_fault intel_set_attach(struct intel_set *set, const void *bytes, size_t len)
{
	const struct intel_header *h = bytes;
	const uint8_t *base = bytes;

	if (len < sizeof(*h) || memcmp(h->magic, INTEL_MAGIC, sizeof(h->magic)) != 0)
		return INTEL_NOT_A_SET;
	if (h->version != INTEL_VERSION)
		return INTEL_OTHER_VERSION;
	if (h->purpose >= INTEL_PURPOSES || !sections_fit(h, len))
		return INTEL_BAD_FORM;
	set->header = h;
	set->buckets = (const void *)(base + h->sections[INTEL_SECTION_BUCKETS].at);
	set->keys = base + h->sections[INTEL_SECTION_KEYS].at;
	set->owners = (const void *)(base + h->sections[INTEL_SECTION_OWNERS].at);
	set->filter = base + h->sections[INTEL_SECTION_FILTER].at;
	set->ranges = (const void *)(base + h->sections[INTEL_SECTION_RANGES].at);
	set->passports = (const void *)(base + h->sections[INTEL_SECTION_PASSPORTS].at);
	set->texts = (const char *)base + h->sections[INTEL_SECTION_TEXTS].at;
	return keys_are_sound(set) && ranges_are_sound(set) && passports_are_sound(set)
		       ? INTEL_FINE
		       : INTEL_BAD_FORM;
}
