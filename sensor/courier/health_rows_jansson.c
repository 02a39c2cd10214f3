#include "sensor/courier/health_rows_jansson.h"

#include <jansson.h>

bool health_rows_take(void *rows, const struct store_health *row)
{
	struct health_rows *to = rows;
	json_t *root;
	const char *severity;

	if (row->closed != 0)
		return true;
	root = json_loadb((const char *)row->json.data, row->json.len, 0, NULL);
	severity = json_string_value(json_object_get(root, "severity"));
	if (severity) {
		(void)snprintf(to->row[to->count].code, sizeof(to->row[0].code), "%s", row->code);
		(void)snprintf(to->row[to->count].severity, sizeof(to->row[0].severity), "%s",
			       severity);
		to->row[to->count++].since = row->opened;
	}
	json_decref(root);
	return to->count < HEARTBEAT_HEALTH_MAX;
}
