#include "sensor/judge/judge.h"

#include "sensor/base/lru_map.h"
#include "sensor/inventory/resolved_names.h"
#include "sensor/inventory/site.h"
#include "sensor/judge/priority.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { DETECTORS_MAX = 64 };

struct judge {
	struct signal_sink sink; /* first: the gate finds the judge by it */
	struct judge_setup setup;
	struct site *site;
	struct devices *devices;
	struct resolved_names *names;
	void *states[DETECTORS_MAX]; /* one for each detector */
	struct case_record *cases;
	uint32_t case_count;
	const struct case_record **order; /* for judge_cases() */
	struct lru_map *case_of;          /* device number → index of its latest case */
	struct judge_totals totals;
};

static void emit(struct signal_sink *sink, const struct signal *signal);

static enum err start_detectors(struct judge *judge)
{
	const struct detect_setup setup = { .config = judge->setup.config,
					    .indicators = judge->setup.indicators };

	if (detectors_count > DETECTORS_MAX)
		return ERR_FULL;
	for (size_t i = 0; i < detectors_count; i++) {
		judge->states[i] = calloc(1, detectors[i]->state_size);
		if (!judge->states[i])
			return ERR_MEMORY;

		enum err err = detectors[i]->start(judge->states[i], &setup);

		if (err != ERR_OK)
			return err;
	}
	return ERR_OK;
}

static enum err start_tables(struct judge *judge)
{
	const struct config *config = judge->setup.config;
	uint32_t cases = (uint32_t)config->judge.cases;
	enum err err;

	judge->cases = calloc(cases, sizeof(*judge->cases));
	judge->order = calloc(cases, sizeof(const struct case_record *));
	if (!judge->cases || !judge->order)
		return ERR_MEMORY;
	err = site_new(&judge->site, &config->network);
	if (err == ERR_OK)
		err = devices_new(&judge->devices, &config->judge);
	if (err == ERR_OK)
		err = resolved_names_new(&judge->names, &config->judge);
	if (err == ERR_OK)
		err = lru_map_new(&judge->case_of, cases, sizeof(uint32_t), sizeof(uint32_t));
	return err;
}

enum err judge_new(struct judge **out, const struct judge_setup *setup)
{
	struct judge *judge = calloc(1, sizeof(*judge));
	enum err err;

	if (!judge)
		return ERR_MEMORY;
	judge->sink.emit = emit;
	judge->setup = *setup;
	err = start_tables(judge);
	if (err == ERR_OK)
		err = start_detectors(judge);
	if (err != ERR_OK) {
		judge_free(judge);
		return err;
	}
	*out = judge;
	return ERR_OK;
}

void judge_free(struct judge *judge)
{
	if (!judge)
		return;
	for (size_t i = 0; i < detectors_count && judge->states[i]; i++) {
		detectors[i]->stop(judge->states[i]);
		free(judge->states[i]);
	}
	lru_map_free(judge->case_of);
	resolved_names_free(judge->names);
	devices_free(judge->devices);
	site_free(judge->site);
	free((void *)judge->order);
	free(judge->cases);
	free(judge);
}

static struct case_record *open_case(struct judge *judge, const struct signal *signal,
				     const struct device *device)
{
	bool is_new;

	if (judge->case_count == judge->setup.config->judge.cases)
		return NULL;

	assert(judge->cases);

	struct case_record *c = &judge->cases[judge->case_count];
	uint32_t *latest = lru_map_touch(judge->case_of, &signal->device, &is_new);

	*latest = judge->case_count++;
	c->opened = signal->last;
	c->first = signal->first;
	/* By the day it opened: what began long ago may open a second case, with an id of its own.
	 */
	case_id(c->id, judge->setup.identity, detector_of((enum signal_kind)signal->kind)->rule,
		device, signal->object.text, c->opened);
	return c;
}

/* The device's open case, one opened for it, or NULL when there is no more room. */
static struct case_record *case_for(struct judge *judge, const struct signal *signal,
				    const struct device *device)
{
	const uint32_t *latest = lru_map_find(judge->case_of, &signal->device);
	struct case_record *c = latest ? &judge->cases[*latest] : NULL;
	nanotime quiet = judge->setup.config->judge.case_quiet;

	if (c && nanotime_between(c->last, signal->last) <= quiet)
		return c;
	return open_case(judge, signal, device);
}

