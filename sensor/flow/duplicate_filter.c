#include "sensor/flow/duplicate_filter.h"

#include <stdlib.h>
#include <string.h>

/* Zeroed entries match nothing: no packet is of the year 1970. */
enum err duplicate_filter_new(struct duplicate_filter **out)
{
	struct duplicate_filter *filter = calloc(1, sizeof(*filter));

	if (filter == NULL)
		return ERR_MEMORY;
	*out = filter;
	return ERR_OK;
}

void duplicate_filter_free(struct duplicate_filter *filter)
{
	free(filter);
}

/* Both halves of the product: the lower one alone lets two changes of a top bit cancel out. */
static inline uint64_t mix_in(uint64_t mix, uint64_t word, uint64_t flow_hash)
{
	__extension__ typedef unsigned __int128 product;
	product mixed = (product)(mix ^ word) * (flow_hash | 1);

	return (uint64_t)mixed ^ (uint64_t)(mixed >> 64);
}

uint64_t duplicate_payload_mix(uint64_t flow_hash, struct span payload)
{
	struct cursor all = cursor_over(payload.data, payload.len);
	struct span looked_at = cursor_take_up_to(&all, DUPLICATE_PAYLOAD_MAX);
	struct cursor in = cursor_over(looked_at.data, looked_at.len);
	uint64_t mix = flow_hash;
	uint64_t word;

	while (cursor_left(&in) >= sizeof(word)) {
		memcpy(&word, cursor_take(&in, sizeof(word)).data, sizeof(word));
		mix = mix_in(mix, word, flow_hash);
	}
	word = 0;
	while (cursor_left(&in) > 0)
		word = word << 8 | cursor_u8(&in);
	return mix_in(mix, word, flow_hash);
}
