#include "sensor/detect/clear_password.h"

#include "sensor/detect/contact_place.h"
#include "sensor/detect/told_once.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* It was read on the wire: nothing else looks like it. */
static const double certain = 0.9;

static const nanotime tell_again_after = 30 * NANOTIME_DAY;

struct clear_password {
	struct lru_map *told; /* struct place_key → nanotime */
};

static enum err start(void *state, const struct detect_setup *setup)
{
	struct clear_password *self = state;

	return lru_map_new(&self->told, (uint32_t)setup->config->detect.clear_password.places,
			   sizeof(struct place_key), sizeof(nanotime));
}

static void stop(void *state)
{
	struct clear_password *self = state;

	lru_map_free(self->told);
}

/* The password of these is none. */
static bool is_guest(const char *user)
{
	return strcasecmp(user, "anonymous") == 0 || strcasecmp(user, "ftp") == 0;
}

/* Which service takes the password that this message carries; NULL: none is to be read. */
static const char *service_of(const struct fact_message *message)
{
	const struct attributes *said = &message->said;
	const char *mechanism = attributes_text(said, ATTRIBUTE_MECHANISM);

	if (message->message == MESSAGE_TELNET_LOGIN)
		return "Telnet";
	if (!attributes_has(said, ATTRIBUTE_PASSWORD) ||
	    is_guest(attributes_text(said, ATTRIBUTE_USER)))
		return NULL;
	switch (message->message) {
	case MESSAGE_HTTP_REQUEST:
		return "HTTP";
	case MESSAGE_FTP_LOGIN:
		return "FTP";
	case MESSAGE_LDAP_BIND:
		return "LDAP";
	case MESSAGE_MAIL_LOGIN:
		/* Of the others a password cannot be read off. */
		return mechanism[0] == '\0' || strcasecmp(mechanism, "PLAIN") == 0 ||
				       strcasecmp(mechanism, "LOGIN") == 0
			       ? "mail"
			       : NULL;
	default:
		return NULL;
	}
}

static void observe(void *state, const struct observation *seen, struct signal_sink *sink)
{
	struct clear_password *self = state;
	const struct fact *fact = seen->fact;
	const char *service;

	if (seen->direction != DIRECTION_OUTBOUND || seen->device == 0)
		return;
	service = service_of(&fact->message);
	if (!service)
		return;

	struct place_key key = place_key_of(seen, seen->resolved);
	if (!told_again(self->told, &key, fact->time, tell_again_after))
		return;

	struct signal s =
		place_contact(seen, SIGNAL_CLEAR_PASSWORD, certain, seen->resolved, HOST_DNS);

	s.outcome = OUTCOME_DATA;
	signal_condition(&s, REASON_CLEAR_PASSWORD, 1, COMPARE_AT_LEAST, 1, NULL);
	(void)snprintf(s.detail, sizeof(s.detail), "%s", service);
	sink->emit(sink, &s);
}

static bool is_sound(const void *key, const void *value)
{
	const struct place_key *k = key;

	(void)value;
	return k->device != 0 && k->by_name <= 1;
}

static const struct kept_table kept[] = {
	{ .name = "clear_password.told",
	  .version = 1,
	  .at = offsetof(struct clear_password, told),
	  .is_sound = is_sound },
	{ 0 },
};

const struct detector detector_clear_password = {
	.name = "clear_password",
	.finds = "A password that leaves the office in clear text.",
	.sees = DETECTOR_SEES(FACT_MESSAGE),
	.state_size = sizeof(struct clear_password),
	.start = start,
	.stop = stop,
	.observe = observe,
	.kept = kept,
};