static struct finding *find_finding(struct case_record *c, const struct signal *signal)
{
	for (uint32_t i = 0; i < c->finding_count; i++) {
		const struct signal *known = &c->findings[i].signal;

		if (known->kind == signal->kind && known->object.port == signal->object.port &&
		    known->object.protocol == signal->object.protocol &&
		    strcmp(known->object.text, signal->object.text) == 0)
			return &c->findings[i];
	}
	return NULL;
}

/* Room for a finding: a free one, or that of the least urgent if `candidate` is more so. */
static struct finding *make_room(struct case_record *c, const struct finding *candidate)
{
	struct finding *least = &c->findings[0];

	if (c->finding_count < CASE_FINDINGS_MAX)
		return &c->findings[c->finding_count++];
	for (uint32_t i = 1; i < c->finding_count; i++) {
		if (finding_leads(least, &c->findings[i]))
			least = &c->findings[i];
	}
	return finding_leads(candidate, least) ? least : NULL;
}

static void name_finding(struct case_record *c, struct finding *f)
{
	const struct signal_object *o = &f->signal.object;
	char chars[FACT_NAME_LEN + 32];
	struct text object = text_over(chars, sizeof(chars));

	text_format(&object, "%s %u/%u", o->text, o->port, o->protocol);
	case_id(f->id, c->id, signal_kind_text((enum signal_kind)f->signal.kind), &c->device, chars,
		f->signal.first);
}

/* Findings of different rules support each other: the doubt that is left is the product. */
static void weigh_case(struct case_record *c)
{
	const struct finding *lead = case_lead(c);
	double doubt = 1;

	for (uint32_t i = 0; i < c->finding_count; i++) {
		const struct finding *f = &c->findings[i];
		bool repeats = false;

		for (uint32_t k = 0; k < i; k++)
			repeats |= c->findings[k].signal.kind == f->signal.kind;
		if (!repeats)
			doubt *= 1 - f->signal.confidence;
	}
	c->priority = lead->priority;
	c->impact = lead->impact;
	c->confidence = 1 - doubt;
}

/* What was learned of an example's end stays, when the signal that brings it again does not know.
 */
static void keep_ends(struct signal *now, const struct signal *before)
{
	for (uint8_t i = 0; i < now->flow_count; i++) {
		for (uint8_t k = 0; k < before->flow_count && !now->flows[i].has_ended; k++) {
			if (before->flows[k].flow.id == now->flows[i].flow.id)
				now->flows[i] = before->flows[k];
		}
	}
}

static void fold(struct case_record *c, const struct signal *signal, const struct device *device)
{
	struct finding *f = find_finding(c, signal);
	struct finding now = { .signal = *signal,
			       .signal_count = 1,
			       .priority = priority_of(signal),
			       .impact = impact_of(signal) };

	c->device = *device;
	c->revision++;
	c->signal_count++;
	c->first = signal->first < c->first ? signal->first : c->first;
	c->last = signal->last > c->last ? signal->last : c->last;
	if (f) {
		now.signal_count += f->signal_count;
		if (f->signal.first < now.signal.first)
			now.signal.first = f->signal.first;
		keep_ends(&now.signal, &f->signal);
		memcpy(now.id, f->id, sizeof(now.id));
	} else {
		f = make_room(c, &now);
		name_finding(c, &now);
	}
	if (!f)
		return; /* counted in the case, and less urgent than all that it shows */
	*f = now;
	weigh_case(c);
}

/*
 * What passed the gate before does not pass any more, because more is known now (others turned out
 * to do the same): its finding goes, and a case that has no other with it.
 */
static void withdraw(struct judge *judge, const struct signal *signal, enum gate gate)
{
	const uint32_t *latest = lru_map_find(judge->case_of, &signal->device);
	struct case_record *c = latest ? &judge->cases[*latest] : NULL;
	struct finding *f = c ? find_finding(c, signal) : NULL;

	if (!f)
		return;

	uint64_t moved = c->finding_count == 1 ? c->signal_count : f->signal_count;

	c->signal_count -= moved;
	judge->totals.in_cases -= moved;
	judge->totals.held[gate] += moved;
	*f = c->findings[--c->finding_count];
	if (c->finding_count > 0)
		weigh_case(c);
}

