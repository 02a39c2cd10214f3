#include "tests/support/facts.h"

#include "sensor/base/lru_map.h"
#include "sensor/detect/http_manner.h"
#include "sensor/feed/feed_compile.h"
#include "tests/support/cmocka.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FIRST_PORT = 40000, PORTS = 20000 };

const nanotime test_start = UINT64_C(1772409600) * NANOTIME_SECOND;

nanotime test_after_seconds(double seconds)
{
	int64_t after = (int64_t)(seconds * (double)NANOTIME_SECOND); /* below 0 as well */

	return test_start + (nanotime)after;
}

/* xorshift64* (Vigna 2016). */
uint64_t test_random(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * UINT64_C(0x2545f4914f6cdd1d);
}

double test_random_share(uint64_t *state)
{
	return (double)(test_random(state) >> 11) / (double)(UINT64_C(1) << 53);
}

struct address test_address(const char *text)
{
	struct address address;

	assert_int_equal(address_parse(text, &address), ERR_OK);
	return address;
}

struct mac test_mac(uint8_t last)
{
	return (struct mac){ { 2, 0, 0, 0, 0, last } };
}

struct fact_flow test_flow(uint64_t id, const char *client, const char *server, uint16_t port,
			   uint8_t protocol)
{
	return (struct fact_flow){ .id = id,
				   .client = test_address(client),
				   .server = test_address(server),
				   .client_port = (uint16_t)(FIRST_PORT + id % PORTS),
				   .server_port = port,
				   .protocol = protocol,
				   .ip_version = strchr(client, ':') ? 6 : 4 };
}

struct fact test_fact(enum fact_kind kind, nanotime time, const struct fact_flow *flow)
{
	struct fact fact;

	memset(&fact, 0, sizeof(fact));
	fact.time = time;
	fact.kind = (uint8_t)kind;
	if (flow) {
		fact.number = flow->id;
		fact.flow = *flow;
		if (flow->first == 0)
			fact.flow.first = time;
	}
	return fact;
}

struct fact test_check_in(nanotime time, const struct fact_flow *flow, uint32_t payload_len,
			  const char *host)
{
	struct fact fact = test_fact(FACT_CHECK_IN, time, flow);
	struct fact_names *names = &fact.check_in.names;

	fact.check_in.payload_len = payload_len;
	fact.check_in.is_first = true;
	fact.check_in.is_answered = true;
	fact.check_in.has_data_down = true;
	(void)snprintf(names->host, sizeof(names->host), "%s", host);
	(void)snprintf(names->protocol, sizeof(names->protocol), "TLS");
	names->host_source = host[0] != '\0' ? HOST_TLS : HOST_NONE;
	return fact;
}

struct fact test_flow_ended(nanotime time, const struct fact_flow *flow, bool is_answered)
{
	struct fact fact = test_fact(FACT_FLOW_ENDED, time, flow);
	struct fact_ended *ended = &fact.ended;

	ended->last = time;
	ended->bytes_up = 60;
	ended->packets_up = 1;
	ended->is_answered = is_answered;
	ended->has_data_down = is_answered;
	if (is_answered) {
		ended->bytes_down = 2000;
		ended->packets_down = 4;
		ended->payload_packets = 5;
	}
	return fact;
}

struct fact test_dns_question(nanotime time, const char *name)
{
	struct fact_flow flow = test_flow(1, "192.168.1.10", "192.168.1.1", 53, TEST_UDP);
	struct fact fact = test_fact(FACT_DNS, time, &flow);

	assert_true(strlen(name) + 2 <= UINT8_MAX);
	fact.dns.type = 1;
	fact.dns.name_octets = (uint8_t)(strlen(name) + 2);
	(void)snprintf(fact.dns.name, sizeof(fact.dns.name), "%s", name);
	return fact;
}

struct fact test_dns_answer(nanotime time, const char *name, const char *address)
{
	struct fact fact = test_dns_question(time, name);

	fact.dns.is_response = true;
	fact.dns.answer_count = 1;
	fact.dns.answer_bytes = 4;
	fact.dns.lowest_ttl = 300;
	fact.dns.address_count = 1;
	fact.dns.addresses[0] = test_address(address);
	return fact;
}

struct fact test_arp(nanotime time, uint8_t sender, uint8_t target, bool is_request)
{
	const uint8_t from[] = { 192, 168, 1, sender };
	const uint8_t to[] = { 192, 168, 1, target };
	struct fact fact = test_fact(FACT_NEIGHBOUR, time, NULL);

	fact.neighbour.sender_mac = test_mac(sender);
	fact.neighbour.sender = address_v4(from);
	fact.neighbour.target = address_v4(to);
	fact.neighbour.is_request = is_request;
	return fact;
}

struct intel_sets *test_indicators(const char *text)
{
	char folder[] = "/tmp/hinomi_indicators_XXXXXX";
	char path[sizeof(folder) + sizeof("/list.txt")];
	struct intel_sets *sets = NULL;
	struct intel_set *set = NULL;
	struct feed_counts counts;
	const struct feed_compile_setup setup = { .path = path, .complaints = stderr };
	FILE *file;

