#include "sensor/detect/hidden_mining.h"

#include "sensor/base/lru_map.h"
#include "sensor/detect/contact_place.h"
#include "sensor/detect/server_place.h"
#include "sensor/detect/service_port.h"
#include "sensor/detect/strength.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

/* As FACT_FLOW_GOES_ON is told: once in each such stretch of time. */
enum { STRETCH_BITS = 36, PACKETS_COUNTED = 255, OPENINGS_LEAST = 6 };

/*
 * A pool sends a job of some 200 to 600 bytes when a block is found or the miner has one done (each
 * minute or so), a miner a share of 150 to 300 when it has found one, which may take an hour;
 * neither says anything else. Messengers and
 * push services send less than 100 bytes to keep a line open, and much when there is something.
 */
static const double job_least = 120;
static const double job_most = 1500;
static const double jobs_least = 1.0 / 120; /* a second */
static const double jobs_most = 1.0 / 5;
static const double busy_bytes = 200; /* IP bytes from the pool in a minute with a job */
static const double busy_share = 0.8;

/* Market data, games and chats of makers that nobody knows come near it. */
static const double prior = 0.06;
static const double times_for_pool_name = 8;
static const double times_for_pool_port = 3;
static const double times_for_no_sni = 2;
static const double times_for_hours = 1.5;

struct line {
	uint64_t stretch; /* the latest one counted */
	uint64_t bytes_up;
	uint64_t bytes_down;
	uint32_t stretches;
	uint32_t busy;     /* … with something said by the server */
	double jobs;       /* a second, while openings are counted … */
	double shares;     /* … and the client's */
	double job_bytes;  /* mean payload with which the server opens */
	uint64_t openings; /* of the server, then */
	struct strength told;
};

struct hidden_mining {
	const struct hidden_mining_config *config;
	struct lru_map *lines; /* struct talk_key → struct line */
};

static enum err start(void *state, const struct detect_setup *setup)
{
	struct hidden_mining *self = state;

	self->config = &setup->config->detect.hidden_mining;
	return lru_map_new(&self->lines, (uint32_t)self->config->lines, sizeof(struct talk_key),
			   sizeof(struct line));
}

static void stop(void *state)
{
	struct hidden_mining *self = state;

	lru_map_free(self->lines);
}

/* Ports that pools' own pages name, for plain and for encrypted mining. */
static bool is_pool_port(uint16_t port)
{
	static const uint16_t ports[] = { 3032,  3333,  3334,  4444,  5555,  7777,  8888, 9999,
					  10128, 10343, 13333, 14433, 14444, 20535, 45560 };

	for (size_t i = 0; i < sizeof(ports) / sizeof(ports[0]); i++) {
		if (port == ports[i])
			return true;
	}
	return false;
}

/* A label, or a part of one between hyphens, as pools are named: "xmr-eu1", "pool", "stratum". */
static bool is_pool_name(const char *name)
{
	static const char *const words[] = { "pool",      "xmr",     "monero", "stratum",  "eth",
					     "miner",     "mine",    "mining", "hashrate", "rvn",
					     "ethermine", "randomx", "btc" };

	while (*name != '\0') {
		size_t len = strcspn(name, ".-");

		while (len > 0 && name[len - 1] >= '0' && name[len - 1] <= '9')
			len--;
		for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
			if (strlen(words[i]) == len && strncmp(name, words[i], len) == 0)
				return true;
		}
		name += strcspn(name, ".-");
		name += *name != '\0';
	}
	return false;
}

static bool may_be_mining(const struct observation *seen)
{
	const struct fact *fact = seen->fact;
	const struct fact_names *names = &fact->ended.names;

	return seen->device != 0 && seen->direction == DIRECTION_OUTBOUND &&
	       fact->flow.protocol == IP_TCP && fact->ended.has_data_down &&
	       !port_is(fact->flow.server_port, PORT_KEPT_OPEN | PORT_STARTS_TLS) &&
	       (strncmp(names->protocol, "TLS", 3) == 0 || server_speaks_unknown(names));
}

static void add_stretch(struct line *line, const struct fact *fact)
{
	const struct fact_ended *e = &fact->ended;
	const struct fact_shape *shape = &e->shape;
	double seconds = nanotime_seconds(nanotime_between(fact->flow.first, e->last));

	line->busy += (double)(e->bytes_down - line->bytes_down) >= busy_bytes;
	line->bytes_up = e->bytes_up;
	line->bytes_down = e->bytes_down;
	line->stretches++;
	/* Later openings are not counted: what was known by then is its pace. */
	if (!shape->is_known || e->payload_packets >= PACKETS_COUNTED || seconds <= 0)
		return;
	line->jobs = shape->server_opened / seconds;
	line->shares = shape->client_opened / seconds;
	line->openings = shape->server_opened;
	line->job_bytes =
		shape->server_opened > 0 ? (double)shape->bytes_opened / shape->server_opened : 0;
}

