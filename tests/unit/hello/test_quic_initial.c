#include "sensor/hello/quic_initial.h"

#include "dissectors/tls_hello.h"
#include "tests/support/cmocka.h"
#include "tests/support/quic_seal.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>

enum {
	DATAGRAM_MAX = 20000,
	PAYLOAD_LEN = 1162, /* of RFC 9001 A.2, with its padding */
	HELLO_LEN = 241,
	HEADER_MAX = 64,
};

/* RFC 9001 A.2, and RFC 9369 A.2 again. */
static const uint8_t hello[HELLO_LEN] =
	"\x01\x00\x00\xed\x03\x03\xeb\xf8\xfa\x56\xf1\x29\x39\xb9\x58\x4a\x38\x96\x47\x2e\xc4\x0b"
	"\xb8\x63\xcf\xd3\xe8\x68\x04\xfe\x3a\x47\xf0\x6a\x2b\x69\x48\x4c\x00\x00\x04\x13\x01\x13"
	"\x02\x01\x00\x00\xc0\x00\x00\x00\x10\x00\x0e\x00\x00\x0b\x65\x78\x61\x6d\x70\x6c\x65\x2e"
	"\x63\x6f\x6d\xff\x01\x00\x01\x00\x00\x0a\x00\x08\x00\x06\x00\x1d\x00\x17\x00\x18\x00\x10"
	"\x00\x07\x00\x05\x04\x61\x6c\x70\x6e\x00\x05\x00\x05\x01\x00\x00\x00\x00\x00\x33\x00\x26"
	"\x00\x24\x00\x1d\x00\x20\x93\x70\xb2\xc9\xca\xa4\x7f\xba\xba\xf4\x55\x9f\xed\xba\x75\x3d"
	"\xe1\x71\xfa\x71\xf5\x0f\x1c\xe1\x5d\x43\xe9\x94\xec\x74\xd7\x48\x00\x2b\x00\x03\x02\x03"
	"\x04\x00\x0d\x00\x10\x00\x0e\x04\x03\x05\x03\x06\x03\x02\x03\x08\x04\x08\x05\x08\x06\x00"
	"\x2d\x00\x02\x01\x01\x00\x1c\x00\x02\x40\x01\x00\x39\x00\x32\x04\x08\xff\xff\xff\xff\xff"
	"\xff\xff\xff\x05\x04\x80\x00\xff\xff\x07\x04\x80\x00\xff\xff\x08\x01\x10\x01\x04\x80\x00"
	"\x75\x30\x09\x01\x10\x0f\x08\x83\x94\xc8\xf0\x3e\x51\x57\x08\x06\x04\x80\x00\xff\xff";

static const uint8_t dcid_bytes[] = { 0x83, 0x94, 0xc8, 0xf0, 0x3e, 0x51, 0x57, 0x08 };
static const struct span dcid = { dcid_bytes, sizeof(dcid_bytes) };
static const uint8_t retry_bytes[] = { 0xf0, 0x67, 0xa5, 0x50, 0x2a, 0x42, 0x62, 0xb5 };
static const struct span retry_dcid = { retry_bytes, sizeof(retry_bytes) };

/* RFC 9001 A.1 and RFC 9369 A.1, client. */
static const struct quic_keys v1_keys = {
	.key = "\x1f\x36\x96\x13\xdd\x76\xd5\x46\x77\x30\xef\xcb\xe3\xb1\xa2\x2d",
	.iv = "\xfa\x04\x4b\x2f\x42\xa3\xfd\x3b\x46\xfb\x25\x5c",
	.header_key = "\x9f\x50\x44\x9e\x04\xa0\xe8\x10\x28\x3a\x1e\x99\x33\xad\xed\xd2",
};
static const struct quic_keys v2_keys = {
	.key = "\x8b\x1a\x0b\xc1\x21\x28\x42\x90\xa2\x9e\x09\x71\xb5\xcd\x04\x5d",
	.iv = "\x91\xf7\x3e\x23\x51\xd8\xfa\x91\x66\x0e\x90\x9f",
	.header_key = "\x45\xb9\x5e\x15\x23\x5d\x6f\x45\xa6\xb1\x9c\xbc\xb0\x29\x4b\xa9",
};

static const uint8_t v1_header[] = "\xc3\x00\x00\x00\x01\x08\x83\x94\xc8\xf0\x3e\x51\x57\x08\x00"
				   "\x00\x44\x9e\x00\x00\x00\x02";
