/* Damaged sets: each is refused, and none crashes a search. */
#include "sensor/intel/intel_file.h"
#include "sensor/intel/intel_form.h"
#include "sensor/intel/intel_set.h"

#include "tests/support/cmocka.h"
#include "tests/support/intel_sets.h"
#include "tests/support/memory_file.h"
#include "tests/support/mutations.h"

#include <string.h>

static const struct told rows[] = {
	{ "a", "evil.example", "emotet", 100, 200, 60, INTEL_OF_ITS_OWN, true, false },
	{ "a", "192.0.2.7", "emotet", 100, 200, 60, INTEL_OF_ITS_OWN, false, false },
	{ "b", "192.0.2.7:4444", "qakbot", 100, 200, 60, INTEL_OF_ITS_OWN, false, false },
	{ "b", "198.51.100.0/24", "qakbot", 100, 200, 60, INTEL_OF_ITS_OWN, false, false },
	{ "b", "203.0.113.0/24", "heodo", 100, 200, 60, INTEL_OF_ITS_OWN, false, false },
	{ "w", "cdn.example", "cdn", 0, 0, 60, INTEL_CDN, true, true },
};

struct fixture {
	struct sign_public public;
	struct sign_secret secret;
	struct made_set made;
	uint8_t *signed_bytes;
	size_t signed_len;
};

static struct fixture f;

/* Items enough that two keys share a bucket: their order can be wrong. */
static int set_up(void **state)
{
	enum { MORE = 2000 };

	static char texts[MORE][24];
	static struct told told[MORE + ARRAY_LEN(rows)];
	const struct intel_issue issue = { 7, told_day(9000), told_day(9014) };
	char path[] = "/tmp/hinomi-intel-XXXXXX";
	int fd = mkstemp(path);
	FILE *from;

	(void)state;
	memcpy(told, rows, sizeof(rows));
	for (size_t i = 0; i < MORE; i++) {
		(void)snprintf(texts[i], sizeof(texts[i]), "n%zu.example", i);
		told[ARRAY_LEN(rows) + i] = rows[0];
		told[ARRAY_LEN(rows) + i].text = texts[i];
	}
	assert_int_equal(sign_start(), ERR_OK);
	sign_make_pair(&f.public, &f.secret);
	f.made = make_set(told, ARRAY_LEN(told));
	assert_true(fd >= 0 && close(fd) == 0);
	assert_int_equal(intel_file_write(path, f.made.bytes, f.made.len, &issue, &f.secret),
			 ERR_OK);
	f.signed_bytes = malloc(f.made.len + 4096);
	from = fopen(path, "rb");
	assert_true(from && f.signed_bytes);
	f.signed_len = fread(f.signed_bytes, 1, f.made.len + 4096, from);
	(void)fclose(from);
	(void)unlink(path);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	made_set_free(&f.made);
	free(f.signed_bytes);
	return 0;
}

static enum intel_fault open_bytes(const uint8_t *bytes, size_t len)
{
	struct intel_set *set = NULL;
	uint8_t id[SIGN_ID_LEN];
	enum intel_fault fault = intel_set_open(memory_file(bytes, len), &f.public, 1, &set, id);

	assert_int_equal(fault == INTEL_FINE, set != NULL);
	intel_set_free(set);
	return fault;
}

/* Whatever a set that was let in says: every search ends, and within its bytes. */
static void ask_everything(const struct intel_set *set)
{
	struct address address = { { 0 } };
	struct intel_hit hit;
	struct intel_row row;
	size_t at = 0;
	size_t len = 0;

	while (intel_set_next(set, &at, &row))
		len += strlen(row.hit.family);
	for (unsigned bit = 0; bit <= INTEL_SOURCES_MAX; bit++)
		len += strlen(intel_set_source(set, bit));
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct intel_item item;

		assert_int_equal(intel_item_guess(rows[i].text, &item), ERR_OK);
		if (intel_find_item(set, &item, &hit))
			len += strlen(hit.family);
	}
	(void)intel_find_name(set, "a.evil.example", NULL, &hit);
	(void)intel_find_address(set, &address, 80, &hit);
	memset(&address, 0xff, sizeof(address));
	(void)intel_find_address(set, &address, 80, &hit);
	assert_true(len < SIZE_MAX);
}

