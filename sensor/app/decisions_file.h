/* The file of judge.decisions, which every command that judges reads alike. */
#pragma once

#include "sensor/app/settings.h"
#include "sensor/config/decisions.h"

/*
 * Reads the file that `config` names, and `rangers` if there is such a file (NULL: there is none),
 * into `*out`, NULL when there is neither; the caller's, freed with decisions_free(). A fault of
 * the rangers' leaves it out and is told. False after a line for each fault of the office's own;
 * `say` NULL is standard error.
 */
bool decisions_file_read(const struct config *config, const char *rangers, struct decisions **out,
			 settings_say_fn *say, void *arg);
