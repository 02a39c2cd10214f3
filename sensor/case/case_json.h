/* A case as one line of JSON, schema "hinomi.case/1" (case.schema.json beside this file). */
#pragma once

#include "sensor/base/json.h"
#include "sensor/case/case.h"

#include <stdio.h>

/* The device as an object, of the name `key`, or NULL at the top. */
void case_device_json(struct json *j, const char *key, const struct device *d);

void case_json(const struct case_record *c, const struct case_view *view, FILE *out);
