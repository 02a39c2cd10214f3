#include "sensor/detect/upload.h"

#include "sensor/detect/outside_server.h"
#include "sensor/detect/statistics.h"
#include "sensor/intel/rented_names.h"

#include <math.h>
#include <string.h>

enum { HOURS_LEAST = 24 };

static const double deviations_per_mad = 1.4826;
static const double deviation_least = 0.3;

struct upload_key upload_key_of(const struct observation *seen)
{
	struct upload_key key = { .device = seen->device, .by_name = seen->peer_name[0] != '\0' };

	if (key.by_name) { /* two different texts, so that the halves are independent */
		size_t len = strlen(seen->peer_name);
		uint64_t half = distinct_hash(seen->peer_name, len);
		uint64_t other = distinct_hash(seen->peer_name, len + 1);

		memcpy(key.peer, &half, sizeof(half));
		memcpy(key.peer + sizeof(half), &other, sizeof(other));
	} else {
		memcpy(key.peer, seen->fact->flow.server.bytes, ADDRESS_LEN);
	}
	return key;
}

double upload_lean(uint64_t up, uint64_t down)
{
	double all = (double)up + (double)down;

	return all > 0 ? ((double)up - (double)down) / all : 0;
}

static void learn_name(struct upload *upload, const char *name)
{
	enum rented_kind kind = rented_name(name);

	upload->is_service = kind == RENTED_TRANSFER || kind == RENTED_PASTE;
	upload->is_rented =
		kind == RENTED_DYNAMIC_DNS || kind == RENTED_HOSTING || kind == RENTED_TUNNEL;
}

static void turn_day(struct upload *upload, nanotime now, uint64_t drip_bytes)
{
	bool has_dripped =
		upload->up_day >= drip_bytes && upload_lean(upload->up_day, upload->down_day) > 0;

	if (!has_dripped || nanotime_between(upload->day, now) >= 2 * NANOTIME_DAY)
		upload->drip_days = 0;
	else
		upload->drip_days++;
	upload->day = now;
	upload->up_day = upload->down_day = 0;
}

void upload_add(struct upload *upload, const struct observation *seen, uint64_t up, uint64_t down,
		uint64_t drip_bytes)
{
	nanotime now = seen->fact->time;

	if (upload->first == 0 || nanotime_went_back(upload->last, now)) {
		memset(upload, 0, sizeof(*upload));
		upload->first = upload->hour = upload->day = now;
		learn_name(upload, seen->peer_name);
	}
	if (nanotime_between(upload->day, now) >= NANOTIME_DAY)
		turn_day(upload, now, drip_bytes);
	if (nanotime_between(upload->hour, now) >= NANOTIME_HOUR) {
		upload->hour = now;
		upload->up_hour = upload->down_hour = 0;
	}
	upload->last = now > upload->last ? now : upload->last;
	upload->up_hour += up;
	upload->down_hour += down;
	upload->up_day += up;
	upload->down_day += down;
	upload->object = outside_server(seen);
	signal_keep_flow(upload->flows, &upload->flow_count, seen->fact);
}

static void turn_hour(struct uploader *uploader)
{
	uploader->hours[uploader->hour_next] = (float)log1p((double)uploader->up_hour);
	uploader->hour_next = (uploader->hour_next + 1) % UPLOAD_HOURS_KEPT;
	if (uploader->hour_count < UPLOAD_HOURS_KEPT)
		uploader->hour_count++;
	uploader->most = uploader->up_hour > uploader->most
				 ? uploader->up_hour
				 : uploader->most - uploader->most / 1024;
}

void uploader_add(struct uploader *uploader, nanotime now, uint64_t up)
{
	if (nanotime_went_back(uploader->hour, now))
		memset(uploader, 0, sizeof(*uploader));
	if (uploader->first == 0)
		uploader->first = uploader->hour = now;
	if (nanotime_between(uploader->hour, now) >= NANOTIME_HOUR) {
		turn_hour(uploader);
		uploader->hour = now;
		uploader->up_hour = 0;
	}
	uploader->up_hour += up;
}

void uploader_pull(struct uploader *uploader, nanotime now, uint64_t bytes, nanotime window)
{
	if (nanotime_between(uploader->pulled_since, now) > window ||
	    nanotime_went_back(uploader->pulled_since, now)) {
		uploader->pulled_since = now;
		uploader->pulled = 0;
	}
	uploader->pulled += bytes;
	uploader->pulled_last = now;
}

double uploader_excess(const struct uploader *uploader)
{
	double values[UPLOAD_HOURS_KEPT];
	size_t count = uploader->hour_count;
	double median;
	double spread;

	if (count < HOURS_LEAST)
		return 0;
	for (size_t i = 0; i < count; i++)
		values[i] = (double)uploader->hours[i];
	median = quantile(values, count, 0.5);
	spread = deviations_per_mad * deviation(values, count, median);
	return (log1p((double)uploader->up_hour) - median) / fmax(spread, deviation_least);
}

bool upload_is_sound(const void *key, const void *value)
{
	const struct upload *upload = value;
	struct upload_key k;

	memcpy(&k, key, sizeof(k));
	for (size_t i = 0; i < sizeof(upload->told) / sizeof(upload->told[0]); i++) {
		if (!(upload->told[i] >= 0 && upload->told[i] <= 1))
			return false;
	}
	return k.device != 0 && k.by_name <= 1 && kept_are_flags(&upload->is_service, 1) &&
	       kept_are_flags(&upload->is_rented, 1) && upload->object.kind <= OBJECT_NETWORK &&
	       upload->object.name_from <= HOST_DPI &&
	       kept_are_flags(&upload->object.has_address, 1) && upload->flow_count > 0 &&
	       signal_flows_are_sound(upload->flows, upload->flow_count) &&
	       kept_is_text(upload->object.text, sizeof(upload->object.text)) &&
	       kept_is_text(upload->object.application, sizeof(upload->object.application));
}

void upload_tidy(void *value)
{
	struct upload *upload = value;

	signal_tidy_flows(upload->flows, upload->flow_count);
	kept_tidy_text(upload->object.text, sizeof(upload->object.text));
}

bool uploader_is_sound(const void *key, const void *value)
{
	const uint32_t *device = key;
	const struct uploader *uploader = value;

	for (size_t i = 0; i < UPLOAD_HOURS_KEPT; i++) {
		if (!(uploader->hours[i] >= 0 && uploader->hours[i] < 64))
			return false;
	}
	return *device != 0 && uploader->hour_count <= UPLOAD_HOURS_KEPT &&
	       uploader->hour_next < UPLOAD_HOURS_KEPT;
}
