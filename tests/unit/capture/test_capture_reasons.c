/* What a file that cannot be read, or not to its end, is said to be. */
#include "sensor/capture/capture_file.h"

#include "tests/support/cmocka.h"
#include "tests/unit/capture/capture_bytes.h"
#include "tests/unit/capture/scratch_dir.h"

#include <string.h>

enum { PACKET_LEN = 60 };

/* A file, how many frames are read of it, and how the reason begins. */
struct reason_case {
	const char *name;
	void (*put)(struct capture_bytes *b);
	size_t want_frames;
	const char *want_reason;
};

static void put_nothing(struct capture_bytes *b)
{
	(void)b;
}

static void put_words(struct capture_bytes *b)
{
	memcpy(b->data, "#!/bin/sh\nexit\n", 15);
	b->len = 15;
}

static void put_header_alone(struct capture_bytes *b)
{
	put_pcap_header(b, PCAP_MAGIC, LINK_ETHERNET);
}

static void put_section_alone(struct capture_bytes *b)
{
	put_section(b);
}

static void put_other_version(struct capture_bytes *b)
{
	put_pcap_header(b, PCAP_MAGIC, LINK_ETHERNET);
	b->data[5] = 9;
}

static void put_huge_packet(struct capture_bytes *b)
{
	put_pcap_header(b, PCAP_MAGIC, LINK_ETHERNET);
	put_pcap_packet(b, 1, 0, PACKET_LEN, 0);
	put_u64(b, 0);
	put_u32(b, 70000000);
	put_u32(b, 70000000);
	put_fill(b, PACKET_LEN, 0);
}

static void put_unknown_byte_order(struct capture_bytes *b)
{
	put_section(b);
	b->data[8] = 0;
}

static void put_foreign_block(struct capture_bytes *b)
{
	put_section(b);
	put_interface(b, LINK_ETHERNET, 0, 0);
	put_enhanced(b, 0, 0, PACKET_LEN, 0);
	put_enhanced(b, 7, 0, PACKET_LEN, 0);
}

static void put_damaged_gzip(struct capture_bytes *b)
{
	struct capture_bytes plain = { 0 };

	put_pcap_header(&plain, PCAP_MAGIC, LINK_ETHERNET);
	put_pcap_packet(&plain, 1, 0, PACKET_LEN, 0);
	b->len = pack_gzip(plain.data, plain.len, b->data, sizeof(b->data));
	b->data[b->len - 8] ^= 1; /* of the checksum */
}

static void put_damaged_zstd(struct capture_bytes *b)
{
	struct capture_bytes plain = { 0 };

	put_pcap_header(&plain, PCAP_MAGIC, LINK_ETHERNET);
	b->len = pack_zstd(plain.data, plain.len, b->data, sizeof(b->data));
	b->data[b->len - 1] ^= 1; /* of the checksum */
}

static void put_packed_nothing(struct capture_bytes *b)
{
	b->len = pack_gzip("", 0, b->data, sizeof(b->data));
}

static void put_wide_zstd(struct capture_bytes *b)
{
	struct capture_bytes plain = { 0 };

	put_pcap_header(&plain, PCAP_MAGIC, LINK_ETHERNET);
	b->len = pack_zstd_wide(plain.data, plain.len, b->data, sizeof(b->data));
}

static struct reason_case cases[] = {
	{ "no bytes", put_nothing, 0, "empty file" },
	{ "no bytes, packed", put_packed_nothing, 0, "empty file" },
	{ "a script", put_words, 0, "not a capture file (pcap or pcapng expected)" },
	{ "a pcap without packets", put_header_alone, 0, "" },
	{ "a pcapng without packets", put_section_alone, 0, "" },
	{ "a pcap of another version", put_other_version, 0, "damaged at packet 1: " },
	{ "a pcap with a huge packet", put_huge_packet, 1, "damaged at packet 2: " },
	{ "a pcapng of no byte order", put_unknown_byte_order, 0,
	  "damaged at packet 1: section of unknown byte order 002b3c4d" },
	{ "a pcapng with an unknown interface", put_foreign_block, 1,
	  "damaged at packet 2: packet of unknown interface 7" },
	{ "a gzip that is damaged", put_damaged_gzip, 1, "gzip: damaged at packet 2" },
	{ "a zstd that is damaged", put_damaged_zstd, 0, "zstd: damaged at packet 1" },
	{ "a zstd of a wide window", put_wide_zstd, 0,
	  "zstd: packed with a window of more than 8 MiB" },
};

/* Reads a path to its end; the reason must begin with `want_reason`. */
static void expect_path(const char *path, size_t want_frames, const char *want_reason)
{
	struct capture_file *file = NULL;
	struct frame frame;
	size_t count = 0;
	enum capture_read last;

	assert_int_equal(capture_file_new(&file, path), ERR_OK);
	while ((last = capture_file_next(file, &frame)) == CAPTURE_FRAME)
		count++;
	assert_int_equal(count, want_frames);
	assert_int_equal(last, want_reason[0] != '\0' ? CAPTURE_FAILED : CAPTURE_END);
	assert_int_equal(strncmp(capture_file_reason(file), want_reason, strlen(want_reason)), 0);
	assert_null(strchr(capture_file_reason(file), '\n'));
	assert_null(strstr(capture_file_reason(file), path));
	capture_file_free(file);
}

static void is_told(void **state)
{
	const struct reason_case *c = *state;
	struct capture_bytes b = { 0 };
	struct scratch_dir scratch;

	c->put(&b);
	scratch_make(&scratch);
	expect_path(scratch_write(&scratch, b.data, b.len), c->want_frames, c->want_reason);
	scratch_remove(&scratch);
}

static void what_cannot_be_opened_or_read_is_told(void **state)
{
	(void)state;
	struct scratch_dir scratch;

	scratch_make(&scratch);
	expect_path(scratch.dir, 0, "Is a directory");
	scratch_remove(&scratch);
	expect_path(scratch.dir, 0, "No such file or directory");
	expect_path("/proc/self/mem", 0, "Input/output error"); /* opens; nothing stands at 0 */
}

static void reasons_of_opening_are_there_at_once(void **state)
{
	(void)state;
	struct capture_file *file = NULL;

	assert_int_equal(capture_file_new(&file, "/nonexistent/a.pcap"), ERR_OK);
	assert_string_equal(capture_file_reason(file), "No such file or directory");
	assert_int_equal(capture_file_size(file), 0);
	assert_int_equal(capture_file_consumed(file), 0);
	capture_file_free(file);
	capture_file_free(NULL);
}

static const struct CMUnitTest plain_tests[] = {
	cmocka_unit_test(what_cannot_be_opened_or_read_is_told),
	cmocka_unit_test(reasons_of_opening_are_there_at_once),
};

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(cases) + ARRAY_LEN(plain_tests)];

	(void)ADD_ROWS(tests, cases, is_told);
	memcpy(tests + ARRAY_LEN(cases), plain_tests, sizeof(plain_tests));
	return cmocka_run_group_tests_name("capture_reasons", tests, NULL, NULL);
}
