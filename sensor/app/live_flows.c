#include "sensor/app/live_flows.h"

#include "sensor/base/text.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

/* What the last scan saw in a slot. */
struct sample {
	uint64_t bytes;
	uint64_t packets;
	uint32_t generation;
};

struct live_flows {
	struct live_setup setup;
	uint32_t capacity;
	struct sample *samples; /* for each slot; NULL when scans are not repeated */
	bool has_samples;
	struct live_totals totals;
	size_t count;
	struct live_flow *kept; /* a heap while scanning, the least on top; then in order */
};

enum err live_flows_new(struct live_flows **out, const struct live_setup *setup)
{
	struct live_flows *live = calloc(1, sizeof(*live));

	assert(setup->limit > 0 && setup->limit <= LIVE_FLOWS_MAX);
	if (!live)
		return ERR_MEMORY;
	live->setup = *setup;
	live->capacity = flow_view_capacity(setup->view);
	if (live->setup.limit > live->capacity && live->capacity > 0)
		live->setup.limit = live->capacity;
	live->kept = calloc(live->setup.limit, sizeof(*live->kept));
	/* calloc, because pages of slots that hold no flow are then never touched. */
	if (setup->is_repeated)
		live->samples = calloc((size_t)live->capacity + 1, sizeof(*live->samples));
	if (!live->kept || (setup->is_repeated && !live->samples)) {
		live_flows_free(live);
		return ERR_MEMORY;
	}
	*out = live;
	return ERR_OK;
}

void live_flows_free(struct live_flows *live)
{
	if (!live)
		return;
	free(live->samples);
	free(live->kept);
	free(live);
}

/* A total order, so that a list does not jump where flows weigh the same. */
static bool precedes(const struct live_flow *a, const struct live_flow *b)
{
	if (a->weight != b->weight)
		return a->weight > b->weight;
	if (a->record.first != b->record.first)
		return a->record.first < b->record.first;
	return a->index < b->index;
}

static void swap(struct live_flow *a, struct live_flow *b)
{
	struct live_flow kept = *a;

	*a = *b;
	*b = kept;
}

static void sift_up(struct live_flow *heap, size_t at)
{
	while (at > 0) {
		size_t parent = (at - 1) / 2;

		if (!precedes(&heap[parent], &heap[at]))
			return;
		swap(&heap[parent], &heap[at]);
		at = parent;
	}
}

static void sift_down(struct live_flow *heap, size_t count)
{
	size_t at = 0;

	for (;;) {
		size_t least = at;

		for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < count; child++) {
			if (precedes(&heap[least], &heap[child]))
				least = child;
		}
		if (least == at)
			return;
		swap(&heap[at], &heap[least]);
		at = least;
	}
}

static void keep(struct live_flows *live, const struct live_flow *flow)
{
	if (live->count < live->setup.limit) {
		live->kept[live->count] = *flow;
		sift_up(live->kept, live->count++);
	} else if (precedes(flow, &live->kept[0])) {
		live->kept[0] = *flow;
		sift_down(live->kept, live->count);
	}
}

/* The least goes to the end, and what is left is a heap again. */
static void put_in_order(struct live_flows *live)
{
	for (size_t left = live->count; left > 1; left--) {
		swap(&live->kept[0], &live->kept[left - 1]);
		sift_down(live->kept, left - 1);
	}
}

/* What has passed since the last scan; all of it when the flow is newer than that. */
static void measure(struct live_flows *live, struct live_flow *flow)
{
	const struct flow_record *f = &flow->record;

	flow->bytes = f->bytes[FLOW_SIDE_LOW] + f->bytes[FLOW_SIDE_HIGH];
	flow->packets = (uint64_t)f->packets[FLOW_SIDE_LOW] + f->packets[FLOW_SIDE_HIGH];
	if (!live->samples)
		return;

	struct sample *sample = &live->samples[flow->index];
	struct sample now = { flow->bytes, flow->packets, f->generation };

	if (live->has_samples && sample->generation == f->generation) {
		flow->bytes -= flow->bytes > sample->bytes ? sample->bytes : flow->bytes;
		flow->packets -= flow->packets > sample->packets ? sample->packets : flow->packets;
	}
	*sample = now;
}

