/* Sealed parcels of a stream, for tests of what reads them. */
#pragma once

#include "sensor/delivery/stream_check.h"
#include "tests/support/cmocka.h"

#include <sodium.h>
#include <string.h>

#define PARCELS_BODY "{\"schema\":\"hinomi.canary/1\",\"token\":\"\xe3\x81\x82 \\\" 0.85\"}"

struct parcels {
	struct sign_public public;
	struct sign_secret secret;
	struct stream_head head;
};

static inline void parcels_start(struct parcels *p, uint8_t seed_byte)
{
	uint8_t seed[crypto_sign_SEEDBYTES];

	assert_int_equal(sign_start(), ERR_OK);
	memset(p, 0, sizeof(*p));
	memset(seed, seed_byte, sizeof(seed));
	assert_int_equal(crypto_sign_seed_keypair(p->public.key, p->secret.key, seed), 0);
	sign_name_by_key(&p->public, &p->secret);
}

/* The next of sensor "s-1", stream urgent. */
static inline struct parcel parcels_next(struct parcels *p)
{
	struct parcel made = { .sensor = "s-1",
			       .stream = PARCEL_URGENT,
			       .sequence = p->head.sequence + 1,
			       .kind = PARCEL_CANARY,
			       .key = "0123456789ab",
			       .revision = 1,
			       .made = UINT64_C(1763773200) * NANOTIME_SECOND + 123456000,
			       .body = PARCELS_BODY,
			       .body_len = sizeof(PARCELS_BODY) - 1 };

	memcpy(made.previous, p->head.chain, SHA256_LEN);
	parcel_seal(&made, &p->secret);
	stream_advance(&p->head, &made);
	return made;
}
