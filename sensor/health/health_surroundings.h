/*
 * What decides with the packets whether the sensor sees what it should, and is not in them: the
 * interfaces, the clock, the store, the sensor's own queues. Plain values; whoever has them fills
 * them in. All zero is a capture file: nothing of it is known.
 *
 * surroundings_of_*() ask the kernel. Any thread.
 */
#pragma once

#include "sensor/base/address.h"
#include "sensor/base/nanotime.h"
#include "sensor/config/config.h"

#include <stddef.h>

enum { HEALTH_DRIVER_LEN = 32 };

enum health_link {
	HEALTH_LINK_UNKNOWN, /* a file */
	HEALTH_LINK_UP,
	HEALTH_LINK_DOWN,
	HEALTH_LINK_MISSING,
};

/* What is not known, or not asked, is so too when it is 0. */
enum health_answer { HEALTH_UNKNOWN, HEALTH_YES, HEALTH_NO };

enum health_store {
	HEALTH_STORE_UNKNOWN,
	HEALTH_STORE_GOOD,
	HEALTH_STORE_NO_ROOM,
	HEALTH_STORE_NO_WRITING
};

struct health_interface {
	char name[INTERFACE_NAME_LEN];
	enum health_link link;
	bool is_outside;   /* capture.outside: the internet is behind it */
	uint64_t received; /* in the window, without what was dropped */
	uint64_t dropped_kernel;
	uint64_t dropped_interface;
	uint32_t mtu;                     /* bytes; 0 is unknown */
	uint32_t speed_mbit;              /* 0 is unknown: many virtual ones */
	enum health_answer joins_packets; /* GRO, LRO, GSO or TSO is on */
	char driver[HEALTH_DRIVER_LEN];
};

/*
 * How old is what the sensor judges by: signed sets, and databases of places. Times are 0 where
 * there is none, or none that says. Those who asked for none have nothing to be told of.
 */
struct health_lists {
	uint64_t entries; /* bad ones, of all sets */
	nanotime made;    /* of the oldest set … */
	nanotime expires; /* … and of the one that does so first */
	bool has_refused; /* a set that was found could not be used: the one before is, or none */
	nanotime built;   /* of the oldest database */
	nanotime oldest;  /* a database built longer ago is not asked (places.oldest) */
	uint32_t databases_refused; /* missing, damaged or cut short */
};

struct health_surroundings {
	bool is_live;
	enum capture_place place; /* of meaning when live */
	size_t interface_count;   /* at most INTERFACES_MAX; a file has one without a name */
	struct health_interface interfaces[INTERFACES_MAX];
	enum health_answer clock_synchronised;
	double clock_step_seconds; /* the greatest in the window; below 0 is back */
	enum health_store store;
	uint64_t shed;     /* packets in the window that a full queue kept from a lane */
	nanotime gap_from; /* the sensor did not run; both 0 for none */
	nanotime gap_until;
	struct health_lists lists;
};

/*
 * Link, MTU, speed and driver of the interface that `out` names, as /sys tells. What is not there
 * stays 0; an interface that is not is HEALTH_LINK_MISSING.
 */
void surroundings_of_interface(struct health_interface *out);

/*
 * Whether the kernel or the card join its packets (SIOCETHTOOL). Opens a socket for the call, so
 * it is for `hinomi doctor`, and not for behind the guard.
 */
void surroundings_of_offloads(struct health_interface *out);

/* Whether something keeps the clock right, by adjtimex(), which changes nothing. */
enum health_answer surroundings_of_clock(void);

/* The MACs of all interfaces of this machine, at most `room`; returns how many. */
size_t surroundings_own_macs(struct mac *out, size_t room);
