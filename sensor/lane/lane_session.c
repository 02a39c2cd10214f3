#include "sensor/base/text.h"
#include "sensor/lane/lane_flow.h"

#include <string.h>

static bool set_host(struct lane_names *names, const char *host, enum host_source source)
{
	char text[FACT_NAME_LEN];
	struct text kept = text_over(text, sizeof(text));

	text_add(&kept, host);
	if (source == HOST_HTTP)
		text[strcspn(text, ":")] = '\0';
	if (!lane_is_name(text))
		return false;
	memset(names->host, 0, sizeof(names->host));
	text_host_copy(text, names->host, sizeof(names->host));
	names->host_source = (uint8_t)source;
	return true;
}

/* Subjects of certificates are free text: "Snake Oil CA". */
static bool is_host(const char *name)
{
	return strchr(name, '.') != NULL &&
	       name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				 "0123456789-._")] == '\0';
}

static struct span text_of(const struct attributes *said, enum attribute attribute)
{
	const char *text = attributes_text(said, attribute);

	return (struct span){ (const uint8_t *)text, strlen(text) };
}

/* nDPI sees all of DTLS: few flows have it, and it knows what is said over it. */
static enum host_source name_protocol(struct lane *lane, const struct attributes *said)
{
	const char *transport = attributes_text(said, ATTRIBUTE_TRANSPORT);
	struct span sni = text_of(said, ATTRIBUTE_SNI);

	if (strcmp(transport, "quic") == 0) {
		lane_name_quic(lane, lane->heard, sni, text_of(said, ATTRIBUTE_ALPN));
		return HOST_QUIC;
	}
	if (strcmp(transport, "tcp") == 0)
		lane_name_tls(lane, lane->heard, sni);
	return HOST_TLS;
}

static void learn_client_hello(struct lane *lane, const struct attributes *said)
{
	enum host_source source = name_protocol(lane, said);
	struct lane_slot *slot = lane->heard->slot;
	struct lane_names names = slot->names;

	/* Of two that differ the first counts. */
	if (names.host[0] != '\0' && attributes_has(said, ATTRIBUTE_CONFLICT))
		return;
	if (!set_host(&names, attributes_text(said, ATTRIBUTE_SNI), source))
		return;
	lane_slot_name(slot, &names);
	lane->has_named = true;
}

static void learn_server_hello(struct lane *lane, const struct attributes *said)
{
	if (strcmp(attributes_text(said, ATTRIBUTE_VERSION), "TLS 1.3") == 0)
		lane_note_sealed(lane->heard->slot);
}

/* A server that was not asked for by name says which are its own. */
static void learn_certificate(struct lane *lane, const struct fact_message *message)
{
	enum { OF_SERVER = 0 };
	const struct attributes *said = &message->said;
	struct lane_slot *slot = lane->heard->slot;
	struct lane_names names = slot->names;
	const char *name = attributes_text(said, ATTRIBUTE_NAMES);

	if (message->is_from_client || names.host[0] != '\0' ||
	    attributes_number(said, ATTRIBUTE_CHAIN_PLACE, OF_SERVER) != OF_SERVER)
		return;
	if (name[0] == '\0')
		name = attributes_text(said, ATTRIBUTE_SUBJECT);
	if (strncmp(name, "*.", 2) == 0)
		name += 2;
	if (!is_host(name) || !set_host(&names, name, HOST_CERTIFICATE))
		return;
	lane_slot_name(slot, &names);
	lane->has_named = true;
}

static void note_agent(struct lane *lane, struct lane_slot *slot, const char *told)
{
	char agent[FACT_AGENT_LEN] = "";
	struct text kept = text_over(agent, sizeof(agent));

	text_add(&kept, told);
	agents_give_back(lane->agents, slot->agent);
	slot->agent = (uint16_t)agents_take(lane->agents, agent);
}

static bool is_upload(const char *method)
{
	return strcmp(method, "POST") == 0 || strcmp(method, "PUT") == 0 ||
	       strcmp(method, "PATCH") == 0;
}

/* A flow is named by its first request. */
static void learn_http(struct lane *lane, const struct attributes *said)
{
	struct lane_slot *slot = lane->heard->slot;
	struct lane_names names = slot->names;
	enum attribute host = ATTRIBUTE_HOST;

	if (names.host_source != HOST_NONE)
		return;
	note_agent(lane, slot, attributes_text(said, ATTRIBUTE_USER_AGENT));
	if (!attributes_has(said, ATTRIBUTE_HOST))
		host = ATTRIBUTE_TARGET_HOST;
	lane->has_named = set_host(&names, attributes_text(said, host), HOST_HTTP);
	names.host_source = HOST_HTTP;
	names.is_upload = is_upload(attributes_text(said, ATTRIBUTE_METHOD));
	lane_slot_name(slot, &names);
}