static uint64_t per_second(uint64_t count, nanotime over)
{
	nanotime milliseconds = over / NANOTIME_MILLISECOND;

	if (milliseconds < NANOTIME_SECOND / NANOTIME_MILLISECOND)
		return count;
	return count / milliseconds * 1000 + count % milliseconds * 1000 / milliseconds;
}

static uint64_t weight(const struct live_flows *live, const struct live_flow *flow,
		       enum live_order order)
{
	const struct flow_record *f = &flow->record;

	switch (order) {
	case LIVE_BY_BYTES:
		break;
	case LIVE_BY_RATE:
		/* Since a scan the time is the same for each, and not known before the end. */
		return live->has_samples
			       ? flow->bytes
			       : per_second(flow->bytes, nanotime_between(f->first, f->last));
	case LIVE_BY_AGE:
		return UINT64_MAX - f->first;
	}
	return f->bytes[FLOW_SIDE_LOW] + f->bytes[FLOW_SIDE_HIGH];
}

/* A flow that was busy has no sample to stand on: for one scan nothing is said to have passed. */
static void skip_busy(struct live_flows *live, uint32_t index)
{
	live->totals.busy++;
	if (live->samples)
		live->samples[index].bytes = live->samples[index].packets = UINT64_MAX;
}

static void look_at(struct live_flows *live, uint32_t index, enum live_order order)
{
	struct live_flow flow = { .index = index };
	enum flow_read read = flow_view_snapshot(live->setup.view, index, &flow.record);

	if (read == FLOW_READ_BUSY)
		skip_busy(live, index);
	if (read != FLOW_READ_OK)
		return;
	live->totals.flows++;
	if (flow.record.last > live->totals.clock)
		live->totals.clock = flow.record.last;
	if (live->setup.filter && !key_filter_matches(live->setup.filter, &flow.record.key))
		return;
	live->totals.matched++;
	measure(live, &flow);
	flow.weight = weight(live, &flow, order);
	keep(live, &flow);
}

void live_flows_scan(struct live_flows *live, enum live_order order)
{
	nanotime before = live->totals.clock;

	live->totals = (struct live_totals){ .clock = flow_view_clock(live->setup.view),
					     .is_since_scan = live->has_samples };
	live->count = 0;
	for (uint32_t i = 0; i < live->capacity; i++)
		look_at(live, i, order);
	if (live->has_samples)
		live->totals.elapsed = nanotime_between(before, live->totals.clock);
	live->has_samples = live->samples;
	put_in_order(live);
}

struct live_totals live_flows_totals(const struct live_flows *live)
{
	return live->totals;
}

size_t live_flows_count(const struct live_flows *live)
{
	return live->count;
}

const struct live_flow *live_flows_at(const struct live_flows *live, size_t i)
{
	assert(i < live->count);
	return &live->kept[i];
}

/* The mapping is another process's, which may be hostile: nothing in it is sure to end. */
static void copy_clean(const char *from, char *to, size_t size)
{
	(void)text_from_wire((struct span){ (const uint8_t *)from, strnlen(from, size) }, to, size);
}

struct lane_slot_view live_flows_names(const struct live_flows *live, const struct live_flow *flow)
{
	struct lane_slot_view names = { 0 };
	struct lane_slot_view read;
	const void *slot = flow_view_slot(live->setup.view, flow->index);
	bool is_known = flow_view_slot_bytes(live->setup.view) == sizeof(struct lane_slot);

	if (slot && is_known && lane_slot_read(slot, flow->record.generation, &read)) {
		copy_clean(read.host, names.host, sizeof(names.host));
		copy_clean(read.protocol, names.protocol, sizeof(names.protocol));
	}
	return names;
}

double live_rate(const struct live_totals *totals, const struct live_flow *flow, uint64_t count)
{
	nanotime over = nanotime_between(flow->record.first, flow->record.last);

	if (totals->is_since_scan && totals->elapsed == 0)
		return 0; /* the capture stands still */
	if (totals->is_since_scan)
		over = totals->elapsed;
	else if (over < NANOTIME_SECOND)
		over = NANOTIME_SECOND;
	return (double)count / nanotime_seconds(over);
}

bool live_flows_have_sensor(const struct live_flows *live)
{
	int pid = flow_view_pid(live->setup.view);

	/* Another user's process answers EPERM, and is there. */
	return pid > 0 && (kill(pid, 0) == 0 || errno != ESRCH);
}
