#include "sensor/judge/judge_inside.h"

#include "sensor/detect/canary.h"
#include "sensor/detect/http_manner.h"
#include "sensor/inventory/described.h"

#include <stdlib.h>
#include <string.h>

static void add_watcher(struct judge *judge, const struct detector *detector, void *state)
{
	for (size_t kind = 0; kind < FACT_KINDS; kind++) {
		if (detector->sees >> kind & 1)
			judge->watchers[kind][judge->watcher_counts[kind]++] =
				(struct watcher){ .observe = detector->observe, .state = state };
	}
}

static enum err start_detectors(struct judge *judge)
{
	const struct detect_setup setup = { .config = judge->setup.config,
					    .indicators = judge->setup.indicators,
					    .suffixes = judge->suffixes };

	if (detectors_count > DETECTORS_MAX)
		return ERR_FULL;
	for (size_t i = 0; i < detectors_count; i++) {
		judge->states[i] = calloc(1, detectors[i]->state_size);
		if (!judge->states[i])
			return ERR_MEMORY;

		enum err err = detectors[i]->start(judge->states[i], &setup);

		if (err != ERR_OK)
			return err;
		add_watcher(judge, detectors[i], judge->states[i]);
	}
	return ERR_OK;
}

static enum err start_tables(struct judge *judge)
{
	const struct config *config = judge->setup.config;
	enum err err = site_new(&judge->site, &config->network);

	if (err == ERR_OK)
		err = devices_new(&judge->devices, &config->judge);
	if (err == ERR_OK)
		site_know_devices(judge->site, judge->devices);
	if (err == ERR_OK)
		err = resolved_names_new(&judge->names, &config->judge);
	parties_init(&judge->parties, judge->site, judge->devices);
	if (err == ERR_OK)
		err = suffix_rules_new(&judge->suffixes);
	if (err == ERR_OK)
		err = places_new(&judge->places, &config->judge, judge->suffixes);
	if (err == ERR_OK)
		err = regions_new(&judge->regions, config);
	if (err == ERR_OK)
		regions_use(judge->regions, judge->setup.place_databases);
	if (err == ERR_OK)
		err = standings_new(&judge->standings, &config->judge, &config->detect.presence);
	if (err == ERR_OK)
		err = suppressions_new(&judge->suppressions);
	if (err == ERR_OK)
		suppressions_use(judge->suppressions, judge->setup.decisions);
	if (err == ERR_OK)
		err = doubts_new(&judge->doubts, &config->judge);
	if (err == ERR_OK && judge->setup.keeps_contacts)
		err = contacts_new(&judge->contacts, &config->judge);
	judge->lists = (struct contact_lists){ .sets = judge->setup.indicators,
					       .suffixes = judge->suffixes };
	if (err == ERR_OK)
		err = case_book_new(&judge->book, &config->judge, judge->setup.identity,
				    judge->setup.case_changed != NULL);
	return err;
}

enum err judge_new(struct judge **out, const struct judge_setup *setup)
{
	struct judge *judge = calloc(1, sizeof(*judge));
	enum err err;

	if (!judge)
		return ERR_MEMORY;
	judge->sink.emit = judge_signal;
	judge->setup = *setup;
	err = start_tables(judge);
	if (err == ERR_OK)
		err = start_detectors(judge);
	if (err == ERR_OK)
		err = judge_keep_start(judge);
	if (err == ERR_OK)
		err = judge_capsules_start(judge);
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
	capsules_free(judge->capsules);
	keeper_free(judge->cases);
	keeper_free(judge->keeper);
	case_book_free(judge->book);
	doubts_free(judge->doubts);
	contacts_free(judge->contacts);
	places_free(judge->places);
	regions_free(judge->regions);
	standings_free(judge->standings);
	suppressions_free(judge->suppressions);
	suffix_rules_free(judge->suffixes);
	resolved_names_free(judge->names);
	devices_free(judge->devices);
	site_free(judge->site);
	free(judge);
}

/* A host of the office is seen with its MAC; a MAC seen with an outside address is a router's. */
static void see_side(struct judge *judge, const struct address *address, const struct mac *mac,
		     nanotime when)
{
	enum site_place place = site_place_of(judge->site, address);

	if (place == SITE_INSIDE)
		(void)devices_see(judge->devices, address, mac, when);
	else if (place == SITE_OUTSIDE && site_note_outside(judge->site, address, mac))
		devices_note_outside(judge->devices, mac, address);
}

