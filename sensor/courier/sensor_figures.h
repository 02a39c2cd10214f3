/*
 * What the sensor says of itself on its metrics socket (option sensor.metrics, text of Prometheus),
 * for the heartbeat. One thread; it waits a second at most.
 */
#pragma once

#include "sensor/base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sensor_figures {
	bool has_packets; /* … and so on: what the sensor did not say is unknown */
	bool has_dropped;
	bool has_shed;
	bool has_flows;
	bool has_one_sided;
	bool has_table_fill;
	bool has_feed_days;
	bool has_written;
	uint64_t packets;
	uint64_t dropped; /* by the kernel and by cards */
	uint64_t shed;
	uint64_t flows;
	uint64_t written; /* bytes, to cases.db */
	double one_sided_share;
	double table_fill;
	double feed_days; /* age of the oldest set of indicators or data base of places */
	char version[32]; /* "" when it is not said */
};

/*
 * ERR_MISSING: no socket is named, or nobody answers; ERR_MALFORMED: what came is no such text;
 * ERR_IO: the socket is there and nobody listens: the sensor is gone, as its listener ends with it.
 */
MUST_USE enum err sensor_figures_ask(const char *socket_path, struct sensor_figures *out);

/* Reads the text, a line each; `text` has a NUL behind it. */
void sensor_figures_read(const char *text, struct sensor_figures *out);
