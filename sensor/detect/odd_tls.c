#include "sensor/detect/odd_tls.h"

#include "sensor/base/lru_map.h"
#include "sensor/detect/certificate_manner.h"
#include "sensor/detect/client_kinds.h"
#include "sensor/detect/contact_place.h"
#include "sensor/detect/service_port.h"
#include "sensor/detect/statistics.h"
#include "sensor/intel/known_protocols.h"
#include "sensor/intel/rented_names.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum { TALKS = 1024, OWN_SERVERS = 4, OWN_DEVICES = 1024 };

/*
 * Of the servers whose certificate nobody vouches for, and that devices of an office reach outside:
 * programs with an authority of their own, other people's gadgets, and a few intruders.
 */
static const double prior = 0.01;

static const double times_for_own = 6;
static const double times_for_placeholder = 5; /* in none of 316 harmless captures */
static const double times_for_no_host = 3;
static const double times_for_other_name = 3;
static const double times_for_validity = 2;
static const double times_for_drawn = 12;
static const double times_for_no_sni = 2;
static const double times_for_no_lookup = 2;
static const double times_for_odd_port = 3;
static const double times_for_rented = 3;
static const double times_for_drawn_name = 4;
static const double times_for_rare_client = 2;
static const double times_for_several = 2.5; /* such servers, of one device */

static const double times_for_sharing = 0.1; /* partners of file sharing look just so */

static const double told_least = 0.15;
static const double odds_grown = 1.4;

struct tls_talk {
	uint64_t kind; /* hash of the client's JA4; 0 is not known */
	bool has_hello;
	bool has_certificate;
	bool is_closed; /* TLS 1.3: its certificate is not to be seen */
	uint8_t signs;  /* enum certificate_sign */
	char sni[FACT_HOST_LEN];
	char application[FACT_PROTOCOL_LEN];
	char subject[FACT_HOST_LEN];
};

struct tls_place {
	nanotime when;
	double told;
	uint32_t count; /* connections */
	uint32_t spare;
};

/* Servers outside with certificates of their own that a device has reached: the first few. */
struct own_servers {
	uint64_t servers[OWN_SERVERS];
	uint32_t count;
	bool is_sharing; /* the device runs a program that looks for partners everywhere */
	uint8_t spare[3];
};

struct odd_tls {
	const struct odd_tls_config *config;
	struct lru_map *talks;  /* struct talk_key → struct tls_talk */
	struct lru_map *places; /* struct place_key → struct tls_place */
	struct lru_map *own;    /* device → struct own_servers */
	struct client_kinds kinds;
};

static enum err start(void *state, const struct detect_setup *setup)
{
	struct odd_tls *self = state;
	enum err err;

	self->config = &setup->config->detect.odd_tls;
	err = lru_map_new(&self->talks, TALKS, sizeof(struct talk_key), sizeof(struct tls_talk));
	if (err == ERR_OK)
		err = lru_map_new(&self->places, (uint32_t)self->config->places,
				  sizeof(struct place_key), sizeof(struct tls_place));
	if (err == ERR_OK)
		err = lru_map_new(&self->own, OWN_DEVICES, sizeof(uint32_t),
				  sizeof(struct own_servers));
	if (err == ERR_OK)
		err = client_kinds_start(&self->kinds);
	return err;
}

static void stop(void *state)
{
	struct odd_tls *self = state;

	lru_map_free(self->talks);
	lru_map_free(self->places);
	lru_map_free(self->own);
	client_kinds_stop(&self->kinds);
}

static void weigh_certificate(struct signal *s, unsigned signs)
{
	if ((signs & CERTIFICATE_OWN) != 0)
		signal_evidence(s, REASON_OWN_CERTIFICATE, 1, times_for_own);
	if ((signs & CERTIFICATE_PLACEHOLDER) != 0)
		signal_evidence(s, REASON_PLACEHOLDER, 1, times_for_placeholder);
	else if ((signs & CERTIFICATE_NO_HOST) != 0)
		signal_evidence(s, REASON_PLACEHOLDER, 1, times_for_no_host);
	if ((signs & CERTIFICATE_DRAWN) != 0)
		signal_evidence(s, REASON_DRAWN_NAME, 1, times_for_drawn);
	if ((signs & CERTIFICATE_OTHER_NAME) != 0)
		signal_evidence(s, REASON_OTHER_NAME, 1, times_for_other_name);
	if ((signs & CERTIFICATE_VALIDITY) != 0)
		signal_evidence(s, REASON_VALIDITY, 1, times_for_validity);
}

