#include "sensor/capture/pcapng_file.h"

#include "tests/support/cmocka.h"
#include "tests/unit/capture/capture_bytes.h"

#include <stdlib.h>
#include <string.h>

enum { FRAMES_MAX = 4, LEN = 60, BINARY = 0x80 };

struct want_frame {
	nanotime time;
	uint32_t len;
	uint32_t wire_len;
	uint32_t link_type;
	uint8_t number; /* what its bytes are full of */
};

struct pcapng_case {
	const char *name;
	void (*put)(struct capture_bytes *b);
	size_t want_count;
	struct want_frame want[FRAMES_MAX];
	uint64_t want_clamped;
};

static void put_two_interfaces(struct capture_bytes *b)
{
	put_section(b);
	put_interface(b, LINK_ETHERNET, 96, 9);
	put_interface(b, LINK_LINUX_SLL, 262144, BINARY | 10);
	put_enhanced(b, 1, 5632, LEN, 1);
	put_enhanced(b, 0, 6 * NANOTIME_SECOND + 7, LEN + 1, 2);
	put_enhanced(b, 1, 4096, 0, 3); /* of no bytes, and back in time */
}

static void put_section_of_one(struct capture_bytes *b, unsigned link_type, unsigned number)
{
	put_section(b);
	put_interface(b, link_type, 0, 0);
	put_enhanced(b, 0, UINT64_C(1000000) * number, LEN, number);
}

static void put_sections(struct capture_bytes *b)
{
	bool was_little = b->is_little;

	put_section_of_one(b, LINK_RAW, 1);
	b->is_little = !was_little;
	put_section_of_one(b, LINK_ETHERNET, 2);
	b->is_little = was_little;
	put_section_of_one(b, LINK_IPV6, 3);
}

static void put_simple_packets(struct capture_bytes *b)
{
	put_section(b);
	put_interface(b, LINK_ETHERNET, 64, 0);
	put_interface(b, LINK_RAW, 0, 0);
	put_simple(b, LEN, LEN, 1); /* before any time is known */
	put_enhanced(b, 1, 9000000, LEN, 2);
	put_simple(b, 1500, 64, 3); /* cut at the interface's limit */
	put_simple(b, LEN + 1, LEN + 1, 4);
}

static void put_obsolete(struct capture_bytes *b)
{
	put_section(b);
	put_interface(b, LINK_ETHERNET, 0, 0);
	size_t at = begin_block(b, 2);

	put_u16(b, 0);
	put_u16(b, 0xffff); /* packets dropped: not known */
	put_u64(b, 0);
	set_u32(b, b->len - 4, 3000000);
	put_u32(b, LEN);
	put_u32(b, LEN - 1); /* a lie */
	put_fill(b, LEN, 1);
	end_block(b, at);
}

/* Statistics, names and a private block, the last longer than anything that is kept. */
static void put_other_blocks(struct capture_bytes *b)
{
	static const uint32_t types[] = { 4, 5, 10, 0x0bad, 0x80000001, UINT32_MAX, 0 };

	put_section(b);
	put_interface(b, LINK_ETHERNET, 0, 0);
	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		size_t at = begin_block(b, types[i]);

		put_fill(b, 40 * i, 0xff);
		end_block(b, at);
	}
	put_enhanced(b, 0, 1000000, LEN, 1);
}

/* An interface with if_tsoffset, among others that do not matter and without an end of options. */
static void put_offset_interface(struct capture_bytes *b, int64_t offset)
{
	size_t at = begin_block(b, 1);

	put_u16(b, LINK_ETHERNET);
	put_u16(b, 0);
	put_u32(b, 0);
	put_option(b, 2, "lan0", 4);
	put_option(b, 9, "\x00", 1); /* whole seconds */
	put_u16(b, 14);
	put_u16(b, 8);
	put_u64(b, (uint64_t)offset);
	put_option(b, 1, "a note", 6);
	end_block(b, at);
}

static void put_offsets(struct capture_bytes *b)
{
	put_section(b);
	put_offset_interface(b, 1000);
	put_offset_interface(b, -1000);
	put_enhanced(b, 0, 5, LEN, 1);
	put_enhanced(b, 1, 1005, LEN, 2);
	put_enhanced(b, 1, 999, LEN, 3);        /* before 1970 */
	put_enhanced(b, 0, UINT64_MAX, LEN, 4); /* after 2554 */
}

static void put_version_1_2(struct capture_bytes *b)
{
	put_section(b);
	b->data[b->is_little ? 14 : 15] = 2;
}

static struct pcapng_case cases[] = {
	{ "interfaces of differing link types and units",
	  put_two_interfaces,
	  3,
	  { { 5500 * NANOTIME_MILLISECOND, LEN, LEN, LINK_LINUX_SLL, 1 },
	    { 6 * NANOTIME_SECOND + 7, LEN + 1, LEN + 1, LINK_ETHERNET, 2 },
	    { 4 * NANOTIME_SECOND, 0, 0, LINK_LINUX_SLL, 3 } },
	  0 },
	{ "sections of both byte orders",
	  put_sections,
	  3,
	  { { NANOTIME_SECOND, LEN, LEN, LINK_RAW, 1 },
	    { 2 * NANOTIME_SECOND, LEN, LEN, LINK_ETHERNET, 2 },
	    { 3 * NANOTIME_SECOND, LEN, LEN, LINK_IPV6, 3 } },
	  0 },
	{ "simple packets",
	  put_simple_packets,
	  4,
	  { { 0, LEN, LEN, LINK_ETHERNET, 1 },
	    { 9 * NANOTIME_SECOND, LEN, LEN, LINK_RAW, 2 },
	    { 9 * NANOTIME_SECOND, 64, 1500, LINK_ETHERNET, 3 },
	    { 9 * NANOTIME_SECOND, LEN + 1, LEN + 1, LINK_ETHERNET, 4 } },
	  0 },
	{ "an obsolete packet that lies about its wire length",
	  put_obsolete,
	  1,
	  { { 3 * NANOTIME_SECOND, LEN, LEN, LINK_ETHERNET, 1 } },
	  0 },
	{ "blocks that are skipped",
	  put_other_blocks,
	  1,
	  { { NANOTIME_SECOND, LEN, LEN, LINK_ETHERNET, 1 } },
	  0 },
	{ "offsets, and times out of range",
	  put_offsets,
	  4,
	  { { 1005 * NANOTIME_SECOND, LEN, LEN, LINK_ETHERNET, 1 },
	    { 5 * NANOTIME_SECOND, LEN, LEN, LINK_ETHERNET, 2 },
	    { 0, LEN, LEN, LINK_ETHERNET, 3 },
	    { UINT64_MAX, LEN, LEN, LINK_ETHERNET, 4 } },
	  2 },
	{ "version 1.2", put_version_1_2, 0, { { 0 } }, 0 },
};

