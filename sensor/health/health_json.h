/* A finding or a case of health as one line of JSON, schema "hinomi.health/1" (health.schema.json).
 */
#pragma once

#include "sensor/base/json.h"
#include "sensor/health/health_cases.h"

/* What is found now, of the interface called `name` ("" for none), at packet time `when`. */
void health_finding_json(struct json *j, const struct health_finding *finding, const char *name,
			 nanotime when);

/* The same with what makes it a case: id, state, since when. */
void health_case_json(struct json *j, const struct health_case *health_case, nanotime when);
