#include "sensor/base/utf8.h"

#include <stdint.h>

enum {
	CONTINUATION_BITS = 6,
	CONTINUATION_MASK = 0x3f,
	IS_CONTINUATION = 0x80,
	CONTINUATION_TEST = 0xc0,
	ASCII = 0x80,
};

size_t utf8_length(struct span bytes)
{
	static const struct {
		uint8_t first_min, first_max, second_min, second_max;
		size_t length;
	} forms[] = {
		{ 0xc2, 0xdf, 0x80, 0xbf, 2 }, { 0xe0, 0xe0, 0xa0, 0xbf, 3 },
		{ 0xe1, 0xec, 0x80, 0xbf, 3 }, { 0xed, 0xed, 0x80, 0x9f, 3 },
		{ 0xee, 0xef, 0x80, 0xbf, 3 }, { 0xf0, 0xf0, 0x90, 0xbf, 4 },
		{ 0xf1, 0xf3, 0x80, 0xbf, 4 }, { 0xf4, 0xf4, 0x80, 0x8f, 4 },
	};
	const uint8_t *s = bytes.data;

	if (bytes.len == 0)
		return 0;
	if (s[0] < ASCII)
		return 1;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (s[0] < forms[i].first_min || s[0] > forms[i].first_max)
			continue;
		if (bytes.len < forms[i].length || s[1] < forms[i].second_min ||
		    s[1] > forms[i].second_max)
			return 0;
		for (size_t k = 2; k < forms[i].length; k++) {
			if ((s[k] & CONTINUATION_TEST) != IS_CONTINUATION)
				return 0;
		}
		return forms[i].length;
	}
	return 0;
}

static uint32_t code_point(struct span character)
{
	static const uint8_t first_mask[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
	uint32_t code = character.data[0] & first_mask[character.len];

	for (size_t i = 1; i < character.len; i++)
		code = code << CONTINUATION_BITS | (character.data[i] & CONTINUATION_MASK);
	return code;
}

bool utf8_is_shown(struct span character)
{
	static const struct {
		uint32_t first, last;
	} hidden[] = {
		{ 0x0000, 0x001f },    { 0x007f, 0x009f }, { 0x00ad, 0x00ad }, { 0x061c, 0x061c },
		{ 0x180e, 0x180e },    { 0x200b, 0x200f }, { 0x2028, 0x202e }, { 0x2060, 0x206f },
		{ 0xfdd0, 0xfdef },    { 0xfeff, 0xfeff }, { 0xfff0, 0xfffb }, { 0xe0000, 0xe0fff },
		{ 0xf0000, 0x10ffff },
	};
	const uint32_t no_character = 0xfffe; /* this and the next, of each plane */
	uint32_t code = code_point(character);

	if ((code & no_character) == no_character)
		return false;
	for (size_t i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++) {
		if (code <= hidden[i].last)
			return code < hidden[i].first;
	}
	return true;
}
