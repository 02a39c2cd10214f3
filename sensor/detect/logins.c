#include "sensor/detect/logins.h"

#include "sensor/detect/guess.h"
#include "sensor/detect/login_signals.h"
#include "sensor/detect/statistics.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { PORT_IKE = 500, PORT_IKE_NAT = 4500 };

/* A refused login that nobody can read, at a desktop or VPN: short, and each like the last one. */
static const nanotime hidden_short = 30 * NANOTIME_SECOND;
static const uint64_t hidden_small = 20000;
static const nanotime hidden_session = NANOTIME_MINUTE;
static const uint64_t hidden_session_bytes = 100000;
static const nanotime guessed_within = NANOTIME_DAY;
/* Sizes of the same login differ by a cookie or a retransmission. */
static const double size_alike = 0.25;

struct logins {
	const struct logins_config *config;
	struct lru_map *waiting; /* see login_tries.h */
	struct lru_map *guesses;
};

static enum err start(void *state, const struct detect_setup *setup)
{
	struct logins *self = state;

	self->config = &setup->config->detect.logins;
	enum err err = login_tries_new(&self->waiting);

	if (err != ERR_OK)
		return err;
	return lru_map_new(&self->guesses, (uint32_t)self->config->pairs, sizeof(struct guess_key),
			   sizeof(struct guess));
}

static void stop(void *state)
{
	struct logins *self = state;

	lru_map_free(self->waiting);
	lru_map_free(self->guesses);
}

static struct guess_key key_of(const struct observation *seen, enum guess_kind kind,
			       enum login_service service)
{
	const struct fact_flow *flow = &seen->fact->flow;
	struct guess_key key = { .device = seen->device,
				 .port = flow->server_port,
				 .kind = (uint8_t)kind,
				 .service = (uint8_t)service };

	if (key.port == PORT_IKE_NAT)
		key.port = PORT_IKE; /* where its handshakes begin */
	if (kind == GUESS_AT)
		key.other = seen->direction == DIRECTION_INBOUND ? flow->client : flow->server;
	return key;
}

static struct guess *touch(struct logins *self, const struct guess_key *key,
			   const struct observation *seen, nanotime now)
{
	struct guess *guess = guess_touch(self->guesses, key, now, self->config->window);

	guess->direction = (uint8_t)seen->direction;
	return guess;
}

static void refused(struct logins *self, const struct observation *seen,
		    const struct login_try *try, nanotime now, bool is_by_shape,
		    struct signal_sink *sink)
{
	struct guess_key key = key_of(seen, GUESS_AT, try->service);
	struct guess *guess = touch(self, &key, seen, now);
	const struct address *server = &seen->fact->flow.server;

	guess->is_by_shape = is_by_shape;
	guess_add_refusal(guess, seen->fact, now, try->account);
	guessing_tell(self->config, &key, guess, GROWTH_WHILE_OBSERVING, sink);
	if (seen->direction == DIRECTION_INBOUND)
		return; /* its tries are spread over the world, not over the office */
	key = key_of(seen, GUESS_AMONG, try->service);
	guess = touch(self, &key, seen, now);
	guess_add_refusal(guess, seen->fact, now, try->account);
	(void)guess_note(&guess->servers, (uint32_t)distinct_hash(server, sizeof(*server)) | 1U);
	guessing_tell(self->config, &key, guess, GROWTH_WHILE_OBSERVING, sink);
}

static void opened(struct logins *self, const struct observation *seen, enum login_service service,
		   bool is_accepted, nanotime now, struct signal_sink *sink)
{
	if (seen->direction != DIRECTION_INBOUND)
		return;

	struct guess_key key = key_of(seen, GUESS_OPEN, service);
	struct guess *guess = touch(self, &key, seen, now);

	guess->accepted += is_accepted;
	signal_keep_flow(guess->flows, &guess->flow_count, seen->fact);
	exposure_tell(&key, guess, seen->fact, sink);
}

static void accepted(struct logins *self, const struct observation *seen,
		     const struct login_try *try, nanotime now, struct signal_sink *sink)
{
	const struct guess_key key = key_of(seen, GUESS_AT, try->service);
	struct guess *guess = touch(self, &key, seen, now);

	guess->accepted++;
	if (guess->told != 0 && nanotime_between(guess->told, now) <= guessed_within) {
		signal_keep_flow(guess->flows, &guess->flow_count, seen->fact);
		guessed_tell(&key, guess, sink);
	}
	/* These are meant for the internet. */
	if (try->service != LOGIN_WEB && try->service != LOGIN_MAIL && try->service != LOGIN_VPN)
		opened(self, seen, try->service, true, now, sink);
}

/* Whether it is about as large as the last one, which it becomes. */
static bool is_like_the_last(struct guess *guess, uint32_t size)
{
	uint32_t last = guess->size;

	guess->size = size;
	return (double)labs((long)size - (long)last) <= size_alike * (double)last;
}

