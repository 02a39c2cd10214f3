#include "sensor/lane/lane_slot.h"

#include "sensor/flow/flow_seqlock.h"

#include <string.h>

#define WORD_OF(member) (offsetof(struct lane_names, member) / sizeof(uint64_t))

enum {
	READ_TRIES = 64,
	WORDS = sizeof(struct lane_names) / sizeof(uint64_t),
	HOST_WORD = WORD_OF(host),
	PROTOCOL_WORD = WORD_OF(protocol),
	PROTOCOL_WORDS = FACT_PROTOCOL_LEN / sizeof(uint64_t),
};

_Static_assert(HOST_WORD == 1 && PROTOCOL_WORD + PROTOCOL_WORDS == WORDS, "each in whole words");

typedef uint64_t __attribute__((may_alias)) shared_word;

_Static_assert(offsetof(struct lane_slot, names) % sizeof(uint64_t) == 0, "read by words");

static bool read_names(const struct lane_slot *slot, struct lane_names *out)
{
	const shared_word *from = (const void *)&slot->names;
	uint64_t words[WORDS];
	uint32_t version = __atomic_load_n(&slot->version, __ATOMIC_ACQUIRE);

	if (version % 2 != 0)
		return false;
	for (size_t i = 0; i < WORDS; i++)
		words[i] = __atomic_load_n(&from[i], __ATOMIC_RELAXED);
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	if (__atomic_load_n(&slot->version, __ATOMIC_RELAXED) != version)
		return false;
	memcpy(out, words, sizeof(*out));
	return true;
}

bool lane_slot_read(const void *slot, uint32_t generation, struct lane_slot_view *out)
{
	struct lane_names names;

	for (int tries = 0; tries < READ_TRIES; tries++) {
		if (!read_names(slot, &names))
			continue;
		if (names.generation != generation)
			return false;
		memcpy(out->host, names.host, sizeof(out->host));
		memcpy(out->protocol, names.protocol, sizeof(out->protocol));
		/* Another process may have written anything here. */
		out->host[sizeof(out->host) - 1] = '\0';
		out->protocol[sizeof(out->protocol) - 1] = '\0';
		return out->host[0] != '\0' || out->protocol[0] != '\0';
	}
	return false;
}

void lane_slot_name(struct lane_slot *slot, const struct lane_names *names)
{
	shared_word *to = (void *)&slot->names;
	uint64_t words[WORDS];

	memcpy(words, names, sizeof(words));
	seqlock_open(&slot->version);
	for (size_t i = 0; i < WORDS; i++)
		shared_store64(&to[i], words[i]);
	seqlock_close(&slot->version);
}

void lane_slot_set_protocol(struct lane_slot *slot, const char protocol[static FACT_PROTOCOL_LEN])
{
	shared_word *to = (void *)&slot->names;
	uint64_t words[PROTOCOL_WORDS];

	memcpy(words, protocol, sizeof(words));
	seqlock_open(&slot->version);
#pragma GCC unroll 4
	for (size_t i = 0; i < PROTOCOL_WORDS; i++)
		shared_store64(&to[PROTOCOL_WORD + i], words[i]);
	seqlock_close(&slot->version);
}

/* Zeroes everywhere; most flows are named by protocol alone, and the host is zero already. */
static void clear_names(struct lane_slot *slot, uint32_t generation)
{
	const struct lane_names nameless = { .generation = generation };
	shared_word *to = (void *)&slot->names;
	uint64_t first;

	memcpy(&first, &nameless, sizeof(first));
	seqlock_open(&slot->version);
	shared_store64(&to[0], first);
	if (slot->names.host[0] != '\0') {
		for (size_t i = HOST_WORD; i < PROTOCOL_WORD; i++)
			shared_store64(&to[i], 0);
	}
#pragma GCC unroll 4
	for (size_t i = PROTOCOL_WORD; i < WORDS; i++)
		shared_store64(&to[i], 0);
	seqlock_close(&slot->version);
}

void lane_slot_open(struct lane_slot *slot, uint32_t generation)
{
	clear_names(slot, generation);
	slot->hello = HELLO_AWAITED;
	slot->is_dpi_done = false;
	slot->risks = 0;
	slot->dpi = 0;
	slot->session = 0;
	slot->agent = 0;
	slot->shape = 0;
	slot->protocol = (struct dpi_protocol){ 0 };
	slot->tls = LANE_TLS_NONE;
	slot->is_service_settled = false;
	slot->has_answered = false;
	slot->has_pending = false;
}

void lane_slot_close(struct lane_slot *slot)
{
	__atomic_store_n(&slot->ended, (uint16_t)(slot->ended + 1), __ATOMIC_RELEASE);
}
