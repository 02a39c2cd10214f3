/*
 * The form of an intel set's file. Little-endian, every section at a multiple of 8 bytes:
 *
 *     struct intel_header
 *     buckets   u32[65537]       where each first two bytes of a key begin among the keys
 *     keys      u8[6] each       the other six, ascending within a bucket
 *     owners    u32 each         the passport of each key
 *     filter    u8 each          fuse_filter.h over all keys
 *     ranges    struct intel_range, ascending, none overlaps another
 *     passports struct intel_passport, each different
 *     texts     NUL-ended; families and sources point here; the first is ""
 *     signature minisign's, over all before it
 *     struct intel_tail
 *
 * A key is SipHash-1-3, under a key of zeros, of a byte of enum intel_kind and the item in
 * its plain form (intel_item.h). Names are not in the file: a set of a million has 14 MB.
 */
#pragma once

#include "sensor/base/address.h"
#include "sensor/intel/fuse_filter.h"

#include <stdint.h>

enum {
	INTEL_VERSION = 1,
	INTEL_BUCKETS = 1 << 16,
	INTEL_KEY_LEN = 6,
	INTEL_SOURCES_MAX = 32,
	INTEL_FILE_MAX = 256 << 20,
};

enum intel_section {
	INTEL_SECTION_BUCKETS,
	INTEL_SECTION_KEYS,
	INTEL_SECTION_OWNERS,
	INTEL_SECTION_FILTER,
	INTEL_SECTION_RANGES,
	INTEL_SECTION_PASSPORTS,
	INTEL_SECTION_TEXTS,
	INTEL_SECTIONS,
};

struct intel_header {
	char magic[8]; /* INTEL_MAGIC */
	uint32_t version;
	uint32_t purpose; /* enum intel_purpose */
	struct fuse_filter filter;
	uint64_t keys; /* how many of each … */
	uint32_t ranges;
	uint32_t passports;
	uint32_t sources[INTEL_SOURCES_MAX]; /* where in the texts; 0 is none */
	struct {
		uint64_t at;
		uint64_t bytes;
	} sections[INTEL_SECTIONS];
};

struct intel_range {
	struct address first;
	struct address last; /* within it */
	uint32_t passport;
	uint32_t spare; /* zero */
};

/* What is known of an item, and from whom. Days count from 2000-01-01; 0 is not known. */
struct intel_passport {
	uint32_t sources; /* a bit for each that lists it */
	uint32_t family;  /* where in the texts */
	uint16_t listed;
	uint16_t confirmed;
	uint8_t confidence; /* 0 … 100, as its sources say; of prevalence: offices, at most 255 */
	uint8_t kind;       /* enum intel_kind */
	uint8_t class;      /* enum intel_class */
	uint8_t flags;      /* enum intel_flag */
};

struct intel_tail {
	uint32_t signature_bytes;
	char magic[4]; /* INTEL_TAIL_MAGIC */
};

#define INTEL_MAGIC      "HINOMI\r\n"
#define INTEL_TAIL_MAGIC "sign"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "sections are read where they lie");
_Static_assert(sizeof(struct intel_header) == 288 && sizeof(struct intel_range) == 40 &&
		       sizeof(struct intel_passport) == 16 && sizeof(struct intel_tail) == 8,
	       "no padding: these lie in files");
