#include "sensor/detect/listed.h"

#include "sensor/base/lru_map.h"
#include "sensor/detect/listing.h"
#include "sensor/detect/statistics.h"
#include "sensor/intel/known_services.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum { TOLD_MAX = 4096, WAITING_MAX = 8, RCODE_NXDOMAIN = 3, RCODE_REFUSED = 5 };

/*
 * So much later a server that has not said anything is taken for one that only listens. Told with
 * the next fact of anybody: a detector has no clock of its own.
 */
static const nanotime data_awaited_for = 2 * NANOTIME_SECOND;

/* How sure it is that somebody else is at work, by how sure the entry is: none, and wholly. */
struct trust {
	double least;
	double most;
};

static const struct trust of_contact = { 0.25, 0.92 };
static const struct trust of_lookup = { 0.2, 0.72 };
static const struct trust of_refusal = { 0, 0.45 };

/* An address of many names, the one that was asked for being harmless. */
static const double times_for_known_name = 0.2;

/* What has been told of a device and an indicator, so that a repeat is not told again. */
struct told_key {
	uint32_t device;
	uint32_t spare;
	uint64_t indicator; /* its item's hash: the sets are read anew by each process */
};

struct told {
	bool contact;
	bool lookup;
	bool refusal;
};

struct listed {
	const struct listed_config *config;
	const struct intel_sets *indicators;
	const struct suffix_rules *suffixes;
	struct lru_map *told;
	/* Contacts whose server has only shaken hands so far, in the order they came. */
	struct waiting_contacts {
		size_t count;
		struct signal of[WAITING_MAX];
	} waiting;
};

static enum err start(void *state, const struct detect_setup *setup)
{
	struct listed *self = state;

	self->config = &setup->config->detect.listed;
	self->indicators = setup->indicators;
	self->suffixes = setup->suffixes;
	return lru_map_new(&self->told, TOLD_MAX, sizeof(struct told_key), sizeof(struct told));
}

static void reload(void *state, const struct detect_setup *setup)
{
	struct listed *self = state;

	self->indicators = setup->indicators;
}

static void stop(void *state)
{
	struct listed *self = state;

	lru_map_free(self->told);
}

/* `detail` begins with the item, and goes on behind a blank. */
static struct told *told_of(struct listed *self, uint32_t device, const char *detail)
{
	struct told_key key = { .device = device,
				.indicator = distinct_hash(detail, strcspn(detail, " ")) };
	bool is_new;

	return lru_map_touch(self->told, &key, &is_new);
}

static double confidence_of(const struct listed *self, struct trust trust,
			    const struct intel_match *match, nanotime now)
{
	return trust.least +
	       (trust.most - trust.least) * listing_share(self->config, &match->hit, now);
}

static struct signal signal_of(const struct observation *seen)
{
	return (struct signal){ .direction = (uint8_t)seen->direction,
				.device = seen->device,
				.first = seen->fact->time,
				.last = seen->fact->time,
				.count = 1 };
}

static bool find_name(const struct listed *self, const char *name, struct intel_match *match)
{
	return name[0] != '\0' &&
	       intel_sets_find_name(self->indicators, INTEL_INDICATORS, name,
				    suffix_rules_domain(self->suffixes, name), match);
}

/* What the sets say of whom a flow goes to; by its name first. */
struct contact {
	struct intel_match match;
	bool is_name;
	bool has_known_name; /* only the address is bad, and the name is one that all use */
};

static bool find_contact(const struct listed *self, const struct observation *seen,
			 struct contact *out)
{
	const struct fact_flow *flow = &seen->fact->flow;
	bool is_named = find_name(self, seen->peer_name, &out->match);

	out->is_name = is_named && !out->match.hit.is_harmless;
	out->has_known_name =
		!out->is_name && (is_named || known_service(seen->peer_name) != SERVICE_NONE);
	return out->is_name ||
	       intel_sets_find_address(self->indicators, INTEL_INDICATORS, &flow->server,
				       flow->server_port, &out->match);
}

static void describe_server(struct signal *s, const struct observation *seen, bool is_name)
{
	const struct fact_flow *flow = &seen->fact->flow;
	struct signal_object *object = &s->object;

	object->kind = is_name ? OBJECT_HOST : OBJECT_ADDRESS;
	object->has_address = true;
	object->address = flow->server;
	object->port = flow->server_port;
	object->protocol = flow->protocol;
	if (is_name) {
		object->name_from = seen->peer_name_from;
		(void)snprintf(object->text, sizeof(object->text), "%s", seen->peer_name);
	} else {
		address_text(&flow->server, object->text);
	}
	(void)snprintf(object->application, sizeof(object->application), "%s",
		       fact_names_of(seen->fact)->protocol);
}

