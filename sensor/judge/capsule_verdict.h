/*
 * A case as text that can be compared: one "name=value" a line, all that was concluded and nothing
 * of how it is worded. Two verdicts are the same when their texts are. Pure.
 */
#pragma once

#include "sensor/case/case.h"

enum { CAPSULE_VERDICT_LEN = 48 << 10, CAPSULE_FIELD_LEN = 128 };

void capsule_verdict_write(const struct case_record *c, struct text *out);

/* The value of a line, "" where there is none. */
void capsule_verdict_field(struct span verdict, const char *name, char *out, size_t room);

/* Where two verdicts part. */
struct capsule_difference {
	char name[CAPSULE_FIELD_LEN];
	char before[CAPSULE_FIELD_LEN]; /* cut where it is longer */
	char now[CAPSULE_FIELD_LEN];
};

/* The first line in which they differ; false when they are the same. */
bool capsule_verdict_differs(struct span before, struct span now, struct capsule_difference *out);
