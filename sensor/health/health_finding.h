/*
 * What can be wrong with what the sensor sees, and one instance of it with the figures that it
 * rests on. Plain values.
 */
#pragma once

#include "sensor/base/nanotime.h"

#include <stdbool.h>

/* Most important first: a person reads them in this order. */
enum health_code {
	HEALTH_INTERFACE_MISSING, /* no such interface */
	HEALTH_INTERFACE_DOWN,    /* no cable, or switched off */
	HEALTH_STORE_READ_ONLY,
	HEALTH_STORE_FULL,
	HEALTH_NO_PACKETS,
	HEALTH_ONLY_BROADCAST, /* a plain switch port, not a mirror */
	HEALTH_ONE_DIRECTION,  /* one side of the conversations */
	HEALTH_PPPOE_SIDE,     /* between the router and the modem */
	HEALTH_CARRIER_TUNNEL, /* likewise, of a line with IPv4 in IPv6 */
	HEALTH_AFTER_NAT,      /* behind the router, seen from the office */
	HEALTH_MISSING_VLAN,   /* of a VLAN the broadcasts alone */
	HEALTH_DROPS,          /* by the kernel: this machine was too slow */
	HEALTH_CARD_TOO_SLOW,  /* by the card, or a link of 100 Mbit/s */
	HEALTH_SHED,           /* by the sensor: packets that were counted and not looked into */
	HEALTH_DUPLICATES,     /* each packet twice */
	HEALTH_OFFLOADS,       /* packets joined by the card or kernel */
	HEALTH_CLOCK_UNSYNCHRONISED,
	HEALTH_CLOCK_STEP,
	HEALTH_GAP, /* the sensor was not running */
	HEALTH_LIST_EXPIRED,
	HEALTH_LIST_REFUSED, /* a set could not be used: the one before it is, or none */
	HEALTH_LIST_OLD,
	HEALTH_DATABASE_REFUSED, /* of places */
	HEALTH_DATABASE_OLD,     /* … which is not asked any more */
	HEALTH_NO_DNS,
	HEALTH_NO_DHCP,
	HEALTH_TAGS_ONE_WAY, /* VLAN tags in one direction alone */
	HEALTH_OWN_TRAFFIC,  /* this machine's own frames on a mirror port */
	HEALTH_CODES,
};

enum health_severity {
	HEALTH_NOTE,    /* worth knowing; nothing is lost by it */
	HEALTH_WARNING, /* a part is not seen, or figures are wrong */
	HEALTH_FAULT,   /* the office is not watched */
};

enum health_figure_code {
	HEALTH_FIGURE_FRAMES,
	HEALTH_FIGURE_UNICAST,
	HEALTH_FIGURE_GROUP,
	HEALTH_FIGURE_ASKS,
	HEALTH_FIGURE_ANSWERS,
	HEALTH_FIGURE_SECONDS,
	HEALTH_FIGURE_ONE_SIDED,
	HEALTH_FIGURE_ONE_SIDED_SHARE,
	HEALTH_FIGURE_ADDRESS_SHARE,
	HEALTH_FIGURE_ROUTED_SHARE,
	HEALTH_FIGURE_CARRIED,
	HEALTH_FIGURE_PLAIN_V4,
	HEALTH_FIGURE_VLAN,
	HEALTH_FIGURE_DROPPED,
	HEALTH_FIGURE_DROPPED_SHARE,
	HEALTH_FIGURE_LINK_MBIT,
	HEALTH_FIGURE_COPIES,
	HEALTH_FIGURE_COPIES_SHARE,
	HEALTH_FIGURE_LONGEST,
	HEALTH_FIGURE_STEP_SECONDS,
	HEALTH_FIGURE_WEB_SERVERS,
	HEALTH_FIGURE_PAIRS,
	HEALTH_FIGURE_OWN,
	HEALTH_FIGURE_AGE_DAYS,
	HEALTH_FIGURE_EXPIRED_DAYS,
	HEALTH_FIGURE_REFUSED,
	HEALTH_FIGURES,
};

enum health_bound { HEALTH_AT_LEAST, HEALTH_AT_MOST, HEALTH_NO_BOUND };

struct health_figure {
	enum health_figure_code code;
	double value; /* shares from 0 to 1 */
	double threshold;
	enum health_bound bound;
};

enum {
	HEALTH_FINDING_FIGURES_MAX = 4,
	HEALTH_NO_INTERFACE = 255,
};

/* Where one code has two sentences. */
enum health_story {
	HEALTH_STORY_USUAL,
	HEALTH_STORY_CLIENTS, /* one direction: what devices send; offloads: the card says so */
	HEALTH_STORY_SERVERS, /* one direction: what they are answered */
	HEALTH_STORY_WITHOUT, /* a refused list: there is none to go on with */
	HEALTH_STORY_GONE,    /* of before a restart, and not found again */
};

struct health_finding {
	enum health_code code;
	enum health_severity severity;
	enum health_story story;
	uint8_t interface; /* HEALTH_NO_INTERFACE: of the machine, or of all of them */
	struct health_figure figures[HEALTH_FINDING_FIGURES_MAX];
	unsigned figure_count;
	nanotime from; /* of a gap; else 0 */
	nanotime until;
};

/* "only_broadcast" ...: the code in JSON and in ids. Never changes. */
const char *health_code_name(enum health_code code);
/* The code of that name; HEALTH_CODES when there is none, for it is of another version. */
enum health_code health_code_named(const char *name);
const char *health_severity_name(enum health_severity severity);
const char *health_figure_name(enum health_figure_code code);

/* True at the first sight of it, and not only when it stays: an interface that is gone. */
bool health_code_is_hard(enum health_code code);

/* It rests on files alone, and so is over as soon as another one is there. */
bool health_code_is_of_files(enum health_code code);
