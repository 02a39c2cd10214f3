/* The writer as steps, with the test's own clock and rings: hours pass in a moment. */
#pragma once

#include "sensor/store/store_item.h"
#include "sensor/store/store_writer.h"
#include "tests/unit/store/scratch.h"

/* A writer whose clock and rings are the test's. */
struct rig {
	struct scratch scratch;
	struct store_sides sides;
	struct store_writer *writer;
	nanotime now;
	uint64_t ticket;
};

static inline void rig_make_with(struct rig *rig, const char *base, const char *vfs)
{
	memset(rig, 0, sizeof(*rig));
	scratch_make_in(&rig->scratch, base);
	rig->scratch.setup.vfs = vfs;
	rig->now = NANOTIME_HOUR;
	for (size_t i = 0; i < LANES; i++)
		assert_int_equal(ring_new(&rig->sides.lanes[i], 1 << 17), ERR_OK);
	assert_int_equal(store_writer_new(&rig->writer, &rig->sides, &rig->scratch.setup, 1 << 18,
					  rig->scratch.problem),
			 ERR_OK);
	store_writer_begin(rig->writer, SCRATCH_NOW, rig->now);
}

static inline void rig_make(struct rig *rig)
{
	rig_make_with(rig, scratch_base(), NULL);
}

static inline void rig_free(struct rig *rig)
{
	store_writer_free(rig->writer);
	for (size_t i = 0; i < LANES; i++)
		ring_free(rig->sides.lanes[i]);
	scratch_remove(&rig->scratch);
}

static inline bool rig_put(struct rig *rig, enum store_lane lane, const struct item_draft *draft)
{
	void *room = ring_reserve(rig->sides.lanes[lane], item_bytes(draft));

	if (!room)
		return false;
	item_write(draft, room);
	ring_publish(rig->sides.lanes[lane], item_bytes(draft));
	return true;
}

static uint8_t rig_record[1 << 16];

static inline void rig_change_record(uint8_t byte)
{
	memset(rig_record, byte, sizeof(rig_record));
}

static inline bool rig_put_case(struct rig *rig, const char *id, uint64_t revision, size_t bytes)
{
	const struct item_draft draft = {
		.class = STORE_CASES,
		.hurry = HURRY_NOW,
		.ticket = rig->ticket + 1,
		.numbers = { revision, 1, 2, 1 },
		.parts = { span_of(id), span_of("{}"), { rig_record, bytes } },
	};

	if (!rig_put(rig, LANE_CASES, &draft))
		return false;
	rig->ticket++;
	return true;
}

static inline bool rig_put_sized(struct rig *rig, enum store_class class, enum store_lane lane,
				 unsigned number, size_t bytes)
{
	static uint8_t value[1 << 16];
	char key[32];
	const struct item_draft draft = {
		.class = class,
		.hurry = class == STORE_HEALTH ? HURRY_SOON : HURRY_LATER,
		.numbers = { 0, number },
		.parts = { { (const uint8_t *)key,
			     (size_t)snprintf(key, sizeof(key), "k%u", number) },
			   { value, bytes } },
	};

	return rig_put(rig, lane, &draft);
}

static inline bool rig_put_row(struct rig *rig, enum store_class class, enum store_lane lane,
			       unsigned number)
{
	return rig_put_sized(rig, class, lane, number, 1000);
}

/* Seconds pass, a step in each. */
static inline void rig_run(struct rig *rig, unsigned seconds)
{
	for (unsigned i = 0; i < seconds; i++) {
		rig->now += NANOTIME_SECOND;
		atomic_store(&rig->sides.alive, SCRATCH_NOW + rig->now);
		while (store_writer_step(rig->writer, rig->now))
			;
	}
}

static inline unsigned lines_with(const struct rig *rig, const char *words)
{
	unsigned count = 0;

	for (const char *at = strstr(rig->scratch.said, words); at; at = strstr(at + 1, words))
		count++;
	return count;
}
