/*
 * What the beacon detector remembers: the contacts of a device with a destination, and which
 * devices share a destination. Plain values, in two LRU maps of the detector's.
 */
#pragma once

#include "sensor/detect/contact_place.h"
#include "sensor/detect/rhythm.h"
#include "sensor/detect/signal.h"

#include <stddef.h>

enum {
	PAIR_HISTORY = RHYTHM_MOST, /* intervals and sizes kept of a pair */
	DESTINATION_DEVICES = 4,
};

struct pair {
	nanotime first;
	nanotime last_check_in;
	nanotime last_heard;
	uint64_t check_ins;
	uint64_t connections;  /* that began with one of them */
	uint64_t told_at;      /* check-ins when a signal was last emitted; 0 is never */
	uint32_t told_devices; /* that used the destination then */
	double told;           /* its confidence */
	nanotime told_when;
	nanotime judged_when; /* told or not */
	uint8_t direction;    /* enum direction */
	bool lookup_missed; /* DNS is seen here, and none for this address before its flow began */
	bool is_answered;
	bool has_data_down;
	bool is_plain_upload;
	uint8_t flow_count;
	uint8_t name_from; /* enum host_source */
	char application[FACT_PROTOCOL_LEN];
	/* From here on as many count as the head says; the name is written with the first. */
	uint32_t intervals_ms[PAIR_HISTORY];
	uint32_t sizes[PAIR_HISTORY];
	struct signal_flow flows[SIGNAL_FLOWS_MAX];
	char name[FACT_HOST_LEN];
};

enum { PAIR_HEAD = offsetof(struct pair, intervals_ms) };

/* How many devices share a destination: a service of the office is used by several. */
struct destination_key {
	uint16_t port;
	uint8_t by_name;
	uint8_t spare;
	uint8_t peer[ADDRESS_LEN];
};

struct destination {
	uint32_t devices[DESTINATION_DEVICES]; /* the first few */
	uint32_t device_count;
};

void destination_note(struct destination *d, uint32_t device);

/* For kept_table. */
void pair_tidy(void *value);
bool pair_is_sound(const void *key, const void *value);
bool destination_is_sound(const void *key, const void *value);
