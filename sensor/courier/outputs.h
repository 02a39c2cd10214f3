/* Every kind of output that there is. */
#pragma once

#include "sensor/courier/output.h"

extern const struct output_kind *const outputs[];
extern const size_t outputs_count;
