/* The table in a file: made safely, read by others, and what is no table refused. */
#include "sensor/flow/flow_memory.h"
#include "sensor/flow/flow_table.h"
#include "sensor/flow/flow_view.h"

#include "tests/support/cmocka.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BUDGET = 64 << 10, SLOT_BYTES = 24 };

static const nanotime start = UINT64_C(1700000000) * NANOTIME_SECOND;

struct fixture {
	char dir[32];
	struct flow_config config;
};

static int new_fixture(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	if (f == NULL)
		return -1;
	*f = (struct fixture){ .dir = "/tmp/hinomi-flow-XXXXXX",
			       .config = { .budget_bytes = BUDGET,
					   .closed = 10 * NANOTIME_SECOND,
					   .embryonic = 10 * NANOTIME_SECOND,
					   .unanswered = 60 * NANOTIME_SECOND,
					   .established = 300 * NANOTIME_SECOND,
					   .datagram = 120 * NANOTIME_SECOND } };
	*state = f;
	if (mkdtemp(f->dir) == NULL)
		return -1;
	(void)snprintf(f->config.shared, sizeof(f->config.shared), "%s/flows", f->dir);
	return 0;
}

static int free_fixture(void **state)
{
	struct fixture *f = *state;

	(void)unlink(f->config.shared);
	(void)rmdir(f->dir);
	free(f);
	return 0;
}

static void ignore_end(void *arg, struct flow_ref ref, const struct flow_record *flow,
		       nanotime when, enum flow_end reason)
{
	(void)arg;
	(void)ref;
	(void)flow;
	(void)when;
	(void)reason;
}

static struct flow_table *new_table(const struct fixture *f)
{
	const struct hash_key key = { 1, 2 };
	struct flow_table *table = NULL;

	assert_int_equal(flow_table_new(&table, &f->config, SLOT_BYTES, &key, ignore_end, NULL),
			 ERR_OK);
	return table;
}

static struct flow_ref send(struct flow_table *table, uint16_t port, nanotime at)
{
	struct packet p = {
		.time = start + at,
		.key = { .low_port = port, .high_port = 53, .protocol = IP_UDP, .ip_version = 4 },
		.source_is_low = true,
		.ip_len = 60,
	};

	return flow_table_touch(table, &p, flow_table_hash(table, &p.key)).ref;
}

static struct flow_view *open_view(const struct fixture *f)
{
	struct flow_view *view = NULL;

	assert_int_equal(flow_view_open(&view, f->config.shared), ERR_OK);
	return view;
}

static void view_shows_flows_and_slots(void **state)
{
	struct fixture *f = *state;
	struct flow_table *table = new_table(f);
	struct flow_ref ref = send(table, 7, 0);
	struct flow_record flow;
	struct flow_view *view = open_view(f);
	char *slots = flow_table_slots(table);

	memcpy(slots + (size_t)ref.index * SLOT_BYTES, "name", 5);
	assert_true(flow_view_capacity(view) > flow_table_stats(table).capacity); /* some rest */
	assert_int_equal(flow_view_pid(view), getpid());
	assert_int_equal(flow_view_slot_bytes(view), SLOT_BYTES);
	assert_int_equal(flow_view_snapshot(view, ref.index, &flow), FLOW_READ_OK);
	assert_int_equal(flow.key.low_port, 7);
	assert_int_equal(flow.packets[FLOW_SIDE_LOW], 1);
	assert_string_equal(flow_view_slot(view, ref.index), "name");
	assert_int_equal(flow_view_snapshot(view, ref.index + 1, &flow), FLOW_READ_EMPTY);
	assert_int_equal(flow_view_snapshot(view, UINT32_MAX, &flow), FLOW_READ_EMPTY);
	assert_null(flow_view_slot(view, flow_view_capacity(view)));
	flow_table_free(table);
	flow_view_close(view);
}

static void view_knows_the_clock_to_a_second(void **state)
{
	struct fixture *f = *state;
	struct flow_table *table = new_table(f);
	struct flow_view *view = open_view(f);

	assert_int_equal(flow_view_clock(view), 0);
	for (unsigned i = 0; i < 50; i++) {
		nanotime now = i * (300 * NANOTIME_MILLISECOND);

		(void)send(table, 7, now);
		assert_in_range(nanotime_between(flow_view_clock(view), start + now), 0,
				NANOTIME_SECOND);
	}
	flow_view_close(view);
	flow_table_free(table);
}

static void file_is_private_and_goes_with_the_table(void **state)
{
	struct fixture *f = *state;
	struct flow_table *table = new_table(f);
	struct stat file;

	assert_int_equal(stat(f->config.shared, &file), 0);
	assert_int_equal(file.st_mode & 0777, 0600);
	flow_table_free(table);
	assert_int_equal(stat(f->config.shared, &file), -1);
}

/* Who still reads the old table goes on reading it: it is another file. */
static void second_table_takes_the_name_and_keeps_it(void **state)
{
	struct fixture *f = *state;
	struct flow_table *first = new_table(f);
	struct flow_view *old = open_view(f);
	struct flow_table *second = new_table(f);
	struct flow_record flow;
	struct flow_ref ref = send(second, 9, 0);

	assert_int_equal(flow_view_snapshot(old, ref.index, &flow), FLOW_READ_EMPTY);
	flow_table_free(first);

	struct flow_view *view = open_view(f);

	assert_int_equal(flow_view_snapshot(view, ref.index, &flow), FLOW_READ_OK);
	flow_view_close(view);
	flow_view_close(old);
	flow_table_free(second);
}