/* How far a flow has got when there is something to tell of it now. */
static enum outcome outcome_of(const struct fact *fact)
{
	bool has_data = false;
	bool is_answered = false;

	if (fact->kind == FACT_FLOW_ENDED) {
		is_answered = fact->ended.is_answered;
		has_data = is_answered && fact->ended.has_data_down;
	} else if (fact->kind == FACT_CHECK_IN) {
		is_answered = fact->check_in.is_answered;
		has_data = fact->check_in.has_data_down;
	} else if (fact->kind == FACT_FLOW_NAMED) {
		has_data = fact->named.has_data_down;
	}
	if (has_data)
		return OUTCOME_DATA;
	return is_answered ? OUTCOME_ANSWERED : OUTCOME_ATTEMPT;
}

/* False when the entry is no longer worth telling. */
static bool contact_of(const struct listed *self, const struct observation *seen,
		       const struct contact *contact, struct signal *s)
{
	const struct fact *fact = seen->fact;

	*s = signal_of(seen);
	s->kind = SIGNAL_LISTED_CONTACT;
	s->confidence = confidence_of(self, of_contact, &contact->match, fact->time);
	s->first = fact->flow.first;
	s->outcome = (uint8_t)outcome_of(fact);
	if (!listing_tell(s, self->config, &contact->match, fact->time))
		return false;
	if (contact->has_known_name)
		signal_evidence(s, REASON_KNOWN_NAME, 1, times_for_known_name);
	describe_server(s, seen, contact->is_name);
	if (fact->kind == FACT_FLOW_ENDED) {
		s->last = fact->ended.last;
		signal_tell(s, REASON_BYTES_UP, (double)fact->ended.bytes_up);
		signal_tell(s, REASON_BYTES_DOWN, (double)fact->ended.bytes_down);
	}
	signal_keep_flow(s->flows, &s->flow_count, fact);
	return true;
}

static struct signal *wait_of(struct listed *self, const struct signal *like)
{
	for (size_t i = 0; i < self->waiting.count; i++) {
		struct signal *s = &self->waiting.of[i];

		if (s->device == like->device && strcmp(s->detail, like->detail) == 0)
			return s;
	}
	return NULL;
}

static void leave(struct listed *self, struct signal *waiting)
{
	size_t after = (size_t)(&self->waiting.of[--self->waiting.count] - waiting);

	memmove(waiting, waiting + 1, after * sizeof(*waiting));
}

static void tell(struct listed *self, const struct signal *s, struct signal_sink *sink)
{
	struct told *told = told_of(self, s->device, s->detail);
	struct signal *waiting = wait_of(self, s);

	if (waiting)
		leave(self, waiting);
	if (told->contact)
		return;
	told->contact = true;
	sink->emit(sink, s);
}

/* A server that only shakes hands is told of as such once it has had time to say something. */
static void tell_waiting(struct listed *self, nanotime now, struct signal_sink *sink)
{
	while (self->waiting.count > 0) {
		const struct signal s = self->waiting.of[0];

		if (now - s.last < data_awaited_for && self->waiting.count < WAITING_MAX)
			return;
		tell(self, &s, sink);
	}
}

static void flow(struct listed *self, const struct observation *seen, struct signal_sink *sink)
{
	enum outcome outcome = outcome_of(seen->fact);
	bool may_get_further = outcome == OUTCOME_ANSWERED && seen->fact->kind != FACT_FLOW_ENDED;
	struct contact contact;
	struct signal s;

	/* Inbound contacts of listed scanners reach every office each day: told elsewhere. */
	if (seen->direction != DIRECTION_OUTBOUND || outcome == OUTCOME_ATTEMPT)
		return;
	if (!find_contact(self, seen, &contact) || !contact_of(self, seen, &contact, &s) ||
	    told_of(self, seen->device, s.detail)->contact)
		return;
	if (!may_get_further)
		tell(self, &s, sink);
	else if (!wait_of(self, &s))
		self->waiting.of[self->waiting.count++] = s;
}

/* Somebody on the way holds the name back: no such name, or one that leads nowhere. */
static bool is_refused(const struct fact_dns *answer)
{
	if (answer->rcode == RCODE_NXDOMAIN || answer->rcode == RCODE_REFUSED)
		return true;
	for (size_t i = 0; i < answer->address_count; i++) {
		if (!address_is_unspecified(&answer->addresses[i]) &&
		    !address_is_loopback(&answer->addresses[i]))
			return false;
	}
	return answer->address_count > 0;
}

