#include "tests/support/quic_seal.h"
#include "tests/unit/dialogue/dialogue_bench.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

enum {
	PACKET_MAX = 512,
	HELLO_LEN = 4 + 2 + 32 + 1 + 2 + 4 + 2 + 2 + 14,
	VARINT_TWO = 0x40,
	CRYPTO = 6,
};

/* For a.exa, with two ciphers. */
static const uint8_t hello[HELLO_LEN] =
	"\x01\x00\x00\x3b\x03\x03"
	"0123456789abcdef0123456789abcdef"
	"\x00\x00\x04\x13\x01\x13\x02\x01\x00\x00\x0e\x00\x00\x00\x0a\x00\x08\x00\x00\x05"
	"a.exa";

struct packet_bytes {
	uint8_t bytes[PACKET_MAX];
	size_t len;
};

static const uint8_t dcid[] = { 1, 2, 3, 4, 5, 6, 7, 8 };
static const uint8_t retry_dcid[] = { 8, 7, 6, 5, 4, 3, 2, 1 };

#define V1     "\xc0\x00\x00\x00\x01"
#define GREASE "\xc0\x1a\x2a\x3a\x4a"

/* An Initial with the bytes [from, to) of `message`, sealed with version 1's keys. */
static struct packet_bytes initial_of(const uint8_t *message, const char *version,
				      const uint8_t *id, size_t from, size_t to)
{
	struct packet_bytes packet = { .len = 0 };
	struct quic_keys keys;
	uint8_t header[32];
	uint8_t frames[HELLO_LEN + 32] = { CRYPTO, (uint8_t)from, VARINT_TWO,
					   (uint8_t)(to - from) };
	size_t frames_len = 4 + (to - from) + 16; /* some padding behind it */
	size_t at = 5;

	memcpy(frames + 4, message + from, to - from);
	memcpy(header, version, at);
	header[at++] = sizeof(dcid);
	memcpy(header + at, id, sizeof(dcid));
	at += sizeof(dcid);
	header[at++] = 0; /* no ID of its own */
	header[at++] = 0; /* no token */
	header[at++] = VARINT_TWO;
	header[at++] = (uint8_t)(1 + frames_len + QUIC_SEAL_TAG_LEN);
	header[at++] = 0; /* packet number */
	quic_keys_derive(&keys, QUIC_FAMILY_V1, (struct span){ id, sizeof(dcid) });
	packet.len = quic_seal(&keys, (struct quic_seal_header){ header, at, 1 },
			       (struct span){ frames, frames_len }, packet.bytes);
	return packet;
}

static struct packet_bytes initial(const char *version, const uint8_t *id, size_t from, size_t to)
{
	return initial_of(hello, version, id, from, to);
}

static void expect(const struct dialogue_part *parts, size_t count, const char *lines)
{
	struct dialogue dialogue = { .port = 443, .parts = parts, .count = count, .lines = lines };
	void *state = &dialogue;

	dialogue_run_datagrams(&state);
}

static struct dialogue_part part_of(bool from_client, const struct packet_bytes *packet)
{
	return (struct dialogue_part){ from_client, (const char *)packet->bytes, packet->len };
}

#define INITIAL_LINE "> quic type=initial version=v1\n"
#define HELLO_LINE                                                                       \
	"> tls.client_hello transport=quic version=TLS 1.2 sni=a.exa "                   \
	"ja3=4778b86cd2e167d9eded2c8eba0b72d4 ja4=q12d020100_62ed6f6ca7ad_000000000000 " \
	"ja4_r=q12d020100_1301,1302_\n"

static void one_datagram(void **state)
{
	const struct packet_bytes packet = initial(V1, dcid, 0, HELLO_LEN);
	const struct dialogue_part parts[] = { part_of(true, &packet), part_of(true, &packet) };

	(void)state;
	expect(parts, COUNT(parts), INITIAL_LINE HELLO_LINE);
}

static void at_every_cut(void **state)
{
	(void)state;
	for (size_t cut = 1; cut < HELLO_LEN; cut++) {
		const struct packet_bytes first = initial(V1, dcid, 0, cut);
		const struct packet_bytes second = initial(V1, dcid, cut, HELLO_LEN);
		const struct dialogue_part parts[] = { part_of(true, &first),
						       part_of(true, &second) };
		const struct dialogue_part turned[] = { part_of(true, &second),
							part_of(true, &first) };

		expect(parts, COUNT(parts), INITIAL_LINE HELLO_LINE);
		expect(turned, COUNT(turned), INITIAL_LINE HELLO_LINE);
	}
}

