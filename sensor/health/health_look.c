#include "sensor/health/health_look.h"

#include "dissectors/arp.h"
#include "sensor/decode/ethertype.h"
#include "sensor/decode/link_layer.h"
#include "sensor/decode/wire_header.h"
#include "sensor/intel/known_resolvers.h"

#include <endian.h>
#include <string.h>

enum {
	TAGS_MAX = 2,
	PORT_DNS = 53,
	PORT_DNS_OVER_TLS = 853,
	PORT_HTTP = 80,
	PORT_HTTPS = 443,
	PORT_DHCP_SERVER = 67,
	PORT_DHCP_CLIENT = 68,
	PORT_DHCPV6_CLIENT = 546,
	PORT_DHCPV6_SERVER = 547,
	PORT_SERVICES = 1024, /* those below it are services' */
	NEIGHBOUR_SOLICITATION = 135,
	NEIGHBOUR_ADVERTISEMENT = 136,
	TTL_HOPS_MAX = 4,
};

/* How a frame brings its IPv4. */
enum carrier { CARRIER_NONE, CARRIER_PPPOE, CARRIER_IPV6 };

/*
 * Of at most 16 bytes. Nothing here is secret, and what is seen must be the same in each run and on
 * each machine; who sends addresses that fall together hides some of them from a count.
 */
static uint64_t hash_of(const void *data, size_t len)
{
	const uint64_t odd = UINT64_C(0x9e3779b97f4a7c15);
	uint64_t words[2] = { 0 };

	memcpy(words, data, len);

	uint64_t mixed = (le64toh(words[0]) * odd) ^ le64toh(words[1]);

	mixed = (mixed ^ mixed >> 29) * odd;
	mixed = (mixed ^ mixed >> 32) * odd;
	return mixed ^ mixed >> 32;
}

static void set_add(struct health_set *set, const void *data, size_t len)
{
	uint32_t hash = (uint32_t)(hash_of(data, len) >> 32) | 1; /* not that of a free place */
	uint32_t at = hash >> 1;

	while (set->count < HEALTH_SET_MAX) {
		uint32_t *place = &set->places[at++ % HEALTH_SET_MAX];

		if (*place == hash)
			return;
		if (*place == 0) {
			*place = hash;
			set->count++;
			return;
		}
	}
}

static enum carrier carrier_of(const struct frame *frame)
{
	struct cursor in = cursor_over(frame->bytes.data, frame->bytes.len);
	struct span header;

	if (frame->link_type != LINK_ETHERNET || !header_take(&in, ETHERNET_HEADER_LEN, &header))
		return CARRIER_NONE;

	uint16_t type = ethernet_type(header);

	for (unsigned tags = 0; tags < TAGS_MAX; tags++) {
		if (type != ETHERTYPE_TAG && type != ETHERTYPE_SERVICE_TAG)
			break;
		if (!header_take(&in, TAG_LEN, &header))
			return CARRIER_NONE;
		type = tag_type(header);
	}
	if (type == ETHERTYPE_PPPOE_SESSION)
		return CARRIER_PPPOE;
	if (type != NETWORK_IPV6 || !header_take(&in, IPV6_HEADER_LEN, &header))
		return CARRIER_NONE;
	return ipv6_next(header) == IP_IPIP ? CARRIER_IPV6 : CARRIER_NONE;
}

/* NULL when there are more of them than room. */
static struct health_vlan *vlan_of(struct health_counts *counts, uint16_t id)
{
	for (unsigned i = 0; i < counts->vlan_count; i++) {
		if (counts->vlans[i].id == id)
			return &counts->vlans[i];
	}
	if (counts->vlan_count == HEALTH_VLANS_MAX)
		return NULL;
	counts->vlans[counts->vlan_count] = (struct health_vlan){ .id = id };
	return &counts->vlans[counts->vlan_count++];
}

