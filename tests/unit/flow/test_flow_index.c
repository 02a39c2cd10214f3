#include "sensor/flow/flow_index.h"

#include "tests/support/cmocka.h"

#include <stdlib.h>

enum {
	CHUNKS = 64,
	RECORDS = 512,
	ROUNDS = 200000,
};

struct fixture {
	struct flow_index_chunk chunks[CHUNKS];
	struct flow_record records[RECORDS];
	struct flow_index index;
};

static int new_fixture(void **state)
{
	struct fixture *f = aligned_alloc(64, sizeof(*f));

	if (f == NULL)
		return -1;
	memset(f, 0, sizeof(*f));
	f->index = (struct flow_index){ .chunks = f->chunks, .mask = CHUNKS - 1 };
	for (uint32_t i = 0; i < RECORDS; i++) {
		f->records[i].key.low_port = (uint16_t)i;
		f->records[i].key.ip_version = 4;
	}
	*state = f;
	return 0;
}

static int free_fixture(void **state)
{
	free(*state);
	return 0;
}

/* Home chunk and tag as a test wants them: the index takes any hash. */
static uint64_t hash_at(uint32_t chunk, uint8_t tag)
{
	return (uint64_t)tag << 56 | chunk;
}

static uint32_t find(const struct fixture *f, uint32_t slot, uint64_t hash)
{
	return flow_index_find(&f->index, f->records, &f->records[slot].key, hash);
}

static void key_is_found_where_it_was_put(void **state)
{
	struct fixture *f = *state;

	flow_index_add(&f->index, hash_at(5, 9), 17);
	assert_int_equal(find(f, 17, hash_at(5, 9)), 17);
}

static void unknown_key_is_not_found(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(find(f, 17, hash_at(5, 9)), FLOW_INDEX_NONE);
	flow_index_add(&f->index, hash_at(5, 9), 17);
	assert_int_equal(find(f, 18, hash_at(5, 9)), FLOW_INDEX_NONE);
}

static void equal_hashes_are_told_apart_by_the_key(void **state)
{
	struct fixture *f = *state;

	for (uint32_t slot = 0; slot < 5; slot++)
		flow_index_add(&f->index, hash_at(5, 9), slot);
	for (uint32_t slot = 0; slot < 5; slot++)
		assert_int_equal(find(f, slot, hash_at(5, 9)), slot);
}

static void tag_zero_is_not_an_empty_place(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(flow_index_tag(hash_at(5, 0)), 1);
	flow_index_add(&f->index, hash_at(5, 0), 3);
	assert_int_equal(find(f, 3, hash_at(5, 0)), 3);
}

static void removed_key_is_gone_and_its_neighbours_are_not(void **state)
{
	struct fixture *f = *state;

	for (uint32_t slot = 0; slot < 40; slot++)
		flow_index_add(&f->index, hash_at(CHUNKS - 1, 9), slot);
	for (uint32_t slot = 0; slot < 40; slot += 2)
		flow_index_remove(&f->index, CHUNKS - 1, 9, slot);
	for (uint32_t slot = 0; slot < 40; slot++)
		assert_int_equal(find(f, slot, hash_at(CHUNKS - 1, 9)),
				 slot % 2 == 0 ? FLOW_INDEX_NONE : slot);
}

static void chunk_that_none_pass_any_more_ends_a_search(void **state)
{
	struct fixture *f = *state;

	for (uint32_t slot = 0; slot < 30; slot++)
		flow_index_add(&f->index, hash_at(0, 1), slot);
	assert_int_equal(f->chunks[0].passed, 18);
	for (uint32_t slot = 0; slot < 30; slot++)
		flow_index_remove(&f->index, 0, 1, slot);
	for (uint32_t i = 0; i < CHUNKS; i++) {
		assert_int_equal(f->chunks[i].passed, 0);
		assert_int_equal(f->chunks[i].count, 0);
	}
}

/* Beyond 255 the count is not known any more: it stays, and searches go on over it. */
static void saturated_count_stays(void **state)
{
	struct fixture *f = *state;

	for (uint32_t slot = 0; slot < 400; slot++)
		flow_index_add(&f->index, hash_at(0, 1), slot);
	for (uint32_t slot = 0; slot < 399; slot++)
		flow_index_remove(&f->index, 0, 1, slot);
	assert_int_equal(f->chunks[0].passed, UINT8_MAX);
	assert_int_equal(find(f, 399, hash_at(0, 1)), 399);
	assert_int_equal(find(f, 7, hash_at(0, 1)), FLOW_INDEX_NONE);
}

