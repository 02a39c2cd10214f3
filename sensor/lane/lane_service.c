#include "dissectors/dhcp.h"
#include "dissectors/dns.h"
#include "dissectors/nbns.h"
#include "sensor/base/text.h"
#include "sensor/lane/lane_flow.h"
#include "sensor/lane/services.h"

#include <string.h>

enum { NBNS_SERVER_SUFFIX = 0x20 };

static const char local_suffix[] = ".local"; /* RFC 6762 3 */

static struct address address_of(const struct dns_answer *answer)
{
	return answer->address_len == 4 ? address_v4(answer->address) : address_v6(answer->address);
}

/* Asked for by name, these types bring home whatever the other side likes to say. */
static bool is_bulk_type(uint16_t type)
{
	static const uint16_t types[] = {
		DNS_CNAME, DNS_NULL, DNS_MX, DNS_TXT, DNS_KEY, DNS_PRIVATE
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (type == types[i])
			return true;
	}
	return false;
}

/* `out` is all zero. */
static void fill_dns(struct fact_dns *out, const struct dns *message, size_t name_len)
{
	out->is_response = message->is_response;
	out->rcode = message->rcode;
	out->type = message->question_type;
	out->answer_count = message->answers_whole;
	out->answer_bytes = message->answers_rdata_bytes;
	if (is_bulk_type(message->question_type))
		out->bulk_answers = message->answers_whole;
	out->lowest_ttl = UINT32_MAX;
	for (uint8_t i = 0; i < message->answers_kept; i++) {
		const struct dns_answer *answer = &message->answers[i];

		if (answer->ttl_seconds < out->lowest_ttl)
			out->lowest_ttl = answer->ttl_seconds;
		if (answer->address_len > 0 && out->address_count < FACT_ANSWERS_MAX)
			out->addresses[out->address_count++] = address_of(answer);
	}
	out->name_octets = message->question.octets;
	memcpy(out->name, message->question.text, name_len);
}

static bool read_dns(struct lane *lane, const struct lane_flow *flow, struct cursor in,
		     const struct lane_record *record)
{
	struct dns message;

	if (!lane_is_readable(lane, dissect_dns(in, &message)))
		return false;

	struct span host = { .data = (const uint8_t *)message.question.text,
			     .len = strlen(message.question.text) };

	lane_name_dns(lane, flow, host, message.is_response);
	if (message.question_count == 0)
		return true;

	struct fact *fact = lane_fact(lane, record, FACT_DNS);

	fact->flow = flow->flow;
	fill_dns(&fact->dns, &message, host.len);
	lane_emit(lane);
	return true;
}

/* Over TCP each message has its length in front; only one that is whole in its segment is read. */
static bool read_dns_tcp(struct lane *lane, const struct lane_flow *flow, struct cursor in,
			 const struct lane_record *record)
{
	uint16_t len = cursor_be16(&in);
	struct cursor message = cursor_sub(&in, len);

	return cursor_ok(&message) && len > 0 && read_dns(lane, flow, message, record);
}

static void emit_device_name(struct lane *lane, const struct lane_record *record,
			     const struct fact_device_name *told)
{
	struct fact *fact = lane_fact(lane, record, FACT_DEVICE_NAME);

	if (told->name[0] == '\0')
		return;
	fact->device_name = *told;
	lane_emit(lane);
}

/* A responder also answers for others (a sleep proxy): only its own address names it. */
static bool speaks_of_itself(const struct dns *message, const struct packet *p)
{
	bool has_address = false;

	for (uint8_t i = 0; i < message->answers_kept; i++) {
		if (message->answers[i].address_len == 0)
			continue;

		struct address a = address_of(&message->answers[i]);

		if (address_equal(&a, packet_source(p)))
			return true;
		has_address = true;
	}
	return !has_address;
}

static bool is_local_host(const struct dns_name *name)
{
	return text_host_under(name->text, local_suffix + 1) &&
	       strlen(name->text) > strlen(local_suffix);
}

