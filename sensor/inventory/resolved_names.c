#include "sensor/inventory/resolved_names.h"

#include "sensor/base/lru_map.h"
#include "sensor/base/text.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* No padding. Device 0 stands for anybody. */
struct answer_key {
	uint32_t device;
	struct address address;
};

struct answer {
	char name[FACT_HOST_LEN];
};

struct resolved_names {
	struct lru_map *answers;
};

enum err resolved_names_new(struct resolved_names **out, const struct judge_config *config)
{
	struct resolved_names *names = calloc(1, sizeof(*names));

	if (!names)
		return ERR_MEMORY;
	if (lru_map_new(&names->answers, (uint32_t)config->names, sizeof(struct answer_key),
			sizeof(struct answer)) != ERR_OK) {
		free(names);
		return ERR_MEMORY;
	}
	lru_map_clear_only(names->answers, 0); /* a new one is written at once */
	*out = names;
	return ERR_OK;
}

void resolved_names_free(struct resolved_names *names)
{
	if (!names)
		return;
	lru_map_free(names->answers);
	free(names);
}

static char *name_at(struct resolved_names *names, const struct answer_key *key)
{
	bool is_new;
	struct answer *answer = lru_map_touch(names->answers, key, &is_new);

	return answer->name;
}

void resolved_names_learn(struct resolved_names *names, uint32_t device,
			  const struct address *address, const char *name)
{
	struct answer_key key = { .device = device, .address = *address };
	char kept[FACT_HOST_LEN];

	text_host_copy(name, kept, sizeof(kept));

	size_t size = strlen(kept) + 1;

	memcpy(name_at(names, &key), kept, size);
	key.device = 0;
	memcpy(name_at(names, &key), kept, size);
}

/*
 * Anybody's answer is touched after each device's own and so outlives it: where there is none, as
 * for most addresses, one question is enough.
 */
const char *resolved_name(struct resolved_names *names, uint32_t device,
			  const struct address *address)
{
	struct answer_key key = { .device = 0, .address = *address };
	const struct answer *anybodys = lru_map_find(names->answers, &key);
	const struct answer *own = NULL;

	if (!anybodys)
		return "";
	key.device = device;
	if (device != 0)
		own = lru_map_find(names->answers, &key);
	return own ? own->name : anybodys->name;
}

uint64_t resolved_names_forgotten(const struct resolved_names *names)
{
	return lru_map_forgotten(names->answers);
}

static void tidy_answer(void *value)
{
	struct answer *answer = value;

	kept_tidy_text(answer->name, sizeof(answer->name));
}

static bool is_answer_sound(const void *key, const void *value)
{
	const struct answer *answer = value;

	(void)key;
	return kept_is_text(answer->name, sizeof(answer->name));
}

const struct kept_table resolved_names_kept[] = {
	{ .name = "names",
	  .version = 1,
	  .at = offsetof(struct resolved_names, answers),
	  .tidy = tidy_answer,
	  .is_sound = is_answer_sound },
	{ 0 },
};
