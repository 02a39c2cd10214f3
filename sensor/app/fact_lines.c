#include "sensor/app/fact_lines.h"

#include "dissectors/first_words.h"
#include "dissectors/shell_text.h"
#include "sensor/decode/packet.h"
#include "sensor/digest/community_id.h"

#include <string.h>

static const char *kind_text(const struct fact *fact)
{
	static const char *const names[FACT_KINDS] = {
		[FACT_SIGHTING] = "sighting",
		[FACT_FLOW_NAMED] = "flow.named",
		[FACT_CHECK_IN] = "flow.check_in",
		[FACT_FLOW_ENDED] = "flow.ended",
		[FACT_DNS] = "dns",
		[FACT_NEIGHBOUR] = "neighbour",
		[FACT_PREFIX] = "prefix",
		[FACT_DEVICE_NAME] = "device_name",
		[FACT_ATTEMPTS] = "attempts",
		[FACT_EPOCH] = "epoch",
		[FACT_FLOW_GOES_ON] = "flow.goes_on",
		[FACT_EXCERPT] = "excerpt",
		[FACT_CONTACT_BEFORE] = "contact_before",
	};

	return fact->kind == FACT_MESSAGE ? message_name((enum message)fact->message.message)
					  : names[fact->kind];
}

static void put_text_if_any(struct json *j, const char *key, const char *text)
{
	if (text[0] != '\0')
		json_string(j, key, text);
}

static void put_mac(struct json *j, const char *key, const struct mac *mac)
{
	char text[MAC_TEXT_LEN];

	if (mac_is_zero(mac))
		return;
	mac_text(mac, text);
	json_string(j, key, text);
}

static void put_address(struct json *j, const char *key, const struct address *address)
{
	if (!address_is_unspecified(address))
		json_address(j, key, address);
}

static void put_protocol(struct json *j, uint8_t protocol)
{
	if (protocol == IP_TCP)
		json_string(j, "protocol", "tcp");
	else if (protocol == IP_UDP)
		json_string(j, "protocol", "udp");
	else if (protocol == IP_ICMP)
		json_string(j, "protocol", "icmp");
	else if (protocol == IP_ICMPV6)
		json_string(j, "protocol", "icmp6");
	else
		json_uint(j, "protocol", protocol);
}

static void put_flow(struct json *j, const struct fact_flow *flow)
{
	char id[COMMUNITY_ID_LEN];
	bool client_is_low;
	struct flow_key key = fact_flow_key(flow, &client_is_low);

	if (flow->ip_version == 0)
		return; /* what is told of no flow */
	json_uint(j, "flow", flow->id);
	json_address(j, "client", &flow->client);
	json_uint(j, "client_port", flow->client_port);
	json_address(j, "server", &flow->server);
	json_uint(j, "server_port", flow->server_port);
	put_protocol(j, flow->protocol);
	community_id(&key, client_is_low, id);
	json_string(j, "community_id", id);
}

static void put_value(struct json *j, const char *key, const struct attribute_value *value)
{
	switch (attribute_kind(value->attribute)) {
	case ATTRIBUTE_IS_TEXT:
		json_string(j, key, value->text);
		break;
	case ATTRIBUTE_IS_NUMBER:
		json_uint(j, key, value->number);
		break;
	case ATTRIBUTE_IS_FLAG:
		json_bool(j, key, true);
		break;
	case ATTRIBUTE_IS_ADDRESS:
		json_address(j, key, &value->address);
		break;
	case ATTRIBUTE_IS_MAC:
		put_mac(j, key, &value->mac);
		break;
	}
}

static void put_list(struct json *j, const struct attributes *list, size_t from,
		     enum attribute attribute)
{
	struct attribute_value value;

	json_array_begin(j, attribute_name(attribute));
	while (attributes_next(list, &from, &value)) {
		if (value.attribute == attribute)
			put_value(j, NULL, &value);
	}
	json_array_end(j);
}

static void put_attributes(struct json *j, const struct attributes *list)
{
	bool is_put[ATTRIBUTES] = { false };
	struct attribute_value value;
	size_t at = 0;
	size_t before = 0;

	for (; attributes_next(list, &at, &value); before = at) {
		if (is_put[value.attribute])
			continue;
		is_put[value.attribute] = true;
		if (attribute_is_list(value.attribute))
			put_list(j, list, before, value.attribute);
		else
			put_value(j, attribute_name(value.attribute), &value);
	}
	if (list->is_cut)
		json_bool(j, "cut", true);
}