static enum intel_fault attach(const uint8_t *bytes, size_t len)
{
	struct intel_set *set;
	enum intel_fault fault = intel_set_over(bytes, len, &set);

	if (fault == INTEL_FINE) {
		ask_everything(set);
		intel_set_free(set);
	}
	return fault;
}

/* A copy of exact size, so that a read beyond it shows. */
static uint8_t *copy_of(const uint8_t *bytes, size_t len)
{
	uint8_t *copy = malloc(len > 0 ? len : 1);

	assert_non_null(copy);
	memcpy(copy, bytes, len);
	return copy;
}

static void what_was_written_is_opened(void **state)
{
	struct intel_set *set;
	uint8_t id[SIGN_ID_LEN];

	(void)state;
	assert_int_equal(
		intel_set_open(memory_file(f.signed_bytes, f.signed_len), &f.public, 1, &set, id),
		INTEL_FINE);
	assert_int_equal(intel_set_issue(set).serial, 7);
	assert_true(intel_set_issue(set).made == told_day(9000));
	assert_true(intel_set_issue(set).expires == told_day(9014));
	assert_int_equal(intel_set_count(set), intel_set_count(f.made.set));
	ask_everything(set);
	intel_set_free(set);
}

static void every_beginning_is_refused(void **state)
{
	(void)state;
	for (size_t len = 0; len < f.signed_len;
	     len += len < 300 || len > f.made.len - 9 ? 1 : 4001)
		assert_int_not_equal(open_bytes(f.signed_bytes, len), INTEL_FINE);
}

/* The buckets are 256 KB of repetition: there a byte of each page, elsewhere every byte. */
static void every_changed_byte_is_refused(void **state)
{
	const struct intel_header *h = (const void *)f.made.bytes;
	size_t buckets_end = h->sections[INTEL_SECTION_KEYS].at;
	size_t step;

	(void)state;
	for (size_t at = 0; at < f.signed_len; at += step) {
		static const uint8_t flips[] = { 0x01, 0x20, 0x07, 0xff };

		step = at < sizeof(*h) || at >= f.made.len ? 1 : at < buckets_end ? 4099 : 197;
		for (size_t i = 0; i < (step == 1 ? ARRAY_LEN(flips) : 1); i++) {
			f.signed_bytes[at] ^= flips[i];
			assert_int_not_equal(open_bytes(f.signed_bytes, f.signed_len), INTEL_FINE);
			f.signed_bytes[at] ^= flips[i];
		}
	}
	assert_int_equal(open_bytes(f.signed_bytes, f.signed_len), INTEL_FINE);
}

static void what_is_no_set_is_told_apart(void **state)
{
	struct sign_public other;
	struct sign_secret secret;
	struct intel_set *set;
	uint8_t id[SIGN_ID_LEN];

	(void)state;
	sign_make_pair(&other, &secret);
	assert_int_equal(open_bytes((const uint8_t *)"evil.example\n", 13), INTEL_NOT_A_SET);
	assert_int_equal(open_bytes(f.made.bytes, f.made.len), INTEL_UNSIGNED);
	assert_int_equal(intel_set_open("/nowhere/at.all", &f.public, 1, &set, id), INTEL_NOT_READ);
	assert_int_equal(intel_set_open("/tmp", &f.public, 1, &set, id), INTEL_NOT_A_SET);
	assert_int_equal(intel_set_open("/dev/zero", &f.public, 1, &set, id), INTEL_NOT_A_SET);
	assert_int_equal(
		intel_set_open(memory_file(f.signed_bytes, f.signed_len), &other, 1, &set, id),
		INTEL_OTHER_KEY);
	assert_memory_equal(id, f.public.id, sizeof(id));

	struct sign_public both[] = { other, f.public };

	assert_int_equal(
		intel_set_open(memory_file(f.signed_bytes, f.signed_len), both, 2, &set, id),
		INTEL_FINE);
	intel_set_free(set);
}

static struct intel_header *header_of(uint8_t *bytes)
{
	return (void *)bytes;
}

