/*
 * Messages that come in a datagram each: read by the port where the protocol has one, else by
 * their first bytes. One thread: the lane's.
 */
#pragma once

#include "sensor/dialogue/hearing.h"

struct session_desk;

/* What a datagram was read as; what a lane may call its flow. */
enum datagram_service {
	DATAGRAM_NONE,
	DATAGRAM_DNS,
	DATAGRAM_MDNS,
	DATAGRAM_LLMNR,
	DATAGRAM_DHCP,
	DATAGRAM_NBNS,
	DATAGRAM_QUIC_AWAITED, /* its hello has begun and is not whole */
	DATAGRAM_QUIC,
	DATAGRAM_OTHER, /* read, but the flow's name is left to nDPI */
};

struct datagram {
	struct hearing *hearing;
	struct session_desk *desk; /* what one lane's readers share */
	struct cursor payload;
	uint16_t source_port;
	uint16_t destination_port;
	bool is_cut; /* by the capture */
};

enum { DATAGRAM_PORTS_MAX = 4 };

struct datagram_reader {
	/* Either side's; 0 ends the list. Without any port, every datagram that nobody took. */
	uint16_t ports[DATAGRAM_PORTS_MAX];

	/* Tells what it understands; DATAGRAM_NONE when it is none of its protocol. */
	enum datagram_service (*read)(const struct datagram *datagram);
};

/* Asks the readers one after the other. */
enum datagram_service datagram_read(const struct datagram *datagram);
