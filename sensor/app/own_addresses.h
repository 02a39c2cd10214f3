/*
 * The addresses of this machine, which a sensor on a mirror port leaves out, as the kernel tells
 * them: rtnetlink(7), RFC 3549. All at start, then each that comes or goes: an address by DHCP
 * after boot, a new prefix of IPv6.
 *
 * The socket is opened and asked before guard_seal(). Behind it nothing is left to write to it by,
 * so that it only hears; and nobody but the kernel is believed. One thread: the capture thread.
 */
#pragma once

#include "dissectors/cursor.h"
#include "sensor/config/config.h"

enum { OWN_ADDRESSES_MAX = CONFIG_PREFIXES_MAX };

/* One address on two interfaces is there until both have lost it. */
struct own_address {
	uint32_t interface; /* the kernel's index */
	struct address address;
};

struct own_addresses {
	int fd; /* -1: not opened */
	size_t count;
	struct own_address known[OWN_ADDRESSES_MAX];
	struct network_config networks; /* the same, each as a network of its own */
	bool is_full;                   /* there are more: the first are known */
	bool has_lost; /* more came at once than the socket holds: some may be missing */
};

/*
 * Those of all interfaces but loopback. ERR_MISSING when the kernel does not say.
 * own_addresses_close() in any case.
 */
MUST_USE enum err own_addresses_open(struct own_addresses *own);

/* What the kernel has told since; true when `networks` changed. Never waits. */
bool own_addresses_follow(struct own_addresses *own);

/* Messages of the kernel, one behind the other; true when `networks` changed. What is cut ends it.
 */
bool own_addresses_take(struct own_addresses *own, struct span messages);

void own_addresses_close(struct own_addresses *own);
