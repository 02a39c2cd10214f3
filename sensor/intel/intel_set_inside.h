/* What intel_set*.c share: where in the mapped bytes each section lies. */
#pragma once

#include "sensor/intel/intel_form.h"
#include "sensor/intel/intel_set.h"

struct intel_set {
	void *mapped; /* NULL: borrowed bytes */
	size_t mapped_len;
	uint8_t *owned; /* intel_set_take()'s bytes, or NULL */
	uint8_t digest[SHA256_LEN];
	uint32_t kinds; /* a bit for each enum intel_kind that it holds */
	struct intel_issue issue;
	const struct intel_header *header;
	const uint32_t *buckets;
	const uint8_t *keys;
	const uint32_t *owners;
	const uint8_t *filter;
	const struct intel_range *ranges;
	const struct intel_passport *passports;
	const char *texts;
};

/*
 * Of a mapped file, that part need not stay in this process until it is asked for: a set that is
 * checked while another one is in use does not take its room twice. Else nothing.
 */
void intel_set_let_go(const struct intel_set *set, const void *part, size_t len);

/* Points the sections into `len` bytes without the signature, if they are a set from end to end. */
enum intel_fault intel_set_attach(struct intel_set *set, const void *bytes, size_t len);
