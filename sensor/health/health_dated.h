/*
 * Whether what the sensor judges by is out of date: the part of health_check.h that is about signed
 * sets and databases of places. Each is true, and has filled `out` but for code and interface, when
 * the finding of its name holds.
 */
#pragma once

#include "sensor/health/health_check.h"

/* Rangers show data older than this on every case that rests on it. */
#define HEALTH_LIST_FRESH_FOR (35 * NANOTIME_DAY)

bool lists_are_expired(const struct health_view *view, struct health_finding *out);
bool lists_are_refused(const struct health_view *view, struct health_finding *out);
/* Not also of one that has expired. */
bool lists_are_old(const struct health_view *view, struct health_finding *out);
bool databases_are_refused(const struct health_view *view, struct health_finding *out);
bool databases_are_old(const struct health_view *view, struct health_finding *out);
