/* What programs of the rangers ask the desk: JSON texts. Within desk_begin() and its end. */
#pragma once

#include "tools/desk/desk_store_sqlite.h"

#include <stdio.h>

/* How each sensor does; as desk_state_each(). */
void desk_json_sensors(struct desk_store *store, int64_t now, FILE *out);
/* Of one sensor, or of all (NULL); the open ones first, then by priority; 1,000 at most. */
void desk_json_cases(struct desk_store *store, const char *sensor, FILE *out);
/* The latest revision with its body; of any sensor (NULL), as an id is one's alone but by malice.
 */
bool desk_json_case(struct desk_store *store, const char *id, const char *sensor, FILE *out);
void desk_json_keys(struct desk_store *store, const char *sensor, FILE *out);
/* Parcels as JSON lines in the order received, those after the `after`th row; at most `limit`. */
int64_t desk_json_stream(struct desk_store *store, const char *sensor, int64_t after, int64_t limit,
			 FILE *out);
/* The latest 1,000 notes of what happened. */
void desk_json_notes(struct desk_store *store, FILE *out);
