/*
 * SipHash-1-3 (Aumasson, Bernstein 2012): keyed for tables that strangers fill, and with a zero
 * key where the value must be the same everywhere (lanes). A keyed value never decides what the
 * sensor says, only where it keeps things.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct hash_key {
	uint64_t k0;
	uint64_t k1;
};

uint64_t hash_bytes(const struct hash_key *key, const void *data, size_t len);

/*
 * hash_bytes() of `count` words and seven bytes of `rest`, whose top byte is zero, in
 * little-endian order: for keys that are at hand as words.
 */
uint64_t hash_words(const struct hash_key *key, const uint64_t *words, size_t count, uint64_t rest);

/* The same of one word. */
uint64_t hash_word(const struct hash_key *key, uint64_t word, uint64_t rest);