static bool read_mdns(struct lane *lane, const struct lane_flow *flow, const struct packet *p,
		      const struct lane_record *record)
{
	struct dns message;

	if (!lane_is_readable(lane,
			      dissect_dns(cursor_over(p->payload.data, p->payload.len), &message)))
		return false;
	lane_name_service(lane, flow,
			  packet_destination_port(p) == PORT_LLMNR ? DPI_LLMNR : DPI_MDNS);
	if (!message.is_response || !is_local_host(&message.address_owner) ||
	    !speaks_of_itself(&message, p))
		return true;

	struct fact_device_name told = { .mac = p->source_mac,
					 .address = *packet_source(p),
					 .source = DEVICE_NAME_MDNS };

	text_host_copy(message.address_owner.text, told.name, sizeof(told.name));
	told.name[strlen(told.name) - strlen(local_suffix)] = '\0';
	emit_device_name(lane, record, &told);
	return true;
}

static bool read_dhcp(struct lane *lane, const struct lane_flow *flow, const struct packet *p,
		      const struct lane_record *record)
{
	struct fact_device_name told = { .source = DEVICE_NAME_DHCP };
	struct dhcp message;

	if (!lane_is_readable(lane,
			      dissect_dhcp(cursor_over(p->payload.data, p->payload.len), &message)))
		return false;
	lane_name_service(lane, flow, DPI_DHCP);
	if (message.operation != DHCP_BOOT_REQUEST)
		return true;
	memcpy(told.mac.bytes, message.mac, MAC_LEN);
	told.address = address_v4(message.client_address);
	if (message.hostname.len > 0)
		(void)text_from_wire(message.hostname, told.name, sizeof(told.name));
	else if (!message.fqdn_is_labels)
		(void)text_from_wire(message.fqdn, told.name, sizeof(told.name));
	emit_device_name(lane, record, &told);
	return true;
}

static bool is_own_name(const struct nbns *message)
{
	bool is_claim = message->opcode == NBNS_REGISTRATION || message->opcode == NBNS_REFRESH ||
			message->opcode == NBNS_REFRESH_ALSO ||
			message->opcode == NBNS_MULTIHOMED_REGISTRATION;

	return is_claim && !message->is_response && !message->is_group &&
	       (message->suffix == 0 || message->suffix == NBNS_SERVER_SUFFIX);
}

static bool read_nbns(struct lane *lane, const struct lane_flow *flow, const struct packet *p,
		      const struct lane_record *record)
{
	struct nbns message;

	if (!lane_is_readable(lane,
			      dissect_nbns(cursor_over(p->payload.data, p->payload.len), &message)))
		return false;
	lane_name_service(lane, flow, DPI_NETBIOS);
	if (!is_own_name(&message))
		return true;

	struct fact_device_name told = { .mac = p->source_mac,
					 .address = *packet_source(p),
					 .source = DEVICE_NAME_NBNS };
	struct span name = { .data = (const uint8_t *)message.name, .len = strlen(message.name) };

	(void)text_from_wire(name, told.name, sizeof(told.name));
	emit_device_name(lane, record, &told);
	return true;
}

static bool is_between(const struct packet *p, uint16_t port)
{
	return p->key.low_port == port || p->key.high_port == port;
}

bool lane_read_service(struct lane *lane, const struct lane_flow *flow, const struct packet *packet,
		       const struct lane_record *record)
{
	struct cursor payload = cursor_over(packet->payload.data, packet->payload.len);

	if (packet->key.protocol == IP_ICMPV6) {
		lane_read_ndp(lane, packet, record);
		return false;
	}
	if (packet->key.protocol == IP_TCP)
		return is_between(packet, PORT_DNS) && read_dns_tcp(lane, flow, payload, record);
	if (packet->key.protocol != IP_UDP)
		return false;
	if (is_between(packet, PORT_DNS))
		return read_dns(lane, flow, payload, record);
	if (is_between(packet, PORT_MDNS) || is_between(packet, PORT_LLMNR))
		return read_mdns(lane, flow, packet, record);
	if (is_between(packet, PORT_DHCP_SERVER) && is_between(packet, PORT_DHCP_CLIENT))
		return read_dhcp(lane, flow, packet, record);
	if (is_between(packet, PORT_NBNS))
		return read_nbns(lane, flow, packet, record);
	return false;
}
