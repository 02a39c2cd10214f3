#include "sensor/detect/out_of_class.h"

#include "sensor/base/lru_map.h"
#include "sensor/base/text.h"
#include "sensor/detect/contact_place.h"
#include "sensor/detect/statistics.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { TARGETS_KEPT = 16, LOWER_CASE = 0x20 };

/*
 * Printers and cameras store what they scan and see with one or two file servers, and send mail; no
 * kind of them logs in at a command line or desktop. A maker's service tool may.
 */
static const double prior_login = 0.4;
static const double prior_files = 0.35;
static const double times_several = 2;
static const double times_outside = 1.5;
static const double times_known_long = 1.5;
static const double times_own_words = 1.3; /* its own DHCP client says what it is */
static const uint32_t several = 3;
static const nanotime known_long = 7 * NANOTIME_DAY;
static const nanotime told_again_after = 20 * NANOTIME_HOUR;

/* What a device reaches for, as a client. */
enum act { ACT_LOGIN, ACT_FILES, ACTS };

struct reached {
	nanotime first;                 /* of this window */
	nanotime told_when;             /* 0 is never */
	uint32_t targets[TARGETS_KEPT]; /* hashes of addresses */
	uint32_t count;
	uint32_t told;
	uint32_t outside; /* of the targets */
	uint16_t port;    /* the latest */
	uint8_t flow_count;
	uint8_t spare;
	struct signal_flow flows[SIGNAL_FLOWS_MAX];
};

/* Of a device that is of such a kind; others have none. */
struct appliance {
	nanotime since; /* the office has known it */
	nanotime last;
	bool by_own_words; /* not by its name alone */
	uint8_t spare[7];
	struct reached reached[ACTS];
};

struct out_of_class {
	const struct out_of_class_config *config;
	struct lru_map *appliances; /* device → struct appliance */
};

static enum err start(void *state, const struct detect_setup *setup)
{
	struct out_of_class *self = state;

	self->config = &setup->config->detect.out_of_class;
	return lru_map_new(&self->appliances, (uint32_t)self->config->devices, sizeof(uint32_t),
			   sizeof(struct appliance));
}

static void stop(void *state)
{
	struct out_of_class *self = state;

	lru_map_free(self->appliances);
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* As makers write them, where they come first; none of these words begins a PC's usual name. */
static bool tells_appliance(const char *text)
{
	static const char *const words[] = {
		"jetdirect", "printer",  "laserjet",  "officejet", "hplj",       "npi",
		"epson",     "canon",    "brother",   "brn",       "ricoh",      "kyocera",
		"xerox",     "konica",   "bizhub",    "lexmark",   "mfp",        "camera",
		"ipcam",     "netcam",   "webcam",    "hikvision", "dahua",      "axis",
		"nvr",       "dvr",      "bravia",    "viera",     "aquos",      "roku",
		"sonos",     "doorbell", "switchbot", "smartplug", "thermostat",
	};

	for (const char *at = text; *at != '\0'; at++) {
		if (!is_letter(*at) || (at > text && is_letter(at[-1])))
			continue;
		for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
			if ((*at | LOWER_CASE) == words[i][0] &&
			    strncasecmp(at, words[i], strlen(words[i])) == 0 &&
			    strcasestr(text, words[i]) == at)
				return true;
		}
	}
	return false;
}

/* PCs and phones say so, whatever they are called. */
static bool is_computer(const struct device_view *who)
{
	return strncasecmp(who->vendor_class, "MSFT", strlen("MSFT")) == 0 ||
	       strncasecmp(who->vendor_class, "android", strlen("android")) == 0;
}

static void sighted(struct out_of_class *self, const struct observation *seen)
{
	const struct device_view *who = seen->who;
	bool by_own_words = tells_appliance(who->vendor_class) || tells_appliance(who->description);
	bool by_name = false;
	struct appliance *appliance;
	bool is_new;

	for (size_t i = 0; i < DEVICE_NAME_SOURCES; i++)
		by_name |= tells_appliance(who->names[i]);
	if ((!by_own_words && !by_name) || is_computer(who) || seen->is_router)
		return;
	appliance = lru_map_touch(self->appliances, &seen->device, &is_new);
	if (is_new || nanotime_went_back(appliance->last, seen->fact->time))
		*appliance = (struct appliance){ .since = who->first_seen };
	appliance->by_own_words |= by_own_words;
	if (seen->fact->time > appliance->last)
		appliance->last = seen->fact->time;
}

/* ACTS: neither. */
static enum act act_of(const struct fact_flow *flow)
{
	static const struct {
		uint16_t port;
		enum act act;
	} doors[] = { { 22, ACT_LOGIN },   { 23, ACT_LOGIN },   { 135, ACT_LOGIN },
		      { 139, ACT_FILES },  { 445, ACT_FILES },  { 2323, ACT_LOGIN },
		      { 3389, ACT_LOGIN }, { 5900, ACT_LOGIN }, { 5985, ACT_LOGIN },
		      { 5986, ACT_LOGIN } };

	for (size_t i = 0; i < sizeof(doors) / sizeof(doors[0]); i++) {
		if (flow->server_port == doors[i].port && flow->protocol == IP_TCP)
			return doors[i].act;
	}
	return ACTS;
}

static uint64_t least(const struct out_of_class *self, enum act act)
{
	return act == ACT_LOGIN ? self->config->logins : self->config->file_servers;
}

