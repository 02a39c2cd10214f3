#include "sensor/judge/contacts.h"

#include "tests/support/cmocka.h"
#include "tests/support/facts.h"

#include <stdio.h>
#include <string.h>

enum { ROWS = 256, MANY = 5000, MUTATIONS = 20000 };

static struct config config;
static struct contact_lists none;

struct shelf {
	unsigned blocks;
	unsigned refuse; /* that many first */
	uint64_t unsound;
	size_t count;
	struct contact rows[MANY];
};

/* A contacts_take_fn. */
static bool take(void *arg, const struct contact_block *block, struct span bytes)
{
	struct shelf *shelf = arg;
	struct contact_rows rows;

	if (shelf->refuse > 0) {
		shelf->refuse--;
		return false;
	}
	shelf->blocks++;
	assert_true(bytes.len <= CONTACT_BLOCK_BYTES);
	assert_true(contact_rows_open(&rows, bytes));
	for (uint32_t i = 0; i < block->rows; i++) {
		assert_true(shelf->count < MANY);
		assert_true(contact_rows_next(&rows, &shelf->rows[shelf->count]));
		assert_true(shelf->rows[shelf->count].first >= block->first - NANOTIME_SECOND);
		assert_true(shelf->rows[shelf->count++].last <= block->last);
	}
	assert_false(contact_rows_next(&rows, &shelf->rows[0]));
	shelf->unsound += rows.unsound;
	return true;
}

static struct contacts *make(uint64_t rows)
{
	struct contacts *contacts = NULL;

	config_defaults(&config);
	config.judge.contacts = rows;
	assert_int_equal(contacts_new(&contacts, &config.judge), ERR_OK);
	return contacts;
}

static void see(struct contacts *contacts, const struct fact *fact, const char *name)
{
	struct observation seen = test_seen(fact);

	seen.peer_name = name;
	contacts_see(contacts, &seen, &none);
}

static void end_flow(struct contacts *contacts, double seconds, const char *server,
		     const char *name)
{
	struct fact_flow flow = test_flow(1, "192.168.1.10", server, 443, TEST_TCP);
	struct fact fact = test_flow_ended(test_after_seconds(seconds), &flow, true);

	see(contacts, &fact, name);
}

static const struct contact *row_named(const struct shelf *shelf, const char *name)
{
	for (size_t i = 0; i < shelf->count; i++) {
		if (strcmp(shelf->rows[i].name, name) == 0)
			return &shelf->rows[i];
	}
	return NULL;
}

static void a_name_and_its_address_are_two_rows(void **state)
{
	static struct shelf shelf;
	struct contacts *contacts = make(ROWS);
	const struct contact *name;
	const struct contact *address;

	(void)state;
	shelf = (struct shelf){ 0 };
	end_flow(contacts, 0, "203.0.113.7", "www.example.com");
	end_flow(contacts, 60, "203.0.113.7", "www.example.com");
	assert_int_equal(contacts_count(contacts), 2);
	assert_true(contacts_hand_out(contacts, test_start, take, &shelf));
	assert_int_equal(contacts_count(contacts), 0);
	assert_int_equal(shelf.count, 2);
	name = row_named(&shelf, "www.example.com");
	address = row_named(&shelf, "");
	assert_non_null(name);
	assert_non_null(address);
	assert_true(name->kind == CONTACT_NAME && address->kind == CONTACT_ADDRESS);
	assert_true(name->flows == 2 && address->flows == 2);
	assert_true(name->bytes_up == 120 && name->bytes_down == 4000);
	assert_true(name->first == test_start && name->last == test_after_seconds(60));
	assert_true(name->device == 10 && name->flags == CONTACT_MET);
	assert_int_equal(address->port, 443);
	assert_memory_equal(address->address.bytes, test_address("203.0.113.7").bytes, ADDRESS_LEN);
	contacts_free(contacts);
}

/* A flow's numbers count once, at its end, however often it was heard of. */
static void a_long_flow_counts_once(void **state)
{
	static struct shelf shelf;
	struct contacts *contacts = make(ROWS);
	struct fact_flow flow = test_flow(1, "192.168.1.10", "203.0.113.7", 443, TEST_TCP);
	struct fact fact = test_check_in(test_start, &flow, 100, "www.example.com");
	const struct contact *row;

	(void)state;
	shelf = (struct shelf){ 0 };
	see(contacts, &fact, "www.example.com");
	for (unsigned i = 1; i < 50; i++) {
		fact = test_flow_ended(test_after_seconds(60.0 * i), &flow, true);
		fact.kind = FACT_FLOW_GOES_ON;
		see(contacts, &fact, "www.example.com");
	}
	end_flow(contacts, 3000, "203.0.113.7", "www.example.com");
	assert_true(contacts_hand_out(contacts, test_start, take, &shelf));
	row = row_named(&shelf, "www.example.com");
	assert_true(row && row->flows == 1 && row->bytes_up == 60);
	assert_true(row->first == test_start && row->last == test_after_seconds(3000));
	contacts_free(contacts);
}

