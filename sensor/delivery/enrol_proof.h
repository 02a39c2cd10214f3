/*
 * How a sensor and its desk come to know each other (CONTRACT.md, "Enrolment"): a code of 100 bits
 * that a person carries. Each side proves to the other that it knows the code, over all that it
 * says; so nobody in between can change anything, whatever TLS says of a private authority.
 *
 * Plain values; any thread. Used by both sides.
 */
#pragma once

#include "sensor/digest/hmac.h"

enum {
	ENROL_CODE_LEN = 21, /* 20 characters of Crockford's base32 and a NUL */
	ENROL_ID_LEN = 6,    /* its first five, which are no secret */
	ENROL_PROOF_LEN = 2 * SHA256_LEN + 1,
	ENROL_FIELD_MAX = 1024, /* of each text in a proof, with its NUL */
};

/*
 * Reads a code as a person types it: any case, dashes and blanks anywhere, O for 0, I and L for 1.
 * False when it is none; then `out` is "".
 */
bool enrol_code_take(const char *typed, char out[static ENROL_CODE_LEN]);

/* What the sensor says. No text holds a control character. */
struct enrol_request {
	char code_id[ENROL_ID_LEN];
	const char *public_key; /* 64 hex */
	const char *host;
	const char *version;
};

/* What the desk answers; `authority` and `policy` may hold anything. */
struct enrol_reply {
	const char *public_key; /* the sensor's, as it was sent */
	const char *sensor;
	const char *office;
	const char *token;
	const char *desk_key;
	const char *authority;
	const char *policy;
};

/* False when a text is too long or holds a control character: there is no proof of such. */
bool enrol_request_proof(const char *code, const struct enrol_request *request,
			 char out[static ENROL_PROOF_LEN]);
bool enrol_reply_proof(const char *code, const struct enrol_reply *reply,
		       char out[static ENROL_PROOF_LEN]);

/* Whether `given`, from outside, is that proof. */
bool enrol_proof_is(const char *given, const char proof[static ENROL_PROOF_LEN]);