/* What a flow is for certain that has such a message; nothing of whom it is to. */
static enum dpi_service service_of(enum message message, uint16_t server_port)
{
	enum { PORT_KERBEROS = 88 };
	static const uint8_t services[MESSAGES] = {
		[MESSAGE_DHCPV6] = DPI_DHCPV6,       [MESSAGE_SSDP] = DPI_SSDP,
		[MESSAGE_SNMP] = DPI_SNMP,           [MESSAGE_NTP] = DPI_NTP,
		[MESSAGE_IKE] = DPI_IPSEC,           [MESSAGE_OPENVPN] = DPI_OPENVPN,
		[MESSAGE_WIREGUARD] = DPI_WIREGUARD, [MESSAGE_KERBEROS] = DPI_KERBEROS,
		[MESSAGE_LDAP_BIND] = DPI_LDAP,      [MESSAGE_LDAP_RESULT] = DPI_LDAP,
		[MESSAGE_LDAP_PING] = DPI_LDAP,
	};

	/* Elsewhere it is a ticket that another protocol carries. */
	if (message == MESSAGE_KERBEROS && server_port != PORT_KERBEROS)
		return DPI_NO_SERVICE;
	return (enum dpi_service)services[message];
}

static void learn_service(struct lane *lane, enum dpi_service service)
{
	if (!lane->heard->slot->is_service_settled)
		lane->has_named = true;
	lane_name_service(lane, lane->heard, service);
}

static void learn(struct lane *lane, const struct fact *fact)
{
	const struct fact_message *message = &fact->message;
	enum message what = (enum message)message->message;
	enum dpi_service service = service_of(what, fact->flow.server_port);

	if (service != DPI_NO_SERVICE)
		learn_service(lane, service);
	else if (what == MESSAGE_TLS_CLIENT_HELLO)
		learn_client_hello(lane, &message->said);
	else if (what == MESSAGE_TLS_SERVER_HELLO)
		learn_server_hello(lane, &message->said);
	else if (what == MESSAGE_TLS_CERTIFICATE)
		learn_certificate(lane, message);
	else if (what == MESSAGE_HTTP_REQUEST)
		learn_http(lane, &message->said);
}

static void learn_dns(struct lane *lane, const struct fact_dns *dns)
{
	const struct span host = { .data = (const uint8_t *)dns->name, .len = strlen(dns->name) };

	lane_name_dns(lane, lane->heard, host, dns->is_response);
	lane->heard->slot->has_pending = false; /* what it said is a fact of its own */
	lane->has_asked = true;
}

void lane_told(void *arg, const struct fact *fact)
{
	struct lane *lane = arg;

	if (fact->kind == FACT_MESSAGE)
		learn(lane, fact);
	else if (fact->kind == FACT_DNS)
		learn_dns(lane, &fact->dns);
	lane->emit(lane->emit_arg, fact);
}

void lane_session_gone(void *arg, uint32_t owner)
{
	struct lane *lane = arg;
	struct lane_slot *slot = &lane->slots[owner];

	slot->session = 0;
	slot->hello = HELLO_SETTLED;
}

void lane_drop_session(struct lane *lane, struct lane_slot *slot)
{
	sessions_drop(lane->sessions, slot->session);
	slot->session = 0;
}

/* Of the payload: a SYN takes up a number of its own before it (RFC 7413). */
static uint32_t sequence_of(const struct packet *p)
{
	return p->tcp_sequence + ((p->tcp_flags & TCP_SYN) != 0 ? 1U : 0U);
}

/* Where the client's words begin: the low half is known, and the window is far below 32 KiB. */
static uint32_t first_of(const struct packet *p, const struct lane_packet *record)
{
	uint32_t sequence = sequence_of(p);
	uint32_t beyond = (sequence - record->client_first) & UINT16_MAX;

	return beyond <= INT16_MAX ? sequence - beyond : sequence + (UINT16_MAX + 1U - beyond);
}

void lane_hear_session(struct lane *lane, const struct lane_flow *flow, const struct packet *packet,
		       const struct lane_packet *record)
{
	struct lane_slot *slot = flow->slot;
	bool from_client = record->touch.from_client;
	/* One that takes up a flow which was given up has no need of what went before. */
	bool is_taken_up = slot->session == 0 && slot->hello == HELLO_SETTLED;
	const struct session_segment segment = {
		.payload = packet->payload,
		.payload_len = packet->payload_len,
		.sequence = sequence_of(packet),
		.acknowledged = packet->tcp_acknowledged,
		.has_acknowledged = (packet->tcp_flags & TCP_ACK) != 0,
		.has_first = from_client && record->has_client_first && !is_taken_up,
		.first = first_of(packet, record),
		.is_alone = record->touch.payload_packets_before >= LANE_HANDSHAKE_PACKETS &&
			    record->touch.wanted == FLOW_WANTED_NONE,
	};
	enum session_state state;

	if (is_taken_up && !session_may_begin(from_client, packet->payload))
		return;
	state = sessions_hear(lane->sessions, &slot->session, flow->index, &lane->hearing,
			      &segment);
	if (state == SESSION_WAITING)
		slot->hello = HELLO_PARTIAL;
	else
		slot->hello = state == SESSION_OVER ? HELLO_SETTLED : HELLO_AWAITED;
	if (state == SESSION_WAITING && slot->tls == LANE_TLS_NONE &&
	    sessions_is_tls(lane->sessions, slot->session))
		slot->tls = LANE_TLS_BEGUN;
}
