#include "sensor/detect/outside_server.h"

#include "sensor/base/text.h"

#include <stdio.h>

struct signal_object outside_server(const struct observation *seen)
{
	const struct fact_flow *flow = &seen->fact->flow;
	bool is_name = seen->peer_name[0] != '\0';
	struct signal_object object = {
		.kind = is_name ? OBJECT_HOST : OBJECT_ADDRESS,
		.has_address = true,
		.address = flow->server,
		.port = flow->server_port,
		.protocol = flow->protocol,
		.name_from = is_name ? seen->peer_name_from : (uint8_t)HOST_NONE,
	};

	if (is_name)
		text_host_copy(seen->peer_name, object.text, FACT_HOST_LEN);
	else
		address_text(&flow->server, object.text);
	(void)snprintf(object.application, sizeof(object.application), "%s",
		       fact_names_of(seen->fact)->protocol);
	return object;
}
