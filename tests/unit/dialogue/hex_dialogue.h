/* Dialogues written as hexadecimal digits, for protocols whose messages are no text. */
#pragma once

#include "tests/unit/dialogue/dialogue_bench.h"

static inline uint8_t hex_digit(char c)
{
	return (uint8_t)(c <= '9' ? c - '0' : c - 'a' + 10);
}

/* The bytes that `digits` stand for, on the heap; they live as long as the program. */
static inline const char *hex_bytes(const char *digits, size_t *len)
{
	size_t count = strlen(digits) / 2;
	char *bytes = malloc(count + 1);

	assert_non_null(bytes);
	for (size_t i = 0; i < count; i++)
		bytes[i] = (char)(hex_digit(digits[2 * i]) << 4 | hex_digit(digits[2 * i + 1]));
	*len = count;
	return bytes;
}

/* Digits become the bytes that they stand for. */
static inline void hex_decode_parts(struct dialogue_part *parts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		parts[i].bytes = hex_bytes(parts[i].bytes, &parts[i].len);
}

/* A body of `more` bytes behind what was decoded: string literals cannot be that long. */
static inline void hex_lengthen(struct dialogue_part *part, size_t more)
{
	char *bytes = malloc(part->len + more);

	assert_non_null(bytes);
	memcpy(bytes, part->bytes, part->len);
	memset(bytes + part->len, 'x', more);
	free((void *)(uintptr_t)part->bytes);
	part->bytes = bytes;
	part->len += more;
}