/* Reasons that a later look can find for what passed at first. */
static bool is_second_thought(enum gate gate)
{
	return gate == GATE_COMMON_IN_OFFICE || gate == GATE_KNOWN_SERVICE ||
	       gate == GATE_REGULAR_PROTOCOL || gate == GATE_FORWARDED;
}

static const char *resolved_for(struct judge *judge, const struct signal *signal)
{
	if (!signal->object.has_address)
		return "";
	return resolved_name(judge->names, signal->device, &signal->object.address);
}

static void emit(struct signal_sink *sink, const struct signal *signal)
{
	struct judge *judge = (struct judge *)(void *)sink;
	const struct device *device = devices_get(judge->devices, signal->device);
	enum gate gate =
		gate_check(&judge->setup.config->judge, signal, resolved_for(judge, signal));
	struct case_record *c = NULL;

	judge->totals.signals++;
	if (gate == GATE_PASS && device)
		c = case_for(judge, signal, device);
	if (gate == GATE_PASS && !c)
		gate = GATE_CASES_FULL;
	judge->totals.held[gate] += gate != GATE_PASS;
	if (is_second_thought(gate))
		withdraw(judge, signal, gate);
	if (!c)
		return;
	judge->totals.in_cases++;
	fold(c, signal, device);
}

static uint32_t device_at(struct judge *judge, const struct address *address)
{
	const struct device *device =
		site_holds(judge->site, address) ? devices_at(judge->devices, address) : NULL;

	return device ? device->number : DEVICE_NONE;
}

static enum direction direction_of(const struct judge *judge, const struct fact_flow *flow)
{
	bool from_inside = site_holds(judge->site, &flow->client);
	bool to_inside = site_holds(judge->site, &flow->server);

	if (from_inside)
		return to_inside ? DIRECTION_LATERAL : DIRECTION_OUTBOUND;
	return to_inside ? DIRECTION_INBOUND : DIRECTION_UNKNOWN;
}

/* A host of the office is seen with its MAC; a MAC seen with an outside address is a router's. */
static void see_side(struct judge *judge, const struct address *address, const struct mac *mac,
		     nanotime when)
{
	if (site_is_group(judge->site, address))
		return;
	if (site_holds(judge->site, address))
		(void)devices_see(judge->devices, address, mac, when);
	else
		devices_note_outside(judge->devices, mac, address);
}

static void flow_opened(struct judge *judge, const struct fact *fact)
{
	const struct fact_opened *o = &fact->opened;
	const struct mac *client_mac = o->from_client ? &o->source_mac : &o->destination_mac;
	const struct mac *server_mac = o->from_client ? &o->destination_mac : &o->source_mac;
	const struct address *destination =
		o->from_client ? &fact->flow.server : &fact->flow.client;

	/* Outside first: then a router is known as one before its MAC names an office host. */
	if (!site_holds(judge->site, destination)) {
		see_side(judge, &fact->flow.server, server_mac, fact->time);
		see_side(judge, &fact->flow.client, client_mac, fact->time);
		return;
	}
	see_side(judge, &fact->flow.client, client_mac, fact->time);
	/* The receiving side is only believed to be there once it has spoken for itself. */
	if (!o->from_client)
		see_side(judge, &fact->flow.server, server_mac, fact->time);
}

static void neighbour_seen(struct judge *judge, const struct fact *fact)
{
	const struct fact_neighbour *n = &fact->neighbour;

	if (address_is_unspecified(&n->sender))
		return;
	site_learn(judge->site, &n->sender);
	if (site_holds(judge->site, &n->sender))
		(void)devices_see(judge->devices, &n->sender, &n->sender_mac, fact->time);
}

static void names_answered(struct judge *judge, const struct fact *fact, uint32_t device)
{
	const struct fact_dns *d = &fact->dns;

	for (uint8_t i = 0; d->is_response && i < d->address_count; i++) {
		resolved_names_learn(judge->names, device, &d->addresses[i], d->name);
		judge->totals.dns_seen = true;
	}
}

static const char *peer_name_of(struct judge *judge, const struct fact *fact, uint32_t device)
{
	const struct fact_names *names = fact_names_of(fact);

	if (names && names->host[0] != '\0')
		return names->host;
	return names ? resolved_name(judge->names, device, &fact->flow.server) : "";
}