static void look_at_pair(struct health_gauge *gauge, const struct packet *p)
{
	struct health_counts *counts = &gauge->counts;
	bool from_low = memcmp(&p->source_mac, &p->destination_mac, MAC_LEN) < 0;
	struct mac both[2] = { from_low ? p->source_mac : p->destination_mac,
			       from_low ? p->destination_mac : p->source_mac };
	struct health_pair *pair = &gauge->pairs[hash_of(both, sizeof(both)) % HEALTH_PAIRS];
	unsigned speaker = from_low ? 0 : 1;

	if (!pair->is_used) {
		*pair = (struct health_pair){ .low = both[0], .high = both[1], .is_used = true };
		counts->pairs++;
	}
	if (!mac_equal(&pair->low, &both[0]) || !mac_equal(&pair->high, &both[1]) ||
	    pair->has_spoken[speaker])
		return;
	pair->has_spoken[speaker] = true;
	pair->vlan[speaker] = p->vlan;
	if (!pair->has_spoken[speaker ^ 1U])
		return;
	counts->pairs_both++;
	counts->lasting.unanswered = 0;
	if ((pair->vlan[0] == 0) != (pair->vlan[1] == 0))
		counts->odd_tags++;
}

/* Who announces itself, or tries whether an address is free, hopes for no answer (RFC 5227). */
static bool is_curious(const struct arp *arp)
{
	static const uint8_t nobody[ARP_IP_LEN] = { 0 };

	return memcmp(arp->sender_ip, arp->target_ip, ARP_IP_LEN) != 0 &&
	       memcmp(arp->sender_ip, nobody, ARP_IP_LEN) != 0;
}

/* Whether `p` asks for the owner of an address, or answers to who did. */
static void ask_or_answer(const struct packet *p, bool *asks, bool *answers)
{
	bool is_group = mac_is_group(&p->destination_mac);
	struct arp arp;

	if (p->kind == PACKET_ARP) {
		struct cursor in = cursor_over(p->payload.data, p->payload.len);

		if (dissect_arp(in, &arp) != DISSECT_OK)
			return;
		*asks = is_group && arp.operation == ARP_REQUEST && is_curious(&arp);
		*answers = !is_group && arp.operation == ARP_REPLY;
	} else if (p->kind == PACKET_IP && p->key.protocol == IP_ICMPV6) {
		*asks = is_group && p->icmp_type == NEIGHBOUR_SOLICITATION &&
			!address_is_unspecified(packet_source(p));
		*answers = !is_group && p->icmp_type == NEIGHBOUR_ADVERTISEMENT;
	}
}

static bool is_group_packet(const struct packet *p, bool has_link)
{
	const struct address *destination = packet_destination(p);

	if (has_link)
		return mac_is_group(&p->destination_mac);
	return address_is_multicast(destination) || address_is_broadcast(destination);
}

static void look_at_vlan(struct health_vlan *vlan, const struct packet *p, bool is_group, bool asks)
{
	vlan->group += is_group;
	vlan->unicast += !is_group;
	vlan->unanswered = is_group ? vlan->unanswered + asks : 0;
	if (is_group)
		set_add(&vlan->group_senders, &p->source_mac, MAC_LEN);
}

/* Returns whether it is for one receiver. */
static bool look_at_link(struct health_gauge *gauge, const struct packet *p, nanotime now)
{
	struct health_counts *counts = &gauge->counts;
	bool has_link = !mac_is_zero(&p->source_mac) || !mac_is_zero(&p->destination_mac);
	bool is_group = is_group_packet(p, has_link);
	struct health_vlan *vlan = vlan_of(counts, p->vlan);
	bool asks = false;
	bool answers = false;

	ask_or_answer(p, &asks, &answers);
	counts->answers += answers;
	counts->lasting.unanswered = answers ? 0 : counts->lasting.unanswered + asks;
	counts->without_link += !has_link;
	counts->group += is_group;
	counts->unicast += !is_group;
	set_add(&counts->senders, &p->source_mac, MAC_LEN);
	if (is_group)
		set_add(&counts->group_senders, &p->source_mac, MAC_LEN);
	else
		counts->lasting.last_unicast = now;
	if (has_link && !is_group)
		look_at_pair(gauge, p);
	if (vlan)
		look_at_vlan(vlan, p, is_group, asks);
	return !is_group;
}

/* Systems begin with 32, 64, 128 or 255; each router takes one. */
static void count_ttl(struct health_common *common, uint8_t ttl)
{
	static const uint8_t starts[] = { 32, 64, 128, 255 };

	for (size_t i = 0; i < sizeof(starts); i++) {
		unsigned hops = (unsigned)starts[i] - ttl;

		common->fresh += hops == 0;
		common->passed += hops >= 1 && hops <= TTL_HOPS_MAX;
	}
}

