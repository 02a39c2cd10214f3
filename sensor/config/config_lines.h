/*
 * All options in force as text, one a line, "beacon.period_least=30s": what a capsule holds of the
 * configuration, and what differs from it. Pure; any thread.
 */
#pragma once

#include "sensor/config/options.h"

void config_lines_write(const struct config *config, FILE *out);

/* A line that does not hold here: its name (or what stands in its place) and why not. */
typedef void config_line_fn(void *arg, const char *name, const char *why);

/*
 * Sets what the lines say, over what `config` holds. Paths are left as they are: what is written
 * elsewhere names no file here. Told are options that this version does not have, or not with that
 * value. False when the text is no lines at all.
 */
bool config_lines_read(struct config *config, const char *lines, size_t len, config_line_fn *told,
		       void *arg);

/* The next option from `*at`, which begins as 0, that differs, paths apart; NULL is none. */
const struct option *config_next_difference(const struct config *a, const struct config *b,
					    size_t *at);

/* Sets in `to` one option as it is in `from`. */
void config_take_option(struct config *to, const struct config *from, const struct option *option);

/* Its value in `config`, as a line has it; cut when `out` is too short. */
void config_option_text(const struct config *config, const struct option *option, char *out,
			size_t room);
