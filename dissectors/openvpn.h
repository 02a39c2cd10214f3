/* OpenVPN (openvpn.net, "OpenVPN Protocol"; draft-openvpn-wireformat): how a tunnel begins. */
/*
 * Skipped: data, and whether HMACs are right. How a server protects its control channel is not
 * said in a packet; it is told by which layout fits, sizes first.
 */
#pragma once

#include "dissectors/cursor.h"
#include "dissectors/dissect.h"

enum { OPENVPN_SESSION_LEN = 8 };

enum openvpn_opcode {
	OPENVPN_RESET_CLIENT_V1 = 1, /* key method 1, long gone */
	OPENVPN_RESET_SERVER_V1 = 2,
	OPENVPN_SOFT_RESET = 3, /* new keys within a tunnel */
	OPENVPN_CONTROL = 4,
	OPENVPN_ACK = 5,
	OPENVPN_DATA_V1 = 6,
	OPENVPN_RESET_CLIENT_V2 = 7,
	OPENVPN_RESET_SERVER_V2 = 8,
	OPENVPN_DATA_V2 = 9,
	OPENVPN_RESET_CLIENT_V3 = 10, /* tls-crypt-v2 */
	OPENVPN_CONTROL_WKC = 11,
};

enum openvpn_protection {
	OPENVPN_PLAIN,
	OPENVPN_TLS_AUTH,
	OPENVPN_TLS_CRYPT, /* also tls-crypt-v2 */
};

/* Of a data packet there are only opcode and key id. */
struct openvpn {
	enum openvpn_opcode opcode;
	uint8_t key_id;
	uint8_t session_id[OPENVPN_SESSION_LEN]; /* the sender's */
	enum openvpn_protection protection;
	uint8_t hmac_len; /* of tls-auth; 0 without */

	/* What tls-crypt hides: zeroes and an empty payload. */
	uint8_t ack_count;
	uint8_t remote_session_id[OPENVPN_SESSION_LEN]; /* zeroes when ack_count is 0 */
	uint32_t packet_id;                             /* 0 in an ACK, which has none */
	struct span payload;                            /* a piece of the TLS session within */

	size_t consumed; /* bytes of the datagram or stream; in a stream a packet may follow */
};

/*
 * One datagram; or a TCP stream that begins with a packet's length. DISSECT_OTHER for another
 * opcode, and for a control packet that no layout fits: sizes are part of the proof, so a datagram
 * that the capture cut mostly is, too. DISSECT_TRUNCATED when it is too short for any. `out` is set
 * only on DISSECT_OK; its payload borrows from the bytes under `in`.
 *
 * Data packets have nothing to be known by. On an unknown port believe only a client's reset that a
 * server's reset answers.
 */
MUST_USE enum dissect dissect_openvpn(struct cursor in, struct openvpn *out);
MUST_USE enum dissect dissect_openvpn_stream(struct cursor stream, struct openvpn *out);

bool openvpn_is_client_reset(const struct openvpn *packet);

/*
 * Whether `server` is the reset that answers the client's: it names the client's session. With
 * tls-crypt the name is hidden, and that the protection is the same must do.
 */
bool openvpn_answers(const struct openvpn *server, const struct openvpn *client);
