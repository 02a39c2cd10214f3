#include "sensor/app/flow_lines.h"

#include "sensor/base/digits.h"
#include "sensor/base/json.h"
#include "sensor/decode/packet.h"
#include "sensor/digest/community_id.h"

#include <string.h>

static bool has_ports(uint8_t protocol)
{
	return protocol == IP_TCP || protocol == IP_UDP || protocol == IP_SCTP;
}

/* EVE's names for protocols; others are given by their number, in three digits. */
static void put_protocol(struct json *j, uint8_t protocol)
{
	char number[3];

	switch (protocol) {
	case IP_ICMP:
		json_put_literal(j, JSON_KEY("proto") JSON_WORD("ICMP"));
		break;
	case IP_TCP:
		json_put_literal(j, JSON_KEY("proto") JSON_WORD("TCP"));
		break;
	case IP_UDP:
		json_put_literal(j, JSON_KEY("proto") JSON_WORD("UDP"));
		break;
	case IP_ICMPV6:
		json_put_literal(j, JSON_KEY("proto") JSON_WORD("IPv6-ICMP"));
		break;
	default:
		number[0] = (char)('0' + protocol / 100);
		(void)digits_two(number + 1, protocol % 100U);
		json_put_chars(j, JSON_KEY("proto"), number, sizeof(number));
		break;
	}
}

void flow_line_endpoints(struct json *j, const struct flow_key *key, bool client_is_low)
{
	char id[COMMUNITY_ID_LEN];

	json_put_address(j, JSON_KEY("src_ip"), client_is_low ? &key->low : &key->high);
	if (has_ports(key->protocol))
		json_put_uint(j, JSON_KEY("src_port"),
			      client_is_low ? key->low_port : key->high_port);
	json_put_address(j, JSON_KEY("dest_ip"), client_is_low ? &key->high : &key->low);
	if (has_ports(key->protocol))
		json_put_uint(j, JSON_KEY("dest_port"),
			      client_is_low ? key->high_port : key->low_port);
	put_protocol(j, key->protocol);
	community_id(key, client_is_low, id);
	json_put_chars(j, JSON_KEY("community_id"), id, COMMUNITY_ID_LEN - 1);
}

/* EVE's app_proto from nDPI's "TLS.Microsoft": the protocol that carries, in lower case. */
static void put_app_proto(struct json *j, const char *protocol)
{
	char text[FACT_PROTOCOL_LEN];
	size_t len = 0;

	for (char c = protocol[0]; c != '\0' && c != '.'; c = protocol[len]) {
		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		text[len++] = c;
	}
	text[len] = '\0';
	if (len == 0 || strcmp(text, "unknown") == 0)
		json_put_literal(j, JSON_KEY("app_proto") JSON_WORD("failed"));
	else
		json_put_text(j, JSON_KEY("app_proto"), text);
}

/* EVE's words. A flow without TCP never closes: it goes quiet. */
static void put_state(struct json *j, const struct fact *ended)
{
	const struct fact_ended *e = &ended->ended;

	if (ended->flow.protocol == IP_TCP && (((e->tcp_flags_up | e->tcp_flags_down) & TCP_RST) ||
					       (e->tcp_flags_up & e->tcp_flags_down & TCP_FIN)))
		json_put_literal(j, JSON_KEY("state") JSON_WORD("closed"));
	else if (e->is_answered)
		json_put_literal(j, JSON_KEY("state") JSON_WORD("established"));
	else
		json_put_literal(j, JSON_KEY("state") JSON_WORD("new"));
}

/* EVE's words again; ours, which say more, stand under "hinomi". */
static void put_reason(struct json *j, enum fact_end_reason reason)
{
	switch (reason) {
	case FACT_END_IDLE:
		json_put_literal(j, JSON_KEY("reason") JSON_WORD("timeout"));
		break;
	case FACT_END_REUSED:
		json_put_literal(j, JSON_KEY("reason") JSON_WORD("tcp_reuse"));
		break;
	case FACT_END_EVICTED:
	case FACT_END_EPOCH:
		json_put_literal(j, JSON_KEY("reason") JSON_WORD("forced"));
		break;
	case FACT_END_CAPTURE:
		json_put_literal(j, JSON_KEY("reason") JSON_WORD("shutdown"));
		break;
	default:
		json_put_literal(j, JSON_KEY("reason") JSON_WORD("unknown"));
		break;
	}
}

