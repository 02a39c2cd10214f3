#include "sensor/detect/beacon_pair.h"

#include "sensor/base/kept_table.h"

#include <string.h>

/* More than any device lives to make; so that none of the sums runs over. */
static const uint64_t check_ins_most = UINT64_C(1) << 48;

void destination_note(struct destination *d, uint32_t device)
{
	for (uint32_t i = 0; i < d->device_count; i++) {
		if (d->devices[i] == device)
			return;
	}
	if (d->device_count < DESTINATION_DEVICES)
		d->devices[d->device_count++] = device;
}

void pair_tidy(void *value)
{
	struct pair *pair = value;
	size_t sizes = pair->check_ins < PAIR_HISTORY ? (size_t)pair->check_ins : PAIR_HISTORY;
	size_t intervals = pair->check_ins <= PAIR_HISTORY ? sizes - 1 : PAIR_HISTORY;

	memset(pair->sizes + sizes, 0, (PAIR_HISTORY - sizes) * sizeof(pair->sizes[0]));
	memset(pair->intervals_ms + intervals, 0,
	       (PAIR_HISTORY - intervals) * sizeof(pair->intervals_ms[0]));
	signal_tidy_flows(pair->flows, pair->flow_count);
	kept_tidy_text(pair->name, sizeof(pair->name));
	kept_tidy_text(pair->application, sizeof(pair->application));
}

/* A pair is made with its first check-in, and that with an example. */
bool pair_is_sound(const void *key, const void *value)
{
	const struct place_key *k = key;
	const struct pair *pair = value;

	return k->device != 0 && k->by_name <= 1 && pair->check_ins > 0 &&
	       pair->check_ins <= check_ins_most && pair->told >= 0 && pair->told < 1 &&
	       pair->direction <= DIRECTION_LATERAL && kept_are_flags(&pair->lookup_missed, 1) &&
	       kept_are_flags(&pair->is_answered, 1) && kept_are_flags(&pair->has_data_down, 1) &&
	       kept_are_flags(&pair->is_plain_upload, 1) && pair->name_from <= HOST_DPI &&
	       kept_is_text(pair->application, sizeof(pair->application)) &&
	       kept_is_text(pair->name, sizeof(pair->name)) && pair->flow_count > 0 &&
	       signal_flows_are_sound(pair->flows, pair->flow_count);
}

bool destination_is_sound(const void *key, const void *value)
{
	const struct destination *d = value;

	(void)key;
	return d->device_count <= DESTINATION_DEVICES;
}
