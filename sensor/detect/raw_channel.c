#include "sensor/detect/raw_channel.h"

#include "sensor/base/lru_map.h"
#include "sensor/detect/raw_flow.h"
#include "sensor/detect/same_opening.h"
#include "sensor/detect/server_place.h"
#include "sensor/detect/service_port.h"
#include "sensor/detect/strength.h"
#include "sensor/intel/known_protocols.h"

#include <stddef.h>
#include <string.h>

enum {
	MANY_CONNECTIONS = 4,
	DEVICES_KEPT = 256,
	MANY_SERVERS = 5,
	SAME_OPENINGS = 3,
	TLS_SERVERS = 2,
	TLS_SERVERS_MANY = 4,
	TLS_PORT = 443,
};

/*
 * An office has programs of its own protocol: games, messengers, tools of accountants and doctors.
 * One in twelve devices with such a connection at all is somebody else's, before anything else is
 * known of it: in 316 harmless captures the evidence came to 6 times at most, and it takes eleven.
 */
static const double prior = 0.085;
static const double times_for_datagrams = 0.15;
static const double times_inside = 0.1;
static const double times_for_guess = 0.7;
static const double times_for_connections = 2.5;
static const double times_for_many_servers = 0.15;
static const double times_for_same_opening = 5;
static const double times_for_tls_server = 1; /* for each that speaks no TLS where that belongs */
/* HTTP or SSH where something else is expected. Chat that hides from who looks for chat is more. */
static const double mismatch_prior = 0.08;
static const double hidden_chat_prior = 0.2;

struct raw_place {
	nanotime first;
	nanotime last;
	uint32_t connections; /* that have ended */
	uint32_t spare;
	struct strength told;
	uint8_t flow_count;
	struct signal_flow flows[SIGNAL_FLOWS_MAX];
};

/* A device that speaks to many servers in this way uses a game or shares files. */
struct raw_device {
	nanotime since;
	uint32_t servers; /* new ones since then */
	uint32_t on_tls_port;
};

struct raw_channel {
	const struct raw_channel_config *config;
	struct lru_map *places;   /* struct server_key → struct raw_place */
	struct lru_map *devices;  /* number → struct raw_device */
	struct lru_map *openings; /* of same_opening.h */
	struct lru_map *ftp;      /* struct server_key, without its port → when it was seen */
};

static enum err start(void *state, const struct detect_setup *setup)
{
	struct raw_channel *self = state;
	enum err err;

	self->config = &setup->config->detect.raw_channel;
	err = lru_map_new(&self->places, (uint32_t)self->config->places, sizeof(struct server_key),
			  sizeof(struct raw_place));
	if (err != ERR_OK)
		return err;
	err = lru_map_new(&self->devices, DEVICES_KEPT, sizeof(uint32_t),
			  sizeof(struct raw_device));
	if (err != ERR_OK)
		return err;
	err = same_opening_new(&self->openings);
	if (err != ERR_OK)
		return err;
	return lru_map_new(&self->ftp, DEVICES_KEPT, sizeof(struct server_key), sizeof(nanotime));
}

static void stop(void *state)
{
	struct raw_channel *self = state;

	lru_map_free(self->places);
	lru_map_free(self->devices);
	lru_map_free(self->openings);
	lru_map_free(self->ftp);
}

static struct server_key host_of(const struct observation *seen)
{
	struct server_key key = server_key_of(seen);

	key.port = 0;
	return key;
}

/* FTP's files come on connections of their own, of which nothing but the address is known. */
static void note_ftp(struct raw_channel *self, const struct observation *seen)
{
	const struct server_key key = host_of(seen);
	bool is_new;

	if (strncmp(fact_names_of(seen->fact)->protocol, "FTP", 3) != 0)
		return;
	*(nanotime *)lru_map_touch(self->ftp, &key, &is_new) = seen->fact->time;
}

static bool is_ftp_data(struct raw_channel *self, const struct observation *seen)
{
	const struct server_key key = host_of(seen);
	const nanotime *when = lru_map_find(self->ftp, &key);

	return when && nanotime_between(*when, seen->fact->flow.first) < NANOTIME_HOUR;
}

