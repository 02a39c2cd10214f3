/* The databases of places.databases, which every command that judges opens alike. */
#pragma once

#include "sensor/app/settings.h"
#include "sensor/geo/place_databases.h"

/*
 * `*out` is NULL where `config` names none; the caller's. What is wrong with a file is told, and no
 * failure: countries and networks are then not known. False after one line when there is no memory.
 * `say` NULL is standard error.
 */
bool place_files_open(const struct config *config, struct place_databases **out,
		      settings_say_fn *say, void *arg);

/* A line for each fault that has come up since; `dbs` NULL is none. */
void place_files_tell(struct place_databases *dbs, settings_say_fn *say, void *arg);

/* For who only checks: tells besides what is out of date by the clock on the wall. */
bool place_files_check(const struct config *config);
