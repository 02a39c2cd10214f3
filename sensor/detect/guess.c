#include "sensor/detect/guess.h"

#include "sensor/detect/statistics.h"

#include <string.h>

enum { INTERVALS_LEAST = 8 };

static const nanotime right_after = NANOTIME_SECOND;

static void begin_run(struct guess *guess, nanotime now)
{
	const nanotime told = guess->told;
	const nanotime told_guessed = guess->told_guessed;
	const double chance = guess->chance;
	const uint32_t accepted = guess->accepted_before + guess->accepted;

	*guess = (struct guess){ .first = now,
				 .told = told,
				 .told_guessed = told_guessed,
				 .chance = chance,
				 .accepted_before = accepted & INT32_MAX };
}

struct guess *guess_touch(struct lru_map *map, const struct guess_key *key, nanotime now,
			  nanotime window)
{
	bool is_new;
	struct guess *guess = lru_map_touch(map, key, &is_new);

	if (is_new || nanotime_went_back(guess->last, now))
		*guess = (struct guess){ .first = now };
	else if (nanotime_between(guess->last, now) > window)
		begin_run(guess, now);
	guess->last = now > guess->last ? now : guess->last;
	return guess;
}

static uint32_t latest_of(const struct guess *guess)
{
	return (guess->refused - 1) % GUESS_TIMES;
}

void guess_add_refusal(struct guess *guess, const struct fact *fact, nanotime now, uint32_t account)
{
	if (guess->refused > 0 && guess->last_flow != fact->flow.id) {
		nanotime before = guess->times[latest_of(guess)];

		guess->at_once += fact->flow.first < before;
		guess->followed += fact->flow.first <= before + right_after;
	} else if (guess->refused > 0) {
		guess->followed++; /* asked again in the same connection */
	}
	guess->refused++;
	guess->times[latest_of(guess)] = now;
	guess->last_flow = fact->flow.id;
	(void)guess_note(&guess->accounts, account);
	signal_keep_flow(guess->flows, &guess->flow_count, fact);
}

uint32_t guess_recent(const struct guess *guess, nanotime window)
{
	nanotime latest = guess->refused > 0 ? guess->times[latest_of(guess)] : 0;
	uint32_t kept = guess->refused < GUESS_TIMES ? guess->refused : GUESS_TIMES;
	uint32_t recent = 0;

	for (uint32_t i = 0; i < kept; i++)
		recent += nanotime_between(guess->times[i], latest) <= window;
	return recent;
}

static double share_of_followers(const struct guess *guess, uint32_t count)
{
	return guess->refused > 1 ? (double)count / (double)(guess->refused - 1) : 0;
}

double guess_share_followed(const struct guess *guess)
{
	return share_of_followers(guess, guess->followed);
}

double guess_share_at_once(const struct guess *guess)
{
	return share_of_followers(guess, guess->at_once);
}

bool guess_rhythm(const struct guess *guess, double *seconds, double *spread)
{
	uint32_t kept = guess->refused < GUESS_TIMES ? guess->refused : GUESS_TIMES;
	double gaps[GUESS_TIMES];
	uint32_t count = 0;

	for (uint32_t i = guess->refused - kept; i + 1 < guess->refused; i++)
		gaps[count++] = nanotime_seconds(nanotime_between(
			guess->times[i % GUESS_TIMES], guess->times[(i + 1) % GUESS_TIMES]));
	if (count < INTERVALS_LEAST)
		return false;
	*seconds = quantile(gaps, count, 0.5);
	*spread = *seconds > 0 ? deviation(gaps, count, *seconds) / *seconds : 0;
	return true;
}

bool guess_note(struct guess_hashes *hashes, uint32_t hash)
{
	for (uint8_t i = 0; i < hashes->count; i++) {
		if (hashes->hashes[i] == hash)
			return false;
	}
	if (hash == 0 || hashes->count == GUESS_HASHES)
		return false;
	hashes->hashes[hashes->count++] = hash;
	return true;
}

void guess_tidy(void *value)
{
	struct guess *guess = value;

	signal_tidy_flows(guess->flows, guess->flow_count);
}

bool guess_is_sound(const void *key, const void *value)
{
	const struct guess_key *k = key;
	const struct guess *g = value;

	return k->device != 0 && k->kind <= GUESS_OPEN && k->service < LOGIN_SERVICES &&
	       g->direction <= DIRECTION_LATERAL && g->accounts.count <= GUESS_HASHES &&
	       g->servers.count <= GUESS_HASHES && kept_are_flags(&g->is_by_shape, 1) &&
	       g->refused <= INT32_MAX && g->accepted <= INT32_MAX &&
	       g->accepted_before <= INT32_MAX && g->told_at <= g->refused && g->chance >= 0 &&
	       g->chance <= 1 && (g->refused == 0 || g->flow_count > 0) &&
	       signal_flows_are_sound(g->flows, g->flow_count);
}
