#include "sensor/dialogue/session_parts.h"
#include "sensor/dialogue/session_readers.h"

/* Where a message begins in a stream whose earlier bytes are missing. */
static bool is_beginning(const struct step *step, struct span bytes)
{
	uint8_t reader = step->session->reader;

	if (reader == 0)
		return session_may_begin(step->which == CLIENT, bytes);
	return session_reader_begins(session_readers[reader - 1], step->which == CLIENT, bytes);
}

static void forget(struct step *step, struct stream_window *window, uint32_t bytes)
{
	step->side->next += bytes;
	stream_window_advance(window, bytes);
}

/*
 * The gaps in the window will not be filled: what stands before each is all there is of it, and
 * what is behind is gone on with where a message begins. With `is_all`, so is what stands behind
 * the last.
 */
static void pass_gaps(struct step *step, bool is_all)
{
	struct side *side = step->side;
	struct stream_window *window = session_window(step);

	step->is_held = true;
	for (;;) { /* each turn moves the window on */
		struct span held = stream_window_prefix(window);
		uint32_t past = stream_window_gap_end(window);
		uint64_t done = 0;

		step->is_last = is_all || past > 0;
		step->hearing->has_conflict = stream_window_conflicts(window);
		if (side->state == SIDE_LOST && held.len > 0 && is_beginning(step, held)) {
			side->state = SIDE_READ;
			step->is_resumed = true;
		}
		if (side->state == SIDE_READ)
			done = session_read(step, cursor_over(held.data, held.len));
		if (side->state == SIDE_OVER)
			break;
		if (side->state == SIDE_READ && done > 0) {
			past = (uint32_t)done;
		} else if (past > 0) {
			side->state = SIDE_LOST;
		}
		if (past == 0)
			break;
		forget(step, window, past);
	}
	step->is_held = false;
	step->is_last = false;
}

/* What is there is all there will be. */
static void give_up(struct step *step)
{
	if (step->side->window != 0)
		pass_gaps(step, true);
	if (step->side->state != SIDE_OVER)
		session_lose(step);
}

/* In order and nothing before it: read where it lies, and only what is left over is kept. */
static void take_in_place(struct step *step, struct span bytes)
{
	uint64_t done = session_read(step, cursor_over(bytes.data, bytes.len));

	step->side->next += (uint32_t)done;
	if (step->side->state != SIDE_READ || done >= bytes.len)
		return;

	struct cursor rest = cursor_at(cursor_over(bytes.data, bytes.len), (size_t)done);

	(void)stream_window_add(session_window(step), step->side->next, rest.rest);
	if (cursor_left(&rest) >= STREAM_WINDOW_BYTES)
		give_up(step); /* longer than anything we read */
}

static void take_in_window(struct step *step, uint32_t sequence, struct span bytes)
{
	struct stream_window *window = session_window(step);
	bool has_grown = stream_window_add(window, sequence, bytes);

	while (has_grown && step->side->state == SIDE_READ && step->side->window != 0) {
		struct span prefix = stream_window_prefix(window);

		step->hearing->has_conflict = stream_window_conflicts(window);

		uint64_t done = session_read(step, cursor_over(prefix.data, prefix.len));

		if (step->side->window == 0)
			return;
		if (done > 0)
			forget(step, window, (uint32_t)done);
		/* A skip may have reached what waited behind a gap. */
		has_grown = done > prefix.len && stream_window_prefix(window).len > 0;
	}
	if (step->side->window == 0)
		return;
	if (step->side->state == SIDE_READ && stream_window_is_empty(window))
		session_drop_window(step->all, step->side);
	else if (stream_window_prefix(window).len == STREAM_WINDOW_BYTES ||
		 stream_window_refused(window))
		give_up(step); /* longer than anything we read, or too many gaps to follow */
}

static void place(struct step *step, uint32_t sequence)
{
	session_drop_window(step->all, step->side);
	step->side->next = sequence;
	step->side->state = SIDE_READ;
	step->side->is_sniffed = false;
	step->side->is_guessed = false;
	step->hearing->has_conflict = false;
}

static struct side *other_side(const struct step *step)
{
	return &step->session->sides[step->which == CLIENT ? SERVER : CLIENT];
}

/* Makers of captures forget that a SYN has a number; a keep-alive begins there too, of one byte. */
static bool counts_no_syn(const struct session_segment *segment)
{
	return segment->first - segment->sequence == 1 && segment->payload_len > 1;
}

static void place_first(struct step *step)
{
	const struct session_segment *segment = step->segment;
	struct side *other = other_side(step);

	place(step,
	      segment->has_first && !counts_no_syn(segment) ? segment->first : segment->sequence);
	/* What it has been told so far is where the other side's words will begin. */
	if (segment->has_acknowledged && other->state == SIDE_UNPLACED) {
		other->next = segment->acknowledged;
		other->state = SIDE_READ;
		other->is_guessed = true;
	}
}

/* An answer was shown before what it answers: that stands before what it acknowledges. */
static void correct_guess(struct step *step)
{
	const struct session_segment *segment = step->segment;
	uint32_t first = segment->has_first ? segment->first : segment->sequence;

	if ((int32_t)(first - step->side->next) < 0)
		step->side->next = first;
	step->side->is_guessed = false;
}

