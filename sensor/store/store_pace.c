#include "sensor/store/store_pace.h"

static const double burst_share = 1.0 / 8;
static const double plenty_share = 1.0 / 4;
static const double half_share = 1.0 / 2;
/* Else a log as long as a small bound would leave nothing to write. */
static const double reserve_share = 1.0 / 2;
/* What the last round before the bound may cost beyond it: the changes of hours are one round. */
static const double margin_share = 1.0 / 16;

void store_pace_start(struct store_pace *pace, uint64_t daily_bytes, uint64_t written_bytes,
		      nanotime of_day, nanotime now)
{
	double daily = (double)daily_bytes * (1 - margin_share);
	double flow = daily * (1 - burst_share);
	double still_flows = flow * (1 - nanotime_seconds(of_day) / nanotime_seconds(NANOTIME_DAY));

	pace->most_bytes = daily * burst_share;
	pace->level_bytes = daily - (double)written_bytes - still_flows;
	if (pace->level_bytes > pace->most_bytes)
		pace->level_bytes = pace->most_bytes;
	/* However much it was: the next day begins with nothing, not with a debt. */
	if (pace->level_bytes < -still_flows)
		pace->level_bytes = -still_flows;
	pace->bytes_a_second = flow / nanotime_seconds(NANOTIME_DAY);
	pace->reserved_bytes = 0;
	pace->last = now;
}

void store_pace_pass(struct store_pace *pace, nanotime now)
{
	pace->level_bytes +=
		pace->bytes_a_second * nanotime_seconds(nanotime_between(pace->last, now));
	if (pace->level_bytes > pace->most_bytes)
		pace->level_bytes = pace->most_bytes;
	pace->last = now;
}

void store_pace_spend(struct store_pace *pace, uint64_t bytes)
{
	pace->level_bytes -= (double)bytes;
}

void store_pace_reserve(struct store_pace *pace, uint64_t bytes)
{
	double most = pace->most_bytes * reserve_share;

	pace->reserved_bytes = (double)bytes < most ? (double)bytes : most;
}

bool store_pace_has_any(const struct store_pace *pace)
{
	return pace->level_bytes > 0;
}

bool store_pace_has_plenty(const struct store_pace *pace)
{
	return pace->level_bytes > pace->reserved_bytes + pace->most_bytes * plenty_share;
}

bool store_pace_has_half(const struct store_pace *pace)
{
	return pace->level_bytes > pace->reserved_bytes + pace->most_bytes * half_share;
}