static const uint8_t v2_header[] = "\xd3\x6b\x33\x43\xcf\x08\x83\x94\xc8\xf0\x3e\x51\x57\x08\x00"
				   "\x00\x44\x9e\x00\x00\x00\x02";

/* Bytes of a datagram under construction, then of the frames in it. */
struct bytes {
	uint8_t data[DATAGRAM_MAX];
	size_t len;
};

static void put(struct bytes *b, const void *data, size_t len)
{
	assert_true(len <= sizeof(b->data) - b->len);
	memcpy(b->data + b->len, data, len);
	b->len += len;
}

static void put_byte(struct bytes *b, unsigned byte)
{
	uint8_t one = (uint8_t)byte;

	put(b, &one, 1);
}

/* In four bytes, whatever it is. */
static void put_varint(struct bytes *b, size_t value)
{
	for (unsigned shift = 24; shift > 0; shift -= 8)
		put_byte(b, (shift == 24 ? 0x80 : 0) | (unsigned)(value >> shift & 0xff));
	put_byte(b, (unsigned)(value & 0xff));
}

static void put_crypto_of(struct bytes *b, const uint8_t *messages, size_t from, size_t to)
{
	put_byte(b, 6);
	put_varint(b, from);
	put_varint(b, to - from);
	put(b, messages + from, to - from);
}

static void put_crypto(struct bytes *b, size_t from, size_t to)
{
	put_crypto_of(b, hello, from, to);
}

static void put_padding(struct bytes *b, size_t len)
{
	for (size_t i = 0; i < len; i++)
		put_byte(b, 0);
}

/* A packet to `id` with these frames; `version` is its first five bytes. */
static void put_initial_of(struct bytes *datagram, const char *version, struct span id,
			   const struct quic_keys *keys, const struct bytes *frames)
{
	struct bytes header = { 0 };

	put(&header, version, 5);
	put_byte(&header, (unsigned)id.len);
	put(&header, id.data, id.len);
	put(&header, "\x00\x03tok", 5);
	put_varint(&header, 1 + frames->len + QUIC_SEAL_TAG_LEN);
	put_byte(&header, 7); /* the packet number */
	assert_true(datagram->len + header.len + frames->len + QUIC_SEAL_TAG_LEN <=
		    sizeof(datagram->data));
	datagram->len += quic_seal(keys, (struct quic_seal_header){ header.data, header.len, 1 },
				   (struct span){ frames->data, frames->len },
				   datagram->data + datagram->len);
}

/* A packet of version 1 to `id` with these frames, sealed with the keys of `keys_id`. */
static void put_initial(struct bytes *datagram, struct span id, struct span keys_id,
			const struct bytes *frames)
{
	struct quic_keys keys;

	quic_keys_derive(&keys, QUIC_FAMILY_V1, keys_id);
	put_initial_of(datagram, "\xc0\x00\x00\x00\x01", id, &keys, frames);
}

struct fixture {
	struct quic_opener *opener;
	struct quic_initial initial;
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	assert_non_null(f);
	assert_int_equal(quic_opener_new(&f->opener), ERR_OK);
	quic_initial_start(&f->initial);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	quic_opener_free(f->opener);
	free(f);
	return 0;
}

/* The bytes get a block of exactly their size, so that ASan sees an over-read. */
static enum dissect add(struct fixture *f, const uint8_t *data, size_t len)
{
	uint8_t *exact = malloc(len > 0 ? len : 1);

	assert_non_null(exact);
	memcpy(exact, data, len);
	enum dissect got = quic_initial_add(&f->initial, f->opener, (struct span){ exact, len });

	free(exact);
	return got;
}

/* One datagram with one packet of these frames. */
static enum dissect add_frames(struct fixture *f, const struct bytes *frames)
{
	struct bytes datagram = { 0 };

	put_initial(&datagram, dcid, dcid, frames);
	return add(f, datagram.data, datagram.len);
}

static void expect_hello(struct fixture *f)
{
	struct span prefix = quic_initial_prefix(&f->initial);
	struct tls_client_hello client;

	assert_int_equal(prefix.len, HELLO_LEN);
	assert_memory_equal(prefix.data, hello, HELLO_LEN);
	assert_int_equal(
		dissect_tls_client_hello_message(cursor_over(prefix.data, prefix.len), &client),
		DISSECT_OK);
	assert_int_equal(client.sni.len, strlen("example.com"));
	assert_memory_equal(client.sni.data, "example.com", client.sni.len);
}

