/*
 * Numbers as digits, straight into the caller's characters: printf takes about 400 instructions
 * for what takes 20 here. Each call returns the place behind what it wrote, and writes no NUL.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { DIGITS_UINT_MAX = 20, DIGITS_HEX_MAX = 16 };

extern const char digits_pairs[200];   /* "000102" up to "99" */
extern const char digits_octets[1024]; /* "0.  1.  " up to "255." */

/* Exactly two decimal digits; `value` is below 100. */
static inline char *digits_two(char *out, unsigned value)
{
	memcpy(out, digits_pairs + (size_t)2 * value, 2);
	return out + 2;
}

/* Decimal digits of an octet and a dot behind them; `out` has room for four characters. */
static inline char *digits_octet_dot(char *out, uint8_t value)
{
	memcpy(out, digits_octets + (size_t)4 * value, 4);
	return out + 2 + (value >= 10) + (value >= 100);
}

/* Exactly two hexadecimal digits, lower case. */
static inline char *digits_hex_byte(char *out, uint8_t value)
{
	out[0] = "0123456789abcdef"[value >> 4];
	out[1] = "0123456789abcdef"[value & 15];
	return out + 2;
}

/* Decimal, at most DIGITS_UINT_MAX characters. */
char *digits_uint(char *out, uint64_t value);

/* Hexadecimal, lower case, without zeros before it; at most DIGITS_HEX_MAX characters. */
char *digits_hex(char *out, uint64_t value);
