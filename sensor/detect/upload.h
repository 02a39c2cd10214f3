/*
 * What one device sends to one place outside, counted by the hour and by the day, and what it sends
 * and fetches in all: the ground on which the volume detector judges.
 *
 * Plain values that outlive the process as they lie in memory. One thread.
 */
#pragma once

#include "sensor/detect/detector.h"

enum { UPLOAD_HOURS_KEPT = 48 };

/* A device and a place outside. No padding. */
struct upload_key {
	uint32_t device;
	uint32_t by_name;
	uint8_t peer[ADDRESS_LEN]; /* the address, or 128 bits of the name's hash */
};

struct upload {
	nanotime first;
	nanotime last;
	nanotime hour; /* when the present one began */
	nanotime day;
	nanotime told_at[3]; /* by enum upload_told; 0 is never */
	double told[3];      /* how surely */
	uint64_t up_hour;
	uint64_t down_hour;
	uint64_t up_day;
	uint64_t down_day;
	uint32_t drip_days; /* before today, one after another, with enough sent */
	bool is_service;    /* of those that pass files and messages on */
	bool is_rented;     /* a name that anybody gets in a minute: dynamic DNS, a free host */
	uint8_t flow_count;
	struct signal_object object;
	struct signal_flow flows[SIGNAL_FLOWS_MAX];
};

enum upload_told { TOLD_NEW_PLACE, TOLD_SERVICE, TOLD_DRIP };

/* A device's own measure. */
struct uploader {
	nanotime first;
	nanotime hour;
	nanotime told_at;
	nanotime pulled_since; /* from file servers of the office */
	nanotime pulled_last;
	uint64_t pulled;
	uint64_t up_hour;
	uint64_t most;       /* in any hour before, of the kept ones and older, slowly forgotten */
	uint32_t hour_count; /* hours in which it sent at all, UPLOAD_HOURS_KEPT at most kept */
	uint32_t hour_next;
	float hours[UPLOAD_HOURS_KEPT]; /* ln(1 + bytes) */
};

struct upload_key upload_key_of(const struct observation *seen);

/* Counts what went since the last time, at `now`. `drip_bytes` a day make a day of dripping. */
void upload_add(struct upload *upload, const struct observation *seen, uint64_t up, uint64_t down,
		uint64_t drip_bytes);

/* (up − down) / (up + down); 0 for nothing. */
double upload_lean(uint64_t up, uint64_t down);

/* Counts an hour's bytes; true when the hour before has just ended. */
void uploader_add(struct uploader *uploader, nanotime now, uint64_t up);
void uploader_pull(struct uploader *uploader, nanotime now, uint64_t bytes, nanotime window);

/* How far this hour stands above the device's own, in robust deviations; 0 while little is known.
 */
double uploader_excess(const struct uploader *uploader);

bool upload_is_sound(const void *key, const void *value);
void upload_tidy(void *value);
bool uploader_is_sound(const void *key, const void *value);
