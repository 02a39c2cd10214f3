#include "sensor/judge/suppressions.h"

#include "sensor/base/lru_map.h"
#include "sensor/base/text.h"
#include "sensor/detect/statistics.h"
#include "sensor/detect/story.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct tally {
	uint64_t held;
	uint64_t shown;
	nanotime last;
};

struct suppressions {
	const struct decisions *decisions;
	struct lru_map *tallies; /* hash of the id → struct tally */
};

enum err suppressions_new(struct suppressions **out)
{
	struct suppressions *suppressions = calloc(1, sizeof(*suppressions));

	if (!suppressions)
		return ERR_MEMORY;
	if (lru_map_new(&suppressions->tallies, DECISIONS_SUPPRESSIONS_MAX, sizeof(uint64_t),
			sizeof(struct tally)) != ERR_OK) {
		free(suppressions);
		return ERR_MEMORY;
	}
	*out = suppressions;
	return ERR_OK;
}

void suppressions_free(struct suppressions *suppressions)
{
	if (!suppressions)
		return;
	lru_map_free(suppressions->tallies);
	free(suppressions);
}

void suppressions_use(struct suppressions *suppressions, const struct decisions *decisions)
{
	suppressions->decisions = decisions;
}

bool suppressions_names_device(const char *text, const struct device *device)
{
	char chars[ADDRESS_TEXT_LEN];

	if (device->has_mac) {
		mac_text(&device->mac, chars);
		if (strcasecmp(chars, text) == 0)
			return true;
	}
	for (size_t i = 0; i < DEVICE_NAME_SOURCES; i++) {
		if (device->names[i][0] != '\0' && strcasecmp(device->names[i], text) == 0)
			return true;
	}
	for (uint32_t i = 0; i < device->address_count; i++) {
		address_text(&device->addresses[i], chars);
		if (strcasecmp(chars, text) == 0)
			return true;
	}
	return false;
}

static bool covers_rule(const struct suppression_scope *scope, const struct signal *signal)
{
	const struct story *story = story_of((enum signal_kind)signal->kind);

	return scope->rule[0] == '\0' || strcmp(scope->rule, story->rule) == 0 ||
	       strcmp(scope->rule, story->name) == 0;
}

static bool covers_name(const char *name, const struct signal_object *o, const char *resolved)
{
	if (o->kind == OBJECT_ZONE)
		return text_host_under(o->text, name);
	if (resolved[0] != '\0' && !text_host_under(resolved, name))
		return false;
	return o->kind == OBJECT_HOST ? text_host_under(o->text, name) : resolved[0] != '\0';
}

static bool covers_place(const struct suppression_scope *scope, const struct signal *signal,
			 const char *resolved)
{
	const struct signal_object *o = &signal->object;

	if (scope->port != 0 && scope->port != o->port)
		return false;
	if (scope->has_prefix && !(o->has_address && prefix_holds(&scope->prefix, &o->address)))
		return false;
	return scope->name[0] == '\0' || covers_name(scope->name, o, resolved);
}

const struct suppression *suppressions_find(const struct suppressions *suppressions,
					    const struct signal *signal,
					    const struct device *device, const char *resolved)
{
	const struct decisions *d = suppressions->decisions;

	for (size_t i = 0; d && i < d->suppression_count; i++) {
		const struct suppression *s = &d->suppressions[i];

		if (suppression_state(s, signal->last) != SUPPRESSION_HOLDS ||
		    !covers_rule(&s->scope, signal) || !covers_place(&s->scope, signal, resolved))
			continue;
		if (s->scope.device[0] == '\0' ||
		    (device && suppressions_names_device(s->scope.device, device)))
			return s;
	}
	return NULL;
}

static uint64_t key_of(const struct suppression *s)
{
	return distinct_hash(s->id, strlen(s->id));
}

static struct tally *touch(struct suppressions *suppressions, const struct suppression *by,
			   nanotime when)
{
	uint64_t key = key_of(by);
	bool is_new;
	struct tally *tally = lru_map_touch(suppressions->tallies, &key, &is_new);

	if (when > tally->last)
		tally->last = when;
	return tally;
}

void suppressions_note_held(struct suppressions *suppressions, const struct suppression *by,
			    nanotime when)
{
	touch(suppressions, by, when)->held++;
}

void suppressions_note_shown(struct suppressions *suppressions, const struct suppression *by,
			     nanotime when)
{
	touch(suppressions, by, when)->shown++;
}

size_t suppressions_count(const struct suppressions *suppressions)
{
	return suppressions->decisions ? suppressions->decisions->suppression_count : 0;
}

struct suppression_use suppressions_use_of(struct suppressions *suppressions, size_t i)
{
	const struct suppression *entry = &suppressions->decisions->suppressions[i];
	uint64_t key = key_of(entry);
	const struct tally *tally = lru_map_find(suppressions->tallies, &key);
	struct suppression_use use = { .entry = entry };

	if (tally) {
		use.held = tally->held;
		use.shown = tally->shown;
		use.last = tally->last;
	}
	return use;
}

enum suppression_state suppression_state(const struct suppression *entry, nanotime now)
{
	if (now >= entry->expires)
		return SUPPRESSION_EXPIRED;
	return now < entry->since ? SUPPRESSION_NOT_YET : SUPPRESSION_HOLDS;
}

static bool is_tally_sound(const void *key, const void *value)
{
	const struct tally *tally = value;

	(void)key;
	return tally->held < UINT64_MAX / 2 && tally->shown < UINT64_MAX / 2;
}

const struct kept_table suppressions_kept[] = {
	{ .name = "judge.suppressions",
	  .version = 1,
	  .at = offsetof(struct suppressions, tallies),
	  .is_sound = is_tally_sound },
	{ 0 },
};
