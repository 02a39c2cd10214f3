/*
 * Whom a device had to do with outside, and how such rows lie in a block on the disk: numbers of
 * seven bits a byte, some 40 bytes a row. A block is written once and read by whoever comes later,
 * so nothing in it is trusted: a row that makes no sense is left out and counted.
 */
#pragma once

#include "dissectors/cursor.h"
#include "sensor/base/address.h"
#include "sensor/base/nanotime.h"
#include "sensor/fact/fact.h"

enum contact_kind { CONTACT_NAME, CONTACT_ADDRESS, CONTACT_KINDS };

enum contact_flag {
	CONTACT_MET = 1,        /* it was answered; else the name was only looked up */
	CONTACT_WAS_LISTED = 2, /* a list named it at that time: that was told then */
	CONTACT_KNOWN_NAME = 4, /* an address, asked for by the name of a service that all use */
	CONTACT_FLAGS = 8,
};

/* Cleared before it is filled: no padding is read. */
struct contact {
	uint32_t device; /* its number in the inventory */
	uint8_t kind;    /* enum contact_kind */
	uint8_t flags;   /* enum contact_flag */
	uint16_t port;   /* of an address; 0 has none */
	struct address address;
	nanotime first; /* whole seconds on the disk */
	nanotime last;
	uint64_t flows; /* answered, that have ended */
	uint64_t lookups;
	uint64_t bytes_up; /* of those flows */
	uint64_t bytes_down;
	char name[FACT_HOST_LEN]; /* lower case; a longer one without its first labels */
};

/* Adds up what is known of one device and item in two rows. */
void contact_join(struct contact *into, const struct contact *more);

/* By device, then by item: <0, 0, >0. */
int contact_compare(const struct contact *a, const struct contact *b);

enum {
	CONTACT_BLOCK_BYTES = 32 << 10,
	CONTACT_ROW_MOST = 192, /* bytes of one row */
};

/* A block in the making, and what stands in it. */
struct contact_block {
	nanotime first;
	nanotime last;
	uint32_t rows;
	size_t len;
	uint8_t bytes[CONTACT_BLOCK_BYTES];
};

void contact_block_begin(struct contact_block *block);
/* False when it is full. */
bool contact_block_add(struct contact_block *block, const struct contact *contact);
/* What is to be written down: until the next row is added. */
struct span contact_block_end(struct contact_block *block);

/* A block that is read. */
struct contact_rows {
	struct cursor in;
	uint64_t unsound; /* rows that were left out */
};

/* False: damaged, or of another layout; there are no rows then. `bytes` is borrowed. */
bool contact_rows_open(struct contact_rows *rows, struct span bytes);
bool contact_rows_next(struct contact_rows *rows, struct contact *out);
