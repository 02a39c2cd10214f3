#include "sensor/dialogue/certificate_memo.h"

#include "sensor/base/lru_map.h"

#include <stdlib.h>

enum {
	KEPT_MAX = 256,
	DER_MAX = 2560, /* of a hundred certificates two are longer */
	SAID_MAX = 2048,
};

/* The end of its signature is as good as random. */
struct key {
	uint8_t end[16];
	uint32_t len;
	uint32_t place;
};

struct kept {
	bool is_set;
	uint16_t said_len;
	uint8_t der[DER_MAX];
	_Alignas(struct attributes) uint8_t said[SAID_MAX];
};

struct certificate_memo {
	struct lru_map *kept;
};

enum err certificate_memo_new(struct certificate_memo **out)
{
	struct certificate_memo *memo = calloc(1, sizeof(*memo));
	enum err err;

	if (!memo)
		return ERR_MEMORY;
	err = lru_map_new(&memo->kept, KEPT_MAX, sizeof(struct key), sizeof(struct kept));
	if (err != ERR_OK) {
		free(memo);
		return err;
	}
	lru_map_clear_only(memo->kept, offsetof(struct kept, der));
	*out = memo;
	return ERR_OK;
}

void certificate_memo_free(struct certificate_memo *memo)
{
	if (!memo)
		return;
	lru_map_free(memo->kept);
	free(memo);
}

/* False for those that are not kept: by far too short, or too long. */
static bool make_key(struct span der, uint64_t place, struct key *key)
{
	struct cursor in = { .rest = der };

	if (der.len < sizeof(key->end) || der.len > DER_MAX)
		return false;
	cursor_skip(&in, der.len - sizeof(key->end));
	cursor_copy(&in, key->end, sizeof(key->end));
	key->len = (uint32_t)der.len;
	key->place = (uint32_t)place;
	return true;
}

bool certificate_memo_find(struct certificate_memo *memo, struct span der, uint64_t place,
			   struct attributes *said)
{
	struct kept *kept;
	struct key key;

	if (!make_key(der, place, &key))
		return false;
	kept = lru_map_find(memo->kept, &key);
	if (!kept || !kept->is_set || memcmp(kept->der, der.data, der.len) != 0)
		return false;
	lru_map_renew(memo->kept, kept);
	memcpy(said, kept->said, kept->said_len);
	return true;
}

void certificate_memo_keep(struct certificate_memo *memo, struct span der, uint64_t place,
			   const struct attributes *said)
{
	struct kept *kept;
	struct key key;
	bool is_new;

	if (attributes_size(said) > SAID_MAX || !make_key(der, place, &key))
		return;
	kept = lru_map_touch(memo->kept, &key, &is_new);
	kept->is_set = true;
	kept->said_len = (uint16_t)attributes_size(said);
	memcpy(kept->der, der.data, der.len);
	memcpy(kept->said, said, kept->said_len);
}
