#include "sensor/capture/capture_file.h"

#include "sensor/capture/byte_stream.h"
#include "tests/support/cmocka.h"
#include "tests/unit/capture/capture_bytes.h"

#include <stdlib.h>
#include <string.h>

enum {
	PCAP_HEADER_LEN = 24,
	PACKET_LEN = 60,
	PACKETS = 3,
	SECONDS = 1700000000,
	FRACTION = 123456, /* of the file's own unit */
};

/* Packet i of every capture here: a second after the one before, full of its number. */
static void put_packets(struct capture_bytes *b, size_t head_extra)
{
	for (uint32_t i = 0; i < PACKETS; i++) {
		put_u32(b, SECONDS + i);
		put_u32(b, FRACTION);
		put_u32(b, PACKET_LEN);
		put_u32(b, PACKET_LEN);
		put_fill(b, head_extra, 0xee);
		put_fill(b, PACKET_LEN, i);
	}
}

struct format_case {
	const char *name;
	uint32_t magic; /* 0: pcapng */
	bool is_little;
	nanotime unit;
};

static struct format_case formats[] = {
	{ "pcap, microseconds, big endian", PCAP_MAGIC, false, 1000 },
	{ "pcap, microseconds, little endian", PCAP_MAGIC, true, 1000 },
	{ "pcap, nanoseconds, big endian", PCAP_MAGIC_NANO, false, 1 },
	{ "pcap, nanoseconds, little endian", PCAP_MAGIC_NANO, true, 1 },
	{ "pcap, Kuznetzov, big endian", PCAP_MAGIC_KUZNETZOV, false, 1000 },
	{ "pcap, Kuznetzov, little endian", PCAP_MAGIC_KUZNETZOV, true, 1000 },
	{ "pcapng, big endian", 0, false, 1000 },
	{ "pcapng, little endian", 0, true, 1000 },
};

static struct capture_bytes build(const struct format_case *c)
{
	struct capture_bytes b = { .is_little = c->is_little };

	if (c->magic != 0) {
		put_pcap_header(&b, c->magic, LINK_ETHERNET);
		put_packets(&b, c->magic == PCAP_MAGIC_KUZNETZOV ? 8 : 0);
		return b;
	}
	put_section(&b);
	put_interface(&b, LINK_ETHERNET, 0, 0);
	for (uint32_t i = 0; i < PACKETS; i++)
		put_enhanced(&b, 0, (uint64_t)(SECONDS + i) * 1000000 + FRACTION, PACKET_LEN, i);
	return b;
}

static struct capture_file *over(const void *data, size_t len)
{
	struct byte_stream *stream = NULL;
	struct capture_file *file = NULL;

	assert_int_equal(
		byte_stream_from_memory(&stream, (struct span){ .data = data, .len = len }),
		ERR_OK);
	assert_int_equal(capture_file_from_stream(&file, stream), ERR_OK);
	return file;
}

/* Reads every frame, checked against what put_packets() made; answers how many there were. */
static size_t read_packets(struct capture_file *file, nanotime unit, enum capture_read *last)
{
	struct frame frame;
	size_t count = 0;

	for (;;) {
		*last = capture_file_next(file, &frame);
		if (*last != CAPTURE_FRAME)
			break;
		assert_int_equal(frame.time, (SECONDS + count) * NANOTIME_SECOND + FRACTION * unit);
		assert_int_equal(frame.link_type, LINK_ETHERNET);
		assert_int_equal(frame.wire_len, PACKET_LEN);
		assert_int_equal(frame.bytes.len, PACKET_LEN);
		for (size_t i = 0; i < PACKET_LEN; i++)
			assert_int_equal(frame.bytes.data[i], count);
		count++;
	}
	assert_int_equal(capture_file_next(file, &frame), *last);
	assert_int_equal(*last == CAPTURE_FAILED, capture_file_reason(file)[0] != '\0');
	return count;
}

static void expect_whole(const void *data, size_t len, nanotime unit)
{
	struct capture_file *file = over(data, len);
	enum capture_read last;

	assert_int_equal(read_packets(file, unit, &last), PACKETS);
	assert_int_equal(last, CAPTURE_END);
	assert_int_equal(capture_file_consumed(file), len);
	assert_int_equal(capture_file_size(file), len);
	assert_int_equal(capture_file_clamped_times(file), 0);
	capture_file_free(file);
}

static void is_read(void **state)
{
	const struct format_case *c = *state;
	struct capture_bytes b = build(c);
	uint8_t packed[2 * CAPTURE_BYTES_MAX];

	expect_whole(b.data, b.len, c->unit);
	expect_whole(packed, pack_gzip(b.data, b.len, packed, sizeof(packed)), c->unit);
	expect_whole(packed, pack_zstd(b.data, b.len, packed, sizeof(packed)), c->unit);
}

/* Each cut gets a block of exactly that size, so that ASan sees an over-read. */
static size_t read_prefix(const void *data, size_t cut, nanotime unit, char *reason)
{
	uint8_t *exact = malloc(cut > 0 ? cut : 1);
	enum capture_read last;

	assert_non_null(exact);
	memcpy(exact, data, cut);
	struct capture_file *file = over(exact, cut);
	size_t count = read_packets(file, unit, &last);

	(void)snprintf(reason, CAPTURE_REASON_MAX, "%s", capture_file_reason(file));
	capture_file_free(file);
	free(exact);
	return count;
}

