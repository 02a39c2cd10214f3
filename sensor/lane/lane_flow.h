/* The parts of a lane that its files share. Private to the lane. */
#pragma once

#include "sensor/base/slab.h"
#include "sensor/classify/dpi.h"
#include "sensor/dialogue/session.h"
#include "sensor/lane/agents.h"
#include "sensor/lane/lane.h"
#include "sensor/lane/lane_shape.h"
#include "sensor/lane/lane_slot.h"
#include "sensor/lane/services.h"

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
	struct sessions *sessions;
	struct agents *agents;
	struct lane_shapes shapes;
	struct dpi *dpi;
	struct lane_stats stats;
	struct hearing hearing;        /* of the packet at hand */
	const struct lane_flow *heard; /* likewise */
	bool has_named;                /* it gave its flow a name */
	bool has_asked;                /* it was of DNS, and told */
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

/* An address in place of a name says nothing that the packet does not. */
static inline bool lane_is_name(const char *host)
{
	struct address ignored;

	return host[0] != '\0' && host[0] != '[' && address_parse(host, &ignored) != ERR_OK;
}

/* Begins a fact in lane->hearing, with what every fact has but its flow. */
struct fact *lane_fact(struct lane *lane, const struct lane_record *record, enum fact_kind kind);
void lane_emit(struct lane *lane);

/* Reads what is said in datagrams, and names flows by it. */
void lane_read_service(struct lane *lane, const struct lane_flow *flow, const struct packet *packet,
		       const struct lane_record *record);

/* Reads packets of no flow: ARP, LLDP, CDP. */
void lane_read_link(struct lane *lane, const struct packet *packet,
		    const struct lane_record *record);
/* The signature of the stack that sent this SYN. */
void lane_read_syn(struct lane *lane, const struct packet *packet,
		   const struct lane_record *record);
/* Reads what hosts say besides TCP and UDP: neighbours, groups, pings. */
void lane_read_control(struct lane *lane, const struct packet *packet,
		       const struct lane_record *record);

/* Counts what broke its specification; true when the message is to be read. */
static inline bool lane_is_readable(struct lane *lane, enum dissect result)
{
	return hearing_is_readable(&lane->hearing, result);
}

/* Reads what is said in a TCP flow. The packet is that of lane->hearing. */
void lane_hear_session(struct lane *lane, const struct lane_flow *flow, const struct packet *packet,
		       const struct lane_packet *record);
void lane_drop_session(struct lane *lane, struct lane_slot *slot);

/* For the hearing and the sessions: `arg` is the lane. */
void lane_told(void *arg, const struct fact *fact);
void lane_session_gone(void *arg, uint32_t owner);

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
/* The server has chosen a version that seals its certificate: nDPI has nothing to see. */
void lane_note_sealed(struct lane_slot *slot);
/* The same over QUIC: nDPI need not look. */
void lane_name_quic(struct lane *lane, const struct lane_flow *flow, struct span sni,
		    struct span alpn);