static void each_section_moved_or_cut_is_refused(void **state)
{
	uint8_t *bytes = copy_of(f.made.bytes, f.made.len);
	struct intel_header *h = header_of(bytes);
	static const int64_t steps[] = { -8, -1, 1, 8, INT64_MAX, INT64_MIN };

	(void)state;
	for (size_t i = 0; i < INTEL_SECTIONS; i++) {
		for (size_t k = 0; k < ARRAY_LEN(steps); k++) {
			h->sections[i].at += (uint64_t)steps[k];
			assert_int_equal(attach(bytes, f.made.len), INTEL_BAD_FORM);
			h->sections[i].at -= (uint64_t)steps[k];
			h->sections[i].bytes += (uint64_t)steps[k];
			/* Of the last one the end is its own to say, within its padding. */
			if (i != INTEL_SECTION_TEXTS || steps[k] < -7 || steps[k] > 7)
				assert_int_equal(attach(bytes, f.made.len), INTEL_BAD_FORM);
			h->sections[i].bytes -= (uint64_t)steps[k];
		}
	}
	assert_int_equal(attach(bytes, f.made.len), INTEL_FINE);
	free(bytes);
}

struct damage_case {
	const char *name;
	void (*damage)(struct intel_header *h, uint8_t *bytes);
	enum intel_fault want;
};

static void *section(const struct intel_header *h, uint8_t *bytes, enum intel_section section)
{
	return bytes + h->sections[section].at;
}

static void other_magic(struct intel_header *h, uint8_t *bytes)
{
	(void)bytes;
	h->magic[7] = '\r';
}

static void other_version(struct intel_header *h, uint8_t *bytes)
{
	(void)bytes;
	h->version++;
}

static void other_purpose(struct intel_header *h, uint8_t *bytes)
{
	(void)bytes;
	h->purpose = INTEL_PURPOSES;
}

static void more_keys(struct intel_header *h, uint8_t *bytes)
{
	(void)bytes;
	h->keys++;
}

static void keys_without_end(struct intel_header *h, uint8_t *bytes)
{
	(void)bytes;
	h->keys = UINT64_MAX;
}

static void more_ranges(struct intel_header *h, uint8_t *bytes)
{
	(void)bytes;
	h->ranges++;
}

static void fewer_passports(struct intel_header *h, uint8_t *bytes)
{
	(void)bytes;
	h->passports--;
}

static void wider_filter(struct intel_header *h, uint8_t *bytes)
{
	(void)bytes;
	h->filter.segment_count++;
}

static void filter_of_no_power(struct intel_header *h, uint8_t *bytes)
{
	(void)bytes;
	h->filter.segment_len--;
}

static void source_beyond(struct intel_header *h, uint8_t *bytes)
{
	(void)bytes;
	h->sources[31] = UINT32_MAX;
}

static void bucket_back(struct intel_header *h, uint8_t *bytes)
{
	uint32_t *buckets = section(h, bytes, INTEL_SECTION_BUCKETS);

	buckets[100] = (uint32_t)h->keys;
}

static void first_bucket(struct intel_header *h, uint8_t *bytes)
{
	*(uint32_t *)section(h, bytes, INTEL_SECTION_BUCKETS) = 1;
}

static void last_bucket(struct intel_header *h, uint8_t *bytes)
{
	uint32_t *buckets = section(h, bytes, INTEL_SECTION_BUCKETS);

	buckets[INTEL_BUCKETS]++;
}

static void keys_out_of_order(struct intel_header *h, uint8_t *bytes)
{
	const uint32_t *buckets = section(h, bytes, INTEL_SECTION_BUCKETS);
	uint8_t *keys = section(h, bytes, INTEL_SECTION_KEYS);

	for (size_t b = 0; b < INTEL_BUCKETS; b++) {
		if (buckets[b + 1] - buckets[b] < 2)
			continue;
		memset(keys + (size_t)buckets[b] * INTEL_KEY_LEN, 0xff, INTEL_KEY_LEN);
		return;
	}
	fail_msg("no bucket with two keys");
}

static void key_twice(struct intel_header *h, uint8_t *bytes)
{
	const uint32_t *buckets = section(h, bytes, INTEL_SECTION_BUCKETS);
	uint8_t *keys = section(h, bytes, INTEL_SECTION_KEYS);

	for (size_t b = 0; b < INTEL_BUCKETS; b++) {
		uint8_t *key = keys + (size_t)buckets[b] * INTEL_KEY_LEN;

		if (buckets[b + 1] - buckets[b] < 2)
			continue;
		memcpy(key + INTEL_KEY_LEN, key, INTEL_KEY_LEN);
		return;
	}
	fail_msg("no bucket with two keys");
}