static void note_acknowledged(struct step *step)
{
	struct side *other = other_side(step);
	uint32_t acknowledged = step->segment->acknowledged;

	if (!step->segment->has_acknowledged ||
	    (other->has_acknowledged && (int32_t)(acknowledged - other->acknowledged) <= 0))
		return;
	other->acknowledged = acknowledged;
	other->has_acknowledged = true;
}

/*
 * Whether bytes before it that were not seen will not come: others of the flow are not shown, or
 * the other side has them already.
 */
static bool follows_for_good(const struct step *step)
{
	const struct session_segment *segment = step->segment;

	return segment->is_alone || (step->side->has_acknowledged &&
				     (int32_t)(step->side->acknowledged - segment->sequence) >= 0);
}

/* Whether bytes before it are missing: it is neither the next nor behind what is being kept. */
static bool leaves_gap(struct step *step)
{
	uint32_t known = step->side->next;

	if (step->side->window != 0)
		known += (uint32_t)stream_window_prefix(session_window(step)).len;
	return (int32_t)(step->segment->sequence - known) > 0;
}

/*
 * Whether a beginning may be read while what is before it may still come. Where the other side
 * acknowledges, or the words' own beginning is known and not read, that is waited for: what is sent
 * ahead of a gap may be made to look like a beginning.
 */
static bool may_go_ahead(const struct step *step, bool is_far)
{
	bool is_known = step->session->reader != 0;

	return (is_far || !is_known) && !step->side->has_acknowledged &&
	       (is_known || !step->segment->has_first);
}

/*
 * Where those before this segment will not come, or were not understood, it is gone on with when a
 * message begins in it.
 */
static void find_place(struct step *step)
{
	const struct session_segment *segment = step->segment;
	struct side *side = step->side;
	int32_t ahead = (int32_t)(segment->sequence - side->next);
	bool is_far = ahead >= STREAM_WINDOW_BYTES || ahead < -BEHIND_MAX;
	bool has_gap = leaves_gap(step);

	if (side->state == SIDE_READ && has_gap && follows_for_good(step))
		give_up(step);
	else if (side->state == SIDE_READ && !((is_far || has_gap) && may_go_ahead(step, is_far)))
		return;
	if (side->state == SIDE_OVER || !is_beginning(step, segment->payload))
		return;
	if (side->state == SIDE_READ && is_far)
		give_up(step);
	if (side->state == SIDE_OVER)
		return;
	place(step, segment->sequence);
	step->is_resumed = true;
}

static void take_segment(struct step *step)
{
	const struct session_segment *segment = step->segment;
	struct cursor bytes = cursor_over(segment->payload.data, segment->payload.len);
	struct side *side = step->side;

	note_acknowledged(step);
	/* What nobody knew by its first bytes may still become something known. */
	if (side->state == SIDE_OVER && side->is_sniffed && is_beginning(step, segment->payload))
		side->state = SIDE_LOST;
	if (side->state == SIDE_OVER)
		return;
	if (side->state == SIDE_UNPLACED)
		place_first(step);
	if (side->is_guessed)
		correct_guess(step);
	find_place(step);
	if (side->state != SIDE_READ)
		return;

	uint32_t early = side->next - segment->sequence;
	bool is_early = early != 0 && early <= INT32_MAX;

	if (is_early && early >= cursor_left(&bytes))
		return; /* seen before, or skipped */
	if (side->window != 0 || (early != 0 && !is_early)) {
		take_in_window(step, segment->sequence, bytes.rest);
	} else {
		cursor_skip(&bytes, early);
		take_in_place(step, bytes.rest);
	}
	if (side->state == SIDE_READ && segment->payload.len < segment->payload_len &&
	    (int32_t)(segment->sequence + segment->payload_len - side->next) > 0)
		give_up(step); /* the capture has cut what it waits for */
}

/* What was nobody's with the bytes before it may begin a message by itself. */
void session_take(struct step *step)
{
	bool was_kept = step->side->window != 0;

	session_check_repeat(step);
	take_segment(step);
	if (was_kept && step->side->state == SIDE_OVER && step->side->is_sniffed)
		take_segment(step);
}

/*
 * What the other side says it has got, and was not shown by now, was not captured: what waits for
 * it behind a gap waits no longer. What is told then comes from the other side.
 */
void session_take_acknowledgement(const struct step *from)
{
	struct step step = *from;
	uint32_t gap_end;

	step.which = from->which == CLIENT ? SERVER : CLIENT;
	step.side = &from->session->sides[step.which];
	if (!from->segment->has_acknowledged || step.side->state != SIDE_READ ||
	    step.side->window == 0)
		return;
	gap_end = stream_window_gap_end(session_window(&step));
	if (gap_end == 0 ||
	    (int32_t)(from->segment->acknowledged - (step.side->next + gap_end)) < 0)
		return;
	step.hearing->from_client = step.which == CLIENT;
	pass_gaps(&step, false);
	step.hearing->from_client = from->which == CLIENT;
	if (step.side->state == SIDE_LOST ||
	    (step.side->window != 0 && stream_window_is_empty(session_window(&step))))
		session_drop_window(step.all, step.side);
}
