#include "sensor/detect/mail_bot.h"

#include "sensor/base/lru_map.h"
#include "sensor/detect/signal.h"
#include "sensor/detect/statistics.h"

#include <stddef.h>
#include <string.h>

enum { SMTP_PORT = 25, TCP = 6, SERVERS_KEPT = 64 };

/*
 * A program on a PC uses one server, the provider's, and not on this port. Only a mail server
 * delivers to others', and it takes mail in, too.
 */
static const double prior = 0.7;
static const double times_takes_mail = 0.03;

/* A device's deliveries in this window. */
struct mailer {
	nanotime first;
	nanotime last;
	uint32_t told_at;      /* servers when it was last told; 0 is never */
	uint32_t server_count; /* SERVERS_KEPT at most */
	uint32_t answered;
	bool takes_mail; /* others deliver mail to it */
	uint8_t flow_count;
	uint64_t servers[SERVERS_KEPT]; /* hashes */
	struct signal_flow flows[SIGNAL_FLOWS_MAX];
};

struct mail_bot {
	const struct mail_bot_config *config;
	struct lru_map *mailers; /* device → struct mailer */
};

static enum err start(void *state, const struct detect_setup *setup)
{
	struct mail_bot *self = state;

	self->config = &setup->config->detect.mail_bot;
	return lru_map_new(&self->mailers, (uint32_t)self->config->devices, sizeof(uint32_t),
			   sizeof(struct mailer));
}

static void stop(void *state)
{
	struct mail_bot *self = state;

	lru_map_free(self->mailers);
}

static bool add_server(struct mailer *mailer, const struct address *server)
{
	uint64_t hash = distinct_hash(server, sizeof(*server));

	for (uint32_t i = 0; i < mailer->server_count; i++) {
		if (mailer->servers[i] == hash)
			return false;
	}
	if (mailer->server_count == SERVERS_KEPT)
		return false;
	mailer->servers[mailer->server_count++] = hash;
	return true;
}

/* Whether somebody takes in mail does not change with the window. */
static void begin_window(struct mailer *mailer, nanotime now)
{
	bool takes_mail = mailer->takes_mail;

	memset(mailer, 0, sizeof(*mailer));
	mailer->takes_mail = takes_mail;
	mailer->first = now;
}

static void tell(struct mail_bot *self, struct mailer *mailer, const struct observation *seen,
		 struct signal_sink *sink)
{
	const struct mail_bot_config *c = self->config;
	struct signal s = { .kind = SIGNAL_MAIL_BOT,
			    .direction = (uint8_t)seen->direction,
			    .outcome = mailer->answered > 0 ? (uint8_t)OUTCOME_DATA
							    : (uint8_t)OUTCOME_ATTEMPT,
			    .device = seen->device,
			    .first = mailer->first,
			    .last = mailer->last,
			    .count = mailer->server_count,
			    .confidence = prior,
			    .object = { .kind = OBJECT_PORT,
					.port = SMTP_PORT,
					.protocol = TCP,
					.text = "25/tcp" },
			    .flow_count = mailer->flow_count };

	memcpy(s.flows, mailer->flows, sizeof(s.flows));
	signal_condition(&s, REASON_TARGETS, mailer->server_count, COMPARE_AT_LEAST,
			 (double)c->servers, "mail_bot.servers");
	signal_condition(&s, REASON_WINDOW,
			 nanotime_seconds(nanotime_between(mailer->first, mailer->last)),
			 COMPARE_AT_MOST, nanotime_seconds(c->window), "mail_bot.window");
	if (mailer->takes_mail)
		signal_evidence(&s, REASON_TAKES_MAIL, 1, times_takes_mail);
	mailer->told_at = mailer->server_count;
	sink->emit(sink, &s);
}

static void delivered(struct mail_bot *self, const struct observation *seen,
		      struct signal_sink *sink)
{
	const struct fact *fact = seen->fact;
	nanotime when = fact->flow.first;
	bool is_new;
	struct mailer *mailer = lru_map_touch(self->mailers, &seen->device, &is_new);

	if (is_new || mailer->first == 0 ||
	    nanotime_between(mailer->first, when) > self->config->window ||
	    nanotime_went_back(mailer->first, when))
		begin_window(mailer, when);
	if (!add_server(mailer, &fact->flow.server))
		return;
	mailer->last = when > mailer->last ? when : mailer->last;
	mailer->answered += fact->ended.has_data_down;
	signal_keep_flow(mailer->flows, &mailer->flow_count, fact);
	/* Again when it has become twice as many. */
	if (mailer->server_count >= self->config->servers &&
	    mailer->server_count >= 2 * mailer->told_at)
		tell(self, mailer, seen, sink);
}

static void observe(void *state, const struct observation *seen, struct signal_sink *sink)
{
	struct mail_bot *self = state;
	const struct fact *fact = seen->fact;
	bool is_new;

	if (fact->flow.server_port != SMTP_PORT || fact->flow.protocol != TCP || seen->device == 0)
		return;
	if (seen->direction == DIRECTION_OUTBOUND) {
		delivered(self, seen, sink);
	} else if (fact->ended.has_data_down) {
		/* Of an inbound flow `device` is the server; inside it is the other side. */
		uint32_t server = seen->peer_device != 0 ? seen->peer_device : seen->device;
		struct mailer *mailer = lru_map_touch(self->mailers, &server, &is_new);

		mailer->takes_mail = true;
	}
}

static bool is_mailer_sound(const void *key, const void *value)
{
	const uint32_t *device = key;
	const struct mailer *mailer = value;

	return *device != 0 && mailer->server_count <= SERVERS_KEPT &&
	       mailer->told_at <= SERVERS_KEPT && mailer->answered <= mailer->server_count &&
	       kept_are_flags(&mailer->takes_mail, 1) &&
	       signal_flows_are_sound(mailer->flows, mailer->flow_count);
}

static void tidy_mailer(void *value)
{
	struct mailer *mailer = value;

	signal_tidy_flows(mailer->flows, mailer->flow_count);
}

static const struct kept_table kept[] = {
	{ .name = "mail_bot.mailers",
	  .version = 1,
	  .at = offsetof(struct mail_bot, mailers),
	  .tidy = tidy_mailer,
	  .is_sound = is_mailer_sound },
	{ 0 },
};

const struct detector detector_mail_bot = {
	.name = "mail_bot",
	.finds = "A device that hands mail to many servers outside.",
	.sees = DETECTOR_SEES(FACT_FLOW_ENDED),
	.state_size = sizeof(struct mail_bot),
	.start = start,
	.stop = stop,
	.observe = observe,
	.kept = kept,
};
