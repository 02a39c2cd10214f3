#include "sensor/detect/name_servers.h"

enum err name_servers_new(struct lru_map **out, uint64_t devices)
{
	return lru_map_new(out, (uint32_t)devices, sizeof(uint32_t), 1);
}

void name_servers_note(struct lru_map *servers, const struct observation *seen)
{
	bool is_new;

	if (seen->peer_device != 0)
		(void)lru_map_touch(servers, &seen->peer_device, &is_new);
}

bool name_servers_has(struct lru_map *servers, uint32_t device)
{
	return lru_map_find(servers, &device) != NULL;
}

bool dns_is_asked_by_device(const struct observation *seen)
{
	return seen->device != 0 && !seen->is_group && seen->direction != DIRECTION_INBOUND &&
	       seen->direction != DIRECTION_UNKNOWN;
}
