#include "sensor/judge/judge_inside.h"

#include <string.h>

enum err judge_capsules_start(struct judge *judge)
{
	const struct capsules_setup setup = {
		.config = judge->setup.config,
		.identity = judge->setup.identity,
		.keepers = { judge->keeper, judge->cases },
		.made = judge->setup.capsule_made,
		.arg = judge->setup.capsule_arg,
	};

	return setup.made ? capsules_new(&judge->capsules, &setup) : ERR_OK;
}

void judge_capsules_begin(struct judge *judge, const struct fact *fact, const char *finishing)
{
	judge->moment = (struct judge_moment){ .began = judge->kept.began,
					       .last_device = devices_last_number(judge->devices),
					       .dns_seen = judge->totals.dns_seen };
	parties_forget(&judge->parties); /* what is remembered there would not be looked at */
	capsules_begin(judge->capsules, fact, finishing);
}

struct capsule_counts judge_capsules(const struct judge *judge)
{
	return judge->capsules ? capsules_counts(judge->capsules) : (struct capsule_counts){ 0 };
}

void judge_follow_capsule(struct judge *judge, uint64_t number,
			  const uint8_t digest[static SHA256_LEN])
{
	judge->chain.number = number;
	memcpy(judge->chain.digest, digest, sizeof(judge->chain.digest));
}

/* What a detector says of one row of a table at the end rests on that row, not on those before. */
struct finishing {
	struct judge *judge;
	const char *detector;
};

/* A lru_step_fn. */
static void next_row(void *arg)
{
	const struct finishing *f = arg;

	judge_tell_changes(f->judge);
	judge_capsules_begin(f->judge, NULL, f->detector);
}

void judge_finish_detector(struct judge *judge, size_t i)
{
	struct finishing f = { .judge = judge, .detector = detectors[i]->name };

	if (!detectors[i]->finish)
		return;
	if (judge->capsules) {
		judge_capsules_begin(judge, NULL, f.detector);
		lru_journal_step(capsules_journal(judge->capsules), next_row, &f);
	}
	detectors[i]->finish(judge->states[i], &judge->sink);
	if (!judge->capsules)
		return;
	lru_journal_step(capsules_journal(judge->capsules), NULL, NULL);
	judge_tell_changes(judge);
}

void judge_finish(struct judge *judge)
{
	for (size_t i = 0; i < detectors_count; i++)
		judge_finish_detector(judge, i);
	if (judge->setup.case_changed)
		judge_tell_changes(judge);
}
