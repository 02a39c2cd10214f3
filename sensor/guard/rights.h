/* The user and the capabilities of the process: capabilities(7). One thread. */
#pragma once

#include "sensor/guard/guard.h"

/* As guard_become() says, but for Landlock; fills in `report`. */
MUST_USE enum err rights_reduce(const struct guard_setup *setup, struct guard_report *report,
				char problem[static CONFIG_PROBLEM_LEN]);

/* The last capability goes too. */
MUST_USE enum err rights_drop_all(char problem[static CONFIG_PROBLEM_LEN]);