static void keys_are_those_of_the_documents(void **state)
{
	struct quic_keys keys;

	(void)state;
	quic_keys_derive(&keys, QUIC_FAMILY_V1, dcid);
	assert_memory_equal(&keys, &v1_keys, sizeof(keys));
	quic_keys_derive(&keys, QUIC_FAMILY_V2, dcid);
	assert_memory_equal(&keys, &v2_keys, sizeof(keys));
}

/* Draft 29's appendix A.1, and draft 27's with the older salt. */
static void keys_of_drafts(void **state)
{
	struct quic_keys keys;

	(void)state;
	quic_keys_derive(&keys, QUIC_FAMILY_DRAFT_29, dcid);
	assert_memory_equal(keys.key,
			    "\x17\x52\x57\xa3\x1e\xb0\x9d\xea\x93\x66\xd8\xbb\x79\xad\x80\xba",
			    QUIC_KEY_LEN);
	quic_keys_derive(&keys, QUIC_FAMILY_DRAFT_23, dcid);
	assert_memory_equal(keys.key,
			    "\xaf\x7f\xd7\xef\xeb\xd2\x18\x78\xff\x66\x81\x12\x48\x98\x36\x94",
			    QUIC_KEY_LEN);
}

static void open_document(struct fixture *f, const struct quic_keys *keys, const uint8_t *header,
			  const char *want_begin, const char *want_tag)
{
	struct bytes payload = { 0 };
	uint8_t packet[1200];

	put(&payload, "\x06\x00\x40\xf1", 4);
	put(&payload, hello, sizeof(hello));
	put_padding(&payload, PAYLOAD_LEN - payload.len);
	size_t len = quic_seal(keys, (struct quic_seal_header){ header, sizeof(v1_header) - 1, 4 },
			       (struct span){ payload.data, payload.len }, packet);

	/* The tag is over all the rest: it stands for the 1,200 bytes that the document prints. */
	assert_int_equal(len, sizeof(packet));
	assert_memory_equal(packet, want_begin, 32);
	assert_memory_equal(packet + sizeof(packet) - QUIC_SEAL_TAG_LEN, want_tag,
			    QUIC_SEAL_TAG_LEN);
	assert_int_equal(add(f, packet, sizeof(packet)), DISSECT_OK);
	expect_hello(f);
	assert_int_equal(quic_opener_counts(f->opener).opened, 1);
}

static void the_initial_of_rfc_9001(void **state)
{
	open_document(*state, &v1_keys, v1_header,
		      "\xc0\x00\x00\x00\x01\x08\x83\x94\xc8\xf0\x3e\x51\x57\x08\x00\x00\x44\x9e"
		      "\x7b\x9a\xec\x34\xd1\xb1\xc9\x8d\xd7\x68\x9f\xb8\xec\x11",
		      "\xe2\x21\xaf\x44\x86\x00\x18\xab\x08\x56\x97\x2e\x19\x4c\xd9\x34");
}

static void the_initial_of_rfc_9369(void **state)
{
	open_document(*state, &v2_keys, v2_header,
		      "\xd7\x6b\x33\x43\xcf\x08\x83\x94\xc8\xf0\x3e\x51\x57\x08\x00\x00\x44\x9e"
		      "\xa0\xc9\x5e\x82\xff\xe6\x7b\x6a\xbc\xdb\x42\x98\xb4\x85",
		      "\xa1\x8b\x2f\xaa\x74\x5b\x6f\xe1\x89\xcf\x77\x2a\x9f\x84\xcb\xfc");
}

/* As Chrome sends it: frames out of order, PINGs and PADDING between them. */
static void frames_in_disorder(void **state)
{
	struct fixture *f = *state;
	struct bytes frames = { 0 };

	put_crypto(&frames, 200, HELLO_LEN);
	put_byte(&frames, 1);
	put_padding(&frames, 100);
	put_crypto(&frames, 40, 41);
	put_crypto(&frames, 0, 40);
	put_byte(&frames, 1);
	put_crypto(&frames, 30, 120);
	put_padding(&frames, 300);
	put_crypto(&frames, 120, 200);
	put_crypto(&frames, 0, 10);
	assert_int_equal(add_frames(f, &frames), DISSECT_OK);
	expect_hello(f);
	assert_false(quic_initial_conflicts(&f->initial));
}

