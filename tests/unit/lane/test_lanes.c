#include "sensor/lane/lanes.h"

#include "sensor/base/hash.h"
#include "tests/support/facts.h"
#include "tests/unit/lane/lane_feed.h"

#include <pthread.h>
#include <stdio.h>

enum { FRAMES = 12000, FLOWS = 300, FEW_FLOWS = 24, WORDS_MAX = 512 };

/* All facts of a run, folded: their number, and a hash over every byte in order. */
struct account {
	uint64_t facts;
	uint64_t hash;
	uint64_t last_sequence;
	uint64_t kinds[FACT_KINDS];
};

struct run {
	struct lane_feed feed;
	struct lanes *lanes;
	uint64_t lane_records[LANES];
	struct account account;
};

static void take_fact(void *arg, const struct fact *fact)
{
	struct account *account = arg;
	struct hash_key key = { account->hash, account->facts };

	assert_true(fact->sequence >= account->last_sequence);
	account->last_sequence = fact->sequence;
	account->hash = hash_bytes(&key, fact, fact_size(fact));
	account->facts++;
	account->kinds[fact->kind]++;
}

static void put_record(void *arg, unsigned lane, struct lane_record *record, struct span bytes)
{
	struct run *run = arg;

	assert_true(lane < LANES);
	run->lane_records[lane]++;
	lanes_put(run->lanes, lane, record, bytes);
}

/* A frame that follows from the dice: a name lookup, a web request or a piece of one, ARP. */
static void make_frame(uint64_t dice, struct test_packet *p)
{
	static const char arp[] =
		"\0\1\x08\0\6\4\0\1\2\0\0\0\0\1\xc0\xa8\1\x0a\0\0\0\0\0\0\xc0\xa8\1";
	unsigned flow = (unsigned)(dice % FLOWS);
	uint8_t words[WORDS_MAX];
	char host[32];
	char client[16];

	(void)snprintf(host, sizeof(host), "host%u.example.com", flow);
	(void)snprintf(client, sizeof(client), "192.168.1.%u", 10 + flow % 40);
	if (dice >> 16 & 1) {
		const struct test_ipv4 ip = { .source = client,
					      .destination = "192.168.1.1",
					      .protocol = TEST_UDP };

		test_packet_payload(p, words, lane_feed_dns(host, NULL, false, words));
		test_packet_udp(p, (uint16_t)(50000 + flow), 53);
		test_packet_ipv4(p, &ip);
		test_packet_ethernet(p, 0x0800);
		return;
	}
	if ((dice >> 17) % 8 == 0) {
		test_packet_payload(p, arp, 27);
		p->bytes[p->len++] = (uint8_t)flow;
		test_packet_ethernet(p, 0x0806);
		return;
	}

	const struct test_ipv4 ip = { .source = client,
				      .destination = "203.0.113.5",
				      .protocol = TEST_TCP };
	struct test_tcp tcp = { .source_port = (uint16_t)(40000 + flow),
				.destination_port = 443,
				.sequence = 1001,
				.flags = 0x10,
				.window = 65535 };
	size_t len = lane_feed_hello(host, words);
	size_t at = (dice >> 20) % 4 == 0 ? 40 : 0;

	if ((dice >> 24) % 3 == 0) {
		tcp.flags = 2;
		tcp.sequence = 1000;
		len = at = 0;
	}
	tcp.sequence += (uint32_t)at;
	test_packet_payload(p, words + at, (dice >> 28) % 2 && len > 90 ? 90 - at : len - at);
	test_packet_tcp(p, &tcp);
	test_packet_ipv4(p, &ip);
	test_packet_ethernet(p, 0x0800);
}

static void *judge_thread(void *arg)
{
	lanes_judge(arg);
	return NULL;
}

/* `budget` of the flow table; 0 is ample. */
static struct account run_with(unsigned workers, uint64_t budget)
{
	struct run run;
	uint64_t random = 5;
	pthread_t judge;

	memset(&run, 0, sizeof(run));
	lane_feed_prepare(&run.feed, put_record, &run);
	run.feed.config.lane.ring_bytes = UINT64_C(1) << 18; /* the least: rings get full */
	if (budget > 0)
		run.feed.config.flow.budget_bytes = budget;
	lane_feed_start(&run.feed);

	const struct lanes_setup setup = { .config = &run.feed.config,
					   .slots = lane_feed_slots(&run.feed),
					   .workers = workers,
					   .take = take_fact,
					   .take_arg = &run.account };

	assert_int_equal(lanes_new(&run.lanes, &setup), ERR_OK);
	if (workers > 0)
		assert_int_equal(pthread_create(&judge, NULL, judge_thread, run.lanes), 0);
	for (unsigned i = 0; i < FRAMES; i++) {
		struct test_packet p;

		make_frame(test_random(&random), &p);
		lane_feed_frame(&run.feed, &p, test_after_seconds(i * 0.05));
	}
	lane_feed_end(&run.feed);
	lanes_close(run.lanes);
	if (workers > 0)
		assert_int_equal(pthread_join(judge, NULL), 0);
	for (unsigned i = 0; i < LANES; i++) /* every lane had something to do */
		assert_true(run.lane_records[i] > 100);
	assert_int_equal(flow_table_stats(run.feed.flows).evicted > FRAMES / 4, budget > 0);
	lanes_free(run.lanes);
	lane_feed_free(&run.feed);
	return run.account;
}

