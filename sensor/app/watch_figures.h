/*
 * The sensor's figures in Prometheus' text format: https://prometheus.io/docs/instrumenting/
 * exposition_formats/. Plain values in, text out.
 */
#pragma once

#include "sensor/app/pipeline.h"
#include "sensor/app/watch_decided.h"
#include "sensor/capture/live_capture.h"
#include "sensor/health/health_counts.h"
#include "sensor/health/health_surroundings.h"
#include "sensor/store/store.h"

#include <stdio.h>

struct watch_figures {
	const struct pipeline_totals *pipeline; /* those of the lanes are not read */
	const struct judge_totals *judge;
	const struct decided_figures *decided;
	const struct capsule_counts *capsules;
	const struct health_lists *lists;
	struct health_flows conversations; /* that ended in this window of health */
	const struct live_stats *interfaces;
	size_t interface_count;
	const struct store_status *store;
	uint64_t shed;
	nanotime clock; /* packet time */
};

void watch_figures_print(const struct watch_figures *figures, FILE *out);
