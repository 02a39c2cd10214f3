#include "sensor/detect/speaker.h"

/* Both sides may be of the office; the observation is about the client then. */
uint32_t speaker_of(const struct observation *seen)
{
	bool is_lateral = seen->direction == DIRECTION_LATERAL;

	if (is_lateral && seen->peer_device == 0)
		return 0; /* one of them is not known, and which one is not told */
	if (seen->fact->message.is_from_client)
		return is_lateral || seen->direction == DIRECTION_OUTBOUND ? seen->device : 0;
	if (seen->direction == DIRECTION_INBOUND)
		return seen->device;
	return is_lateral ? seen->peer_device : 0;
}