	assert_non_null(mkdtemp(folder));
	(void)snprintf(path, sizeof(path), "%s/list.txt", folder);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
	assert_int_equal(fclose(file), 0);
	assert_int_equal(feed_compile(&setup, &set, &counts), ERR_OK);
	assert_int_equal(counts.refused, 0);
	assert_int_equal(intel_sets_new(&sets), ERR_OK);
	assert_int_equal(intel_sets_add(sets, set), ERR_OK);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(folder), 0);
	return sets;
}

static void keep(struct signal_sink *sink, const struct signal *signal)
{
	struct test_bench *bench = (struct test_bench *)(void *)sink;

	if (bench->count < TEST_SIGNALS_MAX)
		bench->signals[bench->count] = *signal;
	bench->count++;
}

void test_bench_prepare(struct test_bench *bench, const struct detector *detector)
{
	memset(bench, 0, sizeof(*bench));
	bench->sink.emit = keep;
	bench->detector = detector;
	config_defaults(&bench->config);
}

void test_bench_start(struct test_bench *bench, const struct intel_sets *indicators)
{
	assert_int_equal(suffix_rules_new(&bench->suffixes), ERR_OK);

	const struct detect_setup setup = { .config = &bench->config,
					    .indicators = indicators,
					    .suffixes = bench->suffixes };

	bench->state = calloc(1, bench->detector->state_size);
	assert_non_null(bench->state);
	assert_int_equal(bench->detector->start(bench->state, &setup), ERR_OK);
}

void test_bench_stop(struct test_bench *bench)
{
	bench->detector->stop(bench->state);
	free(bench->state);
	suffix_rules_free(bench->suffixes);
}

static struct lru_map *map_of(const void *state, const struct kept_table *table)
{
	struct lru_map *map;

	memcpy(&map, (const char *)state + table->at, sizeof(map));
	return table->size > 0 ? NULL : map;
}

static void take_over(const struct kept_table *table, struct lru_map *from, struct lru_map *to)
{
	void *value = NULL;
	const void *key;
	bool is_new;

	while ((value = lru_map_next(from, value, &key))) {
		void *copy = lru_map_touch(to, key, &is_new);

		memcpy(copy, value, lru_map_value_size(from));
		if (table->tidy)
			table->tidy(copy);
		assert_true(!table->is_sound || table->is_sound(key, copy));
	}
}

void test_bench_restart(struct test_bench *bench, const struct intel_sets *indicators)
{
	struct test_bench before = *bench;

	test_bench_start(bench, indicators);
	for (const struct kept_table *t = bench->detector->kept; t && t->name; t++) {
		struct lru_map *from = map_of(before.state, t);

		if (from && t->use == KEPT_ALWAYS)
			take_over(t, from, map_of(bench->state, t));
	}
	test_bench_stop(&before);
}

void test_bench_show(struct test_bench *bench, const struct observation *seen)
{
	const struct fact *fact = seen->fact;
	struct observation shown = *seen;
	struct http_manner manner;

	if (fact->kind == FACT_MESSAGE && fact->message.message == MESSAGE_HTTP_REQUEST &&
	    http_manner_of(&fact->message.said, &manner))
		shown.manner = &manner;
	bench->detector->observe(bench->state, &shown, &bench->sink);
}

void test_bench_finish(struct test_bench *bench)
{
	if (bench->detector->finish)
		bench->detector->finish(bench->state, &bench->sink);
}

static bool is_map_sound(const struct kept_table *table, struct lru_map *map)
{
	size_t size = lru_map_value_size(map);
	void *copy = malloc(size);
	void *value = NULL;
	const void *key;
	bool are_sound = true;

	assert_non_null(copy);
	while (are_sound && (value = lru_map_next(map, value, &key))) {
		memcpy(copy, value, size);
		if (table->tidy)
			table->tidy(copy);
		are_sound = table->is_sound(key, copy);
	}
	free(copy);
	return are_sound;
}

bool test_rows_are_sound(const struct test_bench *bench)
{
	for (const struct kept_table *t = bench->detector->kept; t && t->name; t++) {
		struct lru_map *map = map_of(bench->state, t);

		if (map && t->is_sound && !is_map_sound(t, map))
			return false;
	}
	return true;
}

struct observation test_seen(const struct fact *fact)
{
	const struct fact_names *names = fact_names_of(fact);
	const struct address *device =
		fact->kind == FACT_NEIGHBOUR ? &fact->neighbour.sender : &fact->flow.client;

	return (struct observation){ .fact = fact,
				     .direction = DIRECTION_OUTBOUND,
				     .device = device->bytes[ADDRESS_LEN - 1],
				     .peer_name = names ? names->host : "",
				     .resolved = "",
				     .dns_seen = true };
}

const struct signal *test_bench_last(const struct test_bench *bench)
{
	assert_true(bench->count > 0 && bench->count <= TEST_SIGNALS_MAX);
	return &bench->signals[bench->count - 1];
}

const struct reason *test_reason(const struct signal *signal, enum reason_code code)
{
	for (uint8_t i = 0; i < signal->reason_count; i++) {
		if (signal->reasons[i].code == code)
			return &signal->reasons[i];
	}
	return NULL;
}
