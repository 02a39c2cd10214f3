#include "sensor/store/store_writer_state.h"

/* For each look at the rings, so that the rest of the work has its turn. */
enum { TAKEN_AT_ONCE = 4096 };

bool writer_holds_kept(const struct store_writer *w)
{
	return !writer_is_failing(w) && !atomic_load(&w->sides->is_closing) &&
	       !store_pace_has_any(&w->pace);
}

/* Whether an item of the lane is done with; false leaves it in the ring. */
static bool take_item(struct store_writer *w, enum store_lane lane, const struct item *item)
{
	bool is_taken;

	if (lane == LANE_KEPT && writer_is_failing(w)) {
		w->dropped[STORE_KEPT]++;
		return true;
	}
	if (writer_is_failing(w) && lane != LANE_CASES)
		is_taken = backlog_add_newest(w->backlog, item, w->dropped);
	else
		is_taken = backlog_add(w->backlog, item, w->dropped);
	if (is_taken && item->ticket != 0)
		w->taken_ticket = item->ticket;
	return is_taken;
}

bool writer_take_in(struct store_writer *w)
{
	uint64_t kept_before = w->dropped[STORE_KEPT];
	bool is_left = false;

	for (enum store_lane lane = 0; lane < LANES; lane++) {
		struct ring *ring = w->sides->lanes[lane];
		bool is_held = lane == LANE_KEPT && writer_holds_kept(w);
		size_t len;
		const struct item *item = is_held ? NULL : ring_peek(ring, &len);
		unsigned taken = 0;

		while (item && taken++ < TAKEN_AT_ONCE && take_item(w, lane, item)) {
			ring_consume(ring);
			item = ring_peek(ring, &len);
		}
		is_left |= item != NULL;
	}
	if (w->dropped[STORE_KEPT] != kept_before)
		atomic_store(&w->sides->kept_are_lost, true);
	return is_left;
}
