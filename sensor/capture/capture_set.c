#include "sensor/capture/capture_set.h"

#include "sensor/capture/capture_file.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct source {
	const char *path;
	struct capture_file *file;
	uint8_t interface;
	struct frame head;
	nanotime key; /* the latest time so far: the file's own order stands */
};

struct failure {
	const char *path;
	char reason[CAPTURE_REASON_MAX];
};

struct capture_set {
	bool started;
	size_t live;                                  /* files that have a head, or are not begun */
	struct source *heap[CAPTURE_SET_FILES_MAX];   /* the earliest on top, once started */
	struct source sources[CAPTURE_SET_FILES_MAX]; /* in the order named */
	size_t failure_count;
	struct failure failures[CAPTURE_SET_FILES_MAX];
	uint64_t retired_bytes; /* of files that are done with */
	uint64_t retired_clamped_times;
};

static void add_failure(struct capture_set *set, const char *path, const char *reason)
{
	struct failure *failure = &set->failures[set->failure_count++];

	failure->path = path;
	(void)snprintf(failure->reason, sizeof(failure->reason), "%s", reason);
}

/* Done with: what it held is given back, what it counted is kept. */
static void retire(struct capture_set *set, struct source *source)
{
	const char *reason = capture_file_reason(source->file);

	if (reason[0] != '\0')
		add_failure(set, source->path, reason);
	set->retired_bytes += capture_file_consumed(source->file);
	set->retired_clamped_times += capture_file_clamped_times(source->file);
	capture_file_free(source->file);
	source->file = NULL;
}

/* Of equal times the file named first. */
static bool is_earlier(const struct source *a, const struct source *b)
{
	return a->key != b->key ? a->key < b->key : a < b;
}

/* Reads the file's next head; false when it has none, and is retired. */
static bool advance(struct capture_set *set, struct source *source)
{
	if (capture_file_next(source->file, &source->head) != CAPTURE_FRAME) {
		retire(set, source);
		return false;
	}
	if (source->head.time > source->key)
		source->key = source->head.time;
	source->head.interface = source->interface;
	return true;
}

static void sift_down(struct capture_set *set, size_t i)
{
	struct source *moving = set->heap[i];

	for (size_t child = 2 * i + 1; child < set->live; child = 2 * i + 1) {
		if (child + 1 < set->live && is_earlier(set->heap[child + 1], set->heap[child]))
			child++;
		if (!is_earlier(set->heap[child], moving))
			break;
		set->heap[i] = set->heap[child];
		i = child;
	}
	set->heap[i] = moving;
}

static void read_heads(struct capture_set *set)
{
	size_t begun = 0;

	for (size_t i = 0; i < set->live; i++)
		if (advance(set, set->heap[i]))
			set->heap[begun++] = set->heap[i];
	set->live = begun;
	for (size_t i = set->live / 2; i > 0; i--)
		sift_down(set, i - 1);
	set->started = true;
}

/* Of several files, or at the start or end of one. */
static bool merge_next(struct capture_set *set, struct frame *out)
{
	if (!set->started) {
		read_heads(set);
	} else if (set->live > 0) {
		if (!advance(set, set->heap[0]))
			set->heap[0] = set->heap[--set->live];
		if (set->live > 1)
			sift_down(set, 0);
	}
	if (set->live == 0)
		return false;
	*out = set->heap[0]->head;
	return true;
}

/* One file has no order to keep, and its frames go straight on as they are. */
static bool is_single(const struct capture_set *set)
{
	return set->started && set->live == 1 && set->heap[0]->interface == 0;
}

static bool retire_single(struct capture_set *set)
{
	set->live = 0;
	retire(set, set->heap[0]);
	return false;
}

bool capture_set_next(struct capture_set *set, struct frame *out)
{
	if (!is_single(set))
		return merge_next(set, out);
	return capture_file_next(set->heap[0]->file, out) == CAPTURE_FRAME || retire_single(set);
}

bool capture_set_read(struct capture_set *set, size_t most, frame_take_fn *take, void *arg)
{
	struct frame frame;

	for (size_t i = 0; i < most && !is_single(set); i++) {
		if (!merge_next(set, &frame))
			return false;
		take(arg, &frame);
	}
	if (!is_single(set))
		return true;
	return capture_file_read(set->heap[0]->file, most, take, arg) == CAPTURE_FRAME ||
	       retire_single(set);
}

struct capture_progress capture_set_progress(const struct capture_set *set)
{
	struct capture_progress progress = { set->retired_bytes, set->retired_bytes };
	bool is_known = true;

	for (size_t i = 0; i < set->live; i++) {
		uint64_t size = capture_file_size(set->heap[i]->file);
		uint64_t consumed = capture_file_consumed(set->heap[i]->file);

		is_known = is_known && size > 0;
		progress.total += size > consumed ? size : consumed; /* it may be growing */
		progress.consumed += consumed;
	}
	if (!is_known)
		progress.total = 0;
	return progress;
}

size_t capture_set_failure_count(const struct capture_set *set)
{
	return set->failure_count;
}

struct capture_failure capture_set_failure(const struct capture_set *set, size_t i)
{
	assert(i < set->failure_count);
	return (struct capture_failure){ .path = set->failures[i].path,
					 .reason = set->failures[i].reason };
}

uint64_t capture_set_clamped_times(const struct capture_set *set)
{
	uint64_t count = set->retired_clamped_times;

	for (size_t i = 0; i < set->live; i++)
		count += capture_file_clamped_times(set->heap[i]->file);
	return count;
}

/* ERR_MEMORY. A file that cannot be opened is retired at once. */
static enum err add_source(struct capture_set *set, struct source *source)
{
	enum err err = capture_file_new(&source->file, source->path);

	if (err != ERR_OK)
		return err;
	if (capture_file_reason(source->file)[0] != '\0')
		retire(set, source);
	else
		set->heap[set->live++] = source;
	return ERR_OK;
}

enum err capture_set_new(struct capture_set **out, const char *const *paths, size_t count)
{
	bool has_input = false;

	if (count > CAPTURE_SET_FILES_MAX)
		return ERR_RANGE;

	struct capture_set *set = calloc(1, sizeof(*set));

	if (!set)
		return ERR_MEMORY;
	for (size_t i = 0; i < count; i++) {
		bool is_input = strcmp(paths[i], "-") == 0;

		set->sources[i].path = paths[i];
		if (is_input && has_input) {
			add_failure(set, paths[i], "standard input can be read only once");
		} else if (add_source(set, &set->sources[i]) != ERR_OK) {
			capture_set_free(set);
			return ERR_MEMORY;
		}
		has_input = has_input || is_input;
	}
	*out = set;
	return ERR_OK;
}

void capture_set_number(struct capture_set *set, size_t first, uint8_t interface)
{
	assert(!set->started);
	for (size_t i = first; i < CAPTURE_SET_FILES_MAX; i++)
		set->sources[i].interface = interface;
}

void capture_set_free(struct capture_set *set)
{
	if (!set)
		return;
	for (size_t i = 0; i < CAPTURE_SET_FILES_MAX; i++)
		capture_file_free(set->sources[i].file);
	free(set);
}