static void tell(struct out_of_class *self, const struct observation *seen,
		 const struct appliance *appliance, enum act act, struct signal_sink *sink)
{
	const struct reached *reached = &appliance->reached[act];
	bool is_login = act == ACT_LOGIN;
	struct signal s = { .kind = SIGNAL_OUT_OF_CLASS,
			    .direction = (uint8_t)seen->direction,
			    .outcome = OUTCOME_ANSWERED,
			    .device = seen->device,
			    .first = reached->first,
			    .last = seen->fact->time,
			    .count = reached->count,
			    .confidence = is_login ? prior_login : prior_files };

	signal_condition(&s, is_login ? REASON_LOGIN_TARGETS : REASON_FILE_TARGETS, reached->count,
			 COMPARE_AT_LEAST, (double)least(self, act),
			 is_login ? "out_of_class.logins" : "out_of_class.file_servers");
	if (is_login && reached->count >= several)
		signal_evidence(&s, REASON_TARGETS, reached->count, times_several);
	if (reached->outside > 0)
		signal_evidence(&s, REASON_OUTSIDE_TARGETS, reached->outside, times_outside);
	if (reached->told_when == 0 &&
	    nanotime_between(appliance->since, seen->fact->time) >= known_long)
		signal_evidence(&s, REASON_NEVER_BEFORE, 1, times_known_long);
	if (appliance->by_own_words)
		signal_evidence(&s, REASON_OWN_KIND, 1, times_own_words);
	place_describe_port(&s.object, reached->port, IP_TCP);
	signal_show_flows(&s, reached->flows, reached->flow_count);
	sink->emit(sink, &s);
}

static bool was_just_told(const struct reached *reached, nanotime now)
{
	return reached->told_when != 0 && !nanotime_went_back(reached->told_when, now) &&
	       nanotime_between(reached->told_when, now) < told_again_after;
}

static void reach(struct out_of_class *self, const struct observation *seen,
		  struct signal_sink *sink)
{
	const struct fact *fact = seen->fact;
	enum act act = act_of(&fact->flow);
	struct appliance *appliance =
		act != ACTS ? lru_map_find(self->appliances, &seen->device) : NULL;
	uint32_t hash = (uint32_t)distinct_hash(&fact->flow.server, sizeof(fact->flow.server));
	struct reached *reached;

	if (!appliance || !fact->check_in.is_answered || seen->is_group ||
	    (seen->direction != DIRECTION_LATERAL && seen->direction != DIRECTION_OUTBOUND))
		return;
	lru_map_renew(self->appliances, appliance);
	reached = &appliance->reached[act];
	if (reached->count == 0 || nanotime_went_back(reached->first, fact->time) ||
	    nanotime_between(reached->first, fact->time) > self->config->window)
		*reached = (struct reached){ .first = fact->time, .told_when = reached->told_when };
	for (uint32_t i = 0; i < reached->count; i++) {
		if (reached->targets[i] == hash)
			return;
	}
	if (reached->count == TARGETS_KEPT)
		return;
	reached->targets[reached->count++] = hash;
	reached->outside += seen->direction == DIRECTION_OUTBOUND;
	reached->port = fact->flow.server_port;
	signal_keep_flow(reached->flows, &reached->flow_count, fact);
	if (reached->count < least(self, act) ||
	    (reached->count < 2 * reached->told && reached->count != several) ||
	    (reached->told == 0 && was_just_told(reached, fact->time)))
		return;
	tell(self, seen, appliance, act, sink);
	reached->told = reached->count;
	reached->told_when = fact->time;
}

static void observe(void *state, const struct observation *seen, struct signal_sink *sink)
{
	struct out_of_class *self = state;

	if (seen->device == 0)
		return;
	if (seen->fact->kind == FACT_CHECK_IN)
		reach(self, seen, sink);
	else if (seen->who)
		sighted(self, seen);
}

static void tidy(void *value)
{
	struct appliance *appliance = value;

	for (size_t i = 0; i < ACTS; i++)
		signal_tidy_flows(appliance->reached[i].flows, appliance->reached[i].flow_count);
}

static bool is_appliance_sound(const void *key, const void *value)
{
	const struct appliance *appliance = value;
	uint32_t device;

	memcpy(&device, key, sizeof(device));
	for (size_t i = 0; i < ACTS; i++) {
		const struct reached *reached = &appliance->reached[i];

		if (reached->count > TARGETS_KEPT || reached->told > reached->count ||
		    reached->outside > reached->count ||
		    !signal_flows_are_sound(reached->flows, reached->flow_count))
			return false;
	}
	return device != 0 && kept_are_flags(&appliance->by_own_words, 1);
}

static const struct kept_table kept[] = {
	{ .name = "out_of_class.appliances",
	  .version = 1,
	  .at = offsetof(struct out_of_class, appliances),
	  .tidy = tidy,
	  .is_sound = is_appliance_sound },
	{ 0 },
};

const struct detector detector_out_of_class = {
	.name = "out_of_class",
	.finds = "A printer, camera or the like that logs in at other machines.",
	.sees = DETECTOR_SEES(FACT_SIGHTING) | DETECTOR_SEES(FACT_CHECK_IN),
	.state_size = sizeof(struct out_of_class),
	.start = start,
	.stop = stop,
	.observe = observe,
	.kept = kept,
};