static struct pcapng_file *over(struct byte_stream **stream, const void *data, size_t len)
{
	struct pcapng_file *file = NULL;

	assert_int_equal(byte_stream_from_memory(stream, (struct span){ .data = data, .len = len }),
			 ERR_OK);
	assert_int_equal(pcapng_file_new(&file, *stream), ERR_OK);
	return file;
}

static void expect_frame(const struct frame *frame, const struct want_frame *want)
{
	assert_int_equal(frame->time, want->time);
	assert_int_equal(frame->bytes.len, want->len);
	assert_int_equal(frame->wire_len, want->wire_len);
	assert_int_equal(frame->link_type, want->link_type);
	for (size_t i = 0; i < want->len; i++)
		assert_int_equal(frame->bytes.data[i], want->number);
}

static void expect_case(const struct pcapng_case *c, const struct capture_bytes *b)
{
	struct byte_stream *stream;
	struct pcapng_file *file = over(&stream, b->data, b->len);
	struct frame frame;

	for (size_t i = 0; i < c->want_count; i++) {
		assert_int_equal(pcapng_file_next(file, &frame), READER_FRAME);
		expect_frame(&frame, &c->want[i]);
	}
	assert_int_equal(pcapng_file_next(file, &frame), READER_END);
	assert_int_equal(pcapng_file_clamped_times(file), c->want_clamped);
	pcapng_file_free(file);
	byte_stream_free(stream);
}

/* A cut gives the first frames of the whole, then an end or a cut. */
static void expect_prefix(const struct pcapng_case *c, const struct capture_bytes *b, size_t cut)
{
	uint8_t *exact = malloc(cut > 0 ? cut : 1);
	struct byte_stream *stream;
	struct frame frame;
	size_t count = 0;
	enum reader_answer last;

	assert_non_null(exact);
	memcpy(exact, b->data, cut);
	struct pcapng_file *file = over(&stream, exact, cut);

	while ((last = pcapng_file_next(file, &frame)) == READER_FRAME) {
		assert_true(count < c->want_count);
		expect_frame(&frame, &c->want[count]);
		count++;
	}
	assert_true(last == READER_END || last == READER_CUT);
	pcapng_file_free(file);
	byte_stream_free(stream);
	free(exact);
}

static void run_case(void **state)
{
	const struct pcapng_case *c = *state;

	for (int is_little = 0; is_little < 2; is_little++) {
		struct capture_bytes b = { .is_little = is_little != 0 };

		c->put(&b);
		expect_case(c, &b);
		for (size_t cut = 0; cut < b.len; cut++)
			expect_prefix(c, &b, cut);
	}
}

/* A packet of the greatest length, with options beyond what is kept of a block. */
static void the_longest_packet_is_read(void **state)
{
	(void)state;
	enum { OPTIONS_LEN = 4096, HEADS_LEN = 256 };
	struct capture_bytes b = { 0 };
	uint8_t *data = calloc(1, HEADS_LEN + READER_PACKET_MAX + OPTIONS_LEN);
	struct byte_stream *stream;
	struct frame frame;

	assert_non_null(data);
	put_section(&b);
	put_interface(&b, LINK_ETHERNET, 0, 0);
	size_t at = b.len;
	uint32_t block_len = 32 + READER_PACKET_MAX + OPTIONS_LEN;

	put_enhanced(&b, 0, 1000000, 0, 0);
	set_u32(&b, at + 4, block_len);
	set_u32(&b, at + 20, READER_PACKET_MAX);
	memcpy(data, b.data, at + 28);
	b.len = 0;
	put_u32(&b, block_len);
	memcpy(data + at + block_len - 4, b.data, 4);

	struct pcapng_file *file = over(&stream, data, at + block_len);

	assert_int_equal(pcapng_file_next(file, &frame), READER_FRAME);
	assert_int_equal(frame.bytes.len, READER_PACKET_MAX);
	assert_int_equal(frame.wire_len, READER_PACKET_MAX);
	assert_int_equal(pcapng_file_next(file, &frame), READER_END);
	pcapng_file_free(file);
	byte_stream_free(stream);
	free(data);
}

static const struct CMUnitTest plain_tests[] = {
	cmocka_unit_test(the_longest_packet_is_read),
};

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(cases) + ARRAY_LEN(plain_tests)];
	size_t count = 0;

	count += ADD_ROWS(tests + count, cases, run_case);
	memcpy(tests + count, plain_tests, sizeof(plain_tests));
	return cmocka_run_group_tests_name("pcapng_file", tests, NULL, NULL);
}
