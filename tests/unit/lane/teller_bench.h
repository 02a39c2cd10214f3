/*
 * A teller with a flow table of its own, and what it told. Whatever is tried, what lanes rely on is
 * checked of each record. For the tests in this folder.
 */
#pragma once

#include "sensor/base/hash.h"
#include "tests/support/facts.h"
#include "tests/unit/lane/lane_feed.h"

enum {
	RECORDS_MAX = 256,
	SLOTS_MAX = 8192,
	COPIED = 1500, /* bytes of a packet */
	HEADERS = 28,
	KINDS = LANE_WATERMARK + 1,
};

/* What lanes must be able to rely on, of one slot. */
struct slot {
	uint16_t told;
	bool is_open;
	unsigned lane;
	uint32_t generation;
};

struct heard {
	unsigned lane;
	struct lane_record record;
	size_t len;
};

struct trial {
	struct lane_feed feed;
	uint64_t last_number;
	uint64_t of_kind[KINDS];
	uint64_t ended;   /* told one by one */
	uint64_t quiet;   /* told flows that ended without a word */
	uint64_t counted; /* by figures */
	uint64_t account; /* of all that was heard, folded */
	size_t count;     /* kept of what was heard last */
	struct heard heard[RECORDS_MAX];
	struct slot slots[SLOTS_MAX];
};

/* A flow begins in its slot only by being told of, and after the one before. */
static inline void check_packet(struct trial *t, unsigned lane, const struct lane_packet *lp)
{
	struct slot *slot = &t->slots[lp->ref.index];

	assert_true(lp->ref.index < SLOTS_MAX);
	assert_int_equal(lane, lanes_of_flow(&t->feed.config.network, &lp->packet.key));
	assert_true(lp->packet.payload_len > 0 && !lp->packet.is_fragment_rest);
	if (lp->is_told_now) {
		assert_false(slot->is_open);
		assert_int_equal(lp->told_before, slot->told);
		*slot = (struct slot){ (uint16_t)(slot->told + 1), true, lane, lp->ref.generation };
	}
	assert_true(slot->is_open);
	assert_int_equal(slot->lane, lane);
	assert_int_equal(slot->generation, lp->ref.generation);
}

static inline void check_end(struct trial *t, unsigned lane, const struct lane_flow_end *end)
{
	struct slot *slot = &t->slots[end->ref.index];
	bool was_told = (end->flow.flags & FLOW_TOLD) != 0;

	assert_int_equal(lane, lanes_of_flow(&t->feed.config.network, &end->flow.key));
	assert_int_equal(was_told, slot->is_open);
	assert_true(was_told || !end->is_quiet);
	if (was_told)
		assert_int_equal(slot->generation, end->ref.generation);
	slot->is_open = false;
	t->ended += !end->is_quiet;
	t->quiet += end->is_quiet;
}

/* Only of what the lane knows, and only what is worth a record. */
static inline void check_news(struct trial *t, unsigned lane, const struct lane_flow_news *news)
{
	const struct slot *slot = &t->slots[news->ref.index];

	assert_int_equal(lane, lanes_of_flow(&t->feed.config.network, &news->flow.key));
	assert_true(slot->is_open);
	assert_int_equal(slot->generation, news->ref.generation);
	assert_true(news->is_minute || news->is_opening);
	assert_true(!news->is_opening || news->payload_len > 0);
}

static inline void check(struct trial *t, unsigned lane, const struct lane_record *record)
{
	assert_true(record->number >= t->last_number);
	t->last_number = record->number;
	switch ((enum lane_record_kind)record->kind) {
	case LANE_PACKET:
		check_packet(t, lane, &record->packet);
		break;
	case LANE_FLOW_END:
		check_end(t, lane, &record->end);
		break;
	case LANE_FLOW_NEWS:
		check_news(t, lane, &record->news);
		break;
	case LANE_SIGHTING:
		assert_int_equal(lane, lanes_of_host(&record->sighting.source));
		break;
	case LANE_ATTEMPTS:
		assert_int_equal(lane, lanes_of_host(&record->attempts.host));
		t->counted += record->attempts.count;
		break;
	case LANE_LINK:
		assert_int_equal(lane, lanes_of_mac(&record->packet.packet.source_mac));
		break;
	case LANE_SYN:
		assert_int_equal(lane, lanes_of_host(packet_source(&record->packet.packet)));
		break;
	case LANE_EPOCH:
		assert_int_equal(lane, 0);
		break;
	case LANE_WATERMARK:
		fail_msg("the rings' own");
	}
}

