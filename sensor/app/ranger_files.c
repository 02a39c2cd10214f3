#include "sensor/app/ranger_files.h"

#include "sensor/app/file_stamp.h"
#include "sensor/detect/statistics.h"

#include <stdio.h>

static void path_of(const struct config *config, const char *name, char out[static RANGER_PATH_LEN])
{
	(void)snprintf(out, RANGER_PATH_LEN, "%s/%s", config->courier.folder, name);
}

void ranger_decisions_path(const struct config *config, char out[static RANGER_PATH_LEN])
{
	path_of(config, RANGER_DECISIONS, out);
}

void ranger_set_path(const struct config *config, unsigned i, char out[static RANGER_PATH_LEN])
{
	static const char *const names[RANGER_SETS] = { "incoming/indicators.intel",
							"incoming/prevalence.intel" };

	path_of(config, names[i], out);
}

uint64_t ranger_files_stamp(const struct config *config)
{
	static const char *const names[] = { SETTINGS_ENROLLED, RANGER_DECISIONS };
	uint64_t stamps[sizeof(names) / sizeof(names[0])];
	char path[RANGER_PATH_LEN];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		path_of(config, names[i], path);
		stamps[i] = file_stamp(path);
	}
	return distinct_hash(stamps, sizeof(stamps));
}
