#include "sensor/capture/live_merge.h"

static int earliest(const struct live_head *heads, int count)
{
	int found = LIVE_MERGE_NONE;

	for (int i = 0; i < count; i++)
		if (heads[i].has_frame &&
		    (found == LIVE_MERGE_NONE || heads[i].key < heads[found].key))
			found = i;
	return found;
}

/* A frame of the same time goes first if its interface was named first. */
static bool may_come_before(const struct live_head *heads, int i, int next)
{
	if (!heads[i].is_open || heads[i].has_frame)
		return false;
	return heads[i].passed < heads[next].key ||
	       (heads[i].passed == heads[next].key && i < next);
}

int live_merge_next(const struct live_head *heads, int count)
{
	int next = earliest(heads, count);

	for (int i = 0; next != LIVE_MERGE_NONE && i < count; i++)
		if (may_come_before(heads, i, next))
			return LIVE_MERGE_NONE;
	return next;
}

nanotime live_merge_passed(const struct live_head *heads, int count, nanotime limit)
{
	for (int i = 0; i < count; i++) {
		nanotime until = heads[i].has_frame ? heads[i].key : heads[i].passed;

		if ((heads[i].is_open || heads[i].has_frame) && until < limit)
			limit = until;
	}
	return limit;
}