static void put_names(struct json *j, const struct fact_names *names)
{
	if (names->host[0] != '\0') {
		json_string(j, "name", names->host);
		json_string(j, "how", host_source_text((enum host_source)names->host_source));
	}
	put_text_if_any(j, "app", names->protocol);
	if (names->is_guess)
		json_bool(j, "app_guessed", true);
	put_text_if_any(j, "user_agent", names->agent);
	if (names->is_upload)
		json_bool(j, "upload", true);
}

static void put_check_in(struct json *j, const struct fact_check_in *check_in)
{
	json_uint(j, "payload", check_in->payload_len);
	json_bool(j, "first", check_in->is_first);
	json_bool(j, "answered", check_in->is_answered);
	put_names(j, &check_in->names);
}

static void put_first_packets(struct json *j, const struct fact_shape *shape)
{
	char sides[FACT_SHAPE_PACKETS + 1] = "";

	json_array_begin(j, "sizes");
	for (unsigned i = 0; i < shape->packet_count; i++) {
		json_uint(j, NULL, shape->packet_sizes[i]);
		sides[i] = (shape->packet_sides >> i & 1) != 0 ? 's' : 'c';
	}
	json_array_end(j);
	json_string(j, "sides", sides);
}

static void put_shell(struct json *j, const char *key, unsigned signs)
{
	if (signs == 0)
		return;
	json_array_begin(j, key);
	if ((signs & SHELL_PROMPT) != 0)
		json_string(j, NULL, "prompt");
	if ((signs & SHELL_BANNER) != 0)
		json_string(j, NULL, "banner");
	if ((signs & SHELL_IDENTITY) != 0)
		json_string(j, NULL, "identity");
	if ((signs & SHELL_SYSTEM) != 0)
		json_string(j, NULL, "system");
	json_array_end(j);
}

static void put_first_words(struct json *j, unsigned signs)
{
	if (signs == 0)
		return;
	json_array_begin(j, "first_words_up");
	if ((signs & FIRST_WORDS_PACKED) != 0)
		json_string(j, NULL, "packed");
	if ((signs & FIRST_WORDS_COUNTED) != 0)
		json_string(j, NULL, "counted");
	if ((signs & FIRST_WORDS_BOT_NICK) != 0)
		json_string(j, NULL, "bot_nick");
	json_array_end(j);
}

static void put_shape(struct json *j, const struct fact_shape *shape)
{
	if (!shape->is_known)
		return;
	json_object_begin(j, "shape");
	put_first_packets(j, shape);
	json_uint(j, "text_up", shape->printable_up);
	json_uint(j, "text_down", shape->printable_down);
	json_uint(j, "turns", shape->turns);
	json_uint(j, "client_opened", shape->client_opened);
	json_uint(j, "server_opened", shape->server_opened);
	put_shell(j, "shell_up", shape->shell_up);
	put_shell(j, "shell_down", shape->shell_down);
	put_first_words(j, shape->first_words_up);
	if (shape->server_opened > 0) {
		json_uint(j, "server_small", shape->server_small);
		json_uint(j, "bytes_opened", shape->bytes_opened);
		json_uint(j, "bytes_answered", shape->bytes_answered);
	}
	json_object_end(j);
}

static void put_counts(struct json *j, const struct fact *fact)
{
	const struct fact_ended *ended = &fact->ended;

	if (fact->flow.is_midstream)
		json_bool(j, "midstream", true);
	json_time(j, "last", ended->last);
	json_uint(j, "packets_up", ended->packets_up);
	json_uint(j, "packets_down", ended->packets_down);
	json_uint(j, "bytes_up", ended->bytes_up);
	json_uint(j, "bytes_down", ended->bytes_down);
	json_bool(j, "answered", ended->is_answered);
	json_bool(j, "refused", ended->is_refused);
	put_names(j, &ended->names);
	put_shape(j, &ended->shape);
}

static void put_dns(struct json *j, const struct fact_dns *dns)
{
	json_bool(j, "response", dns->is_response);
	if (dns->is_response)
		json_uint(j, "rcode", dns->rcode);
	put_attributes(j, &dns->records);
}