static void weigh_place(struct signal *s, const struct observation *seen,
			const struct tls_talk *talk)
{
	const char *name = talk->sni[0] != '\0' ? talk->sni : seen->resolved;
	uint16_t port = seen->fact->flow.server_port;
	enum rented_kind rented = rented_name(name);

	if (talk->has_hello && talk->sni[0] == '\0')
		signal_evidence(s, REASON_NO_SNI, 1, times_for_no_sni);
	if (place_lookup_missed(seen))
		signal_evidence(s, REASON_NO_NAME, 1, times_for_no_lookup);
	if (!port_is(port, PORT_TLS))
		signal_evidence(s, REASON_ODD_PORT, port, times_for_odd_port);
	if (rented != RENTED_NONE && rented != RENTED_ADDRESS_LOOKUP)
		signal_evidence(s, REASON_RENTED_NAME, 1, times_for_rented);
	if ((talk->signs & CERTIFICATE_DRAWN) == 0 && name_is_drawn(name))
		signal_evidence(s, REASON_DRAWN_NAME, 1, times_for_drawn_name);
}

/* How many servers of their own making the device has reached, with this one. */
static uint32_t count_own(struct own_servers *own, const struct observation *seen)
{
	uint64_t server;

	/* Neighbours of one network may be one service's. */
	memcpy(&server, seen->fact->flow.server.bytes + ADDRESS_LEN - sizeof(server),
	       sizeof(server));
	for (uint32_t i = 0; i < own->count; i++) {
		if (own->servers[i] == server)
			return own->count;
	}
	if (own->count < OWN_SERVERS)
		own->servers[own->count++] = server;
	return own->count;
}

static void weigh_device(struct signal *s, struct own_servers *own, const struct observation *seen)
{
	uint32_t several = count_own(own, seen);

	if (own->is_sharing)
		signal_evidence(s, REASON_SHARING, 1, times_for_sharing);
	else if (several >= 2)
		signal_evidence(s, REASON_TARGETS, several, times_for_several);
}

static void judge(struct odd_tls *self, const struct observation *seen, const struct tls_talk *talk,
		  struct signal_sink *sink)
{
	const struct fact *fact = seen->fact;
	const char *name = talk->sni[0] != '\0' ? talk->sni : seen->resolved;
	const struct place_key key = place_key_of(seen, name);
	struct signal s = { .kind = SIGNAL_ODD_TLS,
			    .direction = (uint8_t)seen->direction,
			    .outcome = OUTCOME_DATA,
			    .device = seen->device,
			    .first = fact->flow.first,
			    .last = fact->time,
			    .confidence = prior };
	bool is_new;

	weigh_certificate(&s, talk->signs);
	weigh_place(&s, seen, talk);
	if ((talk->signs & CERTIFICATE_OWN) != 0)
		weigh_device(&s, lru_map_touch(self->own, &seen->device, &is_new), seen);
	if (client_kinds_is_rare(&self->kinds, seen->device, talk->kind, fact->time))
		signal_evidence(&s, REASON_RARE_CLIENT, 1, times_for_rare_client);
	if (s.confidence < told_least)
		return;

	struct tls_place *place = lru_map_touch(self->places, &key, &is_new);

	place->count += fact->kind == FACT_MESSAGE;
	if (!is_new && s.confidence < signal_weigh(place->told, odds_grown) &&
	    nanotime_between(place->when, fact->time) < self->config->again)
		return;
	place->when = fact->time;
	place->told = s.confidence;
	s.count = place->count;
	place_describe(&s.object, &fact->flow, name, talk->sni[0] != '\0' ? HOST_TLS : HOST_DNS);
	(void)snprintf(s.object.application, sizeof(s.object.application), "%s",
		       talk->application[0] != '\0' ? talk->application : "TLS");
	(void)snprintf(s.detail, sizeof(s.detail), "%s", talk->subject);
	signal_keep_flow(s.flows, &s.flow_count, fact);
	sink->emit(sink, &s);
}

static struct tls_talk *talk_of(struct odd_tls *self, const struct observation *seen)
{
	const struct talk_key key = talk_key_of(&seen->fact->flow);
	bool is_new;

	return lru_map_touch(self->talks, &key, &is_new);
}

static void told_name(struct odd_tls *self, const struct observation *seen,
		      struct signal_sink *sink)
{
	const struct talk_key key = talk_key_of(&seen->fact->flow);
	const struct fact_names *names = fact_names_of(seen->fact);
	struct tls_talk *talk = lru_map_find(self->talks, &key);

	if (!talk || names->protocol[0] == '\0' || names->is_guess ||
	    strcmp(names->protocol, talk->application) == 0)
		return;
	memcpy(talk->application, names->protocol, sizeof(talk->application));
	if (talk->has_certificate || talk->is_closed)
		judge(self, seen, talk, sink);
}

static void certificate(struct odd_tls *self, const struct observation *seen,
			struct signal_sink *sink)
{
	const struct attributes *said = &seen->fact->message.said;
	struct tls_talk *talk;

	if (attributes_number(said, ATTRIBUTE_CHAIN_PLACE, 0) != 0)
		return;
	talk = talk_of(self, seen);
	if (talk->has_certificate)
		return;
	talk->has_certificate = true;
	talk->signs = (uint8_t)certificate_signs(said, talk->sni, seen->fact->time);
	(void)snprintf(talk->subject, sizeof(talk->subject), "%s",
		       attributes_text(said, ATTRIBUTE_SUBJECT));
	judge(self, seen, talk, sink);
}