static struct raw_device *device_of(struct raw_channel *self, const struct observation *seen,
				    bool is_new_server)
{
	bool is_new;
	struct raw_device *device = lru_map_touch(self->devices, &seen->device, &is_new);
	nanotime now = seen->fact->time;

	if (is_new || nanotime_between(device->since, now) > NANOTIME_HOUR ||
	    nanotime_went_back(device->since, now))
		*device = (struct raw_device){ .since = now };
	device->servers += is_new_server && device->servers < UINT32_MAX;
	device->on_tls_port += is_new_server && seen->fact->flow.server_port == TLS_PORT &&
			       seen->fact->flow.protocol == IP_TCP &&
			       device->on_tls_port < UINT32_MAX;
	return device;
}

static void weigh(struct signal *s, const struct raw_channel_config *config,
		  const struct observation *seen, const struct raw_place *place,
		  const struct raw_device *device, uint32_t same_openings)
{
	const struct fact *fact = seen->fact;
	const char *protocol = fact->ended.names.protocol;

	s->confidence = prior;
	if (seen->direction == DIRECTION_LATERAL)
		s->confidence = signal_weigh(s->confidence, times_inside);
	if (fact->flow.protocol != IP_TCP)
		s->confidence = signal_weigh(s->confidence, times_for_datagrams);
	/* From the port: it may be that after all. A hoster's network says nothing. */
	if (fact->ended.names.is_guess && !port_is(fact->flow.server_port, PORT_USUAL) &&
	    !protocol_is_carrier(protocol))
		s->confidence = signal_weigh(s->confidence, times_for_guess);
	server_weigh(s, seen);
	raw_flow_weigh(s, config, fact);
	if (place->connections >= MANY_CONNECTIONS)
		signal_evidence(s, REASON_CONNECTIONS, place->connections, times_for_connections);
	if (same_openings >= SAME_OPENINGS)
		signal_evidence(s, REASON_SAME_OPENING, same_openings, times_for_same_opening);
	if (device->on_tls_port == device->servers && device->servers >= TLS_SERVERS)
		signal_evidence(s, REASON_TLS_SERVERS, device->servers,
				times_for_tls_server * (device->servers < TLS_SERVERS_MANY
								? device->servers
								: TLS_SERVERS_MANY));
	else if (device->servers >= MANY_SERVERS)
		signal_evidence(s, REASON_OTHER_SERVERS, device->servers, times_for_many_servers);
}

static void tell(struct signal *s, const struct observation *seen, struct raw_place *place,
		 struct signal_sink *sink)
{
	const struct fact_ended *ended = &seen->fact->ended;

	signal_tell(s, REASON_BYTES_UP, (double)ended->bytes_up);
	signal_tell(s, REASON_BYTES_DOWN, (double)ended->bytes_down);
	s->outcome = ended->has_data_down ? OUTCOME_DATA : OUTCOME_ANSWERED;
	s->first = place->first;
	s->last = place->last;
	s->count = place->connections > 0 ? place->connections : 1;
	signal_show_flows(s, place->flows, place->flow_count);
	server_describe(s, seen);
	if (strength_is_news(&place->told, s->confidence, seen->fact->time))
		sink->emit(sink, s);
}

static struct raw_place *place_of(struct raw_channel *self, const struct observation *seen,
				  bool *is_new)
{
	const struct server_key key = server_key_of(seen);
	const struct fact *fact = seen->fact;
	struct raw_place *place = lru_map_touch(self->places, &key, is_new);

	if (*is_new || nanotime_went_back(place->last, fact->time)) {
		*place = (struct raw_place){ .first = fact->flow.first };
		*is_new = true;
	}
	place->last = fact->ended.last > place->last ? fact->ended.last : place->last;
	place->connections +=
		fact->kind == FACT_FLOW_ENDED && place->connections < UINT32_MAX ? 1 : 0;
	signal_keep_flow(place->flows, &place->flow_count, fact);
	return place;
}

