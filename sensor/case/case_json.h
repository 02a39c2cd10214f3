/* A case as one line of JSON, schema "hinomi.case/1" (case.schema.json beside this file). */
#pragma once

#include "sensor/case/case.h"

#include <stdio.h>

void case_json(const struct case_record *c, const struct case_view *view, FILE *out);
