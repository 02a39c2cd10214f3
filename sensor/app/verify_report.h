/* What `hinomi verify` says of a received stream: lines for people, or JSON. One thread. */
#pragma once

#include "sensor/delivery/stream_verify.h"

/* One line on standard output for each. */
void verify_report_finding(const struct verify_finding *finding, bool is_json);
void verify_report_end(const struct verify_totals *totals, bool is_json);
