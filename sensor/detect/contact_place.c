#include "sensor/detect/contact_place.h"

#include "sensor/base/text.h"
#include "sensor/detect/statistics.h"

#include <stdio.h>
#include <string.h>

struct place_key place_key_of(const struct observation *seen, const char *name)
{
	const struct fact_flow *flow = &seen->fact->flow;
	struct place_key key = { .device = seen->device,
				 .port = flow->server_port,
				 .protocol = flow->protocol,
				 .by_name = name[0] != '\0' };

	if (key.by_name)
		distinct_text_key(name, key.peer);
	else
		memcpy(key.peer, flow->server.bytes, ADDRESS_LEN);
	return key;
}

struct talk_key talk_key_of(const struct fact_flow *flow)
{
	return (struct talk_key){ .flow = flow->id, .first = flow->first };
}

bool place_lookup_missed(const struct observation *seen)
{
	return seen->dns_seen && !seen->fact->flow.is_midstream && seen->resolved[0] == '\0' &&
	       seen->direction == DIRECTION_OUTBOUND;
}

void place_describe(struct signal_object *object, const struct fact_flow *flow, const char *name,
		    enum host_source name_from)
{
	object->kind = name[0] != '\0' ? OBJECT_HOST : OBJECT_ADDRESS;
	object->has_address = true;
	object->address = flow->server;
	object->port = flow->server_port;
	object->protocol = flow->protocol;
	object->name_from = name[0] != '\0' ? (uint8_t)name_from : (uint8_t)HOST_NONE;
	if (name[0] != '\0')
		text_host_copy(name, object->text, FACT_HOST_LEN);
	else
		address_text(&flow->server, object->text);
}

void place_describe_port(struct signal_object *object, uint16_t port, uint8_t protocol)
{
	object->kind = OBJECT_PORT;
	object->port = port;
	object->protocol = protocol;
	(void)snprintf(object->text, sizeof(object->text), "%u/%s", port,
		       ip_protocol_text(protocol));
}

struct signal place_contact(const struct observation *seen, enum signal_kind kind,
			    double confidence, const char *name, enum host_source name_from)
{
	const struct fact *fact = seen->fact;
	struct signal s = { .kind = (uint8_t)kind,
			    .direction = (uint8_t)seen->direction,
			    .outcome = OUTCOME_ANSWERED,
			    .device = seen->device,
			    .first = fact->time,
			    .last = fact->time,
			    .count = 1,
			    .confidence = confidence };

	place_describe(&s.object, &fact->flow, name, name_from);
	signal_keep_flow(s.flows, &s.flow_count, fact);
	return s;
}
