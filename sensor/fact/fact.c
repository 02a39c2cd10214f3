#include "sensor/fact/fact.h"

#include <string.h>

#define UP_TO(member) (offsetof(struct fact, member) + sizeof(((struct fact *)0)->member))

/* Without attributes. */
static size_t fixed_size(enum fact_kind kind)
{
	switch (kind) {
	case FACT_SIGHTING:
		return UP_TO(sighting);
	case FACT_ATTEMPTS:
		return UP_TO(attempts);
	case FACT_FLOW_NAMED:
		return UP_TO(named);
	case FACT_CHECK_IN:
		return UP_TO(check_in);
	case FACT_FLOW_ENDED:
	case FACT_FLOW_GOES_ON:
		return UP_TO(ended);
	case FACT_DNS:
		return offsetof(struct fact, dns.records.bytes);
	case FACT_NEIGHBOUR:
		return UP_TO(neighbour);
	case FACT_PREFIX:
		return UP_TO(prefix);
	case FACT_DEVICE_NAME:
		return UP_TO(device_name);
	case FACT_MESSAGE:
		return offsetof(struct fact, message.said.bytes);
	case FACT_EXCERPT:
		return offsetof(struct fact, excerpt.bytes);
	case FACT_CONTACT_BEFORE:
		return UP_TO(contact_before);
	case FACT_EPOCH:
	case FACT_KINDS:
		break;
	}
	return UP_TO(kind);
}

const struct attributes *fact_attributes_of(const struct fact *fact)
{
	if (fact->kind == FACT_DNS)
		return &fact->dns.records;
	return fact->kind == FACT_MESSAGE ? &fact->message.said : NULL;
}

size_t fact_size(const struct fact *fact)
{
	const struct attributes *list = fact_attributes_of(fact);

	if (fact->kind == FACT_EXCERPT)
		return fixed_size(FACT_EXCERPT) + fact->excerpt.len;
	return fixed_size((enum fact_kind)fact->kind) + (list ? list->used : 0);
}

void fact_clear(struct fact *fact, enum fact_kind kind)
{
	memset(fact, 0, fixed_size(kind));
	fact->kind = (uint8_t)kind;
}

struct flow_key fact_flow_key(const struct fact_flow *flow, bool *client_is_low)
{
	struct flow_key key = flow_key_of(&flow->client, flow->client_port, &flow->server,
					  flow->server_port, client_is_low);

	key.protocol = flow->protocol;
	key.ip_version = flow->ip_version;
	return key;
}

const struct fact_names *fact_names_of(const struct fact *fact)
{
	switch ((enum fact_kind)fact->kind) {
	case FACT_FLOW_NAMED:
		return &fact->named;
	case FACT_CHECK_IN:
		return &fact->check_in.names;
	case FACT_FLOW_ENDED:
	case FACT_FLOW_GOES_ON:
		return &fact->ended.names;
	case FACT_SIGHTING:
	case FACT_ATTEMPTS:
	case FACT_DNS:
	case FACT_NEIGHBOUR:
	case FACT_PREFIX:
	case FACT_DEVICE_NAME:
	case FACT_EPOCH:
	case FACT_MESSAGE:
	case FACT_EXCERPT:
	case FACT_CONTACT_BEFORE:
	case FACT_KINDS:
		break;
	}
	return NULL;
}

const char *fact_end_text(enum fact_end_reason reason)
{
	switch (reason) {
	case FACT_END_IDLE:
		return "idle";
	case FACT_END_REUSED:
		return "reused";
	case FACT_END_EVICTED:
		return "evicted";
	case FACT_END_EPOCH:
		return "epoch";
	case FACT_END_CAPTURE:
		return "capture_end";
	}
	return "unknown";
}

const char *host_source_text(enum host_source source)
{
	static const char *const texts[] = {
		[HOST_NONE] = "none",
		[HOST_TLS] = "sni",
		[HOST_HTTP] = "http_host",
		[HOST_QUIC] = "quic_sni",
		[HOST_CERTIFICATE] = "certificate",
		[HOST_DNS] = "dns",
		[HOST_DPI] = "ndpi",
	};

	return texts[source];
}
