#include "sensor/dialogue/session_parts.h"
#include "sensor/dialogue/session_readers.h"

#include <assert.h>
#include <string.h>

void session_lose(struct step *step)
{
	step->side->state = SIDE_LOST;
	if (!step->is_held)
		session_drop_window(step->all, step->side);
}

/* A side that nobody understood by itself is read again, from the next message on. */
static void choose(struct session *session, uint8_t reader)
{
	session->reader = reader;
	for (unsigned i = 0; i < SIDES; i++) {
		if (session->sides[i].is_sniffed)
			session->sides[i].state = SIDE_LOST;
		session->sides[i].is_sniffed = false;
	}
}

/* Which reader takes these first bytes; false while more of them may tell. */
static bool sniff(struct step *step, struct cursor stream)
{
	const struct session_opening opening = { .stream = stream,
						 .from_client = step->which == CLIENT,
						 .server_port = step->hearing->flow.server_port,
						 .is_last = step->is_last };
	bool may_be = false;

	for (size_t i = 0; i < session_readers_count; i++) {
		enum dissect got = session_readers[i]->opens(&opening);

		if (got == DISSECT_OK) {
			choose(step->session, (uint8_t)(i + 1));
			return true;
		}
		may_be |= got == DISSECT_TRUNCATED;
	}
	if (may_be)
		return false;
	step->side->is_sniffed = true;
	step->side->state = SIDE_OVER;
	return true;
}

/* The other protocol is found out anew, on both sides. */
static void switch_protocol(struct session *session)
{
	session->reader = 0;
	memset(session->notes, 0, sizeof(session->notes));
	for (unsigned i = 0; i < SIDES; i++) {
		session->sides[i].is_sniffed = false;
		if (session->sides[i].state == SIDE_OVER)
			session->sides[i].state = SIDE_LOST;
	}
}

static struct reading read_once(struct step *step, struct cursor stream)
{
	struct session *session = step->session;

	if (session->reader == 0 && !sniff(step, stream))
		return reading_wait();
	if (session->reader == 0)
		return reading_end();

	struct session_turn turn = { .hearing = step->hearing,
				     .desk = step->all->desk,
				     .notes = session->notes,
				     .stream = stream,
				     .is_last = step->is_last,
				     .is_resumed = step->is_resumed };
	struct reading reading = session_readers[session->reader - 1]->read(&turn);

	step->is_resumed = false;
	session->has_told |=
		step->which == CLIENT && (reading.state != READING_WAIT || reading.consumed > 0);
	return reading;
}

/* Of a reader that is done with its side all that was shown. */
static void note_first(struct step *step, uint32_t done, struct cursor stream,
		       const struct reading *reading)
{
	size_t shown = cursor_left(&stream);
	size_t len = reading->state == READING_END ? shown : reading->consumed;

	session_note_first(step->session, step->side->next + done, cursor_sub(&stream, len));
}

uint64_t session_read(struct step *step, struct cursor stream)
{
	uint64_t done = 0;

	while (cursor_left(&stream) > 0) {
		bool was_told = step->session->has_told;
		struct reading reading = read_once(step, stream);

		if (!was_told && step->session->has_told)
			note_first(step, (uint32_t)done, stream, &reading);

		if (reading.skip > SKIP_MAX) {
			session_lose(step);
			return done;
		}

		uint64_t past = reading.consumed + reading.skip;

		done += past;
		cursor_skip(&stream, past < cursor_left(&stream) ? past : cursor_left(&stream));
		switch (reading.state) {
		case READING_ON:
			assert(past > 0);
			break;
		case READING_WAIT:
			return done;
		case READING_SWITCH:
			switch_protocol(step->session);
			break;
		case READING_LOST:
			session_lose(step);
			return done;
		case READING_END:
			step->side->state = SIDE_OVER;
			session_drop_window(step->all, step->side);
			return done;
		}
		if (done > SKIP_MAX) {
			session_lose(step);
			return done;
		}
	}
	return done;
}
