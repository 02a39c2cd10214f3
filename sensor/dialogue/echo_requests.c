#include "sensor/dialogue/echo_requests.h"

#include <string.h>

void echo_requests_clear(struct echo_requests *requests)
{
	memset(requests, 0, sizeof(*requests));
}

struct echo_flow *echo_requests_of(struct echo_requests *requests, uint64_t flow)
{
	struct echo_flow *found = &requests->flows[0];

	requests->uses++;
	for (unsigned i = 0; i < ECHO_FLOWS; i++) {
		struct echo_flow *one = &requests->flows[i];

		if (one->flow == flow && one->used != 0) {
			one->used = requests->uses;
			return one;
		}
		if (one->used < found->used)
			found = one;
	}
	*found = (struct echo_flow){ .flow = flow, .used = requests->uses };
	return found;
}
