#include "sensor/app/device_row.h"

#include "sensor/app/json_row.h"
#include "sensor/case/case_json.h"

enum { KEY_LEN = 16 };

bool device_row_put(struct store *store, const struct device *device)
{
	char key[KEY_LEN];
	char name_chars[DEVICE_CALLED_LEN];
	char address[ADDRESS_TEXT_LEN] = "";
	struct text name = text_over(name_chars, sizeof(name_chars));
	struct json_row json;
	struct json j;
	bool is_put;

	if (!device)
		return true;
	(void)snprintf(key, sizeof(key), "%u", device->number);
	case_device_name(device, &name);
	if (device->address_count > 0)
		(void)address_text(&device->addresses[0], address);
	if (!json_row_open(&json))
		return false;
	json_start(&j, json.out);
	case_device_json(&j, NULL, device);
	json_line_end(&j);
	json_flush(&j);

	const struct store_device row = { .key = key,
					  .name = name_chars,
					  .address = address,
					  .first = device->first_seen,
					  .last = device->last_seen,
					  .json = json_row_close(&json) };

	is_put = row.json.len > 0 &&
		 store_put_device(store, &row, device->first_seen == device->last_seen);
	json_row_free(&json);
	return is_put;
}
