#include "sensor/detect/outside_server.h"

#include "sensor/detect/contact_place.h"

#include <stdio.h>

struct signal_object outside_server(const struct observation *seen)
{
	struct signal_object object = { 0 };

	place_describe(&object, &seen->fact->flow, seen->peer_name,
		       (enum host_source)seen->peer_name_from);
	(void)snprintf(object.application, sizeof(object.application), "%s",
		       fact_names_of(seen->fact)->protocol);
	return object;
}
