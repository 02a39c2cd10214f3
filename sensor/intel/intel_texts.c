/* The texts of a set that is being built: names of sources and of families. */
#include "sensor/intel/intel_builder_inside.h"

#include <stdlib.h>
#include <string.h>

enum { ROOM_AT_FIRST = 1024 };

void *intel_grown(void *array, size_t count, size_t *room, size_t size)
{
	size_t more = *room == 0 ? ROOM_AT_FIRST : *room * 2;
	void *moved;

	if (count < *room)
		return array;
	moved = realloc(array, more * size);
	if (moved)
		*room = more;
	return moved;
}

enum err intel_text_add(struct intel_builder *b, const char *text, uint32_t *at)
{
	size_t len = strlen(text) + 1;

	while (b->text_room - b->text_len < len) {
		char *moved = intel_grown(b->texts, b->text_room, &b->text_room, 1);

		if (!moved)
			return ERR_MEMORY;
		b->texts = moved;
	}
	if (b->text_len + len > UINT32_MAX)
		return ERR_FULL;
	memcpy(b->texts + b->text_len, text, len);
	*at = (uint32_t)b->text_len;
	b->text_len += len;
	return ERR_OK;
}

/* Where among the families in the order of their texts `name` stands, or would. */
static size_t family_place(const struct intel_builder *b, const char *name, bool *is_there)
{
	size_t low = 0;
	size_t high = b->family_count;

	*is_there = false;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(b->texts + b->families[middle], name);

		if (order == 0) {
			*is_there = true;
			return middle;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static enum err add_family(struct intel_builder *b, const char *name, size_t place)
{
	uint32_t *moved =
		intel_grown(b->families, b->family_count, &b->family_room, sizeof(b->families[0]));
	uint32_t at;
	enum err err;

	if (!moved)
		return ERR_MEMORY;
	b->families = moved;
	err = intel_text_add(b, name, &at);
	if (err != ERR_OK)
		return err;
	memmove(b->families + place + 1, b->families + place,
		(b->family_count - place) * sizeof(b->families[0]));
	b->families[place] = at;
	b->family_count++;
	return ERR_OK;
}

enum err intel_family_of(struct intel_builder *b, const char *name, uint32_t *out)
{
	bool is_there;
	size_t place;

	*out = 0;
	if (name[0] == '\0')
		return ERR_OK;
	place = family_place(b, name, &is_there);
	if (!is_there) {
		enum err err;

		/* A feed that names each item differently names no family. */
		if (b->family_count == INTEL_FAMILIES_MAX)
			return ERR_OK;
		err = add_family(b, name, place);
		if (err != ERR_OK)
			return err;
	}
	*out = b->families[place];
	return ERR_OK;
}

static void follow(struct intel_builder *b, const uint32_t *moved)
{
	for (size_t i = 0; i < b->entry_count; i++)
		b->entries[i].passport.family = moved[b->entries[i].passport.family];
	for (size_t i = 0; i < b->network_count; i++)
		b->networks[i].passport.family = moved[b->networks[i].passport.family];
}

bool intel_texts_settle(struct intel_builder *b)
{
	uint32_t *moved = calloc(b->text_len, sizeof(moved[0]));
	char *texts = malloc(b->text_room);
	size_t len = 1;

	if (!moved || !texts) {
		free(moved);
		free(texts);
		return false;
	}
	texts[0] = '\0';
	for (size_t i = 0; i < INTEL_SOURCES_MAX + b->family_count; i++) {
		uint32_t *at = i < INTEL_SOURCES_MAX ? &b->sources[i]
						     : &b->families[i - INTEL_SOURCES_MAX];
		size_t bytes = strlen(b->texts + *at) + 1;

		if (*at == 0)
			continue;
		memcpy(texts + len, b->texts + *at, bytes);
		moved[*at] = (uint32_t)len;
		*at = (uint32_t)len;
		len += bytes;
	}
	follow(b, moved);
	free(moved);
	free(b->texts);
	b->texts = texts;
	b->text_len = len;
	return true;
}
