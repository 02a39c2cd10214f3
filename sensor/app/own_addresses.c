#include "sensor/app/own_addresses.h"

#include <ifaddrs.h>
#include <netinet/in.h>
#include <sys/socket.h>

static bool address_of(const struct sockaddr *socket_address, struct address *out)
{
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;

	if (!socket_address)
		return false;
	if (socket_address->sa_family == AF_INET) {
		memcpy(&v4, socket_address, sizeof(v4));
		*out = address_v4((const uint8_t *)&v4.sin_addr);
		return true;
	}
	if (socket_address->sa_family == AF_INET6) {
		memcpy(&v6, socket_address, sizeof(v6));
		*out = address_v6(v6.sin6_addr.s6_addr);
		return true;
	}
	return false;
}

enum err own_addresses_read(struct network_config *out)
{
	struct ifaddrs *all;
	enum err err = ERR_OK;

	*out = (struct network_config){ 0 };
	if (getifaddrs(&all) != 0)
		return ERR_MISSING;
	for (const struct ifaddrs *one = all; one && err == ERR_OK; one = one->ifa_next) {
		struct prefix prefix = { .bits = ADDRESS_LEN * 8 };

		if (address_of(one->ifa_addr, &prefix.address) &&
		    !address_is_loopback(&prefix.address) &&
		    !network_config_holds(out, &prefix.address))
			err = network_config_add(out, &prefix);
	}
	freeifaddrs(all);
	return err;
}
