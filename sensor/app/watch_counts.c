#include "sensor/app/watch_counts.h"

void watch_counts_put(struct watch_counts *counts, struct store *store,
		      const struct pipeline_totals *totals, uint64_t shed, nanotime clock)
{
	const struct {
		const char *name;
		uint64_t count;
	} now[WATCH_COUNTS] = {
		{ "frames", totals->frames },
		{ "packets", totals->decode.count[DECODE_OK] },
		{ "bytes", totals->bytes },
		{ "duplicates", totals->duplicates },
		{ "flows", totals->flows.opened + totals->passed_over },
		{ "flows_evicted", totals->flows.evicted },
		{ "shed", shed },
	};

	for (size_t i = 0; i < WATCH_COUNTS; i++) {
		const struct store_count row = { .day = clock / NANOTIME_DAY,
						 .name = now[i].name,
						 .more = now[i].count - counts->put[i] };

		if (now[i].count <= counts->put[i])
			continue;
		if (store_put_count(store, &row))
			counts->put[i] = now[i].count;
	}
}