static void several_datagrams_in_disorder(void **state)
{
	struct fixture *f = *state;
	struct bytes later = { 0 };
	struct bytes first = { 0 };

	put_byte(&later, 1);
	put_crypto(&later, 100, HELLO_LEN);
	put(&first, "\x02\x05\x00\x00\x05", 5); /* an ACK */
	put_crypto(&first, 0, 130);
	assert_int_equal(add_frames(f, &later), DISSECT_TRUNCATED);
	assert_int_equal(add_frames(f, &later), DISSECT_TRUNCATED);
	assert_int_equal(quic_initial_prefix(&f->initial).len, 0);
	assert_int_equal(add_frames(f, &first), DISSECT_OK);
	expect_hello(f);
	assert_int_equal(add_frames(f, &first), DISSECT_TRUNCATED);
}

static void several_initials_in_one_datagram(void **state)
{
	struct fixture *f = *state;
	struct bytes frames[2] = { 0 };
	struct bytes datagram = { 0 };

	put_crypto(&frames[0], 0, 100);
	put_crypto(&frames[1], 100, HELLO_LEN);
	put_initial(&datagram, dcid, dcid, &frames[1]);
	put_initial(&datagram, dcid, dcid, &frames[0]);
	put(&datagram, "\x41 a packet with a short header", 20);
	assert_int_equal(add(f, datagram.data, datagram.len), DISSECT_OK);
	expect_hello(f);
}

/* The server's own ID comes into use before the hello is whole: the keys stay (RFC 9001 5.2). */
static void keys_outlive_the_first_id(void **state)
{
	struct fixture *f = *state;
	struct bytes frames = { 0 };
	struct bytes datagram = { 0 };

	put_crypto(&frames, 0, 100);
	assert_int_equal(add_frames(f, &frames), DISSECT_OK);
	frames.len = 0;
	put_crypto(&frames, 100, HELLO_LEN);
	put_initial(&datagram, retry_dcid, dcid, &frames);
	assert_int_equal(add(f, datagram.data, datagram.len), DISSECT_OK);
	expect_hello(f);
}

static void a_retry_begins_anew(void **state)
{
	struct fixture *f = *state;
	struct bytes frames = { 0 };
	struct bytes datagram = { 0 };

	put_crypto(&frames, 0, 100);
	assert_int_equal(add_frames(f, &frames), DISSECT_OK);
	put_initial(&datagram, retry_dcid, retry_dcid, &frames);
	assert_int_equal(add(f, datagram.data, datagram.len), DISSECT_OK);
	assert_int_equal(quic_initial_prefix(&f->initial).len, 100);
	frames.len = 0;
	datagram.len = 0;
	put_crypto(&frames, 100, HELLO_LEN);
	put_initial(&datagram, retry_dcid, retry_dcid, &frames);
	assert_int_equal(add(f, datagram.data, datagram.len), DISSECT_OK);
	expect_hello(f);
}

/* As RFC 9000 15 has clients do, to see that servers refuse what they do not know. */
static void a_version_made_up_to_be_refused(void **state)
{
	static const enum quic_family families[] = { QUIC_FAMILY_V1, QUIC_FAMILY_DRAFT_29 };
	struct fixture *f = *state;
	struct bytes frames = { 0 };

	put_crypto(&frames, 0, HELLO_LEN);
	for (size_t i = 0; i < ARRAY_LEN(families); i++) {
		struct bytes datagram = { 0 };
		struct quic_keys keys;

		quic_initial_start(&f->initial);
		quic_keys_derive(&keys, families[i], dcid);
		put_initial_of(&datagram, "\xc0\x1a\x2a\x3a\x4a", dcid, &keys, &frames);
		assert_int_equal(add(f, datagram.data, datagram.len), DISSECT_OK);
		expect_hello(f);
		datagram.data[datagram.len - 1] ^= 1;
		quic_initial_start(&f->initial);
		assert_int_equal(add(f, datagram.data, datagram.len), DISSECT_MALFORMED);
	}
}

static void what_no_key_opens(void **state)
{
	struct fixture *f = *state;
	struct bytes frames = { 0 };
	struct bytes datagram = { 0 };

	put_crypto(&frames, 0, HELLO_LEN);
	put_initial(&datagram, retry_dcid, dcid, &frames);
	assert_int_equal(add(f, datagram.data, datagram.len), DISSECT_MALFORMED);
	assert_int_equal(quic_opener_counts(f->opener).unopened, 1);
	assert_int_equal(quic_initial_prefix(&f->initial).len, 0);
}

