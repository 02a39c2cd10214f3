/*
 * A text on a boot partition that says how to enrol, for who sets a sensor up without a keyboard:
 *
 *   # from your rangers
 *   code = 7K3ZW-…
 *   url = https://desk.example.jp/
 *
 * One thread.
 */
#pragma once

#include "sensor/courier/enrol.h"

struct enrol_file {
	char code[ENROL_CODE_LEN];
	char url[CONFIG_PATH_LEN];
	bool is_used; /* the code was taken out by enrol_file_used() */
	int fd;       /* stays open, for who loses the right to open it; -1 is read-only or none */
	long code_at; /* where the code stands, and … */
	size_t code_len;
};

/*
 * `problem` is one line that names file and line, and says what to do: ERR_IO, ERR_SYNTAX. Closed
 * with enrol_file_close().
 */
MUST_USE enum err enrol_file_open(struct enrol_file *out, const char *path,
				  char problem[static ENROL_PROBLEM_LEN]);
/* Writes over the code. False when the file is read-only: a person has to remove it. */
bool enrol_file_used(struct enrol_file *file);
void enrol_file_close(struct enrol_file *file);
