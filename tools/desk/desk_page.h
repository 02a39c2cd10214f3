/*
 * The rangers' page: plain HTML without a script. Whatever a sensor said is escaped, so that the
 * name of a device stays a name. Within desk_begin() and its end.
 */
#pragma once

#include "sensor/base/language.h"
#include "tools/desk/desk_store_sqlite.h"

#include <stdio.h>

/* Who needs help, open cases, all sensors. */
void desk_page_write(struct desk_store *store, enum language language, int64_t now, FILE *out);

/* One case with its explanation; false: there is none. */
bool desk_page_case(struct desk_store *store, const char *sensor, const char *id,
		    enum language language, FILE *out);