static void what_is_no_plain_file_is_left_alone(void **state)
{
	struct fixture *f = *state;
	const struct hash_key key = { 1, 2 };
	struct flow_table *table;
	struct stat file;

	assert_int_equal(symlink("/nonexistent", f->config.shared), 0);
	assert_int_equal(flow_table_new(&table, &f->config, 0, &key, ignore_end, NULL), ERR_IO);
	assert_int_equal(lstat(f->config.shared, &file), 0);
	assert_true(S_ISLNK(file.st_mode));
}

static void write_file(const struct fixture *f, const void *bytes, size_t len)
{
	FILE *file = fopen(f->config.shared, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
}

static void expect_refused(const struct fixture *f, enum err want)
{
	struct flow_view *view = NULL;

	assert_int_equal(flow_view_open(&view, f->config.shared), want);
	assert_null(view);
}

static void missing_and_foreign_files_are_told_apart(void **state)
{
	struct fixture *f = *state;
	char text[4096];

	expect_refused(f, ERR_MISSING);
	memset(text, 'x', sizeof(text));
	for (size_t len = 0; len <= sizeof(text); len += len < 200 ? 1 : 1949) {
		write_file(f, text, len);
		expect_refused(f, ERR_MALFORMED);
	}
	flow_view_close(NULL);
}

static struct flow_header sound_header(void)
{
	struct flow_header h = flow_memory_layout(BUDGET, SLOT_BYTES);

	h.magic = FLOW_MAGIC;
	h.process = 1;
	return h;
}

static void write_header(const struct fixture *f, const struct flow_header *h, uint64_t bytes)
{
	write_file(f, h, sizeof(*h));
	assert_int_equal(truncate(f->config.shared, (off_t)bytes), 0);
}

/* Each 32-bit and 64-bit field in turn: none, one less, one more, a great many. */
static void headers_that_do_not_add_up_are_refused(void **state)
{
	struct fixture *f = *state;
	const struct flow_header sound = sound_header();
	struct flow_view *view;

	write_header(f, &sound, sound.bytes);
	assert_int_equal(flow_view_open(&view, f->config.shared), ERR_OK);
	flow_view_close(view);
	write_header(f, &sound, sound.bytes - 1);
	expect_refused(f, ERR_MALFORMED);

#define REFUSED(field, value)                     \
	do {                                      \
		struct flow_header h = sound;     \
		h.field = (value);                \
		write_header(f, &h, sound.bytes); \
		expect_refused(f, ERR_MALFORMED); \
	} while (0)

	REFUSED(magic, 0);
	REFUSED(layout, FLOW_LAYOUT + 1);
	REFUSED(record_bytes, sizeof(struct flow_record) * 2);
	REFUSED(chunk_bytes, 32);
	REFUSED(slot_bytes, SLOT_BYTES + 4);
	REFUSED(slot_bytes, SLOT_BYTES + 8);
	REFUSED(slot_bytes, UINT32_MAX - 7);
	REFUSED(capacity, sound.capacity + 1);
	REFUSED(capacity, UINT32_MAX);
	REFUSED(chunks, UINT32_MAX);
	REFUSED(index_at, 0);
	REFUSED(index_at, UINT64_MAX - 63);
	REFUSED(records_at, sound.records_at + 8);
	REFUSED(records_at, sound.bytes + 64 - sound.bytes % 64);
	REFUSED(records_at, UINT64_MAX - 63);
	REFUSED(slots_at, sound.slots_at + 64);
	REFUSED(slots_at, 0);
	REFUSED(bytes, sound.bytes + 64);
	REFUSED(process, UINT64_C(1) << 31);
#undef REFUSED
}

static void sizes_are_those_of_the_table(void **state)
{
	struct fixture *f = *state;
	struct flow_sizes sizes = flow_table_sizes(&f->config, SLOT_BYTES);
	struct flow_table *table = new_table(f);
	struct config config;

	assert_int_equal(sizes.capacity, flow_table_stats(table).capacity);
	assert_true(sizes.slot_bytes > (uint64_t)sizes.capacity * SLOT_BYTES);
	assert_int_equal(sizes.record_bytes / sizeof(struct flow_record) * SLOT_BYTES,
			 sizes.slot_bytes);
	assert_true(sizes.index_bytes + sizes.record_bytes < BUDGET);
	flow_table_free(table);
	f->config.budget_bytes = 1000;
	assert_int_equal(flow_table_sizes(&f->config, SLOT_BYTES).capacity, 0);
	config_defaults(&config);
	assert_true(flow_table_sizes(&config.flow, 0).capacity >= 131072);
}

#define VIEW_TEST(f) cmocka_unit_test_setup_teardown(f, new_fixture, free_fixture)

int main(void)
{
	const struct CMUnitTest tests[] = {
		VIEW_TEST(view_shows_flows_and_slots),
		VIEW_TEST(view_knows_the_clock_to_a_second),
		VIEW_TEST(file_is_private_and_goes_with_the_table),
		VIEW_TEST(second_table_takes_the_name_and_keeps_it),
		VIEW_TEST(what_is_no_plain_file_is_left_alone),
		VIEW_TEST(missing_and_foreign_files_are_told_apart),
		VIEW_TEST(headers_that_do_not_add_up_are_refused),
		VIEW_TEST(sizes_are_those_of_the_table),
	};

	return cmocka_run_group_tests_name("flow_view", tests, NULL, NULL);
}