static void hello(struct odd_tls *self, const struct observation *seen)
{
	const struct attributes *said = &seen->fact->message.said;
	const char *ja4 = attributes_text(said, ATTRIBUTE_JA4);
	struct tls_talk *talk = talk_of(self, seen);

	talk->has_hello = true;
	(void)snprintf(talk->sni, sizeof(talk->sni), "%s", attributes_text(said, ATTRIBUTE_SNI));
	if (ja4[0] == '\0')
		return;
	talk->kind = distinct_hash(ja4, strlen(ja4));
	client_kinds_note(&self->kinds, seen->device, talk->kind,
			  talk->sni[0] != '\0' ? talk->sni : seen->resolved, seen->fact->time);
}

static void said(struct odd_tls *self, const struct observation *seen, struct signal_sink *sink)
{
	const struct fact_message *message = &seen->fact->message;
	struct tls_talk *talk;

	switch ((int)message->message) {
	case MESSAGE_TLS_CLIENT_HELLO:
		hello(self, seen);
		break;
	case MESSAGE_TLS_SERVER_HELLO:
		talk = talk_of(self, seen);
		talk->is_closed =
			strcmp(attributes_text(&message->said, ATTRIBUTE_VERSION), "TLS 1.3") == 0;
		if (talk->is_closed)
			judge(self, seen, talk, sink);
		break;
	case MESSAGE_TLS_CERTIFICATE:
		if (!message->is_from_client)
			certificate(self, seen, sink);
		break;
	default:
		break;
	}
}

static void note_sharing(struct odd_tls *self, const struct observation *seen)
{
	const struct fact_names *names = fact_names_of(seen->fact);
	bool is_new;

	if (seen->device == 0 || seen->direction != DIRECTION_OUTBOUND ||
	    !protocol_is_peer_to_peer(names->protocol))
		return;

	struct own_servers *own = lru_map_touch(self->own, &seen->device, &is_new);

	own->is_sharing = true;
}

static void observe(void *state, const struct observation *seen, struct signal_sink *sink)
{
	const struct fact *fact = seen->fact;

	if (fact->kind == FACT_FLOW_NAMED)
		note_sharing(state, seen);
	if (fact->kind == FACT_MESSAGE && fact->message.message > MESSAGE_TLS_CERTIFICATE)
		return;
	if (seen->device == 0 || seen->direction != DIRECTION_OUTBOUND ||
	    fact->flow.protocol != IP_TCP || port_is(fact->flow.server_port, PORT_STARTS_TLS))
		return;
	if (fact->kind == FACT_MESSAGE)
		said(state, seen, sink);
	else
		told_name(state, seen, sink);
}

static bool is_place_sound(const void *key, const void *value)
{
	const struct place_key *k = key;
	const struct tls_place *place = value;

	return k->device != 0 && k->by_name <= 1 && place->told >= 0 && place->told < 1;
}

static bool are_own_sound(const void *key, const void *value)
{
	const struct own_servers *own = value;

	(void)key;
	return own->count <= OWN_SERVERS && kept_are_flags(&own->is_sharing, 1);
}

static bool is_talk_sound(const void *key, const void *value)
{
	const struct tls_talk *talk = value;

	(void)key;
	return kept_are_flags(&talk->has_hello, 1) && kept_are_flags(&talk->has_certificate, 1) &&
	       kept_are_flags(&talk->is_closed, 1) && kept_is_text(talk->sni, sizeof(talk->sni)) &&
	       kept_is_text(talk->application, sizeof(talk->application)) &&
	       kept_is_text(talk->subject, sizeof(talk->subject));
}

static const struct kept_table kept[] = {
	{ .name = "odd_tls.talks",
	  .version = 1,
	  .at = offsetof(struct odd_tls, talks),
	  .use = KEPT_AS_READ,
	  .is_sound = is_talk_sound },
	{ .name = "odd_tls.places",
	  .version = 1,
	  .at = offsetof(struct odd_tls, places),
	  .is_sound = is_place_sound },
	{ .name = "odd_tls.own",
	  .version = 1,
	  .at = offsetof(struct odd_tls, own),
	  .is_sound = are_own_sound },
	{ .name = "odd_tls.kinds",
	  .version = 1,
	  .at = offsetof(struct odd_tls, kinds.kinds),
	  .is_sound = client_kind_is_sound },
	{ .name = "odd_tls.devices",
	  .version = 1,
	  .at = offsetof(struct odd_tls, kinds.devices),
	  .is_sound = client_device_is_sound },
	{ 0 },
};

const struct detector detector_odd_tls = {
	.name = "odd_tls",
	.finds = "An encrypted connection to a server that was set up by hand, and quickly.",
	.sees = DETECTOR_SEES(FACT_MESSAGE) | DETECTOR_SEES(FACT_FLOW_NAMED) |
		DETECTOR_SEES(FACT_FLOW_ENDED),
	.state_size = sizeof(struct odd_tls),
	.start = start,
	.stop = stop,
	.observe = observe,
	.kept = kept,
};
