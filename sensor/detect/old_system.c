#include "sensor/detect/old_system.h"

#include "sensor/base/lru_map.h"
#include "sensor/detect/speaker.h"
#include "sensor/intel/system_support.h"

#include <assert.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* How a device's system was told. What the system says itself is good, the others are not alone. */
enum {
	VOTE_NTLM = 1,
	VOTE_COMPONENT = 2,
	VOTE_SMB = 4,
	VOTE_AGENT = 8,
	VOTE_LEASE = 16,
	VOTES_GOOD = VOTE_NTLM | VOTE_COMPONENT | VOTE_SMB,
	VOTES_ALL = 31,
	SYSTEMS_MAX = 56,
	DAYS_MOST = 1000,
};

static const double prior = 0.4;
static const double times_for_own_words = 6;
static const double times_for_agreement = 3;
/* A guest's laptop, a machine for tests, a recording: not yet one of the office. */
static const double times_for_short = 0.1;

static const nanotime tell_again_after = 30 * NANOTIME_DAY;

/* 104 bytes. */
struct machine {
	nanotime first;
	nanotime last;
	nanotime told_when;
	double told;
	bool reaches_out;
	bool is_other; /* its stack is none of Windows': a program claims it */
	uint8_t spare[2];
	uint32_t days;              /* different ones on which it was heard, from 1 */
	uint8_t votes[SYSTEMS_MAX]; /* by row of system_supports */
};

struct old_system {
	const struct old_system_config *config;
	struct lru_map *machines; /* device → struct machine */
};

static enum err start(void *state, const struct detect_setup *setup)
{
	struct old_system *self = state;

	assert(system_supports_count <= SYSTEMS_MAX);
	self->config = &setup->config->detect.old_system;
	return lru_map_new(&self->machines, (uint32_t)setup->config->judge.devices,
			   sizeof(uint32_t), sizeof(struct machine));
}

static void stop(void *state)
{
	struct old_system *self = state;

	lru_map_free(self->machines);
}

static const struct system_support *system_said(const struct fact_message *message, uint8_t *vote)
{
	const struct attributes *said = &message->said;
	const struct system_support *system;
	bool is_component;

	switch (message->message) {
	case MESSAGE_NTLM_NEGOTIATE:
	case MESSAGE_NTLM_CHALLENGE:
	case MESSAGE_NTLM_AUTHENTICATE:
		*vote = VOTE_NTLM;
		return system_of_version(attributes_text(said, ATTRIBUTE_VERSION));
	case MESSAGE_SMB_SESSION:
		*vote = VOTE_SMB;
		if (strncmp(attributes_text(said, ATTRIBUTE_LAN_MANAGER), "Windows", 7) != 0)
			return NULL;
		return system_of_native_os(attributes_text(said, ATTRIBUTE_OS));
	case MESSAGE_HTTP_REQUEST:
		system =
			system_of_agent(attributes_text(said, ATTRIBUTE_USER_AGENT), &is_component);
		*vote = is_component ? VOTE_COMPONENT : VOTE_AGENT;
		return system;
	default:
		return NULL;
	}
}

static bool has_ended(const struct system_support *system, nanotime now)
{
	return system->ended > 0 && now >= system->ended;
}

static int ways_of(uint8_t votes)
{
	int count = 0;

	for (uint8_t left = votes; left; left &= (uint8_t)(left - 1))
		count++;
	return count;
}

/* One good one is as much as two others. */
static int strength_of(uint8_t votes)
{
	return ways_of(votes) + ((votes & VOTES_GOOD) != 0 ? 1 : 0);
}

/* A newer one says "10 or later", too: that does not gainsay it. */
static bool gainsays(const struct system_support *a, const struct system_support *b)
{
	return !((a->is_vague || b->is_vague) && a->family == b->family && a->major == b->major);
}

/*
 * The system that the votes agree on, or -1: several on one device are a router, or a host of
 * virtual machines.
 */
static int agreed(const struct machine *m)
{
	int best = -1;

	for (int i = 0; i < (int)system_supports_count; i++) {
		if (m->votes[i] != 0 && !system_supports[i].is_vague &&
		    (best < 0 || strength_of(m->votes[i]) > strength_of(m->votes[best])))
			best = i;
	}
	for (int i = 0; best >= 0 && i < (int)system_supports_count; i++) {
		bool is_as_good = (m->votes[i] & VOTES_GOOD) != 0 ||
				  ((m->votes[best] & VOTES_GOOD) == 0 && m->votes[i] != 0);

		if (i != best && is_as_good &&
		    gainsays(&system_supports[i], &system_supports[best]))
			return -1;
	}
	return best;
}

static void describe(struct signal *s, const struct system_support *system)
{
	s->object.kind = OBJECT_NETWORK;
	(void)snprintf(s->object.text, sizeof(s->object.text), "%s", system->name);
	(void)snprintf(s->detail, sizeof(s->detail), "%s", system->name);
}

static double days(nanotime t)
{
	uint64_t whole = t / NANOTIME_DAY;

	return (double)whole;
}

