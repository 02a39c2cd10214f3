#include "sensor/detect/same_opening.h"

#include "sensor/detect/statistics.h"

#include <string.h>

enum { OPENINGS = 512, SERVERS_KEPT = 4, SIZES = 2, BYTES_LEAST = 16 };

/* No padding. */
struct opening_key {
	uint32_t device;
	uint16_t port;
	uint16_t sizes[SIZES];
	uint16_t spare;
};

struct opening {
	nanotime last;
	uint64_t servers[SERVERS_KEPT]; /* hashes of addresses */
	uint32_t count;
	uint32_t spare;
};

enum err same_opening_new(struct lru_map **out)
{
	return lru_map_new(out, OPENINGS, sizeof(struct opening_key), sizeof(struct opening));
}

/* Two packets by the client in a row, and nothing by the server. */
static bool is_one_sided(const struct fact_ended *ended)
{
	const struct fact_shape *shape = &ended->shape;

	return shape->is_known && !ended->has_data_down && shape->packet_count >= SIZES &&
	       shape->packet_sides == 0 && shape->packet_sizes[0] >= BYTES_LEAST;
}

uint32_t same_opening_count(struct lru_map *openings, const struct observation *seen)
{
	const struct fact_flow *flow = &seen->fact->flow;
	const struct fact_ended *ended = &seen->fact->ended;
	struct opening_key key = { .device = seen->device, .port = flow->server_port };
	uint64_t server = distinct_hash(flow->server.bytes, ADDRESS_LEN);
	struct opening *opening;
	bool is_new;

	if (flow->protocol != IP_TCP || seen->direction != DIRECTION_OUTBOUND ||
	    !is_one_sided(ended))
		return 0;
	memcpy(key.sizes, ended->shape.packet_sizes, sizeof(key.sizes));
	opening = lru_map_touch(openings, &key, &is_new);
	if (is_new || nanotime_between(opening->last, seen->fact->time) > NANOTIME_DAY ||
	    nanotime_went_back(opening->last, seen->fact->time))
		*opening = (struct opening){ 0 };
	opening->last = seen->fact->time;
	for (uint32_t i = 0; i < opening->count; i++) {
		if (opening->servers[i] == server)
			return opening->count;
	}
	if (opening->count < SERVERS_KEPT)
		opening->servers[opening->count++] = server;
	return opening->count;
}

bool same_opening_is_sound(const void *key, const void *value)
{
	const struct opening_key *k = key;
	const struct opening *opening = value;

	return k->device != 0 && k->spare == 0 && opening->count > 0 &&
	       opening->count <= SERVERS_KEPT;
}
