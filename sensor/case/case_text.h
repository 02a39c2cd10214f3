/* A case for people at a terminal: what, why, what to do first, and the evidence to check it by. */
#pragma once

#include "sensor/case/case.h"
#include "sensor/case/case_words.h"

#include <stdio.h>

/* How one case is told to people: shortly, or laid open (case_explain.h). */
typedef void tell_case_fn(const struct case_record *c, const struct case_view *view,
			  enum language first, unsigned languages, FILE *out);

/* `languages` is how many of enum language are told, from `first` on. */
void case_text(const struct case_record *c, const struct case_view *view, enum language first,
	       unsigned languages, FILE *out);