static void tell_lookup(struct listed *self, const struct observation *seen,
			const struct intel_match *match, struct signal_sink *sink)
{
	bool refused = is_refused(&seen->fact->dns);
	struct signal s = signal_of(seen);
	struct told *told;

	s.kind = SIGNAL_LISTED_LOOKUP;
	s.confidence = confidence_of(self, refused ? of_refusal : of_lookup, match, s.last);
	s.direction = DIRECTION_OUTBOUND;
	s.outcome = refused ? OUTCOME_REFUSED : OUTCOME_ATTEMPT;
	s.object.kind = OBJECT_HOST;
	(void)snprintf(s.object.text, sizeof(s.object.text), "%s", seen->fact->dns.name);
	if (!listing_tell(&s, self->config, match, s.last))
		return;
	told = told_of(self, seen->device, s.detail);
	if (told->lookup || (refused && told->refusal))
		return;
	told->refusal |= refused;
	told->lookup |= !refused;
	signal_keep_flow(s.flows, &s.flow_count, seen->fact);
	sink->emit(sink, &s);
}

static void dns(struct listed *self, const struct observation *seen, struct signal_sink *sink)
{
	const struct fact_dns *answer = &seen->fact->dns;
	struct intel_match match;

	if (seen->direction == DIRECTION_INBOUND || seen->direction == DIRECTION_UNKNOWN)
		return; /* a stranger asks the office's own name server */
	if (!answer->is_response || (answer->address_count == 0 && !is_refused(answer)))
		return;
	if (find_name(self, answer->name, &match))
		tell_lookup(self, seen, &match, sink);
}

static void observe(void *state, const struct observation *seen, struct signal_sink *sink)
{
	struct listed *self = state;

	if (!self->indicators)
		return;
	tell_waiting(self, seen->fact->time, sink);
	if (seen->device == 0 || seen->fact->kind == FACT_NEIGHBOUR)
		return;
	if (seen->fact->kind == FACT_DNS)
		dns(self, seen, sink);
	else
		flow(self, seen, sink);
}

static bool is_told_sound(const void *key, const void *value)
{
	const struct told_key *k = key;
	const struct told *told = value;

	return k->device != 0 && kept_are_flags(&told->contact, 1) &&
	       kept_are_flags(&told->lookup, 1) && kept_are_flags(&told->refusal, 1);
}

static bool are_waiting_sound(const void *key, const void *value)
{
	const struct waiting_contacts *waiting = value;
	bool are_sound = waiting->count <= WAITING_MAX;

	(void)key;
	for (size_t i = 0; are_sound && i < waiting->count; i++)
		are_sound = signal_is_sound(&waiting->of[i]);
	return are_sound;
}

static size_t waiting_in_use(const void *value)
{
	const struct waiting_contacts *waiting = value;

	return offsetof(struct waiting_contacts, of) + waiting->count * sizeof(waiting->of[0]);
}

/* Those that were told still lie behind the last one. */
static void tidy_waiting(void *value)
{
	size_t used = waiting_in_use(value);

	memset((uint8_t *)value + used, 0, sizeof(struct waiting_contacts) - used);
}

static const struct kept_table kept[] = {
	{ .name = "listed.waiting",
	  .version = 1,
	  .at = offsetof(struct listed, waiting),
	  .size = sizeof(struct waiting_contacts),
	  .in_use = waiting_in_use,
	  .tidy = tidy_waiting,
	  .is_sound = are_waiting_sound },
	{ .name = "listed.told",
	  .version = 2,
	  .at = offsetof(struct listed, told),
	  .is_sound = is_told_sound },
	{ 0 },
};

const struct detector detector_listed = {
	.name = "listed",
	.finds = "A device that contacts a name or address on an indicator list.",
	/* Neighbours ask for one another in the quietest office: so time passes. */
	.sees = DETECTOR_SEES(FACT_FLOW_NAMED) | DETECTOR_SEES(FACT_CHECK_IN) |
		DETECTOR_SEES(FACT_FLOW_ENDED) | DETECTOR_SEES(FACT_DNS) |
		DETECTOR_SEES(FACT_NEIGHBOUR),
	.state_size = sizeof(struct listed),
	.start = start,
	.stop = stop,
	.reload = reload,
	.observe = observe,
	.kept = kept,
};
