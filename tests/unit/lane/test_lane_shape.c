#include "sensor/lane/lane_shape.h"
#include "tests/unit/lane/lane_bench.h"

static const struct tcp_end odd = { 40000, 4444 };

static const struct fact_shape *shape_of_the_end(const struct trial *t)
{
	return &nth(t, FACT_FLOW_ENDED, 0)->ended.shape;
}

static void say_text(struct trial *t, const char *words, size_t at)
{
	tcp(t, &odd, true, ACK, (uint32_t)(CLIENT_FIRST + 1 + at),
	    (struct span){ (const uint8_t *)words, strlen(words) });
}

static void the_first_packets_are_told(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	handshake(&t, &odd);
	answer(&t, &odd, 0, "\x01\x02\x03user");
	say_text(&t, "root", 0);
	say_text(&t, "and more", 4);
	answer(&t, &odd, 7, "ok");
	stop(&t);

	const struct fact_shape *shape = shape_of_the_end(&t);

	assert_true(shape->is_known);
	assert_true(shape->first_from_server);
	assert_int_equal(shape->turns, 2);
	assert_int_equal(shape->packet_count, 4);
	assert_int_equal(shape->packet_sides, 0x9);
	assert_int_equal(shape->packet_sizes[0], 7);
	assert_int_equal(shape->packet_sizes[1], 4);
	assert_int_equal(shape->packet_sizes[2], 8);
	assert_int_equal(shape->packet_sizes[3], 2);
	assert_int_equal(shape->printable_up, 100);
	assert_int_equal(shape->printable_down, 57);
	assert_int_equal(shape->server_opened + shape->client_opened, 0);
}

static void what_is_sent_again_does_not_count(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	handshake(&t, &odd);
	say_text(&t, "hello", 0);
	t.seconds += 3;
	say_text(&t, "hello", 0);
	stop(&t);
	assert_int_equal(shape_of_the_end(&t)->packet_count, 1);
	assert_int_equal(shape_of_the_end(&t)->client_opened, 0);
}

/* The other side asks, the device answers with more: from the first packet on, and far behind. */
static void commands_and_their_output(void **state)
{
	enum { COMMANDS = 40, OUTPUT = 500 };
	char output[OUTPUT + 1] = { 0 };
	struct trial t;
	size_t up = 0;

	(void)state;
	memset(output, 'x', OUTPUT);
	start(&t);
	handshake(&t, &odd);
	for (uint32_t i = 0; i < COMMANDS; i++) {
		t.seconds += 2;
		answer(&t, &odd, 8 * i, "ls -la\r\n");
		say_text(&t, output, up);
		up += OUTPUT;
		say_text(&t, output, up);
		up += OUTPUT;
	}
	t.seconds += 2;
	say_text(&t, "bye", up);
	stop(&t);

	const struct fact_shape *shape = shape_of_the_end(&t);

	assert_int_equal(shape->server_opened, COMMANDS);
	assert_int_equal(shape->server_small, COMMANDS);
	assert_int_equal(shape->client_opened, 1);
	assert_int_equal(shape->bytes_opened, COMMANDS * 8);
	assert_int_equal(shape->bytes_answered, up);
}

static void datagrams_have_a_shape_too(void **state)
{
	static const struct udp_case up = { "192.168.1.10", 40000, "203.0.113.5", 7011 };
	static const struct udp_case down = { "203.0.113.5", 7011, "192.168.1.10", 40000 };
	struct trial t;

	(void)state;
	start(&t);
	udp(&t, &up, "hello", 5);
	for (unsigned i = 0; i < 20; i++) {
		t.seconds += 1;
		udp(&t, &down, "whoami", 6);
		udp(&t, &up, "somebody, I hope", 16);
	}
	stop(&t);

	const struct fact_shape *shape = shape_of_the_end(&t);

	assert_false(shape->first_from_server);
	assert_int_equal(shape->server_opened, 20);
	assert_int_equal(shape->bytes_answered, 20 * (16 + 28)); /* with headers */
}

static void a_flow_that_goes_on_is_told_with_its_counters(void **state)
{
	struct trial t;
	const struct fact *fact;

	(void)state;
	start(&t);
	handshake(&t, &odd);
	for (unsigned i = 0; i < 60; i++) {
		t.seconds = 5.0 * i + 1;
		say_text(&t, "still here", 10 * (size_t)i);
	}
	stop(&t);
	assert_in_range(count_of(&t, FACT_FLOW_GOES_ON), 3, 5);
	fact = nth(&t, FACT_FLOW_GOES_ON, 2);
	assert_int_equal(fact->flow.id, nth(&t, FACT_FLOW_ENDED, 0)->flow.id);
	assert_in_range(fact->ended.packets_up, 30, 60);
	assert_true(fact->ended.last == fact->time);
	assert_true(fact->ended.shape.is_known);
	assert_in_range(fact->ended.shape.client_opened, 20, 60);
}

/* More live flows than there is room for: the one longest unheard is not known any more. */
static void the_longest_unheard_makes_room(void **state)
{
	struct lane_slot *slots = calloc(LANE_SHAPES + 2, sizeof(*slots));
	struct lane_shapes shapes = { 0 };
	struct packet packet = { .payload_len = 1 };
	struct flow_record record = { .key = { .protocol = 6 } };

	(void)state;
	assert_non_null(slots);
	assert_int_equal(lane_shapes_start(&shapes, slots), ERR_OK);
	for (uint32_t i = 0; i < LANE_SHAPES; i++)
		lane_shapes_packet(&shapes, &packet,
				   &(struct lane_packet){ .ref = { i, 1 }, .is_told_now = true });
	lane_shapes_opening(&shapes, &(struct lane_flow_news){ .ref = { 0, 1 } });
	lane_shapes_packet(&shapes, &packet,
			   &(struct lane_packet){ .ref = { LANE_SHAPES, 1 }, .is_told_now = true });
	for (uint32_t i = 0; i <= LANE_SHAPES; i++) {
		struct fact_shape told = { 0 };

		lane_shapes_tell(&shapes, &slots[i], &record, &told);
		assert_int_equal(told.is_known, i != 1);
		lane_shapes_drop(&shapes, &slots[i]);
	}
	lane_shapes_release(&shapes);
	free(slots);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_packets_are_told),
		cmocka_unit_test(what_is_sent_again_does_not_count),
		cmocka_unit_test(commands_and_their_output),
		cmocka_unit_test(datagrams_have_a_shape_too),
		cmocka_unit_test(a_flow_that_goes_on_is_told_with_its_counters),
		cmocka_unit_test(the_longest_unheard_makes_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
