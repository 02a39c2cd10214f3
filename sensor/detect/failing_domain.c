#include "sensor/detect/failing_domain.h"

#include "sensor/base/kept_table.h"

#include <string.h>

static const nanotime silence = 5 * NANOTIME_SECOND;

struct failed_domain *failed_domain_of(struct failing *f, uint64_t hash, nanotime now)
{
	struct failed_domain *oldest = &f->domains[0];

	for (uint8_t i = 0; i < f->domain_count; i++) {
		if (f->domains[i].hash == hash)
			return &f->domains[i];
		if (f->domains[i].last < oldest->last)
			oldest = &f->domains[i];
	}
	if (f->domain_count < FAILED_DOMAINS_MOST)
		oldest = &f->domains[f->domain_count++];
	*oldest = (struct failed_domain){ .hash = hash, .first = now, .last = now };
	return oldest;
}

static uint32_t alike_with(const struct failing *f, const struct failed_domain *one, nanotime since)
{
	uint32_t alike = 0;

	for (uint8_t i = 0; i < f->domain_count; i++) {
		const struct failed_domain *d = &f->domains[i];

		alike += d->last >= since && d->cost > 0 && d->length == one->length &&
			 d->top == one->top;
	}
	return alike;
}

struct failed_burst failed_burst_since(const struct failing *f, nanotime since)
{
	struct failed_burst burst = { 0 };
	uint32_t most = 0;

	for (uint8_t i = 0; i < f->domain_count; i++) {
		const struct failed_domain *d = &f->domains[i];

		if (d->last < since)
			continue;
		burst.domains++;
		burst.bare += d->is_bare;
		if (d->cost == 0)
			continue;
		burst.scored++;
		burst.cost += d->cost / 1000.0;

		uint32_t alike = alike_with(f, d, since);

		most = alike > most ? alike : most;
	}
	if (burst.scored > 0) {
		burst.cost /= burst.scored;
		burst.alike = (double)most / burst.scored;
	}
	return burst;
}

void failed_round(struct failing *f, nanotime now)
{
	nanotime since = nanotime_between(f->last, now);

	if (f->rounds > 0 && since < silence)
		return;
	if (f->rounds > 0) {
		uint64_t gap = nanotime_between(f->last_round, now) / NANOTIME_MILLISECOND;

		f->intervals_ms[(f->rounds - 1) % FAILED_ROUNDS] =
			gap > UINT32_MAX ? UINT32_MAX : (uint32_t)gap;
	}
	f->last_round = now;
	if (f->rounds < UINT32_MAX)
		f->rounds++;
}

void failing_tidy(void *value)
{
	struct failing *f = value;

	memset(f->domains + f->domain_count, 0,
	       (size_t)(FAILED_DOMAINS_MOST - f->domain_count) * sizeof(f->domains[0]));
	signal_tidy_flows(f->flows, f->flow_count);
	signal_tidy_flows(f->alternative_flows, f->alternative_flow_count);
	kept_tidy_text(f->example, sizeof(f->example));
	kept_tidy_text(f->alternative, sizeof(f->alternative));
}

static bool is_chance(float value)
{
	return value >= 0 && value <= 1;
}

bool failing_is_sound(const void *key, const void *value)
{
	const uint32_t *device = key;
	const struct failing *f = value;

	for (size_t i = 0; i < FAILED_DOMAINS_MOST; i++) {
		if (!kept_are_flags(&f->domains[i].is_bare, 1))
			return false;
	}
	return *device != 0 && f->domain_count <= FAILED_DOMAINS_MOST &&
	       f->alternative_count <= FAILED_DOMAINS_MOST &&
	       kept_are_flags(&f->alternative_outside, 1) &&
	       kept_are_flags(&f->alternative_answered, 1) && is_chance(f->told_alternative) &&
	       is_chance(f->told_rhythm) && is_chance(f->told_many) &&
	       signal_flows_are_sound(f->flows, f->flow_count) &&
	       signal_flows_are_sound(f->alternative_flows, f->alternative_flow_count) &&
	       (f->domain_count == 0 || f->flow_count > 0) &&
	       (f->alternative_count == 0 || f->alternative_flow_count > 0) &&
	       kept_is_text(f->example, sizeof(f->example)) &&
	       kept_is_text(f->alternative, sizeof(f->alternative));
}
