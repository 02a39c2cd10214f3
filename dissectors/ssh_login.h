/* How an encrypted SSH login ends, by the lengths of its packets (RFC 4252 5, RFC 4253 10). */
/*
 * A guess. It rests on what the protocol fixes: SERVICE_ACCEPT has 17 bytes, USERAUTH_SUCCESS one,
 * and each packet is filled up to its cipher's block, so that of the same cipher and MAC a success
 * is 16 bytes shorter than the SERVICE_ACCEPT, the server's first answer, was; 8 where the shortest
 * packet of RFC 4253 6 is kept to for chacha20 as well, as Dropbear does. Nothing else that a
 * server says during a login is as short. Its refusals are all of one length, because each repeats
 * the methods that may go on. Researchers have described this, and Zeek uses the first half.
 *
 * A first request too short to hold a password is taken for the query "none", which most clients
 * begin with and which is no attempt. A key that is offered and refused is one. A server's last
 * words "too many failures" stand for a refusal, and count as one only when they are as long.
 *
 * Where it fails: compression from the start ("zlib"), and senders that pad at random or put
 * several packets into one segment. A login without a success that was seen counts as accepted once
 * more packets follow than a login needs. A user name of more than 12 characters makes "none" look
 * like a password. A question of keyboard-interactive as long as a refusal counts as one.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum ssh_outcome {
	SSH_LOGIN_UNKNOWN, /* too early, or nothing was tried, or it cannot be told */
	SSH_LOGIN_FAILED,  /* up to now; a next attempt may still be accepted */
	SSH_LOGIN_ACCEPTED,
};

/* Starts as all zeros; private to ssh_login.c. */
struct ssh_login {
	uint16_t service; /* lengths: of the server's SERVICE_ACCEPT, */
	uint16_t request; /* of the client's first request behind it, */
	uint16_t refusal; /* of the server's refusals, */
	uint16_t reply;   /* and of its last words since the client's last; 0 for none */
	uint16_t refusals;
	uint8_t other_replies; /* in a row */
	bool has_spoken;       /* the client, under encryption */
	bool is_accepted;
	bool is_unreadable;
};

/*
 * What one TCP segment carries, in the order of the stream and each byte once, from behind the
 * direction's own NEWKEYS; a segment without payload is none.
 */
void ssh_login_add(struct ssh_login *login, bool from_client, uint32_t payload_len);

enum ssh_outcome ssh_login_outcome(const struct ssh_login *login);

/* What the server refused so far, without the query "none". */
unsigned ssh_login_attempts(const struct ssh_login *login);
