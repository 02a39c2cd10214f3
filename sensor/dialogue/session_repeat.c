/*
 * Whether a client's first message is the same when it is sent again. Who lets one of two differing
 * packets die on its way (by its TTL, its checksum) asks the server for another name than us. The
 * first bytes win here, too; that others followed is counted, and what they say is told as a
 * conflict.
 *
 * The message is not kept. A byte stands for each FIRST_BLOCK of it, which tells all but one in 256
 * blocks that differ; blocks that a segment holds in part are not looked at.
 */
#include "sensor/dialogue/session_parts.h"

#include <string.h>

/* In the order of this machine: the checks never leave it. */
static uint8_t check_of(struct cursor block)
{
	static const uint64_t odd[] = { UINT64_C(0x9e3779b97f4a7c15), UINT64_C(0xc2b2ae3d27d4eb4f),
					UINT64_C(0x165667b19e3779f9),
					UINT64_C(0x27d4eb2f165667c5) };
	uint64_t words[FIRST_BLOCK / sizeof(uint64_t)] = { 0 };
	uint64_t sum = 0;

	cursor_copy(&block, (uint8_t *)words, sizeof(words));
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		sum += words[i] * odd[i];
	sum ^= sum >> 32;
	return (uint8_t)((sum * odd[0]) >> 56);
}

void session_note_first(struct session *session, uint32_t sequence, struct cursor message)
{
	struct first_words *first = &session->first;

	first->sequence = sequence;
	first->blocks = 0;
	while (first->blocks < FIRST_BLOCKS && cursor_left(&message) >= FIRST_BLOCK)
		first->checks[first->blocks++] = check_of(cursor_sub(&message, FIRST_BLOCK));
}

static bool differs(const struct first_words *first, uint32_t sequence, struct span bytes)
{
	struct cursor in = { .rest = bytes };
	uint32_t at = sequence - first->sequence;
	uint32_t block = at / FIRST_BLOCK;

	if (at % FIRST_BLOCK != 0) {
		(void)cursor_take_up_to(&in, FIRST_BLOCK - at % FIRST_BLOCK);
		block++;
	}
	for (; block < first->blocks && cursor_left(&in) >= FIRST_BLOCK; block++) {
		if (check_of(cursor_sub(&in, FIRST_BLOCK)) != first->checks[block])
			return true;
	}
	return false;
}

/* As if nothing had been said before it, and nothing were known of it afterwards. */
static void read_aside(const struct step *step)
{
	struct session kept = *step->session;
	struct step aside = *step;

	step->session->reader = 0;
	memset(step->session->notes, 0, sizeof(step->session->notes));
	step->side->state = SIDE_READ;
	aside.is_resumed = true;
	aside.is_last = true;
	step->hearing->has_conflict = true;
	(void)session_read(&aside, (struct cursor){ .rest = step->segment->payload });
	step->hearing->has_conflict = false;
	*step->session = kept;
}

void session_check_repeat(const struct step *step)
{
	struct first_words *first = &step->session->first;
	const struct session_segment *segment = step->segment;

	/* The same numbers come round after 4 GiB, then not behind what is wanted. */
	if (step->which != CLIENT || first->blocks == 0 ||
	    (int32_t)(segment->sequence - step->side->next) >= 0 ||
	    segment->sequence - first->sequence >= first->blocks * (uint32_t)FIRST_BLOCK ||
	    !differs(first, segment->sequence, segment->payload))
		return;
	step->all->stats.conflicting++;
	if (segment->sequence == first->sequence && step->side->window == 0)
		read_aside(step);
	step->session->first.blocks = 0; /* once is enough */
}
