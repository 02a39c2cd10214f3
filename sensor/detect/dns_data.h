/*
 * Names that carry data, however few: what dns_tunnel, which needs kilobytes, cannot tell yet. Part
 * of that detector.
 *
 * Owner: the detector. One thread. 512 to the option dns_data.zones entries of about 1 KiB, each of
 * a device and a zone whose names look like data at all, which few do.
 */
#pragma once

#include "sensor/base/lru_map.h"
#include "sensor/config/config.h"
#include "sensor/detect/detector.h"
#include "sensor/detect/known_names.h"

enum { DATA_NAMES_RECENT = 32 };

/* A device and a zone by its hash, or the server it asks where the names have no zone. */
struct data_key {
	uint32_t device;
	uint32_t spare;
	uint64_t zone;
};

struct data_zone {
	nanotime first;
	nanotime last;
	uint32_t names;    /* that look like data, each counted once in a while */
	uint32_t carriers; /* of them, asked for a type whose answer can say anything */
	uint32_t full;     /* of them, with a label as long as a label may be, or nearly */
	uint32_t rises;    /* … whose number is one more than that of the name before */
	uint32_t told;     /* names when last told */
	uint32_t number;   /* of the latest name, if it has one */
	uint32_t recent[DATA_NAMES_RECENT]; /* hashes; the next place is names % their number */
	uint32_t carried;                   /* answers that bring data home */
	uint32_t wide;      /* names with letters that no number has, in data of a useful length */
	uint32_t scattered; /* answers that name a network no answer named before … */
	uint32_t addressed; /* … of those that name an address */
	uint32_t spare;
	uint64_t bytes;    /* of all names, without the zone */
	uint64_t networks; /* a bit for each, by hash */
	bool has_number;
	bool has_no_zone;
	bool is_answered;
	uint8_t flow_count;
	float confidence; /* when last told */
	struct signal_flow flows[SIGNAL_FLOWS_MAX];
	char zone[FACT_NAME_LEN]; /* or the server's address */
};

struct dns_data {
	const struct dns_data_config *config;
	struct lru_map *zones;
};

MUST_USE enum err dns_data_start(struct dns_data *self, const struct dns_data_config *config);
void dns_data_stop(struct dns_data *self);

/*
 * One fact of DNS that the device asked, or was answered. `is_server` says that the device answers
 * others' questions: then it may only pass one on.
 */
void dns_data_observe(struct dns_data *self, const struct observation *seen,
		      const struct known_name *known, bool is_server, struct signal_sink *sink);

/* Whether answers to questions for that type can say anything at all: TXT, NULL, CNAME … */
bool dns_type_carries(uint16_t type);

/* For kept_table. */
void data_zone_tidy(void *value);
bool data_zone_is_sound(const void *key, const void *value);