static void mismatch(struct raw_channel *self, const struct observation *seen,
		     struct signal_sink *sink)
{
	struct signal s = { .kind = SIGNAL_PORT_MISMATCH,
			    .confidence = raw_flow_is_hidden_chat(seen->fact) ? hidden_chat_prior
									      : mismatch_prior };
	bool is_new;
	struct raw_place *place = place_of(self, seen, &is_new);

	signal_condition(&s, REASON_PORT_OF_ANOTHER, seen->fact->flow.server_port, COMPARE_AT_LEAST,
			 1, NULL);
	server_weigh(&s, seen);
	tell(&s, seen, place, sink);
}

static void channel(struct raw_channel *self, const struct observation *seen,
		    struct signal_sink *sink)
{
	struct signal s = { .kind = SIGNAL_RAW_CHANNEL };
	bool is_new;
	struct raw_place *place = place_of(self, seen, &is_new);
	const struct raw_device *device = device_of(self, seen, is_new);

	signal_condition(&s, REASON_UNKNOWN_PROTOCOL, 1, COMPARE_AT_LEAST, 1, NULL);
	weigh(&s, self->config, seen, place, device, same_opening_count(self->openings, seen));
	tell(&s, seen, place, sink);
}

/* A whole connection in which the device has said something that nobody knows. */
static bool is_raw(struct raw_channel *self, const struct observation *seen)
{
	const struct fact_ended *ended = &seen->fact->ended;

	return !seen->fact->flow.is_midstream && server_speaks_unknown(&ended->names) &&
	       ended->bytes_up >= self->config->bytes &&
	       raw_flow_has_client_spoken(&ended->shape) && !is_ftp_data(self, seen);
}

static void observe(void *state, const struct observation *seen, struct signal_sink *sink)
{
	struct raw_channel *self = state;
	const struct fact *fact = seen->fact;
	uint8_t protocol = fact->flow.protocol;

	if (seen->device == 0 || seen->is_group ||
	    (seen->direction != DIRECTION_OUTBOUND && seen->direction != DIRECTION_LATERAL))
		return;
	if (fact->kind == FACT_FLOW_NAMED) {
		note_ftp(self, seen);
		return;
	}
	if (fact->ended.payload_packets == 0 || !fact->ended.is_answered ||
	    (protocol != IP_TCP && protocol != IP_UDP))
		return;
	if (seen->direction == DIRECTION_OUTBOUND && raw_flow_is_mismatch(fact))
		mismatch(self, seen, sink);
	else if (is_raw(self, seen))
		channel(self, seen, sink);
}

static bool is_place_sound(const void *key, const void *value)
{
	const struct server_key *k = key;
	const struct raw_place *place = value;

	return k->device != 0 && k->spare == 0 && strength_is_sound(&place->told) &&
	       place->flow_count > 0 && signal_flows_are_sound(place->flows, place->flow_count);
}

static void tidy_place(void *value)
{
	struct raw_place *place = value;

	signal_tidy_flows(place->flows, place->flow_count);
}

static const struct kept_table kept[] = {
	{ .name = "raw_channel.places",
	  .version = 1,
	  .at = offsetof(struct raw_channel, places),
	  .tidy = tidy_place,
	  .is_sound = is_place_sound },
	{ .name = "raw_channel.devices",
	  .version = 1,
	  .at = offsetof(struct raw_channel, devices) },
	{ .name = "raw_channel.ftp", .version = 1, .at = offsetof(struct raw_channel, ftp) },
	{ .name = "raw_channel.openings",
	  .version = 1,
	  .at = offsetof(struct raw_channel, openings),
	  .is_sound = same_opening_is_sound },
	{ 0 },
};

const struct detector detector_raw_channel = {
	.name = "raw_channel",
	.finds = "A connection to a stranger's server in a protocol that nobody knows.",
	.sees = DETECTOR_SEES(FACT_FLOW_NAMED) | DETECTOR_SEES(FACT_FLOW_ENDED) |
		DETECTOR_SEES(FACT_FLOW_GOES_ON),
	.state_size = sizeof(struct raw_channel),
	.start = start,
	.stop = stop,
	.observe = observe,
	.kept = kept,
};
