#include "sensor/capture/pcapng_file.h"

#include "tests/support/cmocka.h"
#include "tests/unit/capture/capture_bytes.h"

#include <stdlib.h>
#include <string.h>

enum { LEN = 60, DAMAGE_MAX = 128 };

/* A capture that is refused; no whole packet stands before the damage. */
struct damage_case {
	const char *name;
	void (*put)(struct capture_bytes *b);
	const char *want;
};

/* A section's interfaces are its own. */
static void put_interface_of_another_section(struct capture_bytes *b)
{
	put_section(b);
	put_interface(b, LINK_ETHERNET, 0, 0);
	put_section(b);
	put_enhanced(b, 0, 0, LEN, 1);
}

static void put_simple_without_interface(struct capture_bytes *b)
{
	put_section(b);
	put_simple(b, LEN, LEN, 1);
}

static void put_simple_too_short(struct capture_bytes *b)
{
	put_section(b);
	put_interface(b, LINK_ETHERNET, 0, 0);
	put_simple(b, LEN + 4, LEN, 1);
}

static void put_short_option(struct capture_bytes *b)
{
	put_section(b);
	size_t at = begin_block(b, 1);

	put_u16(b, LINK_ETHERNET);
	put_u16(b, 0);
	put_u32(b, 0);
	put_option(b, 14, "1234", 4);
	end_block(b, at);
}

static void put_long_option(struct capture_bytes *b)
{
	put_section(b);
	size_t at = begin_block(b, 1);

	put_u16(b, LINK_ETHERNET);
	put_u16(b, 0);
	put_u32(b, 0);
	put_u16(b, 2);
	put_u16(b, 5); /* of which 4 are there */
	put_u32(b, 0);
	end_block(b, at);
}

static void put_fine_resolution(struct capture_bytes *b)
{
	put_section(b);
	put_interface(b, LINK_ETHERNET, 0, 20);
}

static void put_no_section(struct capture_bytes *b)
{
	put_interface(b, LINK_ETHERNET, 0, 0);
}

static void put_version_2(struct capture_bytes *b)
{
	put_section(b);
	b->data[b->is_little ? 12 : 13] = 2;
}

static void put_packet_over_block(struct capture_bytes *b)
{
	put_section(b);
	put_interface(b, LINK_ETHERNET, 0, 0);
	size_t at = b->len;

	put_enhanced(b, 0, 0, LEN, 1);
	set_u32(b, at + 20, LEN + 4);
}

static void put_packet_over_limit(struct capture_bytes *b)
{
	put_section(b);
	put_interface(b, LINK_ETHERNET, 0, 0);
	size_t at = b->len;

	put_enhanced(b, 0, 0, LEN, 1);
	set_u32(b, at + 20, READER_PACKET_MAX + 1);
}

static void put_empty_packet_block(struct capture_bytes *b)
{
	put_section(b);
	put_interface(b, LINK_ETHERNET, 0, 0);
	end_block(b, begin_block(b, 6));
}

static void put_empty_section(struct capture_bytes *b)
{
	size_t at = begin_block(b, 0x0a0d0d0a);

	put_u32(b, 0x1a2b3c4d);
	end_block(b, at);
}

static void put_empty_interface(struct capture_bytes *b)
{
	put_section(b);
	end_block(b, begin_block(b, 1));
}

static void put_empty_simple_packet(struct capture_bytes *b)
{
	put_section(b);
	put_interface(b, LINK_ETHERNET, 0, 0);
	end_block(b, begin_block(b, 3));
}

static void put_odd_length(struct capture_bytes *b)
{
	put_section(b);
	end_block(b, begin_block(b, 4));
	set_u32(b, b->len - 8, 13);
}

static void put_small_length(struct capture_bytes *b)
{
	put_section(b);
	end_block(b, begin_block(b, 4));
	set_u32(b, b->len - 8, 8);
}

static void put_big_length(struct capture_bytes *b)
{
	put_section(b);
	end_block(b, begin_block(b, 4));
	set_u32(b, b->len - 8, PCAPNG_BLOCK_MAX + 4);
}

static void put_lengths_that_differ(struct capture_bytes *b)
{
	put_section(b);
	end_block(b, begin_block(b, 4));
	set_u32(b, b->len - 4, 16);
}

