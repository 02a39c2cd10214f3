/*
 * Messages in ArcSight's Common Event Format, "CEF:0|…", in English. What stands where: MAPPINGS.md
 * in sensor/delivery. Any thread.
 */
#pragma once

#include "sensor/courier/case_view_jansson.h"
#include "sensor/courier/health_body_jansson.h"

struct parcel;

/* The longest message; what has no room is cut before the next field, between two characters. */
enum { CEF_LINE_MAX = 6144 };

/* Without a newline, NUL-terminated; the length. `sensor` is the name in parcels. */
size_t cef_line_case(const struct case_view *view, const char *sensor,
		     char out[static CEF_LINE_MAX]);
size_t cef_line_health(const struct health_body *view, const char *sensor,
		       char out[static CEF_LINE_MAX]);

/*
 * The message of a parcel. ERR_MISSING: it is about something else and has none; ERR_SYNTAX: its
 * body is not what its kind says. `out` is set on ERR_OK only.
 */
MUST_USE enum err cef_line_parcel(const struct parcel *parcel, char out[static CEF_LINE_MAX]);
