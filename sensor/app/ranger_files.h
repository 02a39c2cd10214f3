/*
 * What the rangers sent, as hinomi-courier left it in courier.folder for the sensor: settings of
 * the enrolment (SETTINGS_ENROLLED), decisions, indicator sets. All of it is checked against the
 * rangers' key before it lies there. The sensor only reads.
 */
#pragma once

#include "sensor/app/settings.h"

#define RANGER_DECISIONS "rangers.yaml"

enum { RANGER_PATH_LEN = CONFIG_PATH_LEN + 32 };

/* Of their decisions, in the form of judge.decisions; the file need not be there. */
void ranger_decisions_path(const struct config *config, char out[static RANGER_PATH_LEN]);

enum { RANGER_SETS = 2 };

/* Of an indicator set or one of common places, `i` below RANGER_SETS; the file need not be there.
 */
void ranger_set_path(const struct config *config, unsigned i, char out[static RANGER_PATH_LEN]);

/* Changes when settings or decisions do, or come, or go. */
uint64_t ranger_files_stamp(const struct config *config);