static void any_changed_byte_is_noticed(void **state)
{
	struct fixture *f = *state;
	struct bytes frames = { 0 };
	struct bytes datagram = { 0 };

	put_crypto(&frames, 0, 60);
	put_initial(&datagram, dcid, dcid, &frames);
	for (size_t at = 0; at < datagram.len; at++) {
		datagram.data[at] ^= 0x20;
		assert_int_not_equal(add(f, datagram.data, datagram.len), DISSECT_OK);
		datagram.data[at] ^= 0x20;
	}
	assert_int_equal(quic_initial_prefix(&f->initial).len, 0);
	assert_int_equal(add(f, datagram.data, datagram.len), DISSECT_OK);
}

static void every_prefix_of_a_datagram(void **state)
{
	struct fixture *f = *state;
	struct bytes frames = { 0 };
	struct bytes datagram = { 0 };

	put_crypto(&frames, 0, 60);
	put_initial(&datagram, dcid, dcid, &frames);
	for (size_t cut = 0; cut < datagram.len; cut++)
		assert_int_equal(add(f, datagram.data, cut),
				 cut == 0 ? DISSECT_OTHER : DISSECT_MALFORMED);
}

static void frames_that_no_initial_carries(void **state)
{
	struct fixture *f = *state;
	struct bytes frames = { 0 };

	put(&frames, "\x08 a stream of an application", 20);
	assert_int_equal(add_frames(f, &frames), DISSECT_MALFORMED);
	frames.len = 0;
	put_crypto(&frames, 0, 100);
	put(&frames, "\x08 a stream of an application", 20);
	assert_int_equal(add_frames(f, &frames), DISSECT_OK);
	assert_int_equal(quic_initial_prefix(&f->initial).len, 100);
}

static void a_frame_far_out_is_left_out(void **state)
{
	struct fixture *f = *state;
	struct bytes frames = { 0 };

	put(&frames,
	    "\x06\xff\xff\xff\xff\xff\xff\xff\xf0\x04"
	    "abcd",
	    14);
	put(&frames,
	    "\x06\xbf\xff\xff\xff\x04"
	    "abcd",
	    10);
	put_padding(&frames, 10);
	assert_int_equal(add_frames(f, &frames), DISSECT_TRUNCATED);
	assert_true(stream_window_went_beyond(&f->initial.crypto));
}

static void bytes_that_disagree(void **state)
{
	struct fixture *f = *state;
	struct bytes frames = { 0 };
	uint8_t other[HELLO_LEN];

	memcpy(other, hello, sizeof(other));
	other[70] ^= 1;
	put_crypto(&frames, 0, HELLO_LEN);
	put_crypto_of(&frames, other, 60, 80);
	assert_int_equal(add_frames(f, &frames), DISSECT_OK);
	expect_hello(f);
	assert_true(quic_initial_conflicts(&f->initial));
}

static void a_packet_too_long(void **state)
{
	struct fixture *f = *state;
	struct bytes frames = { 0 };

	put_crypto(&frames, 0, HELLO_LEN);
	put_padding(&frames, QUIC_PAYLOAD_MAX - frames.len);
	assert_int_equal(add_frames(f, &frames), DISSECT_MALFORMED);
	assert_int_equal(quic_opener_counts(f->opener).too_long, 1);
	frames.len -= 1 + QUIC_SEAL_TAG_LEN;
	assert_int_equal(add_frames(f, &frames), DISSECT_OK);
	expect_hello(f);
}

static void what_is_not_an_initial(void **state)
{
	static const char handshake[] = "\xe0\x00\x00\x00\x01\x00\x00\x14"
					"0123456789abcdefghij";
	static const char q046[] = "\xc3Q046anything";
	struct fixture *f = *state;

	assert_int_equal(add(f, (const uint8_t *)handshake, sizeof(handshake) - 1),
			 DISSECT_TRUNCATED);
	assert_int_equal(add(f, (const uint8_t *)q046, sizeof(q046) - 1), DISSECT_OTHER);
	assert_int_equal(add(f, (const uint8_t *)"GET / HTTP", 10), DISSECT_OTHER);
}