static void compare_workers(uint64_t budget, struct account *want)
{
	*want = run_with(0, budget);
	for (unsigned workers = 1; workers <= LANES_WORKERS_MAX; workers++) {
		struct account got = run_with(workers, budget);

		assert_int_equal(got.facts, want->facts);
		assert_true(got.hash == want->hash);
		assert_memory_equal(got.kinds, want->kinds, sizeof(got.kinds));
	}
}

static void workers_are_invisible(void **state)
{
	struct account want;

	(void)state;
	compare_workers(0, &want);
	assert_true(want.kinds[FACT_SIGHTING] > 40 && want.kinds[FACT_FLOW_ENDED] > FLOWS);
	assert_true(want.kinds[FACT_FLOW_NAMED] > 100 && want.kinds[FACT_CHECK_IN] > 100);
	assert_true(want.kinds[FACT_DNS] > 1000 && want.kinds[FACT_NEIGHBOUR] > 100);
}

/* A table so small that slots go from flow to flow, and from lane to lane, all the time. */
static void workers_are_invisible_when_slots_are_few(void **state)
{
	struct account want;

	(void)state;
	compare_workers(lane_feed_budget(FEW_FLOWS), &want);
	assert_true(want.kinds[FACT_FLOW_ENDED] > 1000 && want.kinds[FACT_ATTEMPTS] > 0);
	assert_true(want.kinds[FACT_FLOW_NAMED] > 100 && want.kinds[FACT_CHECK_IN] > 100);
}

static struct lanes *ringed_lanes(struct config *config, uint64_t ring_bytes, unsigned workers,
				  bool is_live, lanes_fact_fn *take, void *arg)
{
	static struct lane_slot slots[16];
	const struct lanes_setup setup = { .config = config,
					   .slots = slots,
					   .workers = workers,
					   .is_live = is_live,
					   .take = take,
					   .take_arg = arg };
	struct lanes *lanes;

	memset(slots, 0, sizeof(slots));
	config_defaults(config);
	if (ring_bytes > 0)
		config->lane.ring_bytes = ring_bytes;
	assert_int_equal(lanes_new(&lanes, &setup), ERR_OK);
	return lanes;
}

static struct lanes *small_lanes(struct config *config, unsigned workers, bool is_live,
				 lanes_fact_fn *take, void *arg)
{
	return ringed_lanes(config, 0, workers, is_live, take, arg);
}

static void nothing_put_is_nothing_told(void **state)
{
	(void)state;
	for (unsigned workers = 0; workers <= LANES_WORKERS_MAX; workers++) {
		struct account account = { 0 };
		struct config config;
		struct lanes *lanes = small_lanes(&config, workers, false, take_fact, &account);

		lanes_close(lanes);
		lanes_judge(lanes);
		assert_int_equal(account.facts, 0);
		lanes_free(lanes);
	}
}

/* Both directions, and every flow of an office host with the outside, are one lane's. */
static void flows_of_a_host_share_a_lane(void **state)
{
	struct config config;

	(void)state;
	config_defaults(&config);
	for (unsigned i = 1; i < 200; i++) {
		struct address host = test_address("192.168.1.77");
		char text[16];
		bool ignored;

		(void)snprintf(text, sizeof(text), "%s.%u", i % 2 ? "203.0.113" : "1.2.3", i);
		struct address outside = test_address(text);
		struct flow_key out =
			flow_key_of(&host, (uint16_t)(40000 + i), &outside, 443, &ignored);
		struct flow_key in = flow_key_of(&outside, 443, &host, 22, &ignored);
		struct flow_key first = flow_key_of(&host, 1, &outside, 1, &ignored);

		assert_int_equal(lanes_of_flow(&config.network, &out),
				 lanes_of_flow(&config.network, &first));
		assert_int_equal(lanes_of_flow(&config.network, &in),
				 lanes_of_flow(&config.network, &first));
	}
}

static void watermarks_reach_lanes_that_are_idle(void **state)
{
	struct lane_record record = { .number = 1, .time = test_start, .kind = LANE_EPOCH };
	struct account account = { 0 };
	struct config config;
	struct lanes *lanes = small_lanes(&config, 2, false, take_fact, &account);
	pthread_t judge;

	(void)state;
	assert_int_equal(pthread_create(&judge, NULL, judge_thread, lanes), 0);
	for (unsigned i = 0; i < 3 * LANES_LEAD; i++) /* all to one lane: would wait for ever */
		lanes_put(lanes, 2, &record, (struct span){ 0 });
	lanes_close(lanes);
	assert_int_equal(pthread_join(judge, NULL), 0);
	assert_int_equal(account.facts, 3 * LANES_LEAD);
	lanes_free(lanes);
}