static void put_counters(struct json *j, const struct fact *ended)
{
	const struct fact_ended *e = &ended->ended;

	json_put_begin(j, JSON_KEY("flow"));
	json_put_uint(j, JSON_KEY("pkts_toserver"), e->packets_up);
	json_put_uint(j, JSON_KEY("pkts_toclient"), e->packets_down);
	json_put_uint(j, JSON_KEY("bytes_toserver"), e->bytes_up);
	json_put_uint(j, JSON_KEY("bytes_toclient"), e->bytes_down);
	json_put_time(j, JSON_KEY("start"), ended->flow.first);
	json_put_time(j, JSON_KEY("end"), e->last);
	json_put_uint(j, JSON_KEY("age"),
		      nanotime_between(ended->flow.first, e->last) / NANOTIME_SECOND);
	put_state(j, ended);
	put_reason(j, (enum fact_end_reason)e->reason);
	json_put_end(j);
	if (ended->flow.protocol == IP_TCP) {
		char flags[2];

		json_put_begin(j, JSON_KEY("tcp"));
		(void)digits_hex_byte(flags, e->tcp_flags_up);
		json_put_chars(j, JSON_KEY("tcp_flags_ts"), flags, sizeof(flags));
		(void)digits_hex_byte(flags, e->tcp_flags_down);
		json_put_chars(j, JSON_KEY("tcp_flags_tc"), flags, sizeof(flags));
		json_put_end(j);
	}
}

/* The flow's own words, else what DNS said of the address. */
static void put_peer_name(struct json *j, const struct fact_names *names, const char *peer_name)
{
	enum host_source from =
		names->host[0] != '\0' ? (enum host_source)names->host_source : HOST_DNS;

	json_put_text(j, JSON_KEY("name"), peer_name);
	json_put_text(j, JSON_KEY("name_from"), host_source_text(from));
}

static void put_names(struct json *j, const struct fact *ended, const char *peer_name)
{
	const struct fact_names *names = &ended->ended.names;
	const char *end = fact_end_text((enum fact_end_reason)ended->ended.reason);

	put_app_proto(j, names->protocol);
	if (names->host_source == HOST_TLS) {
		json_put_begin(j, JSON_KEY("tls"));
		json_put_text(j, JSON_KEY("sni"), names->host);
		json_put_end(j);
	} else if (names->host_source == HOST_HTTP) {
		json_put_begin(j, JSON_KEY("http"));
		if (names->host[0] != '\0')
			json_put_text(j, JSON_KEY("hostname"), names->host);
		if (names->agent[0] != '\0')
			json_put_text(j, JSON_KEY("http_user_agent"), names->agent);
		json_put_end(j);
	}
	json_put_begin(j, JSON_KEY("hinomi"));
	if (names->protocol[0] != '\0')
		json_put_text(j, JSON_KEY("protocol"), names->protocol);
	else
		json_put_literal(j, JSON_KEY("protocol") JSON_WORD("Unknown"));
	json_put_bool(j, JSON_KEY("protocol_guessed"), names->is_guess);
	if (peer_name[0] != '\0')
		put_peer_name(j, names, peer_name);
	if (names->risks != 0) {
		char risks[2 + DIGITS_HEX_MAX] = "0x";
		char *behind = digits_hex(risks + 2, names->risks);

		json_put_chars(j, JSON_KEY("ndpi_risks"), risks, (size_t)(behind - risks));
	}
	json_put_bool(j, JSON_KEY("midstream"), ended->flow.is_midstream);
	json_put_chars(j, JSON_KEY("end"), end, strlen(end));
	json_put_bool(j, JSON_KEY("refused"), ended->ended.is_refused);
	json_put_end(j);
}

static void put_flow(struct json *j, const struct fact *ended, const char *peer_name)
{
	bool client_is_low;
	struct flow_key key = fact_flow_key(&ended->flow, &client_is_low);

	json_put_begin(j, "");
	json_put_time(j, JSON_SAME("schema", "hinomi.flow/1") JSON_KEY("timestamp"), ended->time);
	json_put_uint(j, JSON_KEY("flow_id"), ended->flow.id);
	json_put_literal(j, JSON_KEY("event_type") JSON_WORD("flow"));
	flow_line_endpoints(j, &key, client_is_low);
	put_names(j, ended, peer_name);
	put_counters(j, ended);
	json_put_end(j);
	json_line_end(j);
}

static void put_attempts(struct json *j, const struct fact *counted)
{
	const struct fact_attempts *a = &counted->attempts;

	json_put_begin(j, "");
	json_put_time(j, JSON_SAME("schema", "hinomi.attempts/1") JSON_KEY("timestamp"),
		      counted->time);
	json_put_address(j, JSON_SAME("event_type", "attempts") JSON_KEY("host"), &a->host);
	json_put_text(j, JSON_KEY("side"), a->is_target ? "target" : "source");
	json_put_uint(j, JSON_KEY("count"), a->count);
	json_put_time(j, JSON_KEY("start"), a->first);
	json_put_time(j, JSON_KEY("end"), a->last);
	json_put_end(j);
	json_line_end(j);
}

void flow_line(void *out, const struct fact *fact, const char *peer_name)
{
	if (fact->kind == FACT_ATTEMPTS)
		put_attempts(out, fact);
	else
		put_flow(out, fact, peer_name);
}