/* The reason that a cut at `cut` must give; "" where only whole packets stand before it. */
static void want_reason(const struct format_case *c, const struct capture_bytes *b, size_t cut,
			char *reason)
{
	size_t packet_len = PACKET_LEN + 16;

	if (c->magic == PCAP_MAGIC_KUZNETZOV)
		packet_len += 8;
	if (c->magic == 0)
		packet_len = PACKET_LEN + 32;

	size_t header_len = b->len - PACKETS * packet_len;
	size_t whole = cut < header_len ? 0 : (cut - header_len) / packet_len;
	bool is_boundary = cut >= header_len && (cut - header_len) % packet_len == 0;

	if (c->magic == 0 && (cut == 28 || cut == header_len)) /* after a block of the header */
		is_boundary = true;
	if (cut == 0)
		(void)snprintf(reason, CAPTURE_REASON_MAX, "empty file");
	else if (cut < 4)
		(void)snprintf(reason, CAPTURE_REASON_MAX,
			       "not a capture file (pcap or pcapng expected)");
	else if (is_boundary)
		reason[0] = '\0';
	else
		(void)snprintf(reason, CAPTURE_REASON_MAX, "truncated at packet %zu", whole + 1);
}

static void every_prefix_is_told(void **state)
{
	const struct format_case *c = *state;
	struct capture_bytes b = build(c);

	for (size_t cut = 0; cut < b.len; cut++) {
		char want[CAPTURE_REASON_MAX];
		char got[CAPTURE_REASON_MAX];

		(void)read_prefix(b.data, cut, c->unit, got);
		want_reason(c, &b, cut, want);
		assert_string_equal(got, want);
	}
}

static void every_packed_prefix_is_told(void **state)
{
	const struct format_case *c = *state;
	struct capture_bytes b = build(c);
	uint8_t packed[2][2 * CAPTURE_BYTES_MAX];
	size_t lens[2] = { pack_gzip(b.data, b.len, packed[0], sizeof(packed[0])),
			   pack_zstd(b.data, b.len, packed[1], sizeof(packed[1])) };

	for (size_t form = 0; form < 2; form++)
		for (size_t cut = 4; cut < lens[form]; cut++) {
			char want[CAPTURE_REASON_MAX];
			char got[CAPTURE_REASON_MAX];
			size_t count = read_prefix(packed[form], cut, c->unit, got);

			(void)snprintf(want, sizeof(want), "truncated at packet %zu", count + 1);
			assert_string_equal(got, want);
		}
}

/* One packet of a pcap whose head is given, and the frame that comes of it. */
struct head_case {
	const char *name;
	uint32_t link_type;
	uint32_t seconds;
	uint32_t fraction;
	uint32_t wire_len;
	uint32_t want_link_type;
	nanotime want_time;
	uint32_t want_wire_len;
	uint32_t want_clamped;
};

static struct head_case heads[] = {
	{ "a wire length over the captured one", 1, 1, 0, 1500, 1, NANOTIME_SECOND, 1500, 0 },
	{ "a wire length under the captured one", 1, 1, 0, 3, 1, NANOTIME_SECOND, PACKET_LEN, 0 },
	{ "raw IP as libpcap writes it", 101, 0, 0, 60, LINK_RAW, 0, 60, 0 },
	{ "raw IP as some others do", 12, 0, 0, 60, LINK_RAW, 0, 60, 0 },
	{ "OpenBSD loopback", 108, 0, 0, 60, LINK_LOOP, 0, 60, 0 },
	{ "BSD loopback", 0, 0, 0, 60, LINK_NULL, 0, 60, 0 },
	{ "Linux cooked, second version", 276, 0, 0, 60, LINK_LINUX_SLL2, 0, 60, 0 },
	{ "a link type that decode refuses", 147, 0, 0, 60, 147, 0, 60, 0 },
	{ "a time after 2038", 1, 0xfffffffe, 5, 60, 1, 0xfffffffe * NANOTIME_SECOND + 5000, 60,
	  0 },
	{ "a fraction over a second", 1, 7, 1000000, 60, 1, 8 * NANOTIME_SECOND - 1, 60, 1 },
	{ "a fraction below zero", 1, 7, 0xffffffff, 60, 1, 8 * NANOTIME_SECOND - 1, 60, 1 },
};

static void head_is_read(void **state)
{
	const struct head_case *c = *state;

	for (int is_little = 0; is_little < 2; is_little++) {
		struct capture_bytes b = { .is_little = is_little != 0 };
		struct frame frame;

		put_pcap_header(&b, PCAP_MAGIC, c->link_type);
		put_pcap_packet(&b, c->seconds, c->fraction, PACKET_LEN, 0);
		set_u32(&b, PCAP_HEADER_LEN + 12, c->wire_len);
		struct capture_file *file = over(b.data, b.len);

		assert_int_equal(capture_file_next(file, &frame), CAPTURE_FRAME);
		assert_int_equal(frame.link_type, c->want_link_type);
		assert_int_equal(frame.time, c->want_time);
		assert_int_equal(frame.bytes.len, PACKET_LEN);
		assert_int_equal(frame.wire_len, c->want_wire_len);
		assert_int_equal(capture_file_clamped_times(file), c->want_clamped);
		capture_file_free(file);
	}
}

int main(void)
{
	struct CMUnitTest tests[3 * ARRAY_LEN(formats) + ARRAY_LEN(heads)];
	size_t count = 0;

	for (size_t i = 0; i < ARRAY_LEN(formats); i++) {
		static void (*const runs[])(void **) = { is_read, every_prefix_is_told,
							 every_packed_prefix_is_told };

		for (size_t run = 0; run < ARRAY_LEN(runs); run++)
			tests[count++] = (struct CMUnitTest){ .name = formats[i].name,
							      .test_func = runs[run],
							      .initial_state = &formats[i] };
	}
	count += ADD_ROWS(tests + count, heads, head_is_read);
	return cmocka_run_group_tests_name("capture_file", tests, NULL, NULL);
}