/* A judge that stands still until it is told to go on. */
struct slow_judge {
	pthread_mutex_t gate;
	_Atomic unsigned asked, facts;
};

static void take_slowly(void *arg, const struct fact *fact)
{
	struct slow_judge *judge = arg;

	(void)fact;
	judge->asked++;
	(void)pthread_mutex_lock(&judge->gate);
	judge->facts++;
	(void)pthread_mutex_unlock(&judge->gate);
}

/* Until `count` is not 0; the judge's thread is as quick as the machine lets it. */
static void wait_for_one(const _Atomic unsigned *count)
{
	const struct timespec nap = { .tv_nsec = 1000000 };

	for (unsigned i = 0; i < 10000 && *count == 0; i++)
		(void)nanosleep(&nap, NULL);
	assert_int_equal(*count, 1);
}

/* Without a flush the judge would hear of one record when 255 more have come. */
static void a_flush_brings_what_was_put_to_the_judge(void **state)
{
	struct lane_record record = { .number = 1, .time = test_start, .kind = LANE_EPOCH };
	struct slow_judge slow = { .gate = PTHREAD_MUTEX_INITIALIZER };
	struct config config;
	struct lanes *lanes = small_lanes(&config, 2, true, take_slowly, &slow);
	pthread_t judge;

	(void)state;
	assert_int_equal(pthread_create(&judge, NULL, judge_thread, lanes), 0);
	lanes_put(lanes, 1, &record, (struct span){ 0 });
	lanes_flush(lanes);
	wait_for_one(&slow.facts);
	lanes_close(lanes);
	assert_int_equal(pthread_join(judge, NULL), 0);
	lanes_free(lanes);
}

/* Whether a packet is taken, some time soon. */
static bool takes_packets_again(struct lanes *lanes, struct lane_record *packet, struct span bytes)
{
	const struct timespec nap = { .tv_nsec = 1000000 };

	for (unsigned i = 0; i < 10000; i++) {
		uint64_t shed = lanes_shed(lanes);

		lanes_put(lanes, 1, packet, bytes);
		if (lanes_shed(lanes) == shed)
			return true;
		(void)nanosleep(&nap, NULL);
	}
	return false;
}

/*
 * The capture thread must not wait for a judge that stands still, but for what cannot be lost. When
 * the judge has gone on, packets are taken as before, though nothing else has come.
 */
static void a_live_capture_sheds_packets_rather_than_wait(void **state)
{
	enum {
		PACKETS = 100 * 1000,
		OPENINGS = LANES_LEAD - 1, /* as many as may be under way */
		SMALL_RING = 256 << 10,    /* their facts do not fit: the lane stands still too */
	};
	static const uint8_t bytes[1000];
	struct lane_record opening = { .number = 1, .time = test_start, .kind = LANE_EPOCH };
	struct lane_record more = { .number = 2, .time = test_start, .kind = LANE_PACKET };
	struct slow_judge slow = { .gate = PTHREAD_MUTEX_INITIALIZER };
	struct config config;
	struct lanes *lanes = ringed_lanes(&config, SMALL_RING, 1, true, take_slowly, &slow);
	pthread_t judge;

	(void)state;
	(void)pthread_mutex_lock(&slow.gate);
	assert_int_equal(pthread_create(&judge, NULL, judge_thread, lanes), 0);
	lanes_put(lanes, 1, &opening, (struct span){ 0 });
	lanes_flush(lanes);
	wait_for_one(&slow.asked);
	for (unsigned i = 1; i < OPENINGS; i++)
		lanes_put(lanes, 1, &opening, (struct span){ 0 });
	for (unsigned i = 0; i < PACKETS; i++)
		lanes_put(lanes, 1, &more, cursor_over(bytes, sizeof(bytes)).rest);
	assert_true(lanes_shed(lanes) > PACKETS - SMALL_RING / sizeof(bytes));
	(void)pthread_mutex_unlock(&slow.gate);
	lanes_flush(lanes);
	assert_true(takes_packets_again(lanes, &more, cursor_over(bytes, sizeof(bytes)).rest));
	lanes_close(lanes);
	assert_int_equal(pthread_join(judge, NULL), 0);
	assert_int_equal(slow.facts, OPENINGS);
	lanes_free(lanes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(workers_are_invisible),
		cmocka_unit_test(workers_are_invisible_when_slots_are_few),
		cmocka_unit_test(nothing_put_is_nothing_told),
		cmocka_unit_test(flows_of_a_host_share_a_lane),
		cmocka_unit_test(watermarks_reach_lanes_that_are_idle),
		cmocka_unit_test(a_flush_brings_what_was_put_to_the_judge),
		cmocka_unit_test(a_live_capture_sheds_packets_rather_than_wait),
	};

	return cmocka_run_group_tests_name("lanes", tests, NULL, NULL);
}
