/* QUIC packets with long headers (RFC 9000 17.2, RFC 9369 3.2, RFC 8999; RFC 9368 versions). */
/*
 * What two ends say before they have keys of their own. Skipped: packets with short headers, which
 * say nothing without keys. Header protection is left on, so the packet number and its length are
 * not known here. Of drafts 23 to 34 and Facebook's of 27 the packets are as in version 1, and so
 * are those of the versions that clients make up to be refused (RFC 9000 15). Of other drafts and
 * of Google's Q046, Q050, T050 and T051 nothing but the version is read. Google's Q043 and older
 * are DISSECT_OTHER.
 */
#pragma once

#include "dissectors/cursor.h"
#include "dissectors/dissect.h"

enum { QUIC_ID_MAX = 20 }; /* of the versions that are read; others may have up to 255 bytes */

enum quic_version {
	QUIC_NEGOTIATION = 0,
	QUIC_V1 = 0x00000001,
	QUIC_V2 = 0x6b3343cf,
};

/* How packets are laid out and protected. */
enum quic_family {
	QUIC_FAMILY_OPAQUE, /* known by its number, and not read any further */
	QUIC_FAMILY_DRAFT_23,
	QUIC_FAMILY_DRAFT_29,
	QUIC_FAMILY_V1, /* also drafts 33 and 34 */
	QUIC_FAMILY_V2,
	QUIC_FAMILY_GREASE, /* made up to be refused: protected as one of the others, it is not said
			     */
};

enum quic_type {
	QUIC_INITIAL,
	QUIC_ZERO_RTT,
	QUIC_HANDSHAKE,
	QUIC_RETRY,
	QUIC_VERSION_NEGOTIATION,
	QUIC_OPAQUE, /* of a version that is not read */
};

/* A span is empty where the type has no such field. */
struct quic_packet {
	uint32_t version; /* 0 in Version Negotiation */
	enum quic_family family;
	enum quic_type type;
	struct span dcid;
	struct span scid;
	struct span token;         /* of an Initial or a Retry */
	struct span integrity;     /* the tag that ends a Retry */
	struct span versions;      /* of Version Negotiation: four bytes each, unchecked */
	uint8_t first_byte;        /* its low four bits are under header protection */
	struct span before_number; /* the header from behind its first byte to its packet number */
	struct span sealed; /* the packet number and what follows, to the end of the packet */
};

/*
 * Takes the next packet of a datagram; ask again while `datagram` holds more. What is left behind
 * the last long header (a short header, or zeros that fill the datagram) is DISSECT_OTHER.
 *
 * DISSECT_OTHER for a version that is not known at all. DISSECT_TRUNCATED when the datagram ends
 * before the packet does. DISSECT_MALFORMED for IDs that the version forbids, or a packet too short
 * to carry anything. Only on DISSECT_OK `out` is set and `datagram` moved; `out` borrows from it.
 */
MUST_USE enum dissect dissect_quic(struct cursor *datagram, struct quic_packet *out);

/* The name of a version that dissect_quic() takes, for people; "unknown" for others. */
const char *quic_version_name(uint32_t version);
