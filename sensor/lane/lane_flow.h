/* What a lane keeps of a live flow, and the parts of a lane its files share. Private to the lane.
 */
#pragma once

#include "dissectors/tls_hello.h"
#include "sensor/base/slab.h"
#include "sensor/classify/dpi.h"
#include "sensor/hello/stream_window.h"
#include "sensor/lane/lane.h"

enum {
	LANE_WINDOWS = 32, /* handshakes in pieces that one lane follows at a time */
};

enum hello_state {
	HELLO_AWAITED, /* no client payload read yet */
	HELLO_PARTIAL, /* begun; the rest is awaited */
	HELLO_SETTLED, /* read, or none of ours */
};

struct lane_flow {
	struct fact_flow flow;
	uint32_t names; /* in lane.names; 0 while nothing is known */
	struct flow_ref ref;
	uint32_t dpi;    /* in lane.dpi_flows; 0 is none */
	uint32_t window; /* in lane.windows; 0 is none */
	uint32_t client_first_sequence;
	bool has_first_sequence;
	bool client_is_low;
	bool is_dpi_done;
	uint8_t hello; /* enum hello_state */

	/* A check-in whose hello is not whole yet: told when the name is known. */
	bool has_pending;
	nanotime pending_time;
	struct fact_check_in pending;
};

struct lane {
	const struct lane_config *config;
	lane_emit_fn *emit;
	void *emit_arg;
	uint32_t capacity;
	uint32_t *flow_of; /* by index of the flow table: handle in `flows`; 0 is none */
	struct slab *flows;
	struct slab *names; /* struct fact_names: apart, because most flows of a flood have none */
	struct slab *dpi_flows; /* struct lane_dpi */
	struct slab *windows;   /* struct lane_window */
	struct dpi *dpi;
	struct tls_scratch *scratch;
	struct lane_stats stats;
	struct fact fact; /* under construction */
};

/* What nDPI keeps of one flow stands behind this; see lane_dpi_state(). */
struct lane_dpi {
	uint32_t owner; /* handle in lane.flows */
	uint8_t spare[12];
};

static inline struct dpi_flow *lane_dpi_state(struct lane_dpi *dpi)
{
	return (struct dpi_flow *)(void *)(dpi + 1);
}

struct lane_window {
	uint32_t owner; /* handle in lane.flows */
	struct stream_window stream;
};

/* An address in place of a name says nothing that the packet does not. */
static inline bool lane_is_name(const char *host)
{
	struct address ignored;

	return host[0] != '\0' && host[0] != '[' && address_parse(host, &ignored) != ERR_OK;
}

/* The flow's names to write into, made when new. */
static inline struct fact_names *lane_names(struct lane *lane, struct lane_flow *flow)
{
	if (flow->names == 0)
		flow->names = slab_take(lane->names); /* there is one for each flow */
	return slab_at(lane->names, flow->names);
}

/* Clears lane->fact and fills what every fact has. */
struct fact *lane_fact(struct lane *lane, const struct lane_record *record, enum fact_kind kind);
void lane_emit(struct lane *lane);

/* Reads services that speak in datagrams: DNS, mDNS, DHCP, NetBIOS. True when it was one. */
bool lane_read_service(struct lane *lane, struct lane_flow *flow, const struct packet *packet,
		       const struct lane_record *record);

/* Reads who is whose neighbour: ARP, and IPv6 neighbour discovery. */
void lane_read_arp(struct lane *lane, const struct packet *packet,
		   const struct lane_record *record);
void lane_read_ndp(struct lane *lane, const struct packet *packet,
		   const struct lane_record *record);

/* Counts what broke its specification; true when the message is to be read. */
static inline bool lane_is_readable(struct lane *lane, enum dissect result)
{
	lane->stats.malformed += result == DISSECT_MALFORMED;
	return result == DISSECT_OK;
}

/* Reads the client's first words; true when a name was read just now. */
bool lane_read_hello(struct lane *lane, struct lane_flow *flow, const struct packet *packet);
void lane_drop_window(struct lane *lane, struct lane_flow *flow);

/* Shows the packet to nDPI; true when the protocol was settled just now. */
bool lane_show_dpi(struct lane *lane, uint32_t handle, const struct packet *packet,
		   const struct lane_packet *record);
/* Settles the protocol by what has been seen, and gives the state back. */
void lane_finish_dpi(struct lane *lane, struct lane_flow *flow);
