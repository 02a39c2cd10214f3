/*
 * Where the sensor stands, and what it sees there that is not to be judged: its own traffic on a
 * mirror port; at a gateway what passes a second time on the outside (nat_twins.h) or from one
 * inside network into another (routed_twins.h), and what is of the wire outside alone.
 *
 * Own traffic is told by the innermost addresses: a mirror that is sent to this machine in a tunnel
 * is taken apart before. One thread: the capture thread.
 */
#pragma once

#include "sensor/config/config.h"
#include "sensor/flow/flow_table.h"
#include "sensor/flow/nat_twins.h"

struct vantage;

struct vantage_setup {
	const struct config *config;      /* borrowed, likewise the next two */
	const struct network_config *own; /* this machine's addresses to leave out; NULL is none */
	const struct flow_table *flows;
	uint8_t outside;         /* a bit for each interface behind which the internet is */
	bool has_several;        /* there are others than one inside: routed between them */
	nat_release_fn *release; /* of what was held back; never within vantage_totals() */
	void *release_arg;
};

struct vantage_totals {
	uint64_t own_traffic;  /* packets of this machine, or of network.own */
	uint64_t nat_twins;    /* packets outside that were kept inside */
	uint64_t routed_twins; /* packets that a gateway passed on between inside networks */
	uint64_t outside_wire; /* packets of the wire outside alone: ARP, DHCP … */
};

/* `*out` is NULL where everything is judged: most captures of files. ERR_MEMORY. */
MUST_USE enum err vantage_new(struct vantage **out, const struct vantage_setup *setup);

/* NULL is fine. */
void vantage_free(struct vantage *vantage);

/*
 * Whether `packet` of that interface is to be judged now. What was held back and is due is released
 * before the answer.
 */
bool vantage_admits(struct vantage *vantage, unsigned interface, const struct packet *packet);

/* No packet earlier than `now` will come. */
void vantage_pass_time(struct vantage *vantage, nanotime now);

/* All that is held back is released. */
void vantage_release_all(struct vantage *vantage);

struct vantage_totals vantage_totals(const struct vantage *vantage);

/*
 * Which of the interfaces are outside, by capture.outside. False, with the name that is none of
 * capture.interfaces in `*unknown` (borrowed from `config`).
 */
bool vantage_outside_of(const struct capture_config *config, uint8_t *outside,
			const char **unknown);