static void look_at_common(struct health_counts *counts, const struct packet *p)
{
	if (counts->plain_v4++ == 0) {
		counts->common[0].address = *packet_source(p);
		counts->common[1].address = *packet_destination(p);
	}
	for (unsigned i = 0; i < HEALTH_COMMONS; i++) {
		struct health_common *common = &counts->common[i];
		bool sent = address_equal(&common->address, packet_source(p));
		bool got = address_equal(&common->address, packet_destination(p));

		if (!sent && !got)
			continue;
		common->packets++;
		set_add(&common->peers, sent ? packet_destination(p) : packet_source(p),
			ADDRESS_LEN);
		/* An answer's TTL may come from anywhere. */
		if (sent && packet_destination_port(p) < PORT_SERVICES &&
		    packet_source_port(p) >= PORT_SERVICES)
			count_ttl(common, p->ttl);
	}
}

static bool has_port(const struct packet *p, uint16_t port)
{
	return p->key.low_port == port || p->key.high_port == port;
}

static bool is_outside(const struct address *a)
{
	enum { GLOBAL_UNICAST_TOP = 0x20, TOP_BITS = 0xe0 };

	if (!address_is_v4(a))
		return (a->bytes[0] & TOP_BITS) == GLOBAL_UNICAST_TOP;

	const uint8_t *v4 = a->bytes + V4_PREFIX_BITS / 8;

	return v4[0] != 10 && !(v4[0] == 172 && v4[1] >> 4 == 1) &&
	       !(v4[0] == 192 && v4[1] == 168) && !address_is_link_local(a) &&
	       !address_is_loopback(a) && v4[0] < 224 && v4[0] != 0;
}

static bool is_dhcp(const struct packet *p)
{
	return p->key.protocol == IP_UDP &&
	       ((has_port(p, PORT_DHCP_SERVER) && has_port(p, PORT_DHCP_CLIENT)) ||
		(has_port(p, PORT_DHCPV6_CLIENT) && has_port(p, PORT_DHCPV6_SERVER)));
}

static bool is_web_call(const struct packet *p)
{
	uint16_t port = packet_destination_port(p);

	return p->key.protocol == IP_TCP && (p->tcp_flags & (TCP_SYN | TCP_ACK)) == TCP_SYN &&
	       (port == PORT_HTTP || port == PORT_HTTPS) && is_outside(packet_destination(p));
}

static bool is_encrypted_dns(const struct packet *p)
{
	return has_port(p, PORT_DNS_OVER_TLS) ||
	       (has_port(p, PORT_HTTPS) &&
		(resolver_is_known(&p->key.low) || resolver_is_known(&p->key.high)));
}

static void look_at_services(struct health_counts *counts, const struct packet *p, nanotime now)
{
	struct health_lasting *lasting = &counts->lasting;

	if (p->key.protocol != IP_TCP && p->key.protocol != IP_UDP)
		return;
	if (p->key.protocol == IP_TCP && !p->is_fragment_rest && p->ip_len > counts->longest_tcp)
		counts->longest_tcp = p->ip_len;
	if (is_dhcp(p)) {
		counts->dhcp++;
		lasting->last_dhcp = now;
	} else if (has_port(p, PORT_DNS) || is_encrypted_dns(p)) {
		counts->dns += has_port(p, PORT_DNS);
		counts->encrypted_dns += !has_port(p, PORT_DNS);
		lasting->last_dns = now;
		lasting->opened_since_dns = (struct health_set){ 0 };
	} else if (is_web_call(p)) {
		set_add(&lasting->opened_since_dns, packet_destination(p), ADDRESS_LEN);
	}
}

void health_look_into(struct health_gauge *gauge, const struct frame *frame,
		      const struct packet *packet)
{
	struct health_counts *counts = &gauge->counts;
	enum carrier carrier = carrier_of(frame);

	counts->pppoe += carrier == CARRIER_PPPOE;
	counts->four_in_six += carrier == CARRIER_IPV6;
	if (!packet)
		return;

	bool is_unicast = look_at_link(gauge, packet, frame->time);

	if (packet->kind != PACKET_IP)
		return;
	if (is_unicast && packet->key.ip_version == 4 && carrier == CARRIER_NONE)
		look_at_common(counts, packet);
	look_at_services(counts, packet, frame->time);
}