static void anew_after_a_retry(void **state)
{
	const struct packet_bytes before = initial(V1, dcid, 0, HELLO_LEN);
	const struct packet_bytes after = initial(V1, retry_dcid, 0, HELLO_LEN);
	const struct dialogue_part parts[] = {
		part_of(true, &before),
		SERVER("\xf0\x00\x00\x00\x01\x00\x08\x08\x07\x06\x05\x04\x03\x02\x01token"
		       "0123456789abcdef"),
		part_of(true, &after),
	};

	(void)state;
	expect(parts, COUNT(parts), INITIAL_LINE HELLO_LINE "< quic type=retry version=v1\n");
}

#define OTHER_HELLO                                                                      \
	"> tls.client_hello transport=quic version=TLS 1.2 sni=b.exa "                   \
	"ja3=4778b86cd2e167d9eded2c8eba0b72d4 ja4=q12d020100_62ed6f6ca7ad_000000000000 " \
	"ja4_r=q12d020100_1301,1302_"

/* For b.exa, under an ID of its own. */
static struct packet_bytes other_initial(void)
{
	uint8_t message[HELLO_LEN];

	memcpy(message, hello, sizeof(message));
	message[HELLO_LEN - 5] = 'b';
	return initial_of(message, V1, retry_dcid, 0, HELLO_LEN);
}

/* Before anybody has answered: one of the two may have been made to get lost. */
static void another_name_contradicts(void **state)
{
	const struct packet_bytes first = initial(V1, dcid, 0, HELLO_LEN);
	const struct packet_bytes second = other_initial();
	const struct dialogue_part parts[] = { part_of(true, &first), part_of(true, &second),
					       part_of(true, &second) };

	(void)state;
	expect(parts, COUNT(parts), INITIAL_LINE HELLO_LINE OTHER_HELLO " conflict\n");
}

/* Behind an answer it is another connection of the same two sockets. */
static void another_connection(void **state)
{
	const struct packet_bytes first = initial(V1, dcid, 0, HELLO_LEN);
	const struct packet_bytes second = other_initial();
	const struct dialogue_part parts[] = {
		part_of(true, &first),
		SERVER("\xe0\x00\x00\x00\x01\x00\x00\x14"
		       "01234567890123456789"),
		part_of(true, &second),
	};

	(void)state;
	expect(parts, COUNT(parts), INITIAL_LINE HELLO_LINE OTHER_HELLO "\n");
}

/* Each costs keys: whoever makes them up is not listened to for ever. */
static void initials_that_nothing_opens(void **state)
{
	enum { TRIES = 64 };
	struct packet_bytes damaged = initial(V1, dcid, 0, HELLO_LEN);
	const struct packet_bytes good = initial(V1, dcid, 0, HELLO_LEN);
	struct dialogue_part parts[TRIES + 1];

	(void)state;
	damaged.bytes[60] ^= 1;
	for (size_t i = 0; i < TRIES; i++)
		parts[i] = part_of(true, &damaged);
	parts[TRIES] = part_of(true, &good);
	expect(parts, TRIES + 1, INITIAL_LINE);
	expect(parts + 1, TRIES, INITIAL_LINE HELLO_LINE);
}

static void a_version_that_is_refused(void **state)
{
	const struct packet_bytes first = initial(GREASE, dcid, 0, HELLO_LEN);
	const struct dialogue_part parts[] = {
		part_of(true, &first),
		SERVER("\x80\x00\x00\x00\x00\x00\x08\x01\x02\x03\x04\x05\x06\x07\x08"
		       "\x00\x00\x00\x01\x12\x34\x56\x78"),
	};

	(void)state;
	expect(parts, COUNT(parts),
	       "> quic type=initial version=grease\n" HELLO_LINE
	       "< quic type=version_negotiation versions=v1 versions=0x12345678\n");
}

static void what_cannot_be_opened(void **state)
{
	struct packet_bytes damaged = initial(V1, dcid, 0, HELLO_LEN);
	const struct dialogue_part parts[] = {
		part_of(true, &damaged),
		CLIENT(""),
		CLIENT("\xc0\x00\x00\x00\x01"),
		CLIENT("\x40 a short header, of nobody knows what"),
	};

	(void)state;
	damaged.bytes[60] ^= 1;
	expect(parts, COUNT(parts), INITIAL_LINE);
}

static void googles_own(void **state)
{
	const struct dialogue_part parts[] = {
		CLIENT("\xc3Q046\x50\x01\x02\x03\x04\x05\x06\x07\x08\x00\x00\x00\x01"
		       "0123456789abcdef"),
	};

	(void)state;
	expect(parts, COUNT(parts), "> quic type=opaque version=Q046\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_datagram),
		cmocka_unit_test(at_every_cut),
		cmocka_unit_test(anew_after_a_retry),
		cmocka_unit_test(another_name_contradicts),
		cmocka_unit_test(another_connection),
		cmocka_unit_test(initials_that_nothing_opens),
		cmocka_unit_test(a_version_that_is_refused),
		cmocka_unit_test(what_cannot_be_opened),
		cmocka_unit_test(googles_own),
	};

	return cmocka_run_group_tests_name("read_quic", tests, NULL, NULL);
}