/*
 * Who sends is there; who is sent to is believed to be only once it has spoken for itself. Outside
 * first: then a router is known as one before its MAC names an office host.
 */
static void host_sighted(struct judge *judge, const struct fact *fact)
{
	const struct fact_sighting *s = &fact->sighting;

	if (s->has_destination && !site_holds(judge->site, &s->destination))
		see_side(judge, &s->destination, &s->destination_mac, fact->time);
	site_learn_sender(judge->site, s);
	see_side(judge, &s->source, &s->source_mac, fact->time);
}

static void neighbour_seen(struct judge *judge, const struct fact *fact)
{
	const struct fact_neighbour *n = &fact->neighbour;

	if (address_is_unspecified(&n->sender))
		return;
	site_learn(judge->site, &n->sender, &n->sender_mac);
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

void judge_show(struct judge *judge, const struct observation *seen)
{
	const struct watcher *watchers = judge->watchers[seen->fact->kind];
	uint8_t count = judge->watcher_counts[seen->fact->kind];

	for (uint8_t i = 0; i < count; i++)
		watchers[i].observe(watchers[i].state, seen, &judge->sink);
}

/* Whom a device of the office has to do with outside: once for each flow that is answered. */
static bool is_visit(const struct observation *seen)
{
	const struct fact *fact = seen->fact;

	if (seen->direction != DIRECTION_OUTBOUND || seen->is_group || seen->device == DEVICE_NONE)
		return false;
	if (fact->kind == FACT_CHECK_IN)
		return fact->check_in.is_first && fact->check_in.is_answered;
	return fact->kind == FACT_FLOW_ENDED && fact->flow.protocol != IP_TCP &&
	       fact->ended.is_answered;
}

/* Also where the other side speaks first, which is no check-in's first. */
static bool is_answered(const struct observation *seen)
{
	const struct fact *fact = seen->fact;

	return seen->device != DEVICE_NONE &&
	       ((fact->kind == FACT_CHECK_IN && fact->check_in.is_answered) ||
		(fact->kind == FACT_FLOW_ENDED && fact->ended.is_answered));
}

static void flow_told(struct judge *judge, const struct fact *fact)
{
	struct observation seen = judge_observe_flow(judge, fact);
	struct http_manner manner;

	if (fact->kind == FACT_MESSAGE && fact->message.message == MESSAGE_HTTP_REQUEST &&
	    http_manner_of(&fact->message.said, &manner))
		seen.manner = &manner;
	if (is_visit(&seen))
		places_visit(judge->places, &seen);
	if (seen.place && is_answered(&seen))
		regions_visit(judge->regions, &seen);
	if (judge->contacts)
		contacts_see(judge->contacts, &seen, &judge->lists);
	if (fact->kind == FACT_DNS) {
		names_answered(judge, fact, seen.device);
	} else if (fact->kind == FACT_FLOW_ENDED) {
		case_book_end_flow(judge->book, seen.device, fact);
		standings_see(judge->standings, &seen);
		judge->totals.flows++;
		if (judge->setup.flow_ended)
			judge->setup.flow_ended(judge->setup.flow_arg, fact, seen.peer_name);
	}
	judge_show(judge, &seen);
}

static void neighbour_told(struct judge *judge, const struct fact *fact)
{
	neighbour_seen(judge, fact);

	const struct observation seen = judge_observe_neighbour(judge, fact);

	judge_show(judge, &seen);
}

static void sighting_told(struct judge *judge, const struct fact *fact)
{
	struct observation seen;
	struct device_view who;

	host_sighted(judge, fact);
	if (judge->watcher_counts[FACT_SIGHTING] > 0 &&
	    judge_observe_sighting(judge, fact, &who, &seen))
		judge_show(judge, &seen);
}

/* What site and inventory learn from. */
static void host_told(struct judge *judge, const struct fact *fact)
{
	parties_forget(&judge->parties);
	if (fact->kind == FACT_SIGHTING)
		sighting_told(judge, fact);
	else if (fact->kind == FACT_DEVICE_NAME)
		devices_name(judge->devices, &fact->device_name, fact->time);
	else if (fact->kind == FACT_PREFIX)
		site_learn_prefix(judge->site, &fact->prefix, fact->time);
	else if (fact->kind == FACT_NEIGHBOUR)
		neighbour_told(judge, fact);
	judge_take_joined(judge);
}

static void look_for_canary(struct judge *judge, const struct fact *fact)
{
	char token[CANARY_TOKEN_LEN];

	if (judge->setup.canary_seen && canary_token(fact->dns.name, token))
		judge->setup.canary_seen(judge->setup.canary_arg, token, fact->time);
}

static void take(struct judge *judge, const struct fact *fact)
{
	switch ((enum fact_kind)fact->kind) {
	case FACT_DNS:
		look_for_canary(judge, fact);
		flow_told(judge, fact);
		break;
	case FACT_FLOW_ENDED:
	case FACT_FLOW_NAMED:
	case FACT_CHECK_IN:
		flow_told(judge, fact);
		break;
	case FACT_FLOW_GOES_ON:
		if (judge->watcher_counts[FACT_FLOW_GOES_ON] > 0)
			flow_told(judge, fact);
		break;
	case FACT_SIGHTING:
	case FACT_DEVICE_NAME:
	case FACT_PREFIX:
	case FACT_NEIGHBOUR:
		host_told(judge, fact);
		break;
	case FACT_ATTEMPTS:
		floods_add(&judge->totals.floods, &fact->attempts);
		if (judge->setup.flow_ended)
			judge->setup.flow_ended(judge->setup.flow_arg, fact, "");
		break;
	case FACT_MESSAGE:
		if (described_learn(judge->devices, fact)) {
			parties_forget(&judge->parties);
			judge_take_joined(judge);
		}
		if (judge->watcher_counts[FACT_MESSAGE] > 0)
			flow_told(judge, fact);
		break;
	case FACT_CONTACT_BEFORE:
		judge_take_contact_before(judge, fact);
		break;
	case FACT_EXCERPT:
	case FACT_EPOCH: /* detectors see by themselves that time went back */
	case FACT_KINDS:
	default:
		break;
	}
}

void judge_take(void *arg, const struct fact *fact)
{
	struct judge *judge = arg;

	if (fact->kind == FACT_EXCERPT) {
		if (judge->capsules)
			capsules_show(judge->capsules, fact);
		return;
	}
	if (judge->totals.facts++ == 0 && judge->kept.began == 0)
		judge->kept.began = fact->time;
	if (fact->kind != FACT_CONTACT_BEFORE) { /* of when the list came, somewhat earlier */
		if (fact->time / NANOTIME_HOUR != judge->now / NANOTIME_HOUR)
			case_book_quieten(judge->book, fact->time);
		judge->now = fact->time;
	}
	if (judge->setup.fact_taken)
		judge->setup.fact_taken(judge->setup.fact_arg, fact);
	if (regions_may_ask(judge->regions))
		judge_ask_place(judge, fact);
	if (judge->capsules)
		judge_capsules_begin(judge, fact, NULL);
	take(judge, fact);
	if (judge->setup.case_changed || judge->capsules)
		judge_tell_changes(judge);
}

void judge_use_indicators(struct judge *judge, const struct intel_sets *indicators)
{
	const struct detect_setup setup = { .config = judge->setup.config,
					    .indicators = indicators,
					    .suffixes = judge->suffixes };

	judge->setup.indicators = indicators;
	judge->lists.sets = indicators;
	for (size_t i = 0; i < detectors_count; i++) {
		if (detectors[i]->reload)
			detectors[i]->reload(judge->states[i], &setup);
	}
}

void judge_use_decisions(struct judge *judge, const struct decisions *decisions)
{
	judge->setup.decisions = decisions;
	suppressions_use(judge->suppressions, decisions);
}

void judge_use_place_databases(struct judge *judge, struct place_databases *databases)
{
	judge->setup.place_databases = databases;
	regions_use(judge->regions, databases);
}

struct judge_decided judge_decided(const struct judge *judge)
{
	return (struct judge_decided){ .suppressions = judge->suppressions,
				       .decisions = judge->setup.decisions,
				       .config = &judge->setup.config->judge,
				       .now = judge->now };
}
