#include "sensor/judge/judge_inside.h"

/* No packet's: it is of a device that the inventory may have forgotten meanwhile. */
void judge_take_contact_before(struct judge *judge, const struct fact *fact)
{
	const struct device *device = devices_get(judge->devices, fact->contact_before.device);
	const struct observation seen = { .fact = fact,
					  .direction = DIRECTION_OUTBOUND,
					  .device = device ? device->number : DEVICE_NONE,
					  .peer_name = "",
					  .resolved = "",
					  .dns_seen = judge->totals.dns_seen };

	judge_show(judge, &seen);
}

struct contacts *judge_contacts(struct judge *judge)
{
	return judge->contacts;
}

const struct contact_lists *judge_lists(const struct judge *judge)
{
	return &judge->lists;
}
