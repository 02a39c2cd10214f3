/* Open findings of health in short, as the heartbeat tells them. Plain values. */
#pragma once

#include "sensor/courier/heartbeat.h"
#include "sensor/store/store_rows.h"

struct health_rows {
	struct {
		char code[32];
		char severity[16];
		nanotime since;
	} row[HEARTBEAT_HEALTH_MAX];
	size_t count;
};

/* A store_health_fn: adds a finding that is open. `rows` is the struct. */
bool health_rows_take(void *rows, const struct store_health *row);
