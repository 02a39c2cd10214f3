#include "sensor/detect/sweep.h"

#include "sensor/base/kept_table.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum err sweep_map_new(struct lru_map **out, uint32_t count)
{
	enum err err = lru_map_new(out, count, sizeof(struct sweep_key), sizeof(struct sweep));

	if (err == ERR_OK)
		lru_map_clear_only(*out, SWEEP_HEAD);
	return err;
}

bool sweep_add(struct sweep *sweep, uint64_t target)
{
	bool is_surely_new = distinct_is_surely_new(&sweep->distinct, target);

	for (uint32_t i = 0; !is_surely_new && i < sweep->target_count; i++) {
		if (sweep->targets[i] == target)
			return false;
	}
	distinct_add(&sweep->distinct, target);
	if (sweep->target_count < SWEEP_TARGETS_KEPT)
		sweep->targets[sweep->target_count++] = target;
	return true;
}

bool sweep_remove(struct sweep *sweep, uint64_t target)
{
	for (uint32_t i = 0; i < sweep->target_count; i++) {
		if (sweep->targets[i] != target)
			continue;
		sweep->targets[i] = sweep->targets[--sweep->target_count];
		return true;
	}
	return false;
}

double sweep_targets(const struct sweep *sweep)
{
	return sweep->target_count < SWEEP_TARGETS_KEPT
		       ? sweep->target_count
		       : fmax(SWEEP_TARGETS_KEPT, distinct_count(&sweep->distinct));
}

bool sweep_is_worth_telling(const struct sweep *sweep, double targets, uint64_t least)
{
	return targets >= (double)least && targets >= 2 * (double)sweep->told_at;
}

static void describe_object(struct signal_object *object, const struct sweep_key *key)
{
	object->protocol = key->protocol;
	object->port = key->port;
	switch ((enum sweep_kind)key->kind) {
	case SWEEP_ARP:
		object->kind = OBJECT_NETWORK;
		(void)snprintf(object->text, sizeof(object->text), "arp");
		return;
	case SWEEP_PORTS:
		object->kind = OBJECT_ADDRESS;
		object->has_address = true;
		memcpy(object->address.bytes, key->address, ADDRESS_LEN);
		address_text(&object->address, object->text);
		return;
	case SWEEP_HOSTS_INSIDE:
	case SWEEP_HOSTS_OUTSIDE:
		break;
	}
	object->kind = OBJECT_PORT;
	if (key->protocol == IP_ICMP || key->protocol == IP_ICMPV6)
		(void)snprintf(object->text, sizeof(object->text), "ping");
	else
		(void)snprintf(object->text, sizeof(object->text), "%u/%s", key->port,
			       ip_protocol_text(key->protocol));
}

static enum signal_kind kind_of(enum sweep_kind kind)
{
	switch (kind) {
	case SWEEP_HOSTS_INSIDE:
		return SIGNAL_SCAN_INSIDE;
	case SWEEP_HOSTS_OUTSIDE:
		return SIGNAL_SCAN_OUTSIDE;
	case SWEEP_PORTS:
		return SIGNAL_SCAN_PORTS;
	case SWEEP_ARP:
		break;
	}
	return SIGNAL_SCAN_ARP;
}

void sweep_tell(struct sweep *sweep, const struct sweep_key *key, double targets, struct signal *s)
{
	s->kind = (uint8_t)kind_of((enum sweep_kind)key->kind);
	s->device = key->device;
	s->outcome = sweep->successes > 0 ? OUTCOME_ANSWERED : OUTCOME_ATTEMPT;
	s->first = sweep->first;
	s->last = sweep->last;
	s->count = (uint64_t)targets;
	describe_object(&s->object, key);
	signal_show_flows(s, sweep->flows, sweep->flow_count);
	sweep->told_at = (uint64_t)targets;
}

void sweep_tidy(void *value)
{
	struct sweep *sweep = value;

	memset(sweep->targets + sweep->target_count, 0,
	       (SWEEP_TARGETS_KEPT - sweep->target_count) * sizeof(sweep->targets[0]));
	signal_tidy_flows(sweep->flows, sweep->flow_count);
}

bool sweep_is_sound(const void *key, const void *value)
{
	const struct sweep_key *k = key;
	const struct sweep *sweep = value;
	bool has_contacts = sweep->successes > 0 || sweep->failures > 0;

	return k->device != 0 && k->kind <= SWEEP_ARP && sweep->direction <= DIRECTION_LATERAL &&
	       sweep->target_count <= SWEEP_TARGETS_KEPT && distinct_is_sound(&sweep->distinct) &&
	       signal_flows_are_sound(sweep->flows, sweep->flow_count) &&
	       sweep->successes <= INT32_MAX && sweep->failures <= INT32_MAX &&
	       (has_contacts || k->kind == SWEEP_ARP || sweep->told_at == 0);
}
