#include "sensor/app/flow_lines.h"

#include "sensor/base/json.h"
#include "sensor/decode/packet.h"
#include "sensor/digest/community_id.h"

#include <inttypes.h>
#include <string.h>

/* EVE's names for protocols; others are given by their number. */
static void put_protocol(struct json *j, const struct fact_flow *f)
{
	char number[8];

	switch (f->protocol) {
	case IP_ICMP:
		json_string(j, "proto", "ICMP");
		break;
	case IP_TCP:
		json_string(j, "proto", "TCP");
		break;
	case IP_UDP:
		json_string(j, "proto", "UDP");
		break;
	case IP_ICMPV6:
		json_string(j, "proto", "IPv6-ICMP");
		break;
	default:
		(void)snprintf(number, sizeof(number), "%03u", f->protocol);
		json_string(j, "proto", number);
		break;
	}
}

static bool has_ports(uint8_t protocol)
{
	return protocol == IP_TCP || protocol == IP_UDP || protocol == IP_SCTP;
}

/* EVE's app_proto from nDPI's "TLS.Microsoft": the protocol that carries, in lower case. */
static void put_app_proto(struct json *j, const char *protocol)
{
	char text[FACT_PROTOCOL_LEN];
	size_t len = strcspn(protocol, ".");

	memcpy(text, protocol, len);
	text[len] = '\0';
	for (char *c = text; *c; c++) {
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
	}
	json_string(j, "app_proto", len == 0 || strcmp(text, "unknown") == 0 ? "failed" : text);
}

/* EVE's words. A flow without TCP never closes: it goes quiet. */
static const char *state_of(const struct fact *ended)
{
	const struct fact_ended *e = &ended->ended;

	if (ended->flow.protocol == IP_TCP && (((e->tcp_flags_up | e->tcp_flags_down) & TCP_RST) ||
					       (e->tcp_flags_up & e->tcp_flags_down & TCP_FIN)))
		return "closed";
	return e->is_answered ? "established" : "new";
}

/* EVE's words again; ours, which say more, stand under "hinomi". */
static const char *reason_of(enum fact_end_reason reason)
{
	switch (reason) {
	case FACT_END_IDLE:
		return "timeout";
	case FACT_END_REUSED:
		return "tcp_reuse";
	case FACT_END_EVICTED:
	case FACT_END_EPOCH:
		return "forced";
	case FACT_END_CAPTURE:
		return "shutdown";
	}
	return "unknown";
}

static void put_counters(struct json *j, const struct fact *ended)
{
	const struct fact_ended *e = &ended->ended;

	json_object_begin(j, "flow");
	json_uint(j, "pkts_toserver", e->packets_up);
	json_uint(j, "pkts_toclient", e->packets_down);
	json_uint(j, "bytes_toserver", e->bytes_up);
	json_uint(j, "bytes_toclient", e->bytes_down);
	json_time(j, "start", ended->flow.first);
	json_time(j, "end", e->last);
	json_uint(j, "age", nanotime_between(ended->flow.first, e->last) / NANOTIME_SECOND);
	json_string(j, "state", state_of(ended));
	json_string(j, "reason", reason_of((enum fact_end_reason)e->reason));
	json_object_end(j);
	if (ended->flow.protocol == IP_TCP) {
		char flags[4];

		json_object_begin(j, "tcp");
		(void)snprintf(flags, sizeof(flags), "%02x", e->tcp_flags_up);
		json_string(j, "tcp_flags_ts", flags);
		(void)snprintf(flags, sizeof(flags), "%02x", e->tcp_flags_down);
		json_string(j, "tcp_flags_tc", flags);
		json_object_end(j);
	}
}

static void put_names(struct json *j, const struct fact *ended, const char *peer_name)
{
	const struct fact_names *names = &ended->ended.names;

	put_app_proto(j, names->protocol);
	if (names->host_source == HOST_TLS) {
		json_object_begin(j, "tls");
		json_string(j, "sni", names->host);
		json_object_end(j);
	} else if (names->host_source == HOST_HTTP) {
		json_object_begin(j, "http");
		if (names->host[0] != '\0')
			json_string(j, "hostname", names->host);
		if (names->agent[0] != '\0')
			json_string(j, "http_user_agent", names->agent);
		json_object_end(j);
	}
	json_object_begin(j, "hinomi");
	json_string(j, "protocol", names->protocol[0] != '\0' ? names->protocol : "Unknown");
	json_bool(j, "protocol_guessed", names->is_guess);
	if (peer_name[0] != '\0')
		json_string(j, "name", peer_name);
	if (names->risks != 0) {
		char risks[20];

		(void)snprintf(risks, sizeof(risks), "0x%" PRIx64, names->risks);
		json_string(j, "ndpi_risks", risks);
	}
	json_bool(j, "midstream", ended->flow.is_midstream);
	json_string(j, "end", fact_end_text((enum fact_end_reason)ended->ended.reason));
	json_bool(j, "refused", ended->ended.is_refused);
	json_object_end(j);
}

void flow_line(void *out, const struct fact *ended, const char *peer_name)
{
	const struct fact_flow *f = &ended->flow;
	bool client_is_low;
	struct flow_key key = fact_flow_key(f, &client_is_low);
	struct json j = json_to(out);
	char id[COMMUNITY_ID_LEN];

	community_id(&key, client_is_low, id);
	json_object_begin(&j, NULL);
	json_string(&j, "schema", "hinomi.flow/1");
	json_time(&j, "timestamp", ended->time);
	json_uint(&j, "flow_id", f->id);
	json_string(&j, "event_type", "flow");
	json_address(&j, "src_ip", &f->client);
	if (has_ports(f->protocol))
		json_uint(&j, "src_port", f->client_port);
	json_address(&j, "dest_ip", &f->server);
	if (has_ports(f->protocol))
		json_uint(&j, "dest_port", f->server_port);
	put_protocol(&j, f);
	json_string(&j, "community_id", id);
	put_names(&j, ended, peer_name);
	put_counters(&j, ended);
	json_object_end(&j);
	json_line_end(&j);
}
