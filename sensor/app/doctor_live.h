/*
 * The live half of `hinomi doctor`: watches interfaces for some time and asks the kernel about
 * them. Before the guard, with the rights of whoever calls; the thread that calls.
 */
#pragma once

#include "sensor/config/config.h"
#include "sensor/health/health_check.h"

/*
 * Watches config->capture.interfaces for `seconds`, or until SIGINT or SIGTERM, and fills `out`.
 * False after one line on standard error.
 */
bool doctor_watch(const struct config *config, unsigned seconds, bool is_quiet,
		  struct health_view *out);
