/*
 * What one message says, as a list of named values in the order in which its reader found them:
 * the part of a fact that differs from protocol to protocol. Printed as JSON and searched by
 * name; one table (attributes.c) says each one's name and kind.
 *
 * Plain values of bounded size, nothing borrowed. Text is cleaned when it is added, once
 * (text_from_wire()), so nobody behind has to.
 */
#pragma once

#include "dissectors/cursor.h"
#include "sensor/base/address.h"
#include "sensor/base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	ATTRIBUTES_BYTES = 8192,   /* all of a message's */
	ATTRIBUTE_TEXT_MAX = 4096, /* one text with its NUL; a longer one is cut */
};

/* In the order of the table. Those that come several times in a message are lists. */
enum attribute {
	ATTRIBUTE_TRANSPORT,
	ATTRIBUTE_VERSION,
	ATTRIBUTE_SNI,
	ATTRIBUTE_ALPN,
	ATTRIBUTE_ECH,
	ATTRIBUTE_JA3,
	ATTRIBUTE_JA4,
	ATTRIBUTE_JA4_R,
	ATTRIBUTE_CIPHER,
	ATTRIBUTE_RETRY,
	ATTRIBUTE_DAMAGED,
	ATTRIBUTE_CONFLICT,
	ATTRIBUTE_LEVEL,
	ATTRIBUTE_DESCRIPTION,
	ATTRIBUTE_CHAIN_PLACE,
	ATTRIBUTE_SUBJECT,
	ATTRIBUTE_SUBJECT_ORGANISATION,
	ATTRIBUTE_ISSUER,
	ATTRIBUTE_ISSUER_ORGANISATION,
	ATTRIBUTE_NAMES,
	ATTRIBUTE_NOT_BEFORE,
	ATTRIBUTE_NOT_AFTER,
	ATTRIBUTE_KEY,
	ATTRIBUTE_SERIAL,
	ATTRIBUTE_SHA1,
	ATTRIBUTE_SHA256,
	ATTRIBUTE_SELF_ISSUED,
	ATTRIBUTE_METHOD,
	ATTRIBUTE_HOST,
	ATTRIBUTE_URI,
	ATTRIBUTE_USER_AGENT,
	ATTRIBUTE_REFERER,
	ATTRIBUTE_CONTENT_TYPE,
	ATTRIBUTE_CONTENT_LENGTH,
	ATTRIBUTE_FILE_NAME,
	ATTRIBUTE_FILE_KIND,
	ATTRIBUTE_EXECUTABLE,
	ATTRIBUTE_LOCATION,
	ATTRIBUTE_AUTH,
	ATTRIBUTE_USER,
	ATTRIBUTE_PASSWORD,
	ATTRIBUTE_STATUS,
	ATTRIBUTE_SERVER,
	ATTRIBUTE_UPGRADE,
	ATTRIBUTE_WINRM,
	ATTRIBUTE_QUESTION,
	ATTRIBUTE_QUESTION_TYPE,
	ATTRIBUTE_ANSWER,
	ATTRIBUTE_AUTHORITY,
	ATTRIBUTE_ADDITIONAL,
	ATTRIBUTE_ADDRESS,
	ATTRIBUTE_CLIENT_SUBNET,
	ATTRIBUTE_TYPE,
	ATTRIBUTE_RESPONSE,
	ATTRIBUTE_NAME,
	ATTRIBUTE_SUFFIX,
	ATTRIBUTE_GROUP,
	ATTRIBUTE_RCODE,
	ATTRIBUTE_MAC,
	ATTRIBUTE_HOSTNAME,
	ATTRIBUTE_FQDN,
	ATTRIBUTE_DOMAIN,
	ATTRIBUTE_VENDOR_CLASS,
	ATTRIBUTE_VENDOR_ENTERPRISE,
	ATTRIBUTE_CLIENT_ID,
	ATTRIBUTE_CLIENT_ADDRESS,
	ATTRIBUTE_REQUESTED_ADDRESS,
	ATTRIBUTE_GIVEN_ADDRESS,
	ATTRIBUTE_SERVER_ID,
	ATTRIBUTE_ROUTER,
	ATTRIBUTE_LEASE,
	ATTRIBUTE_FINGERPRINT,
	ATTRIBUTE_RELAYS,
	ATTRIBUTE_DUID,
	ATTRIBUTE_DUID_TYPE,
	ATTRIBUTE_OPTION_REQUEST,
	ATTRIBUTE_TARGET,
	ATTRIBUTE_NTS,
	ATTRIBUTE_USN,
	ATTRIBUTE_COMMUNITY,
	ATTRIBUTE_ENCRYPTED,
	ATTRIBUTE_ENGINE_ID,
	ATTRIBUTE_OID,
	ATTRIBUTE_SYSTEM_NAME,
	ATTRIBUTE_SYSTEM_DESCRIPTION,
	ATTRIBUTE_STRATUM,
	ATTRIBUTE_REFERENCE,
	ATTRIBUTE_TRANSMIT_TIME,
	ATTRIBUTE_GROUPS,
	ATTRIBUTE_GROUPS_LEFT,
	ATTRIBUTE_ECHO_ID,
	ATTRIBUTE_PAYLOAD_BYTES,
	ATTRIBUTE_MIRRORED,
	ATTRIBUTE_ALTERED,
	ATTRIBUTE_CHASSIS_ID,
	ATTRIBUTE_PORT_ID,
	ATTRIBUTE_PORT_DESCRIPTION,
	ATTRIBUTE_CAPABILITIES,
	ATTRIBUTE_VLAN,
	ATTRIBUTE_TTL,
	ATTRIBUTE_FIRMWARE,
	ATTRIBUTE_MANUFACTURER,
	ATTRIBUTE_MODEL,
	ATTRIBUTE_DEVICE_ID,
	ATTRIBUTE_SOFTWARE_VERSION,
	ATTRIBUTE_PLATFORM,
	ATTRIBUTE_OS_VERSION,
	ATTRIBUTE_COMMENT,
	ATTRIBUTE_SIGNATURE,
	ATTRIBUTE_VERSIONS,
	ATTRIBUTE_BANNER,
	ATTRIBUTE_SOFTWARE,
	ATTRIBUTE_HASSH,
	ATTRIBUTE_HASSH_SERVER,
	ATTRIBUTE_OUTCOME,
	ATTRIBUTE_ATTEMPTS,
	ATTRIBUTE_EXCHANGE,
	ATTRIBUTE_NOTIFY,
	ATTRIBUTE_VENDOR_ID,
	ATTRIBUTE_PROTECTION,
	ATTRIBUTE_HELLO_FORM,
	ATTRIBUTE_ARGUMENT,
	ATTRIBUTE_TEXT,
	ATTRIBUTE_SERVICE,
	ATTRIBUTE_MECHANISM,
	ATTRIBUTE_SENDER,
	ATTRIBUTE_RECIPIENT,
	ATTRIBUTE_RECIPIENTS,
	ATTRIBUTE_STARTTLS,
	ATTRIBUTE_DATA_ADDRESS,
	ATTRIBUTE_DATA_PORT,
	ATTRIBUTE_PORT,
	ATTRIBUTE_TERMINAL,
	ATTRIBUTE_SECURITY,
	ATTRIBUTE_REASON,
	ATTRIBUTE_DESKTOP_NAME,
	ATTRIBUTE_WIDTH,
	ATTRIBUTE_HEIGHT,
	ATTRIBUTE_COMMAND,
	ATTRIBUTE_COOKIE,
	ATTRIBUTE_ROUTING_TOKEN,
	ATTRIBUTE_PROTOCOLS,
	ATTRIBUTE_FAILURE,
	ATTRIBUTE_COMPUTER_NAME,
	ATTRIBUTE_BUILD,
	ATTRIBUTE_KEYBOARD_LAYOUT,
	ATTRIBUTE_TOPICS,
	ATTRIBUTE_WILL_TOPIC,
	ATTRIBUTE_KEEPALIVE,
	ATTRIBUTE_BRIDGE,
	ATTRIBUTE_PAYLOAD_LENGTH,
	ATTRIBUTE_UNIT,
	ATTRIBUTE_FUNCTION,
	ATTRIBUTE_EXCEPTION,
	ATTRIBUTE_WRITE,
	ATTRIBUTE_REGISTER,
	ATTRIBUTE_QUANTITY,
	ATTRIBUTE_PATH,
	ATTRIBUTE_SHARE,
	ATTRIBUTE_PIPE,
	ATTRIBUTE_DIALECT,
	ATTRIBUTE_DIALECTS,
	ATTRIBUTE_SIGNING_REQUIRED,
	ATTRIBUTE_GUID,
	ATTRIBUTE_NT_STATUS,
	ATTRIBUTE_GUEST,
	ATTRIBUTE_ANONYMOUS,
	ATTRIBUTE_OS,
	ATTRIBUTE_LAN_MANAGER,
	ATTRIBUTE_CALLED,
	ATTRIBUTE_CALLING,
	ATTRIBUTE_WORKSTATION,
	ATTRIBUTE_NETBIOS_COMPUTER,
	ATTRIBUTE_NETBIOS_DOMAIN,
	ATTRIBUTE_DNS_COMPUTER,
	ATTRIBUTE_DNS_DOMAIN,
	ATTRIBUTE_DNS_FOREST,
	ATTRIBUTE_CHALLENGE,
	ATTRIBUTE_PROOF,
	ATTRIBUTE_MECHANISMS,
	ATTRIBUTE_STATE,
	ATTRIBUTE_MESSAGE,
	ATTRIBUTE_CLIENT_NAME,
	ATTRIBUTE_CLIENT_REALM,
	ATTRIBUTE_REALM,
	ATTRIBUTE_SERVICE_NAME,
	ATTRIBUTE_ETYPES,
	ATTRIBUTE_TICKET_REALM,
	ATTRIBUTE_TICKET_SERVICE,
	ATTRIBUTE_TICKET_ETYPE,
	ATTRIBUTE_PREAUTHENTICATED,
	ATTRIBUTE_ERROR,
	ATTRIBUTE_ERROR_NAME,
	ATTRIBUTE_OPERATION,
	ATTRIBUTE_RESULT,
	ATTRIBUTE_RESULT_NAME,
	ATTRIBUTE_INTERFACE,
	ATTRIBUTE_INTERFACES,
	ATTRIBUTE_UUIDS,
	ATTRIBUTE_OPNUM,
	ATTRIBUTE_FAULT,
	ATTRIBUTE_TARGET_HOST,
	ATTRIBUTE_ADMINISTRATIVE,
	ATTRIBUTE_ZERO_CHALLENGE,
	ATTRIBUTE_MISMATCHED,
	ATTRIBUTE_CHANNELS,
	ATTRIBUTE_ACCEPT_LANGUAGE,
	ATTRIBUTE_ACCEPT_ENCODING,
	ATTRIBUTE_COOKIES,
	ATTRIBUTE_MISMATCH,
	ATTRIBUTE_CARRIES,
	ATTRIBUTE_REUSED,
	ATTRIBUTE_TOPIC_COUNT,
	ATTRIBUTE_LIFETIME,
	ATTRIBUTE_MANAGED,
	ATTRIBUTE_PREFERENCE,
	ATTRIBUTE_NAME_SERVERS,
	ATTRIBUTE_ATTACK,
	ATTRIBUTE_COMMAND_OUTPUT,
	ATTRIBUTE_DIFFERENT,
	ATTRIBUTES,
};

