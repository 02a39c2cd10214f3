/* Which files the process can reach: landlock(7), versions 1 to 6 and later ones as 6. */
#pragma once

#include "sensor/guard/guard.h"

/*
 * For the calling thread and those that it starts from now on. A kernel without Landlock leaves
 * report->landlock_version at 0 and is no error. Needs no new privileges.
 */
MUST_USE enum err file_rules_apply(const struct guard_setup *setup, struct guard_report *report,
				   char problem[static CONFIG_PROBLEM_LEN]);
