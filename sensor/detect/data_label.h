/* Whether a label of a name was written by a person, or is data in disguise. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the labels before a zone look like. */
struct data_labels {
	bool is_data; /* one of them at least: hexadecimal, base32 or base64, or no text at all */
	bool is_full; /* one is as long as labels get, or they are many long ones */
	bool is_wide; /* one has letters that hexadecimal has not, many of them */
	bool is_service; /* a label in front of others' records: "_domainkey", "_acme-challenge" */
	bool has_number; /* one is a number alone: the first of them is … */
	uint32_t number;
};

/* The first `len` characters of a name. */
struct data_labels data_labels_of(const char *name, size_t len);
