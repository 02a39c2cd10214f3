/*
 * A case laid open, for a ranger who wants to know why, or an owner who doubts it: each condition
 * with what was measured, what made it more or less likely, which harmless explanations were tried,
 * what would make it harmless, what could not be seen, and what to do first.
 */
#pragma once

#include "sensor/case/case.h"
#include "sensor/case/case_words.h"

#include <stdio.h>

/* `languages` is how many of enum language are told, from `first` on. */
void case_explain(const struct case_record *c, const struct case_view *view, enum language first,
		  unsigned languages, FILE *out);
