#include "sensor/app/device_row.h"

#include "sensor/case/case_json.h"

#include <stdlib.h>
#include <string.h>

enum { KEY_LEN = 16 };

static struct span json_of(const struct device *device, char **json)
{
	size_t len = 0;
	FILE *out = open_memstream(json, &len);
	struct json j;

	if (!out)
		return (struct span){ 0 };
	json_start(&j, out);
	case_device_json(&j, NULL, device);
	json_flush(&j);
	if (fclose(out) != 0)
		return (struct span){ 0 };
	return cursor_over((const uint8_t *)*json, len).rest;
}

bool device_row_put(struct store *store, const struct device *device)
{
	char key[KEY_LEN];
	char name_chars[FACT_HOST_LEN];
	char address[ADDRESS_TEXT_LEN] = "";
	struct text name = text_over(name_chars, sizeof(name_chars));
	char *json = NULL;
	bool is_put;

	if (!device)
		return true;
	(void)snprintf(key, sizeof(key), "%u", device->number);
	case_device_name(device, &name);
	if (device->address_count > 0)
		(void)address_text(&device->addresses[0], address);

	const struct store_device row = { .key = key,
					  .name = name_chars,
					  .address = address,
					  .first = device->first_seen,
					  .last = device->last_seen,
					  .json = json_of(device, &json) };

	is_put = row.json.len > 0 &&
		 store_put_device(store, &row, device->first_seen == device->last_seen);
	free(json);
	return is_put;
}
