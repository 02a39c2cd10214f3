#include "sensor/detect/windows_roles.h"

#include <string.h>

enum err windows_roles_new(struct lru_map **out, uint32_t count)
{
	return lru_map_new(out, count, sizeof(struct address), sizeof(struct windows_role));
}

static struct windows_role *role_of(struct lru_map *roles, const struct address *address)
{
	bool is_new;

	return lru_map_touch(roles, address, &is_new);
}

/* It gives out tickets, or logs others in. */
static bool shows_controller(const struct fact_message *message)
{
	const char *interface;

	switch (message->message) {
	case MESSAGE_KERBEROS:
		interface = attributes_text(&message->said, ATTRIBUTE_MESSAGE);
		return !message->is_from_client &&
		       (strcmp(interface, "AS-REP") == 0 || strcmp(interface, "TGS-REP") == 0);
	case MESSAGE_LDAP_PING:
		return !message->is_from_client;
	case MESSAGE_DCERPC_REQUEST:
		interface = attributes_text(&message->said, ATTRIBUTE_INTERFACE);
		return strcmp(interface, "netlogon") == 0;
	default:
		return false;
	}
}

void windows_roles_learn(struct lru_map *roles, const struct observation *seen)
{
	const struct fact_flow *flow = &seen->fact->flow;

	if (seen->direction != DIRECTION_LATERAL || !shows_controller(&seen->fact->message))
		return;
	role_of(roles, &flow->server)->is_controller = true;
	role_of(roles, &flow->client)->is_member = true;
}

void windows_roles_administers(struct lru_map *roles, const struct address *address, nanotime when)
{
	struct windows_role *role = role_of(roles, address);
	nanotime day = when - when % NANOTIME_DAY;

	if (role->days > 0 && role->last_day == day)
		return;
	role->last_day = day;
	if (role->days < UINT32_MAX)
		role->days++;
}

struct windows_role windows_role_of(struct lru_map *roles, const struct address *address)
{
	const struct windows_role *role = lru_map_find(roles, address);

	return role ? *role : (struct windows_role){ 0 };
}

bool windows_role_is_sound(const void *key, const void *value)
{
	const struct windows_role *role = value;

	(void)key;
	return kept_are_flags(&role->is_controller, 1) && kept_are_flags(&role->is_member, 1);
}

bool windows_pair_is_sound(const struct windows_pair *pair)
{
	return pair->client != 0 && !address_is_unspecified(&pair->server);
}
