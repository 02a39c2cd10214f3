#include "sensor/lane/lane_slot.h"

#include "tests/support/cmocka.h"

#include <stdlib.h>
#include <string.h>

static struct lane_names names_of(uint32_t generation, const char *host, const char *protocol)
{
	struct lane_names names = { .generation = generation, .host_source = HOST_TLS };

	memcpy(names.host, host, strlen(host));
	memcpy(names.protocol, protocol, strlen(protocol));
	return names;
}

struct read_case {
	const char *name;
	uint32_t generation; /* of the names: host, protocol */
	const char *host;
	const char *protocol;
	uint32_t asked;
	bool is_known;
};

static struct read_case read_cases[] = {
	{ "host and protocol", 7, "example.org", "TLS", 7, true },
	{ "a host alone", 7, "example.org", "", 7, true },
	{ "a protocol alone", 7, "", "DNS", 7, true },
	{ "no name yet", 7, "", "", 7, false },
	{ "the flow before", 7, "example.org", "TLS", 6, false },
	{ "the flow after", 7, "example.org", "TLS", 8, false },
	{ "generations that went round", UINT32_MAX, "example.org", "TLS", 0, false },
};

static void names_are_read_by_generation(void **state)
{
	const struct read_case *c = *state;
	struct lane_slot slot = { 0 };
	struct lane_names names = names_of(c->generation, c->host, c->protocol);
	struct lane_slot_view view = { .host = "untouched" };

	lane_slot_open(&slot, c->generation);
	assert_false(lane_slot_read(&slot, c->generation, &view));
	lane_slot_name(&slot, &names);
	assert_int_equal(lane_slot_read(&slot, c->asked, &view), c->is_known);
	if (!c->is_known)
		return;
	assert_string_equal(view.host, c->host);
	assert_string_equal(view.protocol, c->protocol);
}

static void what_was_never_opened_is_not_known(void **state)
{
	const struct lane_slot slot = { 0 };
	struct lane_slot_view view;

	(void)state;
	assert_false(lane_slot_read(&slot, 0, &view));
	assert_false(lane_slot_read(&slot, 1, &view));
}

/* As when the writer's process died inside: the reader gives up. */
static void a_writer_inside_is_not_waited_for(void **state)
{
	struct lane_names names = names_of(3, "example.org", "TLS");
	struct lane_slot slot = { 0 };
	struct lane_slot_view view;

	(void)state;
	lane_slot_open(&slot, 3);
	lane_slot_name(&slot, &names);
	slot.version++;
	assert_false(lane_slot_read(&slot, 3, &view));
	slot.version++;
	assert_true(lane_slot_read(&slot, 3, &view));
}

/* Another process may have written anything. */
static void names_without_an_end_get_one(void **state)
{
	struct lane_slot *slot = calloc(1, sizeof(*slot));
	struct lane_slot_view view;

	(void)state;
	assert_non_null(slot);
	memset(&slot->names, 'x', sizeof(slot->names));
	assert_true(lane_slot_read(slot, slot->names.generation, &view));
	assert_int_equal(strlen(view.host), sizeof(view.host) - 1);
	assert_int_equal(strlen(view.protocol), sizeof(view.protocol) - 1);
	free(slot);
}

static void the_name_stays_until_the_slot_is_opened_again(void **state)
{
	struct lane_names names = names_of(3, "example.org", "TLS");
	struct lane_slot slot = { 0 };
	struct lane_slot_view view;

	(void)state;
	lane_slot_open(&slot, 3);
	lane_slot_name(&slot, &names);
	lane_slot_close(&slot);
	assert_true(lane_slot_read(&slot, 3, &view));
	lane_slot_open(&slot, 4);
	assert_false(lane_slot_read(&slot, 3, &view));
	assert_false(lane_slot_read(&slot, 4, &view));
}

/* Whatever the flow before left behind. */
static void opening_clears_all_but_who_comes_next(void **state)
{
	struct lane_slot slot;

	(void)state;
	memset(&slot, 0x55, sizeof(slot));
	slot.version = 2;
	slot.ended = 9;
	lane_slot_open(&slot, 12);
	assert_int_equal(slot.version, 4);
	assert_int_equal(slot.ended, 9);
	assert_int_equal(slot.names.generation, 12);
	assert_int_equal(slot.names.host_source, HOST_NONE);
	assert_string_equal(slot.names.host, "");
	assert_string_equal(slot.names.protocol, "");
	assert_false(slot.names.is_guess || slot.names.is_upload);
	assert_int_equal(slot.hello, HELLO_AWAITED);
	assert_false(slot.is_dpi_done || slot.has_pending);
	assert_int_equal(slot.risks, 0);
	assert_int_equal(slot.dpi, 0);
	assert_int_equal(slot.session, 0);
	assert_int_equal(slot.agent, 0);
}

/* More flows than the count holds: what matters is that it is equal. */
static void a_slot_is_free_when_all_that_were_told_of_have_ended(void **state)
{
	struct lane_slot slot = { 0 };
	uint16_t told = 0;

	(void)state;
	for (unsigned i = 0; i < UINT16_MAX + 10U; i++) {
		assert_true(lane_slot_is_free(&slot, told));
		lane_slot_open(&slot, i + 1);
		told++;
		assert_false(lane_slot_is_free(&slot, told));
		lane_slot_close(&slot);
	}
}

int main(void)
{
	enum { OTHERS = 6 };
	struct CMUnitTest tests[ARRAY_LEN(read_cases) + OTHERS] = {
		cmocka_unit_test(what_was_never_opened_is_not_known),
		cmocka_unit_test(a_writer_inside_is_not_waited_for),
		cmocka_unit_test(names_without_an_end_get_one),
		cmocka_unit_test(the_name_stays_until_the_slot_is_opened_again),
		cmocka_unit_test(opening_clears_all_but_who_comes_next),
		cmocka_unit_test(a_slot_is_free_when_all_that_were_told_of_have_ended),
	};

	for (size_t i = 0; i < ARRAY_LEN(read_cases); i++)
		tests[OTHERS + i] = (struct CMUnitTest){ .name = read_cases[i].name,
							 .test_func = names_are_read_by_generation,
							 .initial_state = &read_cases[i] };
	return cmocka_run_group_tests_name("lane_slot", tests, NULL, NULL);
}
