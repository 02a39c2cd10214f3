#include "sensor/detect/presence.h"

#include "sensor/base/lru_map.h"
#include "sensor/detect/statistics.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* Half of what is new in an office was bought for it. */
static const double confidence_unknown = 0.5;
/* Weak by itself: it only makes whatever else the device does more likely. */
static const double confidence_returned = 0.15;

static const nanotime away_for_now = NANOTIME_HOUR;
/* Nobody at all was seen for so long: the sensor was away, not the devices. */
static const nanotime blind_after = 12 * NANOTIME_HOUR;
static const nanotime told_again_after = 20 * NANOTIME_HOUR; /* doubts are kept for a day */
static const nanotime common_within = NANOTIME_DAY;

enum { RETURNS_KEPT = 4 };

/* 56 bytes. */
struct stay {
	nanotime since; /* it has been here without a longer break */
	nanotime last;
	nanotime back;      /* when it came back from a long absence; 0: it did not */
	nanotime away;      /* how long that was */
	nanotime told_back; /* when that was last told; 0: not yet */
	bool is_known;      /* whether it is new has been decided */
	uint8_t spare[7];
};

/* When anybody was seen. */
struct lookout {
	nanotime last;
	nanotime blind_since;           /* nobody was, from then on, for long; 0: never */
	nanotime returns[RETURNS_KEPT]; /* the latest, of different devices */
	uint64_t return_count;
	uint64_t days; /* different ones on which somebody was seen */
};

struct presence {
	const struct presence_config *config;
	struct lru_map *stays;      /* device → struct stay */
	struct lru_map *identities; /* hash of name and manner → device: known by another MAC */
	struct lookout lookout;
};

static enum err start(void *state, const struct detect_setup *setup)
{
	struct presence *self = state;
	uint32_t devices = (uint32_t)setup->config->judge.devices;
	enum err err;

	self->config = &setup->config->detect.presence;
	err = lru_map_new(&self->stays, devices, sizeof(uint32_t), sizeof(struct stay));
	if (err != ERR_OK)
		return err;
	return lru_map_new(&self->identities, devices, sizeof(uint64_t), sizeof(uint32_t));
}

static void stop(void *state)
{
	struct presence *self = state;

	lru_map_free(self->stays);
	lru_map_free(self->identities);
}

/* Set in MACs that a program made up. */
static bool is_random(const struct mac *mac)
{
	return (mac->bytes[0] & 2) != 0;
}

static const char *name_of(const struct device_view *who)
{
	for (int i = 0; i < DEVICE_NAME_SOURCES; i++) {
		if (who->names[i][0] != '\0')
			return who->names[i];
	}
	return "";
}

/* As makers name them until somebody gives them another. */
static bool is_handheld(const struct device_view *who)
{
	static const char *const words[] = { "iphone", "ipad",   "android", "galaxy", "pixel",
					     "xperia", "aquos",  "redmi",   "oppo",   "huawei",
					     "watch",  "arrows", "kindle",  "switch" };
	const char *name = name_of(who);

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcasestr(name, words[i]))
			return true;
	}
	return strncasecmp(who->vendor_class, "android-dhcp", 12) == 0;
}

/* 0 where its name and its manner are not both told: one alone is shared by many. */
static uint64_t identity_of(const struct device_view *who)
{
	const char *name = who->names[DEVICE_NAME_DHCP];
	uint64_t hashes[2];

	if (name[0] == '\0' || who->fingerprint[0] == '\0')
		return 0;
	hashes[0] = distinct_hash(name, strlen(name));
	hashes[1] = distinct_hash(who->fingerprint, strlen(who->fingerprint));
	return distinct_hash(hashes, sizeof(hashes));
}

/* Whether another device by the same name and manner is known: the same one by another MAC. */
static bool is_known_again(struct presence *self, uint32_t device, const struct device_view *who)
{
	uint64_t identity = identity_of(who);
	bool is_new;

	if (identity == 0)
		return false;

	uint32_t *first = lru_map_touch(self->identities, &identity, &is_new);

	if (is_new)
		*first = device;
	return *first != device;
}

static struct signal signal_for(const struct observation *seen, enum signal_kind kind,
				const struct stay *stay)
{
	struct signal s = { .kind = (uint8_t)kind,
			    .direction = DIRECTION_LATERAL,
			    .outcome = OUTCOME_ANSWERED,
			    .device = seen->device,
			    .first = stay->since,
			    .last = stay->last,
			    .count = 1 };

	s.object.kind = OBJECT_NETWORK;
	/* Its own: a doubt about one device supports none about another thing. */
	(void)snprintf(s.object.text, sizeof(s.object.text), "device %u", seen->device);
	return s;
}

static void weigh_new(struct presence *self, const struct observation *seen, struct stay *stay,
		      struct signal_sink *sink)
{
	const struct device_view *who = seen->who;
	nanotime here = nanotime_between(stay->since, stay->last);
	bool is_private = is_random(&who->mac) || is_handheld(who);
	struct signal s;

