/* `hinomi devices`: the rows that a sensor has written, for people or as JSON. */
#pragma once

#include "sensor/store/store_view.h"

/* All, or the one with that number (NULL is all); an error of the store's. */
MUST_USE enum err device_list(struct store_view *view, const char *only, bool as_json);
