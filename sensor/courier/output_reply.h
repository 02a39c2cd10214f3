/* What an output that is no desk says of each parcel, in the words that a desk would use. */
#pragma once

#include "sensor/courier/output.h"

#include <stdio.h>

/* One for each parcel of a send() at most, so that there is always room. */
static inline void output_reply(struct output_result *result, const struct parcel *parcel,
				enum reply_status status, const char *code)
{
	struct reply *reply = &result->replies.list[result->replies.count++];

	*reply = (struct reply){ .stream = parcel->stream,
				 .sequence = parcel->sequence,
				 .status = status };
	(void)snprintf(reply->code, sizeof(reply->code), "%s", code);
}