static void owner_beyond(struct intel_header *h, uint8_t *bytes)
{
	uint32_t *owners = section(h, bytes, INTEL_SECTION_OWNERS);

	owners[h->keys - 1] = h->passports;
}

static void ranges_out_of_order(struct intel_header *h, uint8_t *bytes)
{
	struct intel_range *ranges = section(h, bytes, INTEL_SECTION_RANGES);
	struct intel_range first = ranges[0];

	ranges[0] = ranges[1];
	ranges[1] = first;
}

static void ranges_overlap(struct intel_header *h, uint8_t *bytes)
{
	struct intel_range *ranges = section(h, bytes, INTEL_SECTION_RANGES);

	ranges[0].last = ranges[1].first;
}

static void range_backwards(struct intel_header *h, uint8_t *bytes)
{
	struct intel_range *ranges = section(h, bytes, INTEL_SECTION_RANGES);
	struct address first = ranges[1].first;

	ranges[1].first = ranges[1].last;
	ranges[1].last = first;
}

static void range_of_no_passport(struct intel_header *h, uint8_t *bytes)
{
	struct intel_range *ranges = section(h, bytes, INTEL_SECTION_RANGES);

	ranges[1].passport = h->passports;
}

static void range_with_more(struct intel_header *h, uint8_t *bytes)
{
	struct intel_range *ranges = section(h, bytes, INTEL_SECTION_RANGES);

	ranges[0].spare = 1;
}

static void passport_family(struct intel_header *h, uint8_t *bytes)
{
	struct intel_passport *passports = section(h, bytes, INTEL_SECTION_PASSPORTS);

	passports[0].family = (uint32_t)h->sections[INTEL_SECTION_TEXTS].bytes;
}

static void passport_kind(struct intel_header *h, uint8_t *bytes)
{
	struct intel_passport *passports = section(h, bytes, INTEL_SECTION_PASSPORTS);

	passports[0].kind = INTEL_KINDS;
}

static void passport_class(struct intel_header *h, uint8_t *bytes)
{
	struct intel_passport *passports = section(h, bytes, INTEL_SECTION_PASSPORTS);

	passports[0].class = INTEL_CLASSES;
}

static void passport_flags(struct intel_header *h, uint8_t *bytes)
{
	struct intel_passport *passports = section(h, bytes, INTEL_SECTION_PASSPORTS);

	passports[0].flags = 4;
}

static void text_without_end(struct intel_header *h, uint8_t *bytes)
{
	char *texts = section(h, bytes, INTEL_SECTION_TEXTS);

	texts[h->sections[INTEL_SECTION_TEXTS].bytes - 1] = 'x';
}

static void first_text(struct intel_header *h, uint8_t *bytes)
{
	*(char *)section(h, bytes, INTEL_SECTION_TEXTS) = 'x';
}

static struct damage_case damages[] = {
	{ "another magic", other_magic, INTEL_NOT_A_SET },
	{ "another version", other_version, INTEL_OTHER_VERSION },
	{ "another purpose", other_purpose, INTEL_BAD_FORM },
	{ "a key more than there are", more_keys, INTEL_BAD_FORM },
	{ "keys without end", keys_without_end, INTEL_BAD_FORM },
	{ "a range more than there are", more_ranges, INTEL_BAD_FORM },
	{ "a passport less than there are", fewer_passports, INTEL_BAD_FORM },
	{ "a filter wider than its bytes", wider_filter, INTEL_BAD_FORM },
	{ "a filter of no power of two", filter_of_no_power, INTEL_BAD_FORM },
	{ "a source beyond the texts", source_beyond, INTEL_BAD_FORM },
	{ "a bucket that begins too late", bucket_back, INTEL_BAD_FORM },
	{ "the first bucket begins late", first_bucket, INTEL_BAD_FORM },
	{ "the last bucket ends beyond", last_bucket, INTEL_BAD_FORM },
	{ "keys out of order", keys_out_of_order, INTEL_BAD_FORM },
	{ "a key twice", key_twice, INTEL_BAD_FORM },
	{ "an owner beyond the passports", owner_beyond, INTEL_BAD_FORM },
	{ "ranges out of order", ranges_out_of_order, INTEL_BAD_FORM },
	{ "ranges that overlap", ranges_overlap, INTEL_BAD_FORM },
	{ "a range backwards", range_backwards, INTEL_BAD_FORM },
	{ "a range of no passport", range_of_no_passport, INTEL_BAD_FORM },
	{ "a range that says more", range_with_more, INTEL_BAD_FORM },
	{ "a family beyond the texts", passport_family, INTEL_BAD_FORM },
	{ "another kind", passport_kind, INTEL_BAD_FORM },
	{ "another class", passport_class, INTEL_BAD_FORM },
	{ "another flag", passport_flags, INTEL_BAD_FORM },
	{ "a text without end", text_without_end, INTEL_BAD_FORM },
	{ "a first text", first_text, INTEL_BAD_FORM },
};