static inline uint64_t fold(uint64_t account, unsigned lane, const struct lane_record *record)
{
	const struct lane_packet *lp = &record->packet;
	uint64_t words[] = { account, lane, record->number, record->time, record->kind, 0 };

	if (record->kind == LANE_PACKET)
		words[5] = (uint64_t)lp->ref.index << 32 | lp->told_before;
	if (record->kind == LANE_FLOW_END)
		words[5] = (uint64_t)record->end.ref.index << 32 | record->end.is_quiet;
	return hash_bytes(&(struct hash_key){ 0 }, words, sizeof(words));
}

static inline void hear(void *arg, unsigned lane, struct lane_record *record, struct span bytes)
{
	struct trial *t = arg;
	struct heard *heard = &t->heard[t->count++ % RECORDS_MAX];

	check(t, lane, record);
	heard->lane = lane;
	heard->len = bytes.len;
	memset(&heard->record, 0, sizeof(heard->record));
	memcpy(&heard->record, record, lane_record_size((enum lane_record_kind)record->kind));
	t->of_kind[record->kind]++;
	t->account = fold(t->account, lane, record);
}

static inline struct trial *prepare(uint64_t attempts)
{
	struct trial *t = calloc(1, sizeof(*t));

	assert_non_null(t);
	lane_feed_prepare(&t->feed, hear, t);
	t->feed.config.flow.attempts = attempts;
	t->feed.config.lane.copy_bytes = COPIED;
	return t;
}

static inline struct trial *start(uint64_t attempts)
{
	struct trial *t = prepare(attempts);

	lane_feed_start(&t->feed);
	return t;
}

/* Every flow was told of one by one, or is in a figure; no slot is left with one. */
static inline void stop(struct trial *t)
{
	uint64_t opened = flow_table_stats(t->feed.flows).opened;

	lane_feed_end(&t->feed);
	assert_int_equal(t->ended + t->counted, opened);
	for (size_t i = 0; i < SLOTS_MAX; i++)
		assert_false(t->slots[i].is_open);
	lane_feed_free(&t->feed);
	free(t);
}

/* What goes from one end to another, at a time. */
struct words {
	const char *source;
	uint16_t source_port;
	const char *destination;
	uint16_t destination_port;
	uint32_t len;
	double seconds;
};

static inline void say_by(struct trial *t, uint8_t protocol, uint8_t tcp_flags,
			  const struct words *w)
{
	static const uint8_t bytes[4096];
	struct address source = test_address(w->source);
	struct address destination = test_address(w->destination);
	struct packet p = { .number = ++t->feed.at.number,
			    .time = test_after_seconds(w->seconds),
			    .kind = PACKET_IP,
			    .source_mac = test_mac(1),
			    .destination_mac = test_mac(2),
			    .tcp_flags = tcp_flags,
			    .ip_len = HEADERS + w->len,
			    .payload_len = w->len,
			    .ip = { bytes, HEADERS + w->len },
			    .payload = { bytes + HEADERS, w->len } };

	p.key = flow_key_of(&source, w->source_port, &destination, w->destination_port,
			    &p.source_is_low);
	t->feed.at.now = p.time;
	p.key.protocol = protocol;
	p.key.ip_version = 4;
	lane_feed_packet(&t->feed, &p);
}

static inline void say(struct trial *t, const struct words *words)
{
	say_by(t, IP_UDP, 0, words);
}

static inline const struct heard *last(const struct trial *t)
{
	assert_true(t->count > 0);
	return &t->heard[(t->count - 1) % RECORDS_MAX];
}

static inline struct words up(uint32_t len, double seconds)
{
	return (struct words){ "192.168.1.10", 40000, "203.0.113.5", 443, len, seconds };
}

static inline struct words down(uint32_t len, double seconds)
{
	return (struct words){ "203.0.113.5", 443, "192.168.1.10", 40000, len, seconds };
}