static void what_is_no_contact_is_left_out(void **state)
{
	struct contacts *contacts = make(ROWS);
	struct fact_flow flow = test_flow(1, "192.168.1.10", "203.0.113.7", 443, TEST_TCP);
	struct fact fact = test_flow_ended(test_start, &flow, false);
	struct observation seen;

	(void)state;
	see(contacts, &fact, "unanswered.example.com");
	fact = test_flow_ended(test_start, &flow, true);
	seen = test_seen(&fact);
	seen.peer_name = "x.example.com";
	seen.direction = DIRECTION_INBOUND;
	contacts_see(contacts, &seen, &none);
	seen.direction = DIRECTION_LATERAL;
	contacts_see(contacts, &seen, &none);
	seen.direction = DIRECTION_OUTBOUND;
	seen.is_group = true;
	contacts_see(contacts, &seen, &none);
	seen.is_group = false;
	seen.device = 0;
	contacts_see(contacts, &seen, &none);
	fact = test_dns_question(test_start, "asked.example.com");
	see(contacts, &fact, "");
	fact = test_dns_answer(test_start, "refused.example.com", "203.0.113.7");
	fact.dns.rcode = 3;
	see(contacts, &fact, "");
	fact = test_dns_answer(test_start, "printer", "203.0.113.7");
	see(contacts, &fact, "");
	assert_int_equal(contacts_count(contacts), 0);
	contacts_free(contacts);
}

static void a_lookup_alone_is_marked_so(void **state)
{
	static struct shelf shelf;
	struct contacts *contacts = make(ROWS);
	struct fact fact = test_dns_answer(test_start, "www.example.com", "203.0.113.7");
	const struct contact *row;

	(void)state;
	shelf = (struct shelf){ 0 };
	see(contacts, &fact, "");
	see(contacts, &fact, "");
	fact = test_dns_answer(test_start, "met.example.com", "203.0.113.8");
	see(contacts, &fact, "");
	end_flow(contacts, 1, "203.0.113.8", "met.example.com");
	assert_true(contacts_hand_out(contacts, test_start, take, &shelf));
	row = row_named(&shelf, "www.example.com");
	assert_true(row && row->flags == 0 && row->lookups == 2 && row->flows == 0);
	row = row_named(&shelf, "met.example.com");
	assert_true(row && row->flags == CONTACT_MET && row->lookups == 1 && row->flows == 1);
	contacts_free(contacts);
}

/* What a list names while it happens was told then. */
static void what_is_listed_already_is_marked_so(void **state)
{
	static struct shelf shelf;
	struct contacts *contacts = make(ROWS);
	struct intel_sets *sets = test_indicators("evil.example.com\n203.0.113.9:443\n");
	struct suffix_rules *suffixes = NULL;
	const struct contact *row;

	(void)state;
	shelf = (struct shelf){ 0 };
	assert_int_equal(suffix_rules_new(&suffixes), ERR_OK);
	none = (struct contact_lists){ .sets = sets, .suffixes = suffixes };
	end_flow(contacts, 0, "203.0.113.7", "www.evil.example.com");
	end_flow(contacts, 0, "203.0.113.9", "www.example.com");
	none = (struct contact_lists){ 0 };
	assert_true(contacts_hand_out(contacts, test_start, take, &shelf));
	row = row_named(&shelf, "www.evil.example.com");
	assert_true(row && row->flags == (CONTACT_MET | CONTACT_WAS_LISTED));
	row = row_named(&shelf, "www.example.com");
	assert_true(row && row->flags == CONTACT_MET);
	for (size_t i = 0; i < shelf.count; i++) {
		uint8_t last = shelf.rows[i].address.bytes[ADDRESS_LEN - 1];

		if (shelf.rows[i].kind == CONTACT_ADDRESS)
			assert_int_equal((shelf.rows[i].flags & CONTACT_WAS_LISTED) != 0,
					 last == 9);
	}
	intel_sets_free(sets);
	suffix_rules_free(suffixes);
	contacts_free(contacts);
}

