/*
 * What a record of a database says of a place, value by value, in the layouts that are about:
 * MaxMind's nested one (country.iso_code, registered_country.iso_code,
 * autonomous_system_number …) and flat ones (country_code, asn "AS13335", as_name). All bytes come
 * from a file of somebody else's and are not trusted. Pure.
 */
#pragma once

#include "dissectors/cursor.h"
#include "sensor/geo/place.h"

struct place_fields {
	struct place place;
	uint8_t country_rank; /* how well the best one so far says it; 0 is not at all */
};

/* Whether what stands below this key of a record may say something. */
bool place_field_is_entered(struct span key);

/* A text or number of the record under `key`; `outer` is the key around it, empty for none. */
void place_field_text(struct place_fields *fields, struct span outer, struct span key,
		      struct span value);
void place_field_number(struct place_fields *fields, struct span outer, struct span key,
			uint64_t value);
