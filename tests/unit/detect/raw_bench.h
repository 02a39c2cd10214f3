/* For tests of the detectors of connections that nobody knows. */
#pragma once

#include "sensor/base/lru_map.h"
#include "tests/support/cmocka.h"
#include "tests/support/facts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A connection of 192.168.1.10 of no known protocol: 100 bytes up in clear text, 50 down. */
static inline struct fact raw_flow(double seconds, const char *server, uint16_t port)
{
	struct fact_flow flow =
		test_flow(1 + (uint64_t)(int64_t)seconds, "192.168.1.10", server, port, TEST_TCP);
	struct fact fact = test_flow_ended(test_after_seconds(seconds), &flow, true);

	(void)snprintf(fact.ended.names.protocol, sizeof(fact.ended.names.protocol), "Unknown");
	fact.ended.payload_packets = 2;
	fact.ended.has_data_down = true;
	fact.ended.bytes_up = 100;
	fact.ended.bytes_down = 50;
	fact.ended.last = fact.time;
	fact.ended.shape = (struct fact_shape){ .is_known = true,
						.packet_count = 2,
						.packet_sides = 0x2,
						.packet_sizes = { 60, 10 },
						.printable_up = 30,
						.turns = 1 };
	return fact;
}

/* What the detector keeps comes back as it is, and not when it was damaged. */
static inline void check_kept_rows(const struct test_bench *bench)
{
	for (const struct kept_table *table = bench->detector->kept; table->name; table++) {
		struct lru_map *map;
		const void *key;
		void *value;
		uint8_t other[LRU_MAP_KEY_MOST] = { 0 };
		void *copy;

		memcpy(&map, (const char *)bench->state + table->at, sizeof(map));
		value = lru_map_next(map, NULL, &key);
		if (!table->is_sound || !value)
			continue;
		copy = malloc(lru_map_value_size(map));
		assert_non_null(copy);
		memcpy(copy, value, lru_map_value_size(map));
		if (table->tidy)
			table->tidy(copy);
		assert_true(table->is_sound(key, copy));
		assert_false(table->is_sound(other, copy));
		memset(copy, 0xff, lru_map_value_size(map));
		assert_false(table->is_sound(key, copy));
		free(copy);
	}
}