static bool is_in_rhythm(const struct line *line)
{
	return line->openings >= OPENINGS_LEAST && line->job_bytes >= job_least &&
	       line->job_bytes <= job_most && line->jobs >= jobs_least && line->jobs <= jobs_most &&
	       line->shares > 0 && line->shares <= jobs_most &&
	       line->busy >= busy_share * line->stretches;
}

static void judge(const struct hidden_mining_config *c, const struct observation *seen,
		  struct line *line, struct signal_sink *sink)
{
	const struct fact *fact = seen->fact;
	double lasted = nanotime_seconds(nanotime_between(fact->flow.first, fact->ended.last));
	uint64_t more = line->bytes_up > line->bytes_down ? line->bytes_up : line->bytes_down;
	struct signal s = { .kind = SIGNAL_HIDDEN_MINING,
			    .confidence = prior,
			    .first = fact->flow.first,
			    .last = fact->ended.last,
			    .count = 1,
			    .outcome = OUTCOME_DATA };

	if (lasted < nanotime_seconds(c->lasting) || (double)more > (double)c->bytes * lasted ||
	    !is_in_rhythm(line))
		return;
	signal_condition(&s, REASON_DURATION, lasted, COMPARE_AT_LEAST,
			 nanotime_seconds(c->lasting), "hidden_mining.lasting");
	signal_condition(&s, REASON_RATE, (double)more / lasted, COMPARE_AT_MOST, (double)c->bytes,
			 "hidden_mining.bytes");
	signal_condition(&s, REASON_JOBS, 60 * line->jobs, COMPARE_AT_LEAST, 60 * jobs_least, NULL);
	signal_tell(&s, REASON_SHARES, 60 * line->shares);
	server_weigh(&s, seen);
	if (is_pool_name(seen->peer_name[0] != '\0' ? seen->peer_name : seen->resolved))
		signal_evidence(&s, REASON_POOL_NAME, 1, times_for_pool_name);
	if (is_pool_port(fact->flow.server_port))
		signal_evidence(&s, REASON_POOL_PORT, fact->flow.server_port, times_for_pool_port);
	if (fact->ended.names.host[0] == '\0')
		signal_evidence(&s, REASON_NO_SNI, 1, times_for_no_sni);
	if (lasted >= 8 * nanotime_seconds(NANOTIME_HOUR))
		s.confidence = signal_weigh(s.confidence, times_for_hours);
	server_describe(&s, seen);
	if (strength_is_news(&line->told, s.confidence, fact->time))
		sink->emit(sink, &s);
}

static void observe(void *state, const struct observation *seen, struct signal_sink *sink)
{
	struct hidden_mining *self = state;
	const struct fact *fact = seen->fact;
	const struct talk_key key = talk_key_of(&fact->flow);
	struct line *line;
	bool is_new;

	if (!may_be_mining(seen))
		return;
	line = lru_map_touch(self->lines, &key, &is_new);
	if (!is_new && line->stretch == fact->time >> STRETCH_BITS)
		return;
	line->stretch = fact->time >> STRETCH_BITS;
	add_stretch(line, fact);
	judge(self->config, seen, line, sink);
}

static bool is_line_sound(const void *key, const void *value)
{
	const struct line *line = value;

	(void)key;
	return line->busy <= line->stretches && isfinite(line->jobs) && isfinite(line->shares) &&
	       isfinite(line->job_bytes) && strength_is_sound(&line->told);
}

static const struct kept_table kept[] = {
	{ .name = "hidden_mining.lines",
	  .version = 1,
	  .at = offsetof(struct hidden_mining, lines),
	  .use = KEPT_AS_READ,
	  .is_sound = is_line_sound },
	{ 0 },
};

const struct detector detector_hidden_mining = {
	.name = "hidden_mining",
	.finds = "An encrypted connection in the rhythm of a mining pool's jobs and a miner's "
		 "shares.",
	.sees = DETECTOR_SEES(FACT_FLOW_GOES_ON),
	.state_size = sizeof(struct hidden_mining),
	.start = start,
	.stop = stop,
	.observe = observe,
	.kept = kept,
};