static struct observation observe_flow(struct judge *judge, const struct fact *fact)
{
	struct observation seen = { .fact = fact,
				    .direction = direction_of(judge, &fact->flow),
				    .dns_seen = judge->totals.dns_seen,
				    .is_group = site_is_group(judge->site, &fact->flow.server) };
	uint32_t client = device_at(judge, &fact->flow.client);
	uint32_t server = device_at(judge, &fact->flow.server);

	seen.device = client != DEVICE_NONE ? client : server;
	seen.peer_device = client != DEVICE_NONE ? server : DEVICE_NONE;
	seen.peer_name = peer_name_of(judge, fact, client);
	return seen;
}

static struct observation observe_neighbour(struct judge *judge, const struct fact *fact)
{
	struct observation seen = { .fact = fact, .direction = DIRECTION_LATERAL, .peer_name = "" };

	seen.device = device_at(judge, &fact->neighbour.sender);
	seen.peer_device = device_at(judge, &fact->neighbour.target);

	const struct device *device = devices_get(judge->devices, seen.device);

	seen.is_router = device && device->is_router;
	return seen;
}

static void show_detectors(struct judge *judge, const struct observation *seen)
{
	for (size_t i = 0; i < detectors_count; i++)
		detectors[i]->observe(judge->states[i], seen, &judge->sink);
}

/* Examples in open cases learn how their flows ended. */
static void complete_evidence(struct judge *judge, const struct fact *fact, uint32_t device)
{
	const uint32_t *latest = lru_map_find(judge->case_of, &device);
	struct case_record *c = latest ? &judge->cases[*latest] : NULL;

	for (uint32_t i = 0; c && i < c->finding_count; i++) {
		struct signal *s = &c->findings[i].signal;

		(void)signal_end_flow(s->flows, s->flow_count, fact);
	}
}

void judge_take(void *arg, const struct fact *fact)
{
	struct judge *judge = arg;
	struct observation seen;

	judge->totals.facts++;
	switch ((enum fact_kind)fact->kind) {
	case FACT_FLOW_OPENED:
		flow_opened(judge, fact);
		return;
	case FACT_DEVICE_NAME:
		devices_name(judge->devices, &fact->device_name, fact->time);
		return;
	case FACT_EPOCH:
		judge->totals.epochs++;
		return;
	case FACT_PREFIX:
		site_learn_prefix(judge->site, &fact->prefix.prefix);
		return;
	case FACT_NEIGHBOUR:
		neighbour_seen(judge, fact);
		seen = observe_neighbour(judge, fact);
		break;
	case FACT_DNS:
		seen = observe_flow(judge, fact);
		names_answered(judge, fact, seen.device);
		break;
	case FACT_FLOW_ENDED:
		seen = observe_flow(judge, fact);
		complete_evidence(judge, fact, seen.device);
		judge->totals.flows++;
		if (judge->setup.flow_ended)
			judge->setup.flow_ended(judge->setup.flow_arg, fact, seen.peer_name);
		break;
	case FACT_FLOW_NAMED:
	case FACT_CHECK_IN:
		seen = observe_flow(judge, fact);
		break;
	case FACT_KINDS:
	default:
		return;
	}
	show_detectors(judge, &seen);
}

void judge_finish(struct judge *judge)
{
	for (size_t i = 0; i < detectors_count; i++) {
		if (detectors[i]->finish)
			detectors[i]->finish(judge->states[i], &judge->sink);
	}
}

struct judge_totals judge_totals(const struct judge *judge)
{
	struct judge_totals totals = judge->totals;

	totals.devices = devices_count(judge->devices);
	totals.cases = 0;
	for (uint32_t i = 0; i < judge->case_count; i++)
		totals.cases += judge->cases[i].finding_count > 0;
	return totals;
}

static int compare_order(const void *left, const void *right)
{
	const struct case_record *const *a = left;
	const struct case_record *const *b = right;

	return case_compare(*a, *b);
}

const struct case_record *const *judge_cases(struct judge *judge, size_t *count)
{
	size_t told = 0;

	for (uint32_t i = 0; i < judge->case_count; i++) {
		if (judge->cases[i].finding_count > 0) /* not withdrawn */
			judge->order[told++] = &judge->cases[i];
	}
	qsort((void *)judge->order, told, sizeof(const struct case_record *), compare_order);
	*count = told;
	return judge->order;
}