	if (stay->is_known || here < self->config->here)
		return;
	stay->is_known = true;
	if (is_known_again(self, seen->device, who) || self->lookout.days < self->config->days)
		return;
	s = signal_for(seen, is_private ? SIGNAL_PRIVATE_DEVICE : SIGNAL_UNKNOWN_DEVICE, stay);
	s.confidence = confidence_unknown;
	signal_condition(&s, REASON_PRESENT_MINUTES, floor(nanotime_seconds(here) / 60),
			 COMPARE_AT_LEAST, nanotime_seconds(self->config->here) / 60,
			 "presence.here");
	signal_condition(&s, REASON_WATCHED_DAYS, (double)self->lookout.days, COMPARE_AT_LEAST,
			 (double)self->config->days, "presence.days");
	if (is_random(&who->mac))
		signal_tell(&s, REASON_RANDOM_MAC, 1);
	sink->emit(sink, &s);
}

/* How many came back at about the same time: an office returns from holidays together. */
static unsigned returned_together(const struct presence *self, nanotime when)
{
	unsigned count = 0;

	for (size_t i = 0; i < RETURNS_KEPT; i++)
		count += self->lookout.returns[i] != 0 &&
			 nanotime_between(self->lookout.returns[i], when) < common_within;
	return count;
}

static void weigh_return(struct presence *self, const struct observation *seen, struct stay *stay,
			 struct signal_sink *sink)
{
	struct signal s;

	if (stay->back == 0 || nanotime_between(stay->back, stay->last) > self->config->watch ||
	    (stay->told_back != 0 &&
	     nanotime_between(stay->told_back, stay->last) < told_again_after))
		return;
	stay->told_back = stay->last;
	s = signal_for(seen, SIGNAL_RETURNED_DEVICE, stay);
	s.first = stay->back;
	s.confidence = confidence_returned;
	signal_condition(&s, REASON_ABSENT_DAYS, floor(nanotime_seconds(stay->away) / 86400),
			 COMPARE_AT_LEAST, nanotime_seconds(self->config->absent) / 86400,
			 "presence.absent");
	signal_tell(&s, REASON_DEVICES, returned_together(self, stay->last));
	sink->emit(sink, &s);
}

/* When `stay` was last seen, and when everybody was. */
static void note_time(struct presence *self, struct stay *stay, nanotime now)
{
	nanotime gap = nanotime_between(stay->last, now);

	if (gap >= self->config->absent && stay->last > self->lookout.blind_since) {
		stay->back = now;
		stay->away = gap;
		stay->told_back = 0;
		self->lookout.returns[self->lookout.return_count++ % RETURNS_KEPT] = now;
	}
	if (gap > away_for_now)
		stay->since = now;
	if (now > stay->last)
		stay->last = now;
}

static void look_out(struct lookout *lookout, nanotime now)
{
	if (nanotime_went_back(lookout->last, now))
		*lookout = (struct lookout){ .last = now, .blind_since = now, .days = 1 };
	if (lookout->last != 0 && nanotime_between(lookout->last, now) > blind_after)
		lookout->blind_since = lookout->last;
	if (now / NANOTIME_DAY > lookout->last / NANOTIME_DAY)
		lookout->days++;
	if (now > lookout->last)
		lookout->last = now;
}

static void observe(void *state, const struct observation *seen, struct signal_sink *sink)
{
	struct presence *self = state;
	nanotime now = seen->fact->time;
	bool is_new;

	if (!seen->who || seen->device == 0 || seen->is_router || mac_is_zero(&seen->who->mac))
		return;
	look_out(&self->lookout, now);

	struct stay *stay = lru_map_touch(self->stays, &seen->device, &is_new);

	if (is_new) /* the inventory may know it for longer than this table */
		stay->is_known = nanotime_between(seen->who->first_seen, now) > away_for_now;
	if (is_new || nanotime_went_back(stay->last, now))
		*stay = (struct stay){ .since = now, .last = now, .is_known = stay->is_known };
	note_time(self, stay, now);
	weigh_new(self, seen, stay, sink);
	weigh_return(self, seen, stay, sink);
}

static bool is_stay_sound(const void *key, const void *value)
{
	const struct stay *stay = value;
	uint32_t device;

	memcpy(&device, key, sizeof(device));
	return device != 0 && stay->since <= stay->last && stay->back <= stay->last &&
	       stay->told_back <= stay->last && kept_are_flags(&stay->is_known, 1);
}

static bool is_identity_sound(const void *key, const void *value)
{
	uint32_t device;

	(void)key;
	memcpy(&device, value, sizeof(device));
	return device != 0;
}

static bool is_lookout_sound(const void *key, const void *value)
{
	const struct lookout *lookout = value;

	(void)key;
	return lookout->blind_since <= lookout->last;
}

static const struct kept_table kept[] = {
	{ .name = "presence.stays",
	  .version = 1,
	  .at = offsetof(struct presence, stays),
	  .is_sound = is_stay_sound },
	{ .name = "presence.identities",
	  .version = 1,
	  .at = offsetof(struct presence, identities),
	  .is_sound = is_identity_sound },
	{ .name = "presence.lookout",
	  .version = 1,
	  .at = offsetof(struct presence, lookout),
	  .size = sizeof(struct lookout),
	  .is_sound = is_lookout_sound },
	{ 0 },
};

const struct detector detector_presence = {
	.name = "presence",
	.finds = "A device that is new in the office, or that was away for days.",
	.sees = DETECTOR_SEES(FACT_SIGHTING),
	.state_size = sizeof(struct presence),
	.start = start,
	.stop = stop,
	.observe = observe,
	.kept = kept,
};
