/* What `hinomi doctor` says at its end: right, wrong or not known, and why. */
#pragma once

#include "sensor/app/language_option.h"
#include "sensor/health/health_check.h"

#include <stdio.h>

enum doctor_verdict {
	DOCTOR_RIGHT,
	DOCTOR_WRONG,      /* a fault or a warning was found */
	DOCTOR_TOO_LITTLE, /* nothing was found, and not enough seen for that to mean something */
};

struct doctor_report {
	bool as_json;
	struct language_choice languages; /* of what is printed for people */
};

/* Prints all of it to `out`. */
enum doctor_verdict doctor_report_print(const struct doctor_report *report,
					const struct health_view *view, FILE *out);
