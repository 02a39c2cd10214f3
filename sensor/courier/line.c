#include "sensor/courier/line.h"

#include "sensor/base/monotonic.h"
#include "sensor/courier/backoff.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ENDING_LOOK_MS = 200, NOTE_SECONDS = 600, GROW_AFTER = 32 /* good batches */ };

struct line {
	struct line_setup setup;
	struct output *output;
	unsigned number;
	pthread_t thread;
	bool is_started;
	struct backoff backoff;
	size_t most;   /* parcels of a batch; halved where the other side wants less */
	unsigned good; /* batches since */
	struct output_result result;
	struct replies replies; /* of what never is sent to such an output */
	bool is_failing;
	bool has_note;  /* of a failure, perhaps by the process before */
	nanotime said;  /* monotonic; when a failure was last logged, and … */
	nanotime noted; /* … kept for `hinomi-courier status` */
	struct {
		uint64_t sequence;
		nanotime when;
	} rewound[PARCEL_STREAMS];
};

static bool is_ending(const struct line *line)
{
	return atomic_load(line->setup.is_ending);
}

static void say(const struct line *line, const char *what, const char *detail)
{
	char text[OUTBOX_PROBLEM_LEN];

	(void)snprintf(text, sizeof(text), "%s: %s%s", line->setup.kind->name, what, detail);
	line->setup.say(line->setup.say_arg, text);
}

static void note(struct line *line, const char *text)
{
	char name[32];

	(void)snprintf(name, sizeof(name), "line.%s", line->setup.kind->name);
	/* A disk that is full says so where parcels are put. */
	if (outbox_note(line->setup.outbox, name, text) == ERR_OK)
		line->noted = monotonic_now();
	line->has_note = text[0] != '\0';
}

static void say_failure(struct line *line, const char *what)
{
	nanotime now = monotonic_now();
	bool is_first = !line->is_failing;

	line->is_failing = true;
	if (is_first || now - line->said >= LINE_SAY_SECONDS * NANOTIME_SECOND) {
		say(line, is_first ? "" : "still: ", what);
		line->said = now;
	}
	if (is_first || now - line->noted >= NOTE_SECONDS * NANOTIME_SECOND)
		note(line, what);
}

static void say_success(struct line *line)
{
	backoff_reset(&line->backoff);
	if (line->has_note)
		note(line, "");
	if (line->is_failing)
		say(line, "works again", "");
	line->is_failing = false;
}

/* A P1 that is put meanwhile is no reason to try earlier: the other side is not there. */
static void rest(struct line *line, uint64_t milliseconds)
{
	nanotime end = monotonic_now() + milliseconds * NANOTIME_MILLISECOND;

	for (nanotime now = monotonic_now(); now < end && !is_ending(line); now = monotonic_now()) {
		uint64_t left = (end - now) / NANOTIME_MILLISECOND + 1;
		uint64_t step = left < ENDING_LOOK_MS ? left : ENDING_LOOK_MS;

		(void)nanosleep(&(struct timespec){ .tv_nsec = (long)(step * 1000000) }, NULL);
	}
}

static void rest_after_failure(struct line *line, uint64_t cap_ms)
{
	say_failure(line, line->result.said[0] != '\0' ? line->result.said : "no answer");
	rest(line, backoff_next(&line->backoff, cap_ms, line->result.retry_after));
}

static void take_heads(struct line *line)
{
	const struct replies *replies = &line->result.replies;
	nanotime now = monotonic_now();

	for (unsigned i = 0; i < PARCEL_STREAMS; i++) {
		uint64_t sequence = replies->head[i].sequence;

		if (!replies->has_head[i])
			continue;
		if (line->rewound[i].when != 0 && line->rewound[i].sequence == sequence &&
		    now - line->rewound[i].when < LINE_REWIND_SECONDS * NANOTIME_SECOND)
			continue;
		if (!outbox_rewind(line->setup.outbox, line->number, (enum parcel_stream)i,
				   &replies->head[i]))
			continue;
		line->rewound[i].sequence = sequence;
		line->rewound[i].when = now;
		say(line, "holds less than it had acknowledged; sent again: ",
		    parcel_stream_name((enum parcel_stream)i));
	}
}

static void take_orders(struct line *line, bool has_orders)
{
	if (has_orders && line->setup.take_orders)
		line->setup.take_orders(line->setup.orders_arg, line->output);
}

static void take_answers(struct line *line, const struct outbox_batch *batch)
{
	size_t settled = 0;

	if (outbox_settle(line->setup.outbox, line->number, batch, &line->result.replies,
			  &settled) != ERR_OK) {
		/* What is settled is sent once more: seen once by its number. */
		(void)snprintf(line->result.said, sizeof(line->result.said),
			       "courier.db cannot be written; make room on its disk");
		rest_after_failure(line, BACKOFF_CAP_MS);
		return;
	}
	if (settled == 0) {
		if (line->result.said[0] == '\0')
			(void)snprintf(line->result.said, sizeof(line->result.said),
				       "answered, but stored nothing (%s)",
				       line->result.replies.count > 0
					       ? line->result.replies.list[0].code
					       : "no replies");
		rest_after_failure(line, BACKOFF_CAP_MS);
		return;
	}
	say_success(line);
	/* What was too large once is probed again, but seldom. */
	if (line->most < LINE_BATCH_PARCELS && ++line->good >= GROW_AFTER) {
		line->most =
			2 * line->most < LINE_BATCH_PARCELS ? 2 * line->most : LINE_BATCH_PARCELS;
		line->good = 0;
	}
	if (line->setup.kind->is_desk)
		take_heads(line);
	take_orders(line, line->result.replies.has_orders);
}

