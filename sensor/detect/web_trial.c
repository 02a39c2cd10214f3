#include "sensor/detect/web_trial.h"

#include "dissectors/attack_text.h"
#include "sensor/detect/statistics.h"

#include <string.h>

enum { PATH_BITS = 256, WORD_BITS = 64 };

enum err trials_new(struct lru_map **out, uint32_t count)
{
	return lru_map_new(out, count, sizeof(struct trial_key), sizeof(struct trial));
}

struct trial *trial_touch(struct lru_map *trials, const struct trial_key *key, nanotime now,
			  nanotime window)
{
	bool is_new;
	struct trial *trial = lru_map_touch(trials, key, &is_new);

	if (is_new || nanotime_went_back(trial->last, now) ||
	    nanotime_between(trial->last, now) > window)
		*trial = (struct trial){ .first = now, .last = now };
	trial->last = now > trial->last ? now : trial->last;
	return trial;
}

uint32_t trial_note_text(struct trial *trial, uint64_t hash)
{
	uint32_t kept = trial->text_count < TRIAL_TEXTS ? trial->text_count : TRIAL_TEXTS;

	for (uint32_t i = 0; i < kept; i++) {
		if (trial->texts[i] == hash)
			return trial->text_count;
	}
	if (trial->text_count < INT32_MAX)
		trial->texts[trial->text_count++ % TRIAL_TEXTS] = hash;
	return trial->text_count;
}

void trial_note_path(struct trial *trial, const char *path)
{
	uint64_t bit = distinct_hash(path, strcspn(path, "?")) % PATH_BITS;

	trial->paths[bit / WORD_BITS] |= UINT64_C(1) << (bit % WORD_BITS);
}

uint32_t trial_paths(const struct trial *trial)
{
	uint32_t count = 0;

	for (size_t i = 0; i < sizeof(trial->paths) / sizeof(trial->paths[0]); i++)
		count += (uint32_t)__builtin_popcountll(trial->paths[i]);
	return count;
}

bool trial_is_sound(const void *key, const void *value)
{
	const struct trial_key *k = key;
	const struct trial *trial = value;

	return !address_is_unspecified(&k->client) && trial->first <= trial->last &&
	       trial->text_count <= INT32_MAX && trial->not_found <= trial->answers &&
	       trial->answers <= INT32_MAX && trial->told_not_found <= trial->not_found &&
	       trial->text <= ATTACK_TEXT_QUERY;
}