enum attribute_kind {
	ATTRIBUTE_IS_TEXT,
	ATTRIBUTE_IS_NUMBER,
	ATTRIBUTE_IS_FLAG, /* there or not */
	ATTRIBUTE_IS_ADDRESS,
	ATTRIBUTE_IS_MAC,
};

struct attributes {
	uint16_t used;
	bool is_cut; /* something did not fit, or was cut by the capture */
	uint8_t spare[5];
	uint8_t bytes[ATTRIBUTES_BYTES]; /* the first `used` say something */
};

/* One of them, borrowed from the list. */
struct attribute_value {
	enum attribute attribute;
	const char *text; /* by its kind: this, NUL-terminated … */
	uint64_t number;
	struct address address;
	struct mac mac;
};

const char *attribute_name(enum attribute attribute);
enum attribute_kind attribute_kind(enum attribute attribute);
bool attribute_is_list(enum attribute attribute);

/* A list without members: `bytes` may hold anything. */
static inline void attributes_clear(struct attributes *list)
{
	memset(list, 0, offsetof(struct attributes, bytes));
}

/* How much of the struct carries anything. */
static inline size_t attributes_size(const struct attributes *list)
{
	return offsetof(struct attributes, bytes) + list->used;
}

/* Each adds one at the end; one that does not fit sets `is_cut`. The attribute is of that kind. */

