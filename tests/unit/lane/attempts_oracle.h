/*
 * What attempts.c must answer, from arrays that are searched from end to end. Hosts are numbers;
 * every third is one of the office. For the tests in this folder.
 */
#pragma once

#include "sensor/lane/attempts.h"
#include "tests/support/cmocka.h"

#include <string.h>

enum {
	ORACLE_HOSTS = 6000,
	ORACLE_KNOWN = 4096, /* that are remembered on each side */
	ORACLE_FIGURES = 2 * ORACLE_HOSTS,
	ORACLE_SIDES = 2, /* sources, targets */
};

struct oracle_host {
	bool is_known;
	uint64_t used; /* when, in touches */
	uint64_t told;
	uint64_t tried; /* in the ten seconds of the oracle's crowd */
	uint64_t counted;
	nanotime first;
	nanotime last;
};

struct oracle_figure {
	uint32_t host;
	bool is_target;
	struct oracle_host figure;
};

struct oracle {
	uint64_t most; /* flow.attempts */
	uint64_t window;
	uint64_t touches;
	uint64_t told_of[2]; /* from outside, from inside */
	uint64_t crowd, crowd_sources, crowd_tried;
	uint32_t known[ORACLE_SIDES];
	struct oracle_host hosts[ORACLE_SIDES][ORACLE_HOSTS];
	size_t expected, seen; /* figures */
	struct oracle_figure figures[ORACLE_FIGURES];
};

struct attempt {
	uint32_t source;
	uint32_t target;
	nanotime first;
	nanotime last;
	nanotime now;
};

static inline bool oracle_is_inside(uint32_t host)
{
	return host % 3 == 0;
}

static inline struct address oracle_address(uint32_t host)
{
	const uint8_t bytes[4] = { oracle_is_inside(host) ? 10 : 203, (uint8_t)(host >> 16),
				   (uint8_t)(host >> 8), (uint8_t)host };

	return address_v4(bytes);
}

static inline void oracle_forget(struct oracle *o, unsigned side, uint32_t host)
{
	struct oracle_host *h = &o->hosts[side][host];

	if (h->counted > 0) {
		if (o->seen == o->expected)
			o->seen = o->expected = 0;
		assert_true(o->expected < ORACLE_FIGURES);
		o->figures[o->expected++] = (struct oracle_figure){ host, side == 1, *h };
	}
	*h = (struct oracle_host){ 0 };
	o->known[side]--;
}

static inline uint32_t oracle_oldest(const struct oracle *o, unsigned side)
{
	uint32_t oldest = ORACLE_HOSTS;

	for (uint32_t i = 0; i < ORACLE_HOSTS; i++) {
		const struct oracle_host *h = &o->hosts[side][i];

		if (h->is_known &&
		    (oldest == ORACLE_HOSTS || h->used < o->hosts[side][oldest].used))
			oldest = i;
	}
	return oldest;
}

/* Every host in order of use, first the sources. */
static inline void oracle_finish(struct oracle *o)
{
	for (unsigned side = 0; side < ORACLE_SIDES; side++) {
		while (o->known[side] > 0)
			oracle_forget(o, side, oracle_oldest(o, side));
	}
	memset(o->told_of, 0, sizeof(o->told_of));
	o->crowd = o->crowd_sources = o->crowd_tried = 0;
}

static inline struct oracle_host *oracle_host(struct oracle *o, unsigned side, uint32_t host)
{
	struct oracle_host *h = &o->hosts[side][host];

	if (!h->is_known && o->known[side] == ORACLE_KNOWN)
		oracle_forget(o, side, oracle_oldest(o, side));
	o->known[side] += !h->is_known;
	h->is_known = true;
	h->used = ++o->touches;
	return h;
}

static inline void oracle_count(struct oracle_host *h, const struct attempt *a)
{
	if (h->counted == 0 || a->first < h->first)
		h->first = a->first;
	if (h->counted == 0 || a->last > h->last)
		h->last = a->last;
	h->counted++;
}

static inline uint64_t oracle_all(const struct oracle *o, uint32_t source)
{
	return o->most * (oracle_is_inside(source) ? 64 : 16);
}

static inline uint64_t oracle_window(nanotime now)
{
	return now / (10 * NANOTIME_MINUTE);
}

/* Among those who have tried in the same ten seconds, and were remembered all the while. */
static inline bool oracle_stands_out(struct oracle *o, struct oracle_host *from, nanotime now)
{
	uint64_t crowd = now / (10 * NANOTIME_SECOND);

	if (o->crowd != crowd) {
		for (uint32_t i = 0; i < ORACLE_HOSTS; i++)
			o->hosts[0][i].tried = 0;
		o->crowd_sources = o->crowd_tried = 0;
	}
	o->crowd = crowd;
	o->crowd_sources += from->tried == 0;
	from->tried++;
	o->crowd_tried++;

	uint64_t others = o->crowd_sources - 1;

	return from->tried >= 16 &&
	       (others == 0 || (double)from->tried >= 8.0 * (double)(o->crowd_tried - from->tried) /
							      (double)others);
}

/* Without changing anything: whether it would only be counted. */
static inline bool oracle_is_flooded(const struct oracle *o, const struct attempt *a)
{
	return o->window == oracle_window(a->now) &&
	       (o->hosts[1][a->target].told >= o->most ||
		(!oracle_is_inside(a->source) && o->hosts[0][a->source].told >= o->most) ||
		o->told_of[oracle_is_inside(a->source)] >= oracle_all(o, a->source));
}

static inline bool oracle_admit(struct oracle *o, const struct attempt *a)
{
	uint64_t *all = &o->told_of[oracle_is_inside(a->source)];

	if (o->window != oracle_window(a->now))
		oracle_finish(o);
	o->window = oracle_window(a->now);

	struct oracle_host *to = oracle_host(o, 1, a->target);

	if (to->told >= o->most) {
		oracle_count(to, a);
		return false;
	}

	struct oracle_host *from = oracle_host(o, 0, a->source);

	if (from->told >= o->most) {
		oracle_count(from, a);
		return false;
	}
	if (*all < oracle_all(o, a->source)) {
		(*all)++;
	} else if (!oracle_is_inside(a->source) || !oracle_stands_out(o, from, a->now)) {
		oracle_count(to, a);
		return false;
	}
	to->told++;
	from->told++;
	return true;
}
