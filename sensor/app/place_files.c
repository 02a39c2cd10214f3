#include "sensor/app/place_files.h"

#include "sensor/app/output.h"

#include <time.h>

static void say_on_standard_error(void *arg, const char *line)
{
	(void)arg;
	(void)fprintf(stderr, "hinomi: %s\n", line);
}

void place_files_tell(struct place_databases *dbs, settings_say_fn *say, void *arg)
{
	settings_say_fn *to = say ? say : say_on_standard_error;
	char fault[PLACE_FAULT_LEN];

	while (dbs && place_databases_fault(dbs, fault))
		to(arg, output_text(fault).chars);
}

bool place_files_open(const struct config *config, struct place_databases **out,
		      settings_say_fn *say, void *arg)
{
	if (place_databases_open(out, &config->places) != ERR_OK) {
		(say ? say : say_on_standard_error)(arg, "no memory for places.databases");
		return false;
	}
	place_files_tell(*out, say, arg);
	return true;
}

bool place_files_check(const struct config *config)
{
	const time_t now = time(NULL);
	struct place_databases *dbs;

	if (!place_files_open(config, &dbs, NULL, NULL))
		return false;
	if (dbs && now > 0)
		place_databases_date(dbs, (nanotime)now * NANOTIME_SECOND);
	place_files_tell(dbs, NULL, NULL);
	place_databases_free(dbs);
	return true;
}