static void put_sighting(struct json *j, const struct fact_sighting *sighting)
{
	json_address(j, "source", &sighting->source);
	put_mac(j, "source_mac", &sighting->source_mac);
	if (sighting->source_ttl != 0)
		json_uint(j, "source_ttl", sighting->source_ttl);
	if (!sighting->has_destination)
		return;
	json_address(j, "destination", &sighting->destination);
	put_mac(j, "destination_mac", &sighting->destination_mac);
}

static void put_attempts(struct json *j, const struct fact_attempts *attempts)
{
	json_address(j, "host", &attempts->host);
	json_string(j, "side", attempts->is_target ? "target" : "source");
	json_uint(j, "count", attempts->count);
	json_time(j, "first", attempts->first);
	json_time(j, "last", attempts->last);
}

static void put_neighbour(struct json *j, const struct fact_neighbour *neighbour)
{
	put_mac(j, "mac", &neighbour->sender_mac);
	put_address(j, "sender", &neighbour->sender);
	put_address(j, "target", &neighbour->target);
	json_bool(j, "request", neighbour->is_request);
}

static void put_device_name(struct json *j, const struct fact_device_name *told)
{
	static const char *const how[DEVICE_NAME_SOURCES] = {
		[DEVICE_NAME_DHCP] = "dhcp",
		[DEVICE_NAME_MDNS] = "mdns",
		[DEVICE_NAME_NBNS] = "nbns",
		[DEVICE_NAME_LOGIN] = "login",
	};

	json_string(j, "name", told->name);
	json_string(j, "how", how[told->source]);
	put_mac(j, "mac", &told->mac);
	put_address(j, "address", &told->address);
}

static void put_prefix(struct json *j, const struct fact_prefix *told)
{
	put_mac(j, "router_mac", &told->router_mac);
	json_address(j, "network", &told->prefix.address);
	json_uint(j, "bits",
		  told->prefix.bits - (address_is_v4(&told->prefix.address) ? V4_PREFIX_BITS : 0U));
}

static void put_said(struct json *j, const struct fact *fact)
{
	switch ((enum fact_kind)fact->kind) {
	case FACT_SIGHTING:
		put_sighting(j, &fact->sighting);
		break;
	case FACT_FLOW_NAMED:
		put_names(j, &fact->named);
		if (fact->named.has_data_down)
			json_bool(j, "answered", true);
		break;
	case FACT_CHECK_IN:
		put_check_in(j, &fact->check_in);
		break;
	case FACT_FLOW_ENDED:
		json_string(j, "reason", fact_end_text((enum fact_end_reason)fact->ended.reason));
		put_counts(j, fact);
		break;
	case FACT_FLOW_GOES_ON:
		put_counts(j, fact);
		break;
	case FACT_DNS:
		put_dns(j, &fact->dns);
		break;
	case FACT_NEIGHBOUR:
		put_neighbour(j, &fact->neighbour);
		break;
	case FACT_PREFIX:
		put_prefix(j, &fact->prefix);
		break;
	case FACT_DEVICE_NAME:
		put_device_name(j, &fact->device_name);
		break;
	case FACT_ATTEMPTS:
		put_attempts(j, &fact->attempts);
		break;
	case FACT_MESSAGE:
		if (fact->flow.ip_version != 0)
			json_string(j, "from", fact->message.is_from_client ? "client" : "server");
		put_attributes(j, &fact->message.said);
		break;
	case FACT_EPOCH:
	case FACT_EXCERPT:        /* the judge passes none on */
	case FACT_CONTACT_BEFORE: /* of a sensor with a memory: no capture has any */
	case FACT_KINDS:
		break;
	}
}

static bool has_flow(const struct fact *fact)
{
	const unsigned kinds = 1U << FACT_FLOW_NAMED | 1U << FACT_CHECK_IN | 1U << FACT_FLOW_ENDED |
			       1U << FACT_FLOW_GOES_ON | 1U << FACT_DNS | 1U << FACT_MESSAGE;

	return (kinds >> fact->kind & 1U) != 0;
}

void fact_line(void *out, const struct fact *fact)
{
	struct json *j = out;

	json_object_begin(j, NULL);
	json_string(j, "fact", kind_text(fact));
	json_uint(j, "n", fact->number);
	json_time(j, "time", fact->time);
	if (has_flow(fact))
		put_flow(j, &fact->flow);
	put_said(j, fact);
	json_object_end(j);
	json_line_end(j);
}
