/*
 * What is wrong with a YAML file, told line by line: for the readers of this folder. No one else
 * includes this.
 */
#pragma once

#include "sensor/config/config.h"

#include <yaml.h>

struct yaml_faults {
	config_fault_fn *told;
	void *arg;
	enum err err; /* the first fault's */
	size_t count;
};

void yaml_faults_note(struct yaml_faults *faults, enum err err, const char *fault);

/* With the place before it: "line 3, column 9: …". */
void yaml_faults_at(struct yaml_faults *faults, const yaml_mark_t *mark, const char *why);

/* What libyaml, or the reading of `file`, failed for. */
void yaml_faults_parser(struct yaml_faults *faults, const yaml_parser_t *parser, FILE *file);

/* How many more there were than were told. */
void yaml_faults_end(struct yaml_faults *faults);
