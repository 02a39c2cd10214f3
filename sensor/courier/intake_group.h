/* Rows that are put together, and the bodies that they stand on. One thread. */
#pragma once

#include "sensor/courier/intake.h"

struct intake_group {
	struct outbox_row rows[INTAKE_GROUP];
	char keys[INTAKE_GROUP][PARCEL_KEY_LEN];
	char *bodies[INTAKE_GROUP];
	size_t count;
	size_t bytes;
};

/* Whether another row has to wait for the next group. */
bool intake_group_is_full(const struct intake_group *group);

/*
 * Takes `body` through the table of what may leave the office, and with it a copy of `row`, whose
 * key and body are set here. ERR_SYNTAX, ERR_RANGE: it can never be delivered; ERR_MEMORY.
 */
MUST_USE enum err intake_group_add(struct intake_group *group, const struct outbox_row *row,
				   const char *key, const char *body, size_t len);

/* Gives the bodies back. */
void intake_group_clear(struct intake_group *group);
