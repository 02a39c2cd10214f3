/* The file of judge.decisions, which every command that judges reads alike. */
#pragma once

#include "sensor/app/settings.h"
#include "sensor/config/decisions.h"

/*
 * Reads the file that `config` names into `*out`, NULL when it names none; the caller's, freed with
 * decisions_free(). False after a line for each fault; `say` NULL is standard error.
 */
bool decisions_file_read(const struct config *config, struct decisions **out, settings_say_fn *say,
			 void *arg);
