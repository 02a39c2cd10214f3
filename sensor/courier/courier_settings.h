/*
 * The courier's options: defaults, over them what the enrolment left (enrolled.yaml in
 * courier.folder), over that the files that were given. So what people wrote here comes before
 * what rangers set. One thread.
 */
#pragma once

#include "sensor/config/config.h"

#define COURIER_ENROLLED "enrolled.yaml"

enum { COURIER_FILES_MAX = 8 };

struct courier_settings_files {
	const char *path[COURIER_FILES_MAX];
	size_t count;
	const char *folder; /* goes over courier.folder; NULL: as configured */
};

/* Faults are told as by config_read(), whose errors these are. */
MUST_USE enum err courier_settings_read(struct config *config,
					const struct courier_settings_files *files,
					config_fault_fn *told, void *arg);
