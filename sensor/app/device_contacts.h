/*
 * `hinomi devices --contacts`: whom the office was in contact with, as the sensor has it on disk;
 * for machines by contact.schema.json.
 */
#pragma once

#include "sensor/store/store_view.h"

/*
 * All, or those whose name is `item` or below it, or whose address is `item` (NULL is all): by
 * device, then by item. An error of the store's, or ERR_MEMORY.
 */
MUST_USE enum err device_contacts(struct store_view *view, const char *item, bool as_json);
