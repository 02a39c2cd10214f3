/* What people have decided, and what it did: for the report of a run and for commands of its own.
 */
#pragma once

#include "sensor/base/json.h"
#include "sensor/base/language.h"
#include "sensor/judge/judge.h"

#include <stdio.h>

/* Members of the object that is being written; left out when there is nothing to say. */
void decisions_report_json(struct json *j, const struct judge_decided *decided, nanotime now);

/* The same as lines for people. */
void decisions_report_text(const struct judge_decided *decided, nanotime now, FILE *out);

/*
 * What people should look at again: rules that are set aside, and what has expired at `now`; how
 * many such things. In each of the `languages` from `first` on.
 */
unsigned decisions_report_health(const struct judge_config *config,
				 const struct decisions *decisions, nanotime now,
				 enum language first, unsigned languages, FILE *out);

/* One suppression as an object, and for people in two lines. */
void suppression_json(struct json *j, const struct suppression_use *use, nanotime now);
void suppression_text(const struct suppression_use *use, nanotime now, FILE *out);

/* "in_force" … */
const char *suppression_state_text(enum suppression_state state);