/* All places taken, all counts full: the search still ends. */
static void full_index_is_searched_once_around(void **state)
{
	struct fixture *f = *state;

	memset(f->chunks, 0xff, sizeof(f->chunks));
	for (uint32_t i = 0; i < CHUNKS; i++)
		memset(f->chunks[i].tags, 2, TAGS);
	assert_int_equal(find(f, 7, hash_at(0, 1)), FLOW_INDEX_NONE);
}

/* A load of up to 0.66, in hashes that crowd: sixteen home chunks, four tags. */
static void random_keys_match_a_plain_array(void **state)
{
	struct fixture *f = *state;
	uint64_t hashes[RECORDS];
	bool is_in[RECORDS] = { false };
	uint64_t random = 1;

	for (uint32_t slot = 0; slot < RECORDS; slot++)
		hashes[slot] = hash_at(slot * 7 % 16, (uint8_t)(slot % 4));
	for (int round = 0; round < ROUNDS; round++) {
		random = random * UINT64_C(6364136223846793005) + 1442695040888963407;

		uint32_t slot = (uint32_t)(random >> 40) % RECORDS;

		assert_int_equal(find(f, slot, hashes[slot]), is_in[slot] ? slot : FLOW_INDEX_NONE);
		if (is_in[slot])
			flow_index_remove(&f->index, (uint32_t)hashes[slot],
					  flow_index_tag(hashes[slot]), slot);
		else
			flow_index_add(&f->index, hashes[slot], slot);
		is_in[slot] = !is_in[slot];
	}
}

/* A key's addresses, ports, protocol and context; its version is implied by the others. */
static void every_part_of_a_key_changes_its_hash(void **state)
{
	const struct hash_state secret = hash_start(&(const struct hash_key){ 1, 2 });
	const uint8_t versions[] = { 4, 6 };

	(void)state;
	for (size_t v = 0; v < ARRAY_LEN(versions); v++) {
		struct flow_key key = { .protocol = 17, .ip_version = versions[v] };
		uint64_t base = flow_index_hash(&secret, &key);

		for (size_t i = 0; i < sizeof(key); i++) {
			bool is_mapped_prefix = i % ADDRESS_LEN < 12 && i < (size_t)2 * ADDRESS_LEN;
			struct flow_key other = key;
			uint8_t *bytes = (uint8_t *)&other;

			if (i == offsetof(struct flow_key, ip_version) ||
			    (versions[v] == 4 && is_mapped_prefix))
				continue;
			bytes[i] ^= 0x10;
			assert_true(flow_index_hash(&secret, &other) != base);
		}
	}
}

static void versions_hash_apart(void **state)
{
	const struct hash_state secret = hash_start(&(const struct hash_key){ 1, 2 });
	struct flow_key v4 = { .protocol = 17, .ip_version = 4 };
	struct flow_key v6 = { .protocol = 17, .ip_version = 6 };

	(void)state;
	assert_true(flow_index_hash(&secret, &v4) != flow_index_hash(&secret, &v6));
}

#define INDEX_TEST(f) cmocka_unit_test_setup_teardown(f, new_fixture, free_fixture)

int main(void)
{
	const struct CMUnitTest tests[] = {
		INDEX_TEST(key_is_found_where_it_was_put),
		INDEX_TEST(unknown_key_is_not_found),
		INDEX_TEST(equal_hashes_are_told_apart_by_the_key),
		INDEX_TEST(tag_zero_is_not_an_empty_place),
		INDEX_TEST(removed_key_is_gone_and_its_neighbours_are_not),
		INDEX_TEST(chunk_that_none_pass_any_more_ends_a_search),
		INDEX_TEST(saturated_count_stays),
		INDEX_TEST(full_index_is_searched_once_around),
		INDEX_TEST(random_keys_match_a_plain_array),
		cmocka_unit_test(every_part_of_a_key_changes_its_hash),
		cmocka_unit_test(versions_hash_apart),
	};

	return cmocka_run_group_tests_name("flow_index", tests, NULL, NULL);
}