static void it_is_bounded_and_asks_in_time(void **state)
{
	static struct shelf shelf;
	struct contacts *contacts = make(ROWS);
	char name[64];

	(void)state;
	shelf = (struct shelf){ .refuse = 1 };
	assert_false(contacts_are_due(contacts, test_start));
	for (unsigned i = 0; i < ROWS; i++) {
		(void)snprintf(name, sizeof(name), "h%u.example.com", i);
		end_flow(contacts, i, "203.0.113.7", name);
		assert_int_equal(contacts_are_due(contacts, test_after_seconds(i)),
				 contacts_count(contacts) >= ROWS / 4 * 3);
	}
	/* One address, and a name more than there is room for: the longest unheard is gone. */
	assert_int_equal(contacts_count(contacts), ROWS);
	assert_int_equal(contacts_forgotten(contacts), 1);
	/* What was not taken is still there. */
	assert_false(contacts_hand_out(contacts, test_start, take, &shelf));
	assert_int_equal(contacts_count(contacts), ROWS);
	assert_true(contacts_hand_out(contacts, test_start, take, &shelf));
	assert_int_equal(shelf.count, ROWS);
	assert_null(row_named(&shelf, "h0.example.com"));
	contacts_free(contacts);
}

static void two_hours_pass_or_time_goes_back(void **state)
{
	static struct shelf shelf;
	struct contacts *contacts = make(ROWS);
	const double hour = 3600;

	(void)state;
	shelf = (struct shelf){ 0 };
	assert_false(contacts_are_due(contacts, test_after_seconds(10 * hour)));
	end_flow(contacts, 10 * hour, "203.0.113.7", "");
	assert_false(contacts_are_due(contacts, test_after_seconds(11.9 * hour)));
	assert_true(contacts_are_due(contacts, test_after_seconds(12.1 * hour)));
	/* Back: two hours from there. */
	assert_false(contacts_are_due(contacts, test_start));
	end_flow(contacts, 0, "203.0.113.7", "");
	assert_true(contacts_are_due(contacts, test_after_seconds(2.1 * hour)));
	assert_true(contacts_hand_out(contacts, test_after_seconds(2.1 * hour), take, &shelf));
	assert_int_equal(shelf.count, 1);
	assert_true(shelf.rows[0].first == test_start &&
		    shelf.rows[0].last == test_after_seconds(10 * hour) &&
		    shelf.rows[0].flows == 2);
	contacts_free(contacts);
}

static void many_rows_are_several_blocks(void **state)
{
	static struct shelf shelf;
	struct contacts *contacts = make(MANY);
	char name[96];

	(void)state;
	shelf = (struct shelf){ 0 };
	for (unsigned i = 0; i < MANY - 1; i++) {
		(void)snprintf(name, sizeof(name),
			       "a-rather-long-label-%u.of-some-place.example.com", i);
		end_flow(contacts, i, "2001:db8::7", name);
	}
	assert_true(contacts_hand_out(contacts, test_start, take, &shelf));
	assert_int_equal(shelf.count, MANY);
	assert_true(shelf.blocks > 5 && shelf.unsound == 0);
	contacts_free(contacts);
}

static struct contact_block block;

static struct contact a_contact(unsigned i)
{
	struct contact c = { .device = 1 + i % 7,
			     .kind = (uint8_t)(i % CONTACT_KINDS),
			     .flags = (uint8_t)(i % CONTACT_FLAGS),
			     .first = test_start,
			     .last = test_start + i * NANOTIME_SECOND,
			     .flows = i,
			     .lookups = UINT64_C(1) << i % 50,
			     .bytes_up = UINT64_C(1) << i % 60,
			     .bytes_down = i * 1000 };

	if (c.kind == CONTACT_NAME)
		(void)snprintf(c.name, sizeof(c.name), "h%u.example.com", i);
	else
		c.address = test_address(i % 3 == 0 ? "2001:db8::7" : "203.0.113.7");
	c.port = c.kind == CONTACT_ADDRESS ? (uint16_t)(i * 97) : 0;
	return c;
}

static void rows_come_back_as_they_were(void **state)
{
	struct contact_rows rows;
	struct contact found;
	unsigned count = 0;

	(void)state;
	contact_block_begin(&block);
	for (unsigned i = 0;; i++) {
		const struct contact c = a_contact(i);

		if (!contact_block_add(&block, &c))
			break;
	}
	assert_true(contact_rows_open(&rows, contact_block_end(&block)));
	while (contact_rows_next(&rows, &found)) {
		const struct contact c = a_contact(count++);

		assert_int_equal(contact_compare(&found, &c), 0);
		assert_true(found.first == c.first && found.last == c.last &&
			    found.flows == c.flows && found.lookups == c.lookups &&
			    found.bytes_up == c.bytes_up && found.bytes_down == c.bytes_down &&
			    found.flags == c.flags);
	}
	assert_int_equal(count, block.rows);
	assert_int_equal(rows.unsound, 0);
}

