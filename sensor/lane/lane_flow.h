/* The parts of a lane that its files share. Private to the lane. */
#pragma once

#include "dissectors/tls_hello.h"
#include "sensor/base/slab.h"
#include "sensor/classify/dpi.h"
#include "sensor/hello/stream_window.h"
#include "sensor/lane/agents.h"
#include "sensor/lane/lane.h"
#include "sensor/lane/lane_slot.h"

enum {
	LANE_WINDOWS = 32, /* handshakes in pieces that one lane follows at a time */
};

/* The flow of the record at hand. */
struct lane_flow {
	struct fact_flow flow;
	struct lane_slot *slot;
	uint32_t index; /* of the slot */
};

struct lane {
	const struct lane_config *config;
	struct lane_slot *slots; /* of all lanes; this one's are those of its live flows */
	lane_emit_fn *emit;
	void *emit_arg;
	struct slab *dpi_flows; /* struct lane_dpi */
	struct slab *windows;   /* struct lane_window */
	struct agents *agents;
	struct dpi *dpi;
	struct tls_scratch *scratch;
	struct lane_stats stats;
	struct fact fact; /* under construction */
};

/* What nDPI keeps of one flow stands behind this; see lane_dpi_state(). */
struct lane_dpi {
	uint32_t owner; /* index of its slot */
	uint8_t spare[12];
};

static inline struct dpi_flow *lane_dpi_state(struct lane_dpi *dpi)
{
	return (struct dpi_flow *)(void *)(dpi + 1);
}

struct lane_window {
	uint32_t owner; /* index of its slot */
	struct stream_window stream;
};

/* An address in place of a name says nothing that the packet does not. */
static inline bool lane_is_name(const char *host)
{
	struct address ignored;

	return host[0] != '\0' && host[0] != '[' && address_parse(host, &ignored) != ERR_OK;
}

/* Clears lane->fact and fills what every fact has. */
struct fact *lane_fact(struct lane *lane, const struct lane_record *record, enum fact_kind kind);
void lane_emit(struct lane *lane);

/* Reads services that speak in datagrams: DNS, mDNS, DHCP, NetBIOS. True when it was one. */
bool lane_read_service(struct lane *lane, const struct lane_flow *flow, const struct packet *packet,
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
bool lane_read_hello(struct lane *lane, const struct lane_flow *flow, const struct packet *packet,
		     const struct lane_packet *record);
void lane_drop_window(struct lane *lane, struct lane_slot *slot);

/* Shows the packet to nDPI; true when the protocol was settled just now. */
bool lane_show_dpi(struct lane *lane, const struct lane_flow *flow, const struct packet *packet,
		   const struct lane_packet *record);
/* Settles the protocol by what has been seen, and gives the state back. */
void lane_finish_dpi(struct lane *lane, struct lane_slot *slot);

/* Our own dissector read a message of `service`: nDPI need not look. */
void lane_name_service(struct lane *lane, const struct lane_flow *flow, enum dpi_service service);
/* The same of DNS; `host` is asked for. A response settles the flow's name. */
void lane_name_dns(struct lane *lane, const struct lane_flow *flow, struct span host,
		   bool is_response);
/* Our own dissector read the ClientHello. */
void lane_name_tls(struct lane *lane, const struct lane_flow *flow, struct span sni);
