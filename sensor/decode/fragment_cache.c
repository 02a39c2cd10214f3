#include "sensor/decode/fragment_cache.h"

#include "sensor/base/hash.h"

#include <string.h>

/* Unkeyed: who finds equal tags costs us 512 comparisons a fragment, which is the bound anyway. */
static uint32_t tag_of(const struct fragment_key *name)
{
	static const struct hash_key unkeyed;

	return (uint32_t)hash_bytes(&unkeyed, name, sizeof(*name));
}

static bool is_fresh(const struct fragment_entry *entry, nanotime now)
{
	nanotime apart = nanotime_between(entry->seen, now) + nanotime_between(now, entry->seen);

	return apart <= FRAGMENT_CACHE_LIFE;
}

void fragment_cache_init(struct fragment_cache *cache)
{
	cache->used = 0;
	cache->next = 0;
}

void fragment_cache_add(struct fragment_cache *cache, const struct fragment_key *name, nanotime now,
			const struct first_fragment *first)
{
	uint32_t slot = cache->next;

	cache->tags[slot] = tag_of(name);
	cache->entries[slot] =
		(struct fragment_entry){ .name = *name, .seen = now, .first = *first };
	cache->next = (slot + 1) % FRAGMENT_CACHE_ENTRIES;
	if (cache->used < FRAGMENT_CACHE_ENTRIES)
		cache->used++;
}

const struct first_fragment *fragment_cache_find(const struct fragment_cache *cache,
						 const struct fragment_key *name, nanotime now)
{
	uint32_t tag = tag_of(name);
	uint32_t slot = cache->next;

	/* Newest first: later fragments follow their first one closely. */
	for (uint32_t i = 0; i < cache->used; i++) {
		slot = (slot + FRAGMENT_CACHE_ENTRIES - 1) % FRAGMENT_CACHE_ENTRIES;
		if (cache->tags[slot] != tag)
			continue;

		const struct fragment_entry *entry = &cache->entries[slot];

		if (memcmp(&entry->name, name, sizeof(*name)) == 0 && is_fresh(entry, now))
			return &entry->first;
	}
	return NULL;
}