static void no_more_packets_than_are_looked_at(void **state)
{
	struct fixture *f = *state;
	struct bytes frames = { 0 };
	struct bytes datagram = { 0 };

	put_padding(&frames, 20);
	for (int i = 0; i < QUIC_PACKETS_MAX; i++)
		put_initial(&datagram, dcid, dcid, &frames);
	put_crypto(&frames, 0, 100);
	put_initial(&datagram, dcid, dcid, &frames);
	assert_int_equal(add(f, datagram.data, datagram.len), DISSECT_TRUNCATED);
	assert_int_equal(quic_opener_counts(f->opener).opened, QUIC_PACKETS_MAX);
}

static size_t allocations;
static size_t allocations_max = SIZE_MAX; /* those after it fail */

static void *counting_malloc(size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return allocations++ < allocations_max ? malloc(size) : NULL;
}

static void *counting_realloc(void *block, size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return allocations++ < allocations_max ? realloc(block, size) : NULL;
}

static void counting_free(void *block, const char *file, int line)
{
	(void)file;
	(void)line;
	free(block);
}

static void libcrypto_takes_no_memory_for_a_packet(void **state)
{
	struct fixture *f = *state;
	struct bytes frames = { 0 };
	struct bytes datagrams[2] = { 0 };

	put_crypto(&frames, 0, HELLO_LEN);
	put_initial(&datagrams[0], dcid, dcid, &frames);
	put_initial(&datagrams[1], retry_dcid, dcid, &frames);
	assert_true(allocations > 0); /* they are counted */
	allocations = 0;
	for (int i = 0; i < 8; i++) {
		quic_initial_start(&f->initial);
		assert_int_equal(quic_initial_add(&f->initial, f->opener,
						  (struct span){ datagrams[i % 2].data,
								 datagrams[i % 2].len }),
				 i % 2 == 0 ? DISSECT_OK : DISSECT_MALFORMED);
	}
	assert_int_equal(allocations, 0);
}

/* Whichever of libcrypto's allocations fails first, there is no opener and nothing is lost. */
static void without_memory_there_is_no_opener(void **state)
{
	enum err err = ERR_MEMORY;

	(void)state;
	for (size_t limit = 0; err != ERR_OK; limit++) {
		struct quic_opener *opener = NULL;

		allocations = 0;
		allocations_max = limit;
		err = quic_opener_new(&opener);
		allocations_max = SIZE_MAX;
		assert_true(err == ERR_OK || err == ERR_MEMORY || err == ERR_MISSING);
		assert_int_equal(opener != NULL, err == ERR_OK);
		assert_true(limit > 0 || err != ERR_OK);
		quic_opener_free(opener);
	}
}

static void an_opener_may_be_none(void **state)
{
	(void)state;
	quic_opener_free(NULL);
}

#define WITH_FIXTURE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_are_those_of_the_documents),
		cmocka_unit_test(keys_of_drafts),
		WITH_FIXTURE(the_initial_of_rfc_9001),
		WITH_FIXTURE(the_initial_of_rfc_9369),
		WITH_FIXTURE(frames_in_disorder),
		WITH_FIXTURE(several_datagrams_in_disorder),
		WITH_FIXTURE(several_initials_in_one_datagram),
		WITH_FIXTURE(keys_outlive_the_first_id),
		WITH_FIXTURE(a_retry_begins_anew),
		WITH_FIXTURE(a_version_made_up_to_be_refused),
		WITH_FIXTURE(what_no_key_opens),
		WITH_FIXTURE(any_changed_byte_is_noticed),
		WITH_FIXTURE(every_prefix_of_a_datagram),
		WITH_FIXTURE(frames_that_no_initial_carries),
		WITH_FIXTURE(a_frame_far_out_is_left_out),
		WITH_FIXTURE(bytes_that_disagree),
		WITH_FIXTURE(a_packet_too_long),
		WITH_FIXTURE(what_is_not_an_initial),
		WITH_FIXTURE(no_more_packets_than_are_looked_at),
		WITH_FIXTURE(libcrypto_takes_no_memory_for_a_packet),
		cmocka_unit_test(without_memory_there_is_no_opener),
		cmocka_unit_test(an_opener_may_be_none),
	};

	/* Before libcrypto's first use, or it refuses. */
	if (CRYPTO_set_mem_functions(counting_malloc, counting_realloc, counting_free) != 1)
		return EXIT_FAILURE;
	return cmocka_run_group_tests_name("quic_initial", tests, NULL, NULL);
}
