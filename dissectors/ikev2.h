/* IKEv2 (RFC 7296; fragments RFC 7383), and of IKEv1 (RFC 2408 and 2409) the header and payloads.
 */
/*
 * Skipped: key exchanges, nonces, identities, the data of notifications, attributes but the key
 * length, everything encrypted, and the proposals of IKEv1, which are laid out in another way.
 */
#pragma once

#include "dissectors/cursor.h"
#include "dissectors/dissect.h"

enum {
	IKE_SPI_LEN = 8,
	IKE_PAYLOADS_MAX = 16,
	IKE_TRANSFORMS_MAX = 8,
	IKE_NOTIFIES_MAX = 8,
	IKE_VENDOR_IDS_MAX = 8,
};

enum ike_exchange {
	IKE_V1_BASE = 1,
	IKE_V1_MAIN = 2, /* identity protection */
	IKE_V1_AUTHENTICATION = 3,
	IKE_V1_AGGRESSIVE = 4,
	IKE_V1_INFORMATIONAL = 5,
	IKE_V1_TRANSACTION = 6,
	IKE_V1_QUICK = 32,
	IKE_V1_NEW_GROUP = 33,
	IKE_SA_INIT = 34,
	IKE_AUTH = 35,
	IKE_CREATE_CHILD_SA = 36,
	IKE_INFORMATIONAL = 37,
	IKE_SESSION_RESUME = 38,
	IKE_GSA_AUTH = 39,
	IKE_GSA_REGISTRATION = 40,
	IKE_GSA_REKEY = 41,
	IKE_INTERMEDIATE = 43,
	IKE_FOLLOWUP_KE = 44,
};

/* Of IKEv2, but for the three of IKEv1. */
enum ike_payload {
	IKE_V1_PAYLOAD_SA = 1,
	IKE_V1_PAYLOAD_NOTIFY = 11,
	IKE_V1_PAYLOAD_VENDOR_ID = 13,
	IKE_PAYLOAD_SA = 33,
	IKE_PAYLOAD_KE = 34,
	IKE_PAYLOAD_NONCE = 40,
	IKE_PAYLOAD_NOTIFY = 41,
	IKE_PAYLOAD_VENDOR_ID = 43,
	IKE_PAYLOAD_ENCRYPTED = 46,
	IKE_PAYLOAD_FRAGMENT = 53,
};

enum ike_transform_type {
	IKE_TRANSFORM_ENCRYPTION = 1,
	IKE_TRANSFORM_PRF = 2,
	IKE_TRANSFORM_INTEGRITY = 3,
	IKE_TRANSFORM_GROUP = 4, /* Diffie-Hellman */
	IKE_TRANSFORM_ESN = 5,
};

enum ike_notify_type {
	IKE_NOTIFY_INVALID_KE_PAYLOAD = 17,
	IKE_NOTIFY_NO_PROPOSAL_CHOSEN = 14,
	IKE_NOTIFY_AUTHENTICATION_FAILED = 24,
	IKE_NOTIFY_NAT_DETECTION_SOURCE = 16388,
	IKE_NOTIFY_NAT_DETECTION_DESTINATION = 16389,
	IKE_NOTIFY_COOKIE = 16390,
};

struct ike_transform {
	uint8_t type;      /* mostly of enum ike_transform_type */
	uint16_t id;       /* as IANA numbers those of the type */
	uint16_t key_bits; /* 0 where the cipher has but one length */
};

struct ikev2 {
	uint8_t initiator_spi[IKE_SPI_LEN];
	uint8_t responder_spi[IKE_SPI_LEN]; /* zeroes in the first message */
	uint8_t major;                      /* 1 or 2 */
	uint8_t exchange;                   /* of enum ike_exchange */
	bool is_from_initiator;             /* IKEv2: who began the SA sent this */
	bool is_response;                   /* IKEv2 */
	bool is_encrypted;                  /* then the payloads kept are those in front */
	uint32_t message_id;

	/* In order; of each more are left out. */
	uint8_t payload_count;
	uint8_t payloads[IKE_PAYLOADS_MAX]; /* mostly of enum ike_payload */
	uint8_t transform_count;            /* of IKEv2's proposals */
	struct ike_transform transforms[IKE_TRANSFORMS_MAX];
	uint8_t notify_count;
	uint16_t notifies[IKE_NOTIFIES_MAX]; /* types, mostly of enum ike_notify_type */
	uint8_t vendor_id_count;
	struct span vendor_ids[IKE_VENDOR_IDS_MAX];
};

/*
 * One datagram of port 500, or of port 4500 behind its marker. DISSECT_OTHER for a version or
 * exchange that is none of the above, or an initiator's SPI of zero; DISSECT_TRUNCATED when the
 * datagram is shorter than it says; DISSECT_MALFORMED for payloads that do not fit. Bytes behind
 * the message are ignored. `out` is set only on DISSECT_OK; its vendor ids borrow from the bytes
 * under `in`.
 */
MUST_USE enum dissect dissect_ikev2(struct cursor in, struct ikev2 *out);

/*
 * On port 4500 (RFC 3948 2.2) four zero bytes mark IKE, and are eaten. False, with nothing eaten,
 * without them: then it is ESP, or a lone 0xff that keeps a NAT's entry alive.
 */
bool ikev2_skip_marker(struct cursor *in);
