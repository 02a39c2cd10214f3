/*
 * Which of the twelve tags of an index chunk equal one tag: bit i of the answer for tag i.
 *
 * Reads sixteen bytes, of which the last four do not count. The vector loads are not atomic:
 * only for the thread that writes the tags.
 */
#pragma once

#include <stdint.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

enum {
	TAGS = 12,
	TAGS_READ = 16,
	TAGS_MASK = (1 << TAGS) - 1,
};

static inline uint32_t tag_match_plain(const uint8_t tags[static TAGS_READ], uint8_t tag)
{
	uint32_t matches = 0;

	for (uint32_t i = 0; i < TAGS; i++)
		matches |= (uint32_t)(tags[i] == tag) << i;
	return matches;
}

#if defined(__SSE2__)

static inline uint32_t tag_match_sse2(const uint8_t tags[static TAGS_READ], uint8_t tag)
{
	__m128i all = _mm_loadu_si128((const void *)tags);
	__m128i equal = _mm_cmpeq_epi8(all, _mm_set1_epi8((char)tag));

	return (uint32_t)_mm_movemask_epi8(equal) & TAGS_MASK;
}

static inline uint32_t tag_match(const uint8_t tags[static TAGS_READ], uint8_t tag)
{
	return tag_match_sse2(tags, tag);
}

#elif defined(__aarch64__)

/* NEON has no movemask: each equal byte keeps a bit of its own, and a sum gathers the bits. */
static inline uint32_t tag_match_neon(const uint8_t tags[static TAGS_READ], uint8_t tag)
{
	static const uint8_t weights[TAGS_READ] = { 1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8 };
	uint8x16_t equal = vceqq_u8(vld1q_u8(tags), vdupq_n_u8(tag));
	uint8x16_t bits = vandq_u8(equal, vld1q_u8(weights));

	return (uint32_t)vaddv_u8(vget_low_u8(bits)) | (uint32_t)vaddv_u8(vget_high_u8(bits)) << 8;
}

static inline uint32_t tag_match(const uint8_t tags[static TAGS_READ], uint8_t tag)
{
	return tag_match_neon(tags, tag);
}

#else

static inline uint32_t tag_match(const uint8_t tags[static TAGS_READ], uint8_t tag)
{
	return tag_match_plain(tags, tag);
}

#endif
