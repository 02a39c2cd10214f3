/*
 * One item of an intel set, in its plain form: two ways to write the same thing become the same
 * bytes, so that what is seen on the wire finds what was listed.
 */
#pragma once

#include "sensor/base/address.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum intel_kind {
	INTEL_NAME,     /* lower case, no dot at the end */
	INTEL_ADDRESS,  /* 16 bytes */
	INTEL_ENDPOINT, /* 16 bytes and the port, high byte first */
	INTEL_NETWORK,  /* not a key but a range */
	INTEL_URL, /* name or address, "/", path and query; no scheme, no port; or a path alone */
	INTEL_JA4, /* as text */
	INTEL_JA3, /* 16 bytes, as HASSH */
	INTEL_HASSH,
	INTEL_SHA1, /* of a certificate: 20 bytes; 32 */
	INTEL_SHA256,
	INTEL_KINDS,
};

enum { INTEL_ITEM_MAX = 1024 };

struct intel_item {
	enum intel_kind kind;
	struct prefix network; /* of INTEL_ADDRESS, _ENDPOINT and _NETWORK */
	uint16_t port;
	size_t len;
	uint8_t bytes[INTEL_ITEM_MAX]; /* what is hashed */
};

const char *intel_kind_text(enum intel_kind kind);

/*
 * From texts that may be longer than an item, or no such thing at all: ERR_SYNTAX. A name is a host
 * name with a dot in it; a URL may have a scheme and a port, which are left out.
 */
MUST_USE enum err intel_item_name(const char *text, struct intel_item *out);
MUST_USE enum err intel_item_name_of(const char *text, size_t len, struct intel_item *out);
/*
 * A path's escapes become those of RFC 3986 6.2.2: none where none is needed, else in capitals;
 * bytes that no URL may hold are escaped. What is behind "#" never leaves a browser. What begins
 * with "/" is a path of whatever host; its "/" at the end says nothing, and is left out.
 */
MUST_USE enum err intel_item_url(const char *text, struct intel_item *out);
/* An address, a network, or either in brackets with a port: the kind follows. */
MUST_USE enum err intel_item_network(const char *text, struct intel_item *out);
/* JA4's own form, or hexadecimal digits of the kind's length. */
MUST_USE enum err intel_item_print(enum intel_kind kind, const char *text, struct intel_item *out);

/* By the kind it is said to be; of networks the kind that follows may be another. */
MUST_USE enum err intel_item_parse(enum intel_kind kind, const char *text, struct intel_item *out);

void intel_item_of_address(const struct address *address, struct intel_item *out);
void intel_item_of_endpoint(const struct address *address, uint16_t port, struct intel_item *out);

/*
 * What the text looks most like: an address or network, a name, a fingerprint by length, a URL.
 * A name with a port but no path is none of them.
 */
MUST_USE enum err intel_item_guess(const char *text, struct intel_item *out);

/*
 * The key under which sets hold an item. The same in each set and on each machine: sets are
 * compared with one another, and with what a sensor remembers. `message` begins with the kind.
 */
uint64_t intel_key_of(const uint8_t *message, size_t len);
uint64_t intel_item_key(const struct intel_item *item);
