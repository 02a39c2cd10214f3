#include "sensor/app/vantage.h"

#include "dissectors/arp.h"
#include "sensor/detect/canary.h"
#include "sensor/flow/routed_twins.h"

#include <limits.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(INTERFACES_MAX <= CHAR_BIT, "a bit for each interface");

enum { DNS_PORT = 53 };

struct vantage {
	struct vantage_setup setup;
	struct nat_twins *twins;     /* NULL: no interface is outside */
	struct routed_twins *routed; /* NULL: no gateway */
	struct vantage_totals totals;
};

enum err vantage_new(struct vantage **out, const struct vantage_setup *setup)
{
	struct vantage *vantage;

	*out = NULL;
	bool is_gateway = setup->outside != 0 || setup->has_several;
	enum err err = ERR_OK;

	if (!is_gateway && !setup->own && setup->config->own.inside_count == 0)
		return ERR_OK;
	vantage = calloc(1, sizeof(*vantage));
	if (!vantage)
		return ERR_MEMORY;
	vantage->setup = *setup;
	if (setup->outside != 0) {
		const struct nat_twins_setup twins = { .inside = &setup->config->network,
						       .release = setup->release,
						       .arg = setup->release_arg };
		err = nat_twins_new(&vantage->twins, &twins);
	}
	if (err == ERR_OK && is_gateway)
		err = routed_twins_new(&vantage->routed, &setup->config->network);
	if (err != ERR_OK) {
		vantage_free(vantage);
		return err;
	}
	*out = vantage;
	return ERR_OK;
}

void vantage_free(struct vantage *vantage)
{
	if (!vantage)
		return;
	nat_twins_free(vantage->twins);
	routed_twins_free(vantage->routed);
	free(vantage);
}

static bool is_own(const struct vantage *vantage, const struct address *address)
{
	return network_config_holds(&vantage->setup.config->own, address) ||
	       (vantage->setup.own && network_config_holds(vantage->setup.own, address));
}

static bool is_own_arp(const struct vantage *vantage, const struct packet *packet)
{
	struct arp arp;
	struct address sender;
	struct address target;

	if (dissect_arp(cursor_over(packet->payload.data, packet->payload.len), &arp) != DISSECT_OK)
		return false;
	sender = address_v4(arp.sender_ip);
	target = address_v4(arp.target_ip);
	return is_own(vantage, &sender) || is_own(vantage, &target);
}

static bool is_own_traffic(const struct vantage *vantage, const struct packet *packet)
{
	if (packet->kind == PACKET_ARP)
		return is_own_arp(vantage, packet);
	return packet->kind == PACKET_IP &&
	       (is_own(vantage, &packet->key.low) || is_own(vantage, &packet->key.high));
}

static bool is_outside(const struct vantage *vantage, unsigned interface)
{
	return interface < CHAR_BIT && (vantage->setup.outside >> interface & 1) != 0;
}

static bool goes_on(struct vantage *vantage, const struct packet *packet)
{
	const struct flow_table *flows = vantage->setup.flows;
	uint64_t quoted = packet->has_quoted ? flow_table_hash(flows, &packet->quoted) : 0;

	if (nat_is_of_the_wire(packet)) {
		vantage->totals.outside_wire++;
		return false;
	}
	return nat_twins_outside(vantage->twins, packet, flow_table_hash(flows, &packet->key),
				 quoted) == NAT_GOES_ON;
}

static bool is_seen_again(struct vantage *vantage, unsigned interface, const struct packet *packet)
{
	return vantage->routed && packet->kind == PACKET_IP &&
	       routed_twins_is_again(vantage->routed, packet, interface,
				     flow_table_hash(vantage->setup.flows, &packet->key));
}

/* The courier's lookup shows that what a mirror sends is seen: it alone of all own traffic is. */
static bool is_canary(const struct packet *packet)
{
	return packet->kind == PACKET_IP && packet->key.protocol == IPPROTO_UDP &&
	       (packet->key.low_port == DNS_PORT || packet->key.high_port == DNS_PORT) &&
	       canary_may_be(packet->payload);
}

bool vantage_admits(struct vantage *vantage, unsigned interface, const struct packet *packet)
{
	if (vantage->twins)
		nat_twins_pass_time(vantage->twins, packet->time);
	if (is_own_traffic(vantage, packet) && !is_canary(packet)) {
		vantage->totals.own_traffic++;
		return false;
	}
	if (is_outside(vantage, interface))
		return goes_on(vantage, packet);
	if (is_seen_again(vantage, interface, packet))
		return false;
	if (vantage->twins && packet->kind == PACKET_IP)
		nat_twins_inside(vantage->twins, packet);
	return true;
}

void vantage_pass_time(struct vantage *vantage, nanotime now)
{
	if (vantage->twins)
		nat_twins_pass_time(vantage->twins, now);
}

void vantage_release_all(struct vantage *vantage)
{
	if (vantage->twins)
		nat_twins_release_all(vantage->twins);
}

struct vantage_totals vantage_totals(const struct vantage *vantage)
{
	struct vantage_totals totals = vantage->totals;

	if (vantage->twins)
		totals.nat_twins = nat_twins_dropped(vantage->twins);
	if (vantage->routed)
		totals.routed_twins = routed_twins_dropped(vantage->routed);
	return totals;
}

static bool mark(const struct interface_names *names, const char *name, uint8_t *outside)
{
	for (size_t i = 0; i < names->count; i++) {
		if (strcmp(names->name[i], name) == 0) {
			*outside |= (uint8_t)(1U << i);
			return true;
		}
	}
	return false;
}

bool vantage_outside_of(const struct capture_config *config, uint8_t *outside, const char **unknown)
{
	*outside = 0;
	for (size_t i = 0; i < config->outside.count; i++) {
		*unknown = config->outside.name[i];
		if (!mark(&config->interfaces, *unknown, outside))
			return false;
	}
	return true;
}