static struct damage_case cases[] = {
	{ "an interface of another section", put_interface_of_another_section,
	  "packet of unknown interface 0" },
	{ "a version to come", put_version_2, "section of version 2.0" },
	{ "a simple packet without an interface", put_simple_without_interface,
	  "packet without an interface" },
	{ "a simple packet longer than its block", put_simple_too_short,
	  "packet longer than its block" },
	{ "a packet longer than its block", put_packet_over_block, "packet longer than its block" },
	{ "a packet over the limit", put_packet_over_limit, "packet of 262145 bytes" },
	{ "a packet block of no bytes", put_empty_packet_block, "packet block too short" },
	{ "a simple packet block of no bytes", put_empty_simple_packet, "packet block too short" },
	{ "a section of no bytes", put_empty_section, "section header too short" },
	{ "an interface of no bytes", put_empty_interface, "interface description too short" },
	{ "an offset of four bytes", put_short_option, "interface option 14 too short" },
	{ "an option longer than its block", put_long_option, "interface options that do not fit" },
	{ "a unit too fine", put_fine_resolution, "interface with a time unit of 10^-20 s" },
	{ "no section", put_no_section, "block outside of a section" },
	{ "a block of odd length", put_odd_length, "block of 13 bytes" },
	{ "a block shorter than its frame", put_small_length, "block of 8 bytes" },
	{ "a block over the limit", put_big_length, "block of 16777220 bytes" },
	{ "a block whose lengths differ", put_lengths_that_differ,
	  "block of 12 bytes that ends as one of 16" },
};

static enum reader_answer read_over(const void *data, size_t len, char *damage)
{
	struct byte_stream *stream = NULL;
	struct pcapng_file *file = NULL;
	struct frame frame;

	assert_int_equal(
		byte_stream_from_memory(&stream, (struct span){ .data = data, .len = len }),
		ERR_OK);
	assert_int_equal(pcapng_file_new(&file, stream), ERR_OK);
	enum reader_answer answer = pcapng_file_next(file, &frame);

	(void)snprintf(damage, DAMAGE_MAX, "%s", pcapng_file_damage(file));
	pcapng_file_free(file);
	byte_stream_free(stream);
	return answer;
}

/* A cut capture is at its end, cut, or damaged as the whole one is. */
static void expect_prefix(const struct damage_case *c, const struct capture_bytes *b, size_t cut)
{
	uint8_t *exact = malloc(cut > 0 ? cut : 1);
	char damage[DAMAGE_MAX];

	assert_non_null(exact);
	memcpy(exact, b->data, cut);
	enum reader_answer answer = read_over(exact, cut, damage);

	assert_int_not_equal(answer, READER_FRAME);
	assert_string_equal(damage, answer == READER_DAMAGED ? c->want : "");
	free(exact);
}

static void is_refused(void **state)
{
	const struct damage_case *c = *state;

	for (int is_little = 0; is_little < 2; is_little++) {
		struct capture_bytes b = { .is_little = is_little != 0 };
		char damage[DAMAGE_MAX];

		c->put(&b);
		assert_int_equal(read_over(b.data, b.len, damage), READER_DAMAGED);
		assert_string_equal(damage, c->want);
		for (size_t cut = 0; cut < b.len; cut++)
			expect_prefix(c, &b, cut);
	}
}

static void interfaces_are_bounded(void **state)
{
	(void)state;
	enum { ONE_LEN = 20 };
	struct capture_bytes b = { 0 };
	uint8_t *data = malloc(CAPTURE_BYTES_MAX + (PCAPNG_INTERFACES_MAX + 1) * ONE_LEN);
	char damage[DAMAGE_MAX];

	assert_non_null(data);
	put_section(&b);
	memcpy(data, b.data, b.len);
	size_t len = b.len;

	b.len = 0;
	put_interface(&b, LINK_ETHERNET, 0, 0);
	assert_int_equal(b.len, ONE_LEN);
	for (size_t i = 0; i <= PCAPNG_INTERFACES_MAX; i++) {
		memcpy(data + len, b.data, b.len);
		len += b.len;
	}
	assert_int_equal(read_over(data, len - ONE_LEN, damage), READER_END);
	assert_int_equal(read_over(data, len, damage), READER_DAMAGED);
	assert_string_equal(damage, "more than 1024 interfaces");
	free(data);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(cases) + 1];

	(void)ADD_ROWS(tests, cases, is_refused);
	tests[ARRAY_LEN(cases)] = (struct CMUnitTest)cmocka_unit_test(interfaces_are_bounded);
	return cmocka_run_group_tests_name("pcapng_damage", tests, NULL, NULL);
}