/* The longest that there can be keep within what a row is said to need. */
static void the_largest_row_fits(void **state)
{
	struct contact c = { .device = UINT32_MAX / 2,
			     .kind = CONTACT_NAME,
			     .flags = CONTACT_FLAGS - 1,
			     .first = 0,
			     .last = UINT64_MAX / 4,
			     .flows = INT64_MAX,
			     .lookups = INT64_MAX,
			     .bytes_up = INT64_MAX,
			     .bytes_down = INT64_MAX };
	struct contact_rows rows;
	struct contact found;

	(void)state;
	memset(c.name, 'a', sizeof(c.name) - 1);
	contact_block_begin(&block);
	assert_true(contact_block_add(&block, &c));
	assert_true(block.len <= 9 + CONTACT_ROW_MOST);
	assert_true(contact_rows_open(&rows, contact_block_end(&block)));
	assert_true(contact_rows_next(&rows, &found));
	assert_int_equal(contact_compare(&found, &c), 0);
	assert_true(found.bytes_up == INT64_MAX);
}

static void a_damaged_block_has_no_rows(void **state)
{
	struct contact_rows rows;
	struct contact found;
	struct span bytes;

	(void)state;
	contact_block_begin(&block);
	for (unsigned i = 0; i < 20; i++) {
		const struct contact c = a_contact(i);

		assert_true(contact_block_add(&block, &c));
	}
	bytes = contact_block_end(&block);
	for (size_t len = 0; len < bytes.len; len++) {
		assert_false(contact_rows_open(&rows, (struct span){ bytes.data, len }));
		assert_false(contact_rows_next(&rows, &found));
	}
	for (size_t i = 0; i < bytes.len; i++) {
		block.bytes[i] ^= 0x10;
		assert_false(contact_rows_open(&rows, bytes));
		block.bytes[i] ^= 0x10;
	}
	assert_true(contact_rows_open(&rows, bytes));
}

/* Written wrongly, and summed up rightly: what makes no sense is left out, and what comes is sound.
 */
static void rows_that_make_no_sense_are_left_out(void **state)
{
	uint64_t random = 1;
	uint64_t unsound = 0;

	(void)state;
	for (unsigned n = 0; n < MUTATIONS; n++) {
		struct contact_rows rows;
		struct contact found;
		struct span bytes;

		contact_block_begin(&block);
		for (unsigned i = 0; i < 8; i++) {
			const struct contact c = a_contact(i + n % 50);

			assert_true(contact_block_add(&block, &c));
		}
		for (unsigned i = 0; i < 1 + n % 4; i++)
			block.bytes[9 + test_random(&random) % (block.len - 9)] =
				(uint8_t)test_random(&random);
		bytes = contact_block_end(&block);
		assert_true(contact_rows_open(&rows, bytes));
		while (contact_rows_next(&rows, &found)) {
			assert_true(found.device != 0 && found.kind < CONTACT_KINDS);
			assert_true(found.first <= found.last && found.flags < CONTACT_FLAGS);
			assert_true(memchr(found.name, '\0', sizeof(found.name)) != NULL);
			assert_true((found.kind == CONTACT_NAME) == (found.name[0] != '\0'));
		}
		unsound += rows.unsound;
	}
	assert_true(unsound > MUTATIONS / 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_and_its_address_are_two_rows),
		cmocka_unit_test(a_long_flow_counts_once),
		cmocka_unit_test(what_is_no_contact_is_left_out),
		cmocka_unit_test(a_lookup_alone_is_marked_so),
		cmocka_unit_test(what_is_listed_already_is_marked_so),
		cmocka_unit_test(it_is_bounded_and_asks_in_time),
		cmocka_unit_test(two_hours_pass_or_time_goes_back),
		cmocka_unit_test(many_rows_are_several_blocks),
		cmocka_unit_test(rows_come_back_as_they_were),
		cmocka_unit_test(the_largest_row_fits),
		cmocka_unit_test(a_damaged_block_has_no_rows),
		cmocka_unit_test(rows_that_make_no_sense_are_left_out),
	};

	return cmocka_run_group_tests_name("contacts", tests, NULL, NULL);
}
