#include "sensor/courier/intake_group.h"

#include "sensor/delivery/privacy.h"

#include <stdlib.h>
#include <string.h>

bool intake_group_is_full(const struct intake_group *group)
{
	return group->count == INTAKE_GROUP || group->bytes >= INTAKE_GROUP_BYTES;
}

enum err intake_group_add(struct intake_group *group, const struct outbox_row *row, const char *key,
			  const char *body, size_t len)
{
	struct outbox_row *to = &group->rows[group->count];
	char *kept = NULL;
	size_t kept_len = 0;
	enum err err;

	if (!parcel_name_is_good(key))
		return ERR_SYNTAX;
	err = privacy_filter(row->kind, body, len, &kept, &kept_len);
	if (err != ERR_OK)
		return err;
	if (kept_len == 0 || kept_len > PARCEL_BODY_MAX) {
		free(kept);
		return ERR_RANGE;
	}
	*to = *row;
	(void)snprintf(group->keys[group->count], PARCEL_KEY_LEN, "%s", key);
	to->key = group->keys[group->count];
	to->body = kept;
	to->body_len = kept_len;
	group->bodies[group->count++] = kept;
	group->bytes += kept_len;
	return ERR_OK;
}

void intake_group_clear(struct intake_group *group)
{
	for (size_t i = 0; i < group->count; i++)
		free(group->bodies[i]);
	group->count = 0;
	group->bytes = 0;
}