static struct signal signal_of(const struct old_system *self, uint32_t device,
			       const struct machine *m, int row)
{
	const struct system_support *system = &system_supports[row];
	uint8_t votes = m->votes[row];
	struct signal s = { .kind = SIGNAL_OLD_SYSTEM,
			    .direction = m->reaches_out ? DIRECTION_OUTBOUND : DIRECTION_LATERAL,
			    .outcome = m->reaches_out ? OUTCOME_DATA : OUTCOME_ATTEMPT,
			    .device = device,
			    .first = m->first,
			    .last = m->last,
			    .count = 1,
			    .confidence = prior };

	signal_condition(&s, REASON_SUPPORT_ENDED, days(m->last - system->ended), COMPARE_AT_LEAST,
			 days(self->config->grace), "old_system.grace");
	if ((votes & VOTES_GOOD) != 0)
		signal_evidence(&s, REASON_OWN_WORDS, 1, times_for_own_words);
	if (ways_of(votes) > 1)
		signal_evidence(&s, REASON_SOURCES, ways_of(votes), times_for_agreement);
	if (m->days < self->config->days)
		signal_evidence(&s, REASON_PRESENT_DAYS, m->days, times_for_short);
	else
		signal_condition(&s, REASON_PRESENT_DAYS, m->days, COMPARE_AT_LEAST,
				 (double)self->config->days, "old_system.days");
	describe(&s, system);
	return s;
}

static void weigh(struct old_system *self, uint32_t device, struct machine *m,
		  struct signal_sink *sink)
{
	int row = agreed(m);

	if (row < 0 || (m->is_other && system_supports[row].family == SYSTEM_WINDOWS))
		return;

	const struct system_support *system = &system_supports[row];

	if (!has_ended(system, m->last) || strength_of(m->votes[row]) < 2 ||
	    m->last - system->ended < self->config->grace)
		return;

	struct signal s = signal_of(self, device, m, row);
	/* Reaching out makes it another matter, however certain it was before. */
	double weight = s.confidence + (m->reaches_out ? 1 : 0);

	if (m->told >= weight && nanotime_between(m->told_when, m->last) < tell_again_after)
		return;
	m->told = weight;
	m->told_when = m->last;
	sink->emit(sink, &s);
}

static struct machine *machine_of(struct old_system *self, uint32_t device, nanotime now)
{
	bool is_new;
	struct machine *m = lru_map_touch(self->machines, &device, &is_new);

	if (is_new || nanotime_went_back(m->last, now))
		*m = (struct machine){ .first = now };
	if (now / NANOTIME_DAY > m->last / NANOTIME_DAY && m->days < DAYS_MOST)
		m->days++;
	if (now > m->last)
		m->last = now;
	return m;
}

static void said(struct old_system *self, const struct observation *seen, struct signal_sink *sink)
{
	const struct fact *fact = seen->fact;
	uint8_t vote = 0;
	const struct system_support *system = system_said(&fact->message, &vote);
	uint32_t device = system ? speaker_of(seen) : 0;

	if (device == 0 || seen->is_group)
		return;

	struct machine *m = machine_of(self, device, fact->time);

	m->votes[system - system_supports] |= vote;
	if (fact->message.message == MESSAGE_HTTP_REQUEST && seen->direction == DIRECTION_OUTBOUND)
		m->reaches_out = true;
	weigh(self, device, m, sink);
}

/* Only of machines that are old, which are few. */
static void reached(struct old_system *self, const struct observation *seen,
		    struct signal_sink *sink)
{
	if (seen->direction != DIRECTION_OUTBOUND || seen->device == 0 ||
	    !lru_map_find(self->machines, &seen->device))
		return;

	struct machine *m = machine_of(self, seen->device, seen->fact->time);

	m->reaches_out = true;
	weigh(self, seen->device, m, sink);
}

/* About each minute of a device's presence. */
static void sighted(struct old_system *self, const struct observation *seen,
		    struct signal_sink *sink)
{
	const struct device_view *who = seen->who;
	const struct system_support *system;

	if (!who || seen->device == 0 || seen->is_router)
		return;
	system = system_of_lease(who->fingerprint, who->vendor_class);
	if (!system && !lru_map_find(self->machines, &seen->device))
		return;

	struct machine *m = machine_of(self, seen->device, seen->fact->time);

	if (system)
		m->votes[system - system_supports] |= VOTE_LEASE;
	m->is_other = strstr(who->syn_signature, " ttl64 ") != NULL;
	weigh(self, seen->device, m, sink);
}

static void observe(void *state, const struct observation *seen, struct signal_sink *sink)
{
	if (seen->fact->kind == FACT_SIGHTING)
		sighted(state, seen, sink);
	else if (seen->fact->message.message == MESSAGE_TLS_CLIENT_HELLO)
		reached(state, seen, sink);
	else
		said(state, seen, sink);
}

static bool is_machine_sound(const void *key, const void *value)
{
	const struct machine *m = value;
	uint32_t device;

	memcpy(&device, key, sizeof(device));
	for (size_t i = 0; i < SYSTEMS_MAX; i++) {
		if (m->votes[i] > (i < system_supports_count ? VOTES_ALL : 0))
			return false;
	}
	return device != 0 && m->first <= m->last && m->days <= DAYS_MOST && isfinite(m->told) &&
	       m->told >= 0 && kept_are_flags(&m->reaches_out, 1) &&
	       kept_are_flags(&m->is_other, 1);
}

static const struct kept_table kept[] = {
	{ .name = "old_system.machines",
	  .version = 1,
	  .at = offsetof(struct old_system, machines),
	  .is_sound = is_machine_sound },
	{ 0 },
};

const struct detector detector_old_system = {
	.name = "old_system",
	.finds = "A device whose operating system gets no more updates from its maker.",
	.sees = DETECTOR_SEES(FACT_MESSAGE) | DETECTOR_SEES(FACT_SIGHTING),
	.state_size = sizeof(struct old_system),
	.start = start,
	.stop = stop,
	.observe = observe,
	.kept = kept,
};