static void take_too_large(struct line *line, const struct outbox_batch *batch)
{
	const char *code = line->result.code[0] != '\0' ? line->result.code : "too_large";

	if (batch->count > 1) {
		line->most = batch->count / 2;
		line->good = 0;
		return;
	}
	say(line, "one parcel is refused and set aside: ", line->result.said);
	if (outbox_set_aside(line->setup.outbox, line->number, &batch->parcels[0], code,
			     line->result.said) != ERR_OK)
		rest_after_failure(line, BACKOFF_CAP_MS);
}

static void send(struct line *line, const struct outbox_batch *batch)
{
	memset(&line->result, 0, sizeof(line->result));
	switch (line->setup.kind->send(line->output, batch->parcels, batch->count, &line->result)) {
	case OUTPUT_ANSWERED:
		take_answers(line, batch);
		return;
	case OUTPUT_TOO_LARGE:
		take_too_large(line, batch);
		return;
	case OUTPUT_DENIED:
		rest_after_failure(line, BACKOFF_DENIED_CAP_MS);
		return;
	case OUTPUT_FAILED:
		break;
	}
	if (!is_ending(line))
		rest_after_failure(line, BACKOFF_CAP_MS);
}

static bool is_for(const struct line *line, const struct parcel *parcel)
{
	return line->setup.kind->is_desk || parcel->kind == PARCEL_CASE ||
	       parcel->kind == PARCEL_HEALTH;
}

/* Those at the front that this output never gets count as settled. True when there were some. */
static bool skip(struct line *line, const struct outbox_batch *batch)
{
	struct replies *replies = &line->replies;
	size_t settled;

	replies->count = 0;
	while (replies->count < batch->count && !is_for(line, &batch->parcels[replies->count])) {
		const struct parcel *parcel = &batch->parcels[replies->count];

		replies->list[replies->count++] = (struct reply){ .stream = parcel->stream,
								  .sequence = parcel->sequence,
								  .status = REPLY_STORED };
	}
	if (replies->count == 0)
		return false;
	if (outbox_settle(line->setup.outbox, line->number, batch, replies, &settled) != ERR_OK)
		rest(line, BACKOFF_BASE_MS);
	return true;
}

/* One batch; false when nothing waits. */
static bool step(struct line *line)
{
	struct outbox_batch batch;
	size_t count;

	if (!outbox_next(line->setup.outbox, line->number, line->most, LINE_BATCH_BYTES, &batch))
		return false;
	if (!skip(line, &batch)) {
		/* Up to the first that it does not get. */
		for (count = 1; count < batch.count && is_for(line, &batch.parcels[count]);)
			count++;
		batch.count = count;
		send(line, &batch);
	}
	outbox_batch_free(&batch);
	return true;
}

static void idle(struct line *line)
{
	bool has_orders = false;

	/* The output's own waiting is short, so that a P1 does not wait for it. */
	if (line->setup.kind->idle) {
		line->setup.kind->idle(line->output, ENDING_LOOK_MS, &has_orders);
		take_orders(line, has_orders);
	}
	outbox_wait(line->setup.outbox, line->number,
		    line->setup.kind->idle ? ENDING_LOOK_MS : LINE_IDLE_MS);
}

static void *run(void *arg)
{
	struct line *line = arg;

	while (!is_ending(line)) {
		if (!step(line))
			idle(line);
	}
	return NULL;
}

enum err line_open(struct line **out, const struct line_setup *setup,
		   char problem[static OUTPUT_SAID_LEN])
{
	struct line *line = calloc(1, sizeof(*line));
	enum err err = ERR_MEMORY;

	(void)snprintf(problem, OUTPUT_SAID_LEN, "%s: %s", setup->kind->name, err_text(err));
	if (!line)
		return err;
	line->setup = *setup;
	line->most = LINE_BATCH_PARCELS;
	line->has_note = true; /* perhaps: then it is cleared by the first success */
	backoff_start(&line->backoff, setup->seed);
	err = outbox_join(setup->outbox, setup->kind->name, setup->kind->is_desk, &line->number);
	if (err != ERR_OK) {
		(void)snprintf(problem, OUTPUT_SAID_LEN, "%s: courier.db takes no more outputs: %s",
			       setup->kind->name, err_text(err));
	} else {
		const struct output_setup output = { .config = setup->config,
						     .sensor = outbox_sensor(setup->outbox),
						     .inbox = setup->inbox,
						     .is_ending = setup->is_ending };

		err = setup->kind->open(&line->output, &output, problem);
	}
	if (err != ERR_OK) {
		free(line);
		return err;
	}
	*out = line;
	return ERR_OK;
}

enum err line_start(struct line *line)
{
	line->is_started = pthread_create(&line->thread, NULL, run, line) == 0;
	return line->is_started ? ERR_OK : ERR_MEMORY;
}

void line_close(struct line *line)
{
	if (!line)
		return;
	if (line->is_started)
		(void)pthread_join(line->thread, NULL);
	line->setup.kind->close(line->output);
	free(line);
}
