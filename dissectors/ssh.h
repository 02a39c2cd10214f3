/* SSH before it is encrypted (RFC 4253 4.2, 6, 7.1): identification, packets, KEXINIT. */
/*
 * Skipped: key exchange itself, host keys, padding, and the packets of SSH 1, whose identification
 * is read. How a login ends is guessed in ssh_login.h.
 */
#pragma once

#include "dissectors/cursor.h"
#include "dissectors/dissect.h"

enum {
	SSH_LINE_MAX = 255, /* of the identification, with the end of the line */
	SSH_LINES_MAX = 16, /* that a server may say before it */
	SSH_PACKET_MAX = 35000,
	SSH_COOKIE_LEN = 16,
};

/* RFC 4250 4.1.2: the messages that matter here. */
enum ssh_message {
	SSH_DISCONNECT = 1,
	SSH_KEXINIT = 20,
	SSH_NEWKEYS = 21,
};

/* All text is unchecked. */
struct ssh_identification {
	struct span line;     /* all of it without its end: "SSH-2.0-OpenSSH_9.2p1 Debian-2" */
	struct span version;  /* "2.0"; "1.99" is a server of both */
	struct span software; /* "OpenSSH_9.2p1" */
	struct span comment;  /* "Debian-2"; often empty */
};

/* `message` is what `payload` begins with. */
struct ssh_packet {
	uint8_t message;
	struct span payload;
};

/* Name-lists as they stand: names with commas between them, the best first. */
struct ssh_kexinit {
	struct span cookie; /* SSH_COOKIE_LEN bytes */
	struct span kex;
	struct span host_key;
	struct span encryption_to_server;
	struct span encryption_to_client;
	struct span mac_to_server;
	struct span mac_to_client;
	struct span compression_to_server;
	struct span compression_to_client;
	struct span languages_to_server;
	struct span languages_to_client;
	bool first_kex_follows;
};

/*
 * `stream` is one direction of a connection from its first byte. Lines that a server says first are
 * stepped over only where the identification is there too: alone they may be any protocol's, and
 * DISSECT_OTHER then. DISSECT_MALFORMED: no version in it, or longer than SSH_LINE_MAX.
 *
 * For this and the next: only on DISSECT_OK `out` is set, and `stream` moved behind what was read;
 * spans borrow from it.
 */
MUST_USE enum dissect dissect_ssh_identification(struct cursor *stream,
						 struct ssh_identification *out);

/*
 * The packet that `stream` begins with; ask again up to SSH_NEWKEYS. What comes behind that is
 * encrypted and would be read as nonsense. DISSECT_MALFORMED for lengths that contradict each
 * other.
 */
MUST_USE enum dissect dissect_ssh_packet(struct cursor *stream, struct ssh_packet *out);

/* `payload` is a packet's. DISSECT_OTHER for another message; DISSECT_MALFORMED when it ends early.
 */
MUST_USE enum dissect dissect_ssh_kexinit(struct span payload, struct ssh_kexinit *out);
