#include "sensor/judge/floods.h"

#include <string.h>

/* Takes the figure of the same host out, if there is one, and returns both together. */
static struct fact_attempts take_host(struct floods *floods, const struct fact_attempts *more)
{
	struct fact_attempts sum = *more;

	for (size_t i = 0; i < floods->count; i++) {
		const struct fact_attempts *known = &floods->hosts[i];

		if (known->is_target != more->is_target ||
		    !address_equal(&known->host, &more->host))
			continue;
		sum.count += known->count;
		sum.first = known->first < sum.first ? known->first : sum.first;
		sum.last = known->last > sum.last ? known->last : sum.last;
		floods->count--;
		memmove(&floods->hosts[i], &floods->hosts[i + 1],
			(floods->count - i) * sizeof(floods->hosts[0]));
		break;
	}
	return sum;
}

void floods_add(struct floods *floods, const struct fact_attempts *counted)
{
	struct fact_attempts host = take_host(floods, counted);
	size_t at = floods->count;

	floods->attempts += counted->count;
	while (at > 0 && floods->hosts[at - 1].count < host.count)
		at--;
	if (at == FLOODS_MAX)
		return;
	if (floods->count < FLOODS_MAX)
		floods->count++;
	memmove(&floods->hosts[at + 1], &floods->hosts[at],
		(floods->count - at - 1) * sizeof(floods->hosts[0]));
	floods->hosts[at] = host;
}
