/*
 * What an office sends its rangers, one piece: a revision of a case, a heartbeat … in the form
 * "hinomi.parcel/1" (CONTRACT.md and parcel.schema.json beside this file).
 *
 * A sensor's parcels stand in streams. In each the sequence goes 1, 2, 3 … without a gap, and each
 * parcel names the one before by its chain: SHA-256 of the signed text. That text holds all but the
 * body, and the body's SHA-256; so who was refused a body can still follow the chain.
 *
 * Plain values; any thread.
 */
#pragma once

#include "sensor/base/err.h"
#include "sensor/base/nanotime.h"
#include "sensor/digest/digest.h"
#include "sensor/sign/signature.h"

struct json; /* sensor/base/json.h, whose names are jansson's too */

#define PARCEL_SCHEMA "hinomi.parcel/1"

/* In the order in which they leave when many wait. Each is strictly in order by itself. */
enum parcel_stream {
	PARCEL_URGENT,   /* cases of priority 1 */
	PARCEL_ROUTINE,  /* all other cases, findings of health, answers to orders */
	PARCEL_PULSE,    /* heartbeats and canaries */
	PARCEL_EVIDENCE, /* capsules */
	PARCEL_STREAMS,
};

enum parcel_kind {
	PARCEL_CASE,
	PARCEL_HEALTH,
	PARCEL_HEARTBEAT,
	PARCEL_CANARY,
	PARCEL_CAPSULE,
	PARCEL_ANSWER,    /* to an order of the rangers' */
	PARCEL_SET_ASIDE, /* another parcel could not be delivered, and why */
	PARCEL_KINDS,
};

enum {
	PARCEL_SENSOR_LEN = 64, /* of a sensor's name, with its NUL */
	PARCEL_KEY_LEN = 64,    /* of what the parcel is about, with its NUL */
	PARCEL_HEX_LEN = 2 * SHA256_LEN + 1,
	PARCEL_SIGNED_MAX = 512,   /* bytes of a signed text */
	PARCEL_BODY_MAX = 1 << 20, /* bytes of a body; a larger one is set aside */
};

struct parcel {
	char sensor[PARCEL_SENSOR_LEN];
	enum parcel_stream stream;
	uint64_t sequence; /* from 1 on */
	enum parcel_kind kind;
	char key[PARCEL_KEY_LEN]; /* with `revision`: the same is never told twice under others */
	uint64_t revision;        /* of two with the same kind and key the higher one counts */
	nanotime made;            /* by the sensor's wall clock */
	uint8_t previous[SHA256_LEN]; /* chain of the one before; zeros before the first */
	uint8_t digest[SHA256_LEN];   /* of the body */
	uint8_t signer[SIGN_ID_LEN];
	uint8_t signature[SIGNATURE_LEN];
	const char *body; /* JSON text, valid UTF-8, with a NUL behind; borrowed */
	size_t body_len;
};

/* "urgent", "case" …: the words on the wire. PARCEL_STREAMS and PARCEL_KINDS when it is none. */
const char *parcel_stream_name(enum parcel_stream stream);
enum parcel_stream parcel_stream_named(const char *name);
const char *parcel_kind_name(enum parcel_kind kind);
enum parcel_kind parcel_kind_named(const char *name);

/* 1 to PARCEL_SENSOR_LEN - 1 (PARCEL_KEY_LEN - 1) letters, digits, '.', '_', '-' or ':'. */
bool parcel_name_is_good(const char *name);

/* The text that is signed; returns its length, without the NUL. */
size_t parcel_signed_text(const struct parcel *parcel, char out[static PARCEL_SIGNED_MAX]);

/* What the next parcel of the stream calls `previous`. */
void parcel_chain(const struct parcel *parcel, uint8_t chain[static SHA256_LEN]);

/* Fills digest, signer and signature from all else. */
void parcel_seal(struct parcel *parcel, const struct sign_secret *secret);

enum parcel_fault {
	PARCEL_SOUND,
	PARCEL_BODY_CHANGED,  /* its digest is another */
	PARCEL_OTHER_SIGNER,  /* than the key given */
	PARCEL_BAD_SIGNATURE, /* something of it was changed */
};

enum parcel_fault parcel_check(const struct parcel *parcel, const struct sign_public *key);

/* RFC 3339 as nanotime_text() writes it; false when `text` is nothing of the kind. */
bool parcel_time(const char *text, nanotime *out);

/* One object; of the name `key`, or NULL inside an array. */
void parcel_json(struct json *j, const char *key, const struct parcel *parcel);
