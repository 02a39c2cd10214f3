#include "sensor/courier/backoff.h"

void backoff_start(struct backoff *backoff, uint64_t seed)
{
	*backoff = (struct backoff){ .random = seed != 0 ? seed : 1 };
}

void backoff_reset(struct backoff *backoff)
{
	backoff->failures = 0;
}

/* xorshift64* (Vigna 2016): good enough to spread waits, and the same from the same seed. */
static uint64_t draw(struct backoff *backoff)
{
	backoff->random ^= backoff->random >> 12;
	backoff->random ^= backoff->random << 25;
	backoff->random ^= backoff->random >> 27;
	return backoff->random * UINT64_C(0x2545f4914f6cdd1d);
}

uint64_t backoff_next(struct backoff *backoff, uint64_t cap_ms, uint64_t asked_s)
{
	uint64_t bound = BACKOFF_BASE_MS;
	uint64_t wait;

	for (unsigned i = 0; i < backoff->failures && bound < cap_ms; i++)
		bound *= 2;
	if (bound >= cap_ms)
		bound = cap_ms;
	else
		backoff->failures++;
	wait = draw(backoff) % (bound + 1);
	if (asked_s > BACKOFF_ASKED_CAP_S)
		asked_s = BACKOFF_ASKED_CAP_S;
	/* All who were told the same time would else come back in one moment. */
	return asked_s > 0 ? asked_s * 1000 + wait % (asked_s * 100 + 1) : wait;
}
