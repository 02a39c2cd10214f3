/*
 * Who is on the network: one entry for one machine, found by its MAC where the wire shows it, by
 * its address where it does not (behind a router, on a link without MACs). What comes with another
 * MAC is known again where its name and its ways prove it (device_join.h).
 *
 * Owner: the judge. One thread. Bounded by judge.devices; the longest unseen is forgotten first.
 * Numbers are given in order of discovery and never again, so they are the same in each run; they
 * outlive the process with the devices.
 */
#pragma once

#include "sensor/base/address.h"
#include "sensor/base/kept_table.h"
#include "sensor/base/nanotime.h"
#include "sensor/config/config.h"
#include "sensor/fact/fact.h"

enum { DEVICE_NONE = 0, DEVICE_ADDRESSES_MAX = 8, DEVICE_TRAIT_LEN = 160, DEVICE_FORMER_MAX = 3 };

#define DEVICE_NUMBER_MOST (UINT32_MAX / 2)

/*
 * What a device says of its make without being asked, as it said it last: for a guess at its system
 * and for knowing it again behind another random MAC. Read today by the report of a case (vendor
 * class) alone.
 */
enum device_trait {
	DEVICE_VENDOR_CLASS,     /* DHCP option 60, or DHCPv6's */
	DEVICE_DHCP_FINGERPRINT, /* sensor/dialogue/dhcp_fingerprint.h */
	DEVICE_SYN_SIGNATURE,    /* sensor/hello/syn_signature.h */
	DEVICE_DESCRIPTION,      /* of system or product, by SSDP, LLDP or CDP */
	DEVICE_TRAITS,
};

/* What the office says of it (device_labels.h). */
enum device_kind {
	DEVICE_KIND_UNTOLD,
	DEVICE_KIND_OFFICE,
	DEVICE_KIND_PRIVATE,
	DEVICE_KIND_GUEST,
	DEVICE_KINDS,
};

struct device_label {
	char label[64]; /* UTF-8; "" is not told, like below */
	char place[48];
	char owner[48];
	uint8_t kind; /* enum device_kind */
};

struct device {
	uint32_t number;
	bool has_mac;
	struct mac mac;      /* the one it was seen with last */
	bool is_router;      /* other hosts' packets come from its MAC */
	bool is_shared_name; /* another machine has told the same: its name proves nothing */
	bool is_likely;      /* known again by what two could have in common: may turn out two */
	struct mac former[DEVICE_FORMER_MAX]; /* others of its MACs, latest first */
	uint32_t former_count;
	struct device_label given;
	struct address addresses[DEVICE_ADDRESSES_MAX]; /* latest first */
	uint32_t address_count;
	char names[DEVICE_NAME_SOURCES][FACT_HOST_LEN]; /* as it told them; "" is not told */
	char traits[DEVICE_TRAITS][DEVICE_TRAIT_LEN];   /* cut at the end; "" is not told */
	nanotime first_seen;
	nanotime last_seen;
};

struct devices;

MUST_USE enum err devices_new(struct devices **out, const struct judge_config *config);
void devices_free(struct devices *devices);

/*
 * `mac` carried a packet from or to `outside`. With a second network it is a router's: addresses it
 * carries say nothing about its own. (One alone may be the host's own global IPv6 network.)
 */
void devices_note_outside(struct devices *devices, const struct mac *mac,
			  const struct address *outside);

/* Whether that was found of `mac`. */
bool devices_is_router(struct devices *devices, const struct mac *mac);

/*
 * The machine that sent from `address` with `mac` (zero when unknown), made when new. Borrowed
 * until the next call.
 */
const struct device *devices_see(struct devices *devices, const struct address *address,
				 const struct mac *mac, nanotime when);

/* The machine that holds `address`, or NULL. Borrowed likewise. */
const struct device *devices_at(struct devices *devices, const struct address *address);

const struct device *devices_get(struct devices *devices, uint32_t number);

/* It told its own name: perhaps before it has an address (DHCP). */
void devices_name(struct devices *devices, const struct fact_device_name *told, nanotime when);

/*
 * Who has `mac` (zero when not told), made when new, or holds `address` (unspecified likewise) told
 * something of its make.
 */
struct device_description {
	struct mac mac;
	struct address address;
	enum device_trait trait;
	const char *text;
};
void devices_describe(struct devices *devices, const struct device_description *told,
		      nanotime when);

struct device_labels;

/* Between two facts: `labels` (NULL is none) from now on, borrowed like those before. */
void devices_use_labels(struct devices *devices, const struct device_labels *labels);

/*
 * Two devices that turned out to be one since this was asked last: `from` is nobody's number any
 * more, all of it is `into`'s. False when there is none (any more).
 */
struct device_joined {
	uint32_t from;
	uint32_t into;
};
bool devices_joined(struct devices *devices, struct device_joined *out);

/* What of it outlives the process; `struct devices` is the owner. */
extern const struct kept_table devices_kept[];

/* After the last kept row: what refers to a device finds it, or says nothing. */
void devices_settle(struct devices *devices);

/*
 * A device that was known when the process ended, from what else was kept: a crash came before its
 * own row. Nothing when its number is taken or the machine is known by another.
 */
void devices_adopt(struct devices *devices, const struct device *device);

/* For what was kept elsewhere: numbers, counts, flags and texts are what they can be. */
bool device_is_sound(const struct device *device);

/* The last number given; devices_skip_to() gives none up to `number` any more. */
uint32_t devices_last_number(const struct devices *devices);
void devices_skip_to(struct devices *devices, uint32_t number);

uint32_t devices_count(const struct devices *devices);

/* How many had to make room for others. */
uint64_t devices_forgotten(const struct devices *devices);
