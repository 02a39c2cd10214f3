/*
 * Lines of Suricata's EVE JSON: "event_type":"alert" for a revision of a case, and
 * "event_type":"hinomi_health" for a finding of health. What stands where: MAPPINGS.md in
 * sensor/delivery. Any thread.
 */
#pragma once

#include "sensor/courier/case_view_jansson.h"
#include "sensor/courier/health_body_jansson.h"

struct parcel;

/* No generator of Suricata's or Snort's: their rules and ours never share a number. */
enum { EVE_GENERATOR = 4850 };

/*
 * One line with its newline, the caller's to free; NULL without memory. `sensor` is the name in
 * parcels. Without words: for a way on which long messages are cut.
 */
char *eve_line_case(const struct case_view *view, const char *sensor, bool with_words, size_t *len);
char *eve_line_health(const struct health_body *view, const char *sensor, size_t *len);

/*
 * The line of a parcel. ERR_MISSING: it is about something else and has none; ERR_SYNTAX: its body
 * is not what its kind says; ERR_MEMORY. `*out` is set on ERR_OK only, the caller's to free.
 */
MUST_USE enum err eve_line_parcel(const struct parcel *parcel, bool with_words, char **out,
				  size_t *len);

/*
 * The number of a rule: its letters by their place in the alphabet, two digits each, and its
 * digit. "BCN-1" is 203141; 0 when it is no such name.
 */
uint32_t eve_signature_id(const char *rule);

/* "TCP" …, or three digits, as Suricata writes it. */
enum { EVE_PROTO_LEN = 16 };
void eve_proto(unsigned protocol, char out[static EVE_PROTO_LEN]);