/* Nothing for an empty span. */
void attributes_add_wire(struct attributes *list, enum attribute attribute, struct span wire);
/* The same in lower case: for names of hosts. */
void attributes_add_host(struct attributes *list, enum attribute attribute, struct span wire);
/* A text of our own, or one that was cleaned; nothing for "". */
void attributes_add_text(struct attributes *list, enum attribute attribute, const char *text);
/* Bytes as hexadecimal digits, for what is no text; nothing for an empty span. */
void attributes_add_hex(struct attributes *list, enum attribute attribute, struct span bytes);
void attributes_add_number(struct attributes *list, enum attribute attribute, uint64_t number);
void attributes_add_flag(struct attributes *list, enum attribute attribute);
void attributes_add_address(struct attributes *list, enum attribute attribute,
			    const struct address *address);
void attributes_add_mac(struct attributes *list, enum attribute attribute, const struct mac *mac);

/* Says that the message held more than its reader adds. */
static inline void attributes_cut(struct attributes *list)
{
	list->is_cut = true;
}

/* A text of our own under construction; one that was cut says so. */
void attributes_add_built(struct attributes *list, enum attribute attribute,
			  const struct text *text);

/*
 * The bytes of the value at `*at`, likewise, of a list whose values may be anything. False at the
 * end, or for what is no entry.
 */
bool attributes_entry(const struct attributes *list, size_t *at, enum attribute *attribute,
		      struct span *value);

/* The value at `*at`, which begins as 0 and moves on; false at the end. */
bool attributes_next(const struct attributes *list, size_t *at, struct attribute_value *out);

/* The first text of that name, or "". Borrowed from the list. */
const char *attributes_text(const struct attributes *list, enum attribute attribute);

/* The first number of that name, or `otherwise`. */
uint64_t attributes_number(const struct attributes *list, enum attribute attribute,
			   uint64_t otherwise);

/* The first of that name; false, and `*out` as it was, when there is none. */
bool attributes_address(const struct attributes *list, enum attribute attribute,
			struct address *out);
bool attributes_mac(const struct attributes *list, enum attribute attribute, struct mac *out);

/* Whether there is one of that name. */
bool attributes_has(const struct attributes *list, enum attribute attribute);