static void is_refused(void **state)
{
	const struct damage_case *c = *state;
	uint8_t *bytes = copy_of(f.made.bytes, f.made.len);

	assert_int_equal(attach(bytes, f.made.len), INTEL_FINE);
	c->damage(header_of(bytes), bytes);
	assert_int_equal(attach(bytes, f.made.len), c->want);
	free(bytes);
}

/* Where a change counts: the header, the edges of sections, and what lies behind the buckets. */
static size_t draw_place(uint64_t *seed)
{
	const struct intel_header *h = (const void *)f.made.bytes;
	uint64_t r = random_next(seed);
	size_t keys_at = h->sections[INTEL_SECTION_KEYS].at;

	if (r % 3 == 0)
		return (r >> 8) % sizeof(*h);
	if (r % 3 == 1)
		return keys_at + (r >> 8) % (f.made.len - keys_at);
	return (h->sections[(r >> 8) % INTEL_SECTIONS].at + (r >> 16) % 16) % f.made.len;
}

/* Unsigned, as if the maker's key were stolen: refused in words, or each search ends in bounds. */
static void no_mutation_crashes_a_search(void **state)
{
	enum { CHANGES_MAX = 6, ROOM = 32, ALIGNED = 8 };

	size_t size = (f.made.len + ROOM + ALIGNED - 1) / ALIGNED * ALIGNED;
	uint8_t *bytes = malloc(size);
	uint8_t *block = malloc(size);
	uint64_t seed = 21;
	size_t made = 0;
	size_t refused = 0;

	(void)state;
	assert_non_null(bytes);
	assert_non_null(block);
	for (; made < MUTATED_SETS; made++) {
		size_t count = 1 + random_next(&seed) % CHANGES_MAX;
		size_t len = f.made.len;
		uint8_t *at_end;
		enum intel_fault fault;

		memcpy(bytes, f.made.bytes, len);
		for (size_t k = 0; k < count; k++)
			len = mutate_at(bytes, len, size, draw_place(&seed) % len, &seed);
		/* At the block's end, as far as its alignment lets it: a read beyond it shows. */
		at_end = block + (size - len) / ALIGNED * ALIGNED;
		memcpy(at_end, bytes, len);
		fault = attach(at_end, len);
		assert_true(strlen(intel_fault_text(fault)) > 0 || fault == INTEL_FINE);
		refused += fault != INTEL_FINE;
	}
	/* Most hit a count, an order or a place; the rest only say something else of an item. */
	assert_true(made == MUTATED_SETS && refused > made / 2 && refused < made);
	free(block);
	free(bytes);
}

static void no_cut_set_is_taken(void **state)
{
	uint64_t seed = 22;

	(void)state;
	for (size_t i = 0; i < 300; i++) {
		size_t len = i < 290 ? random_next(&seed) % f.made.len : f.made.len - 1 - i % 10;
		uint8_t *bytes = copy_of(f.made.bytes, len);

		assert_int_not_equal(attach(bytes, len), INTEL_FINE);
		free(bytes);
	}
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(damages) + 7];
	size_t count = ADD_ROWS(tests, damages, is_refused);
	const struct CMUnitTest others[] = {
		cmocka_unit_test(what_was_written_is_opened),
		cmocka_unit_test(every_beginning_is_refused),
		cmocka_unit_test(every_changed_byte_is_refused),
		cmocka_unit_test(what_is_no_set_is_told_apart),
		cmocka_unit_test(each_section_moved_or_cut_is_refused),
		cmocka_unit_test(no_mutation_crashes_a_search),
		cmocka_unit_test(no_cut_set_is_taken),
	};

	memcpy(tests + count, others, sizeof(others));
	return _cmocka_run_group_tests("intel_check", tests, count + ARRAY_LEN(others), set_up,
				       tear_down);
}
