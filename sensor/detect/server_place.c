#include "sensor/detect/server_place.h"

#include "sensor/detect/contact_place.h"
#include "sensor/detect/service_port.h"
#include "sensor/intel/known_protocols.h"
#include "sensor/intel/rented_names.h"

#include <stdio.h>
#include <string.h>

enum { HTTPS = 443 };

/*
 * How many times as likely for a stranger's server. Of 31 servers that harmless captures speak to
 * in an unknown protocol 10 % had no name where DNS was seen, 19 % an everyday port, none 443; of
 * 19 of intruders 32 %, 37 % and 32 % (tools/measure/raw_channels.py). None of the harmless had a
 * dynamic name.
 */
static const double times_for_no_name = 3;
static const double times_for_dynamic_name = 10;
static const double times_for_odd_port = 2;
static const double times_for_port_of_another = 2.5;
static const double times_for_port_of_tls = 4; /* games and messengers do without TLS elsewhere */

struct server_key server_key_of(const struct observation *seen)
{
	const struct fact_flow *flow = &seen->fact->flow;

	return (struct server_key){ .device = seen->device,
				    .port = flow->server_port,
				    .protocol = flow->protocol,
				    .address = flow->server };
}

/* nDPI's "Unknown", also where it only guessed from the port. */
static const char *application_of(const struct fact_names *names)
{
	return server_speaks_unknown(names) ? "Unknown" : names->protocol;
}

void server_describe(struct signal *s, const struct observation *seen)
{
	const struct fact_flow *flow = &seen->fact->flow;
	const struct fact_names *names = fact_names_of(seen->fact);
	struct signal_object *object = &s->object;
	bool has_name = seen->peer_name[0] != '\0' && seen->direction == DIRECTION_OUTBOUND;

	place_describe(object, flow, has_name ? seen->peer_name : "",
		       (enum host_source)seen->peer_name_from);
	if (names)
		(void)snprintf(object->application, sizeof(object->application), "%s",
			       application_of(names));
	s->direction = (uint8_t)seen->direction;
	s->device = seen->device;
	if (s->flow_count == 0)
		signal_keep_flow(s->flows, &s->flow_count, seen->fact);
}

/* The internet's everyday ports, that no firewall closes. */
static bool is_carriers_port(uint16_t port)
{
	return port == 80 || port == HTTPS || port == 53 || port == 25;
}

void server_weigh(struct signal *s, const struct observation *seen)
{
	const struct fact_flow *flow = &seen->fact->flow;
	const struct fact_names *names = fact_names_of(seen->fact);

	if (seen->direction != DIRECTION_OUTBOUND)
		return;
	if (rented_name(seen->peer_name) == RENTED_DYNAMIC_DNS ||
	    rented_name(seen->resolved) == RENTED_DYNAMIC_DNS)
		signal_evidence(s, REASON_DYNAMIC_NAME, 1, times_for_dynamic_name);
	else if (seen->resolved[0] == '\0' && seen->dns_seen && !flow->is_midstream)
		signal_evidence(s, REASON_NO_NAME, 1, times_for_no_name);
	if (flow->protocol != IP_TCP)
		return;
	if (is_carriers_port(flow->server_port) && server_speaks_unknown(names))
		signal_evidence(s, REASON_PORT_OF_ANOTHER, flow->server_port,
				flow->server_port == HTTPS ? times_for_port_of_tls
							   : times_for_port_of_another);
	else if (!port_is(flow->server_port, PORT_USUAL))
		signal_evidence(s, REASON_ODD_PORT, flow->server_port, times_for_odd_port);
}

/* "TLS.Google": by the network that the address is in. That of a hoster says nothing. */
static bool is_of_a_company(const char *protocol)
{
	const char *part = strchr(protocol, '.');

	return part && !protocol_is_carrier(part + 1);
}

bool server_speaks_unknown(const struct fact_names *names)
{
	if (names->host[0] != '\0')
		return false; /* it said whom it wants: a protocol that was read */
	if (names->protocol[0] == '\0' || strcmp(names->protocol, "Unknown") == 0)
		return true;
	return names->is_guess && !is_of_a_company(names->protocol);
}