/* The login is encrypted: its length and size tell. */
static void hidden_ended(struct logins *self, const struct observation *seen,
			 enum login_service service, struct signal_sink *sink)
{
	const struct fact *fact = seen->fact;
	const struct login_try try = { .service = service };
	const struct guess_key key = key_of(seen, GUESS_AT, service);
	nanotime now = fact->ended.last;
	nanotime lasted = nanotime_between(fact->flow.first, now);
	uint64_t bytes = fact->ended.bytes_up + fact->ended.bytes_down;

	if (lasted >= hidden_session && bytes >= hidden_session_bytes)
		accepted(self, seen, &try, now, sink);
	else if (lasted < hidden_short && bytes < hidden_small &&
		 is_like_the_last(touch(self, &key, seen, now), (uint32_t)bytes))
		refused(self, seen, &try, now, true, sink);
}

/* A handshake by IKE is over when its tunnel begins, often between other ports: only that counts.
 */
static void tunnel_ended(struct logins *self, const struct observation *seen,
			 struct signal_sink *sink)
{
	const struct fact *fact = seen->fact;
	uint64_t bytes = fact->ended.bytes_up + fact->ended.bytes_down;

	if (strcmp(fact->ended.names.protocol, "OpenVPN") == 0) {
		if (!login_tries_began_again(self->waiting, fact))
			hidden_ended(self, seen, LOGIN_VPN, sink);
	} else if (fact->flow.server_port == PORT_IKE_NAT && bytes >= hidden_session_bytes) {
		hidden_ended(self, seen, LOGIN_VPN, sink);
	}
}

/* Services that are not meant for the internet. */
static bool open_service(const char *protocol, enum login_service *out)
{
	static const struct {
		const char *protocol;
		enum login_service service;
	} services[] = { { "RDP", LOGIN_RDP },       { "VNC", LOGIN_VNC },
			 { "SMBv1", LOGIN_SMB },     { "SMBv23", LOGIN_SMB },
			 { "Telnet", LOGIN_TELNET }, { "SSH", LOGIN_SSH } };

	for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++) {
		*out = services[i].service;
		if (strcmp(protocol, services[i].protocol) == 0)
			return true;
	}
	return false;
}

static bool is_tunnel(const char *protocol)
{
	return strcmp(protocol, "OpenVPN") == 0 || strcmp(protocol, "IPsec") == 0;
}

static void flow_ended(struct logins *self, const struct observation *seen,
		       struct signal_sink *sink)
{
	const struct fact *fact = seen->fact;
	const struct fact_names *names = &fact->ended.names;
	enum login_service service;

	if (fact->flow.is_midstream || !fact->ended.is_answered || !fact->ended.has_data_down)
		return;
	if (is_tunnel(names->protocol) && seen->direction == DIRECTION_INBOUND)
		tunnel_ended(self, seen, sink);
	if (names->is_guess || !open_service(names->protocol, &service))
		return;
	if (service == LOGIN_RDP)
		hidden_ended(self, seen, LOGIN_RDP, sink);
	if (fact->ended.bytes_down >= EXPOSED_BYTES)
		opened(self, seen, service, false, fact->ended.last, sink);
}

static void observe(void *state, const struct observation *seen, struct signal_sink *sink)
{
	struct logins *self = state;
	struct login_try try;

	if (seen->device == 0 || seen->is_group || seen->direction == DIRECTION_UNKNOWN)
		return;
	if (seen->fact->kind == FACT_FLOW_ENDED)
		flow_ended(self, seen, sink);
	else if (!login_tries_hear(self->waiting, seen->fact, &try))
		return;
	else if (try.is_accepted)
		accepted(self, seen, &try, seen->fact->time, sink);
	else if (try.service != LOGIN_VPN || seen->direction == DIRECTION_INBOUND)
		refused(self, seen, &try, seen->fact->time, try.is_by_shape, sink);
}

static void finish(void *state, struct signal_sink *sink)
{
	struct logins *self = state;
	struct guess *guess = NULL;
	const void *key;

	while ((guess = lru_map_next(self->guesses, guess, &key))) {
		if (guess->told_at > 0)
			guessing_tell(self->config, key, guess, GROWTH_AT_THE_END, sink);
	}
}

static const struct kept_table kept[] = {
	{ .name = "logins.waiting",
	  .version = 1,
	  .at = offsetof(struct logins, waiting),
	  .use = KEPT_AS_READ },
	{ .name = "logins.guesses",
	  .version = 1,
	  .at = offsetof(struct logins, guesses),
	  .tidy = guess_tidy,
	  .is_sound = guess_is_sound },
	{ 0 },
};

const struct detector detector_logins = {
	.name = "logins",
	.finds = "Passwords tried one after the other, and found; services open to the internet.",
	.sees = DETECTOR_SEES(FACT_MESSAGE) | DETECTOR_SEES(FACT_FLOW_ENDED),
	.state_size = sizeof(struct logins),
	.start = start,
	.stop = stop,
	.observe = observe,
	.finish = finish,
	.kept = kept,
};
