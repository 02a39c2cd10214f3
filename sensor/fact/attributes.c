#include "sensor/fact/attributes.h"

#include "sensor/base/digits.h"

#include <assert.h>
#include <string.h>

struct attribute_row {
	const char *name; /* in JSON */
	uint8_t kind;     /* enum attribute_kind */
	bool is_list;
};

static const struct attribute_row rows[ATTRIBUTES] = {
	[ATTRIBUTE_TRANSPORT] = { "transport", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_VERSION] = { "version", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_SNI] = { "sni", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_ALPN] = { "alpn", ATTRIBUTE_IS_TEXT, true },
	[ATTRIBUTE_ECH] = { "ech", ATTRIBUTE_IS_FLAG, false },
	[ATTRIBUTE_JA3] = { "ja3", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_JA4] = { "ja4", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_JA4_R] = { "ja4_r", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_CIPHER] = { "cipher", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_RETRY] = { "retry", ATTRIBUTE_IS_FLAG, false },
	[ATTRIBUTE_DAMAGED] = { "damaged", ATTRIBUTE_IS_FLAG, false },
	[ATTRIBUTE_CONFLICT] = { "conflict", ATTRIBUTE_IS_FLAG, false },
	[ATTRIBUTE_LEVEL] = { "level", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_DESCRIPTION] = { "description", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_CHAIN_PLACE] = { "chain_place", ATTRIBUTE_IS_NUMBER, false },
	[ATTRIBUTE_SUBJECT] = { "subject", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_SUBJECT_ORGANISATION] = { "subject_organisation", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_ISSUER] = { "issuer", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_ISSUER_ORGANISATION] = { "issuer_organisation", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_NAMES] = { "names", ATTRIBUTE_IS_TEXT, true },
	[ATTRIBUTE_NOT_BEFORE] = { "not_before", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_NOT_AFTER] = { "not_after", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_KEY] = { "key", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_SERIAL] = { "serial", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_SHA1] = { "sha1", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_SHA256] = { "sha256", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_SELF_ISSUED] = { "self_issued", ATTRIBUTE_IS_FLAG, false },
	[ATTRIBUTE_METHOD] = { "method", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_HOST] = { "host", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_URI] = { "uri", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_USER_AGENT] = { "user_agent", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_REFERER] = { "referer", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_CONTENT_TYPE] = { "content_type", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_CONTENT_LENGTH] = { "content_length", ATTRIBUTE_IS_NUMBER, false },
	[ATTRIBUTE_FILE_NAME] = { "file_name", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_FILE_KIND] = { "file_kind", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_EXECUTABLE] = { "executable", ATTRIBUTE_IS_FLAG, false },
	[ATTRIBUTE_LOCATION] = { "location", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_AUTH] = { "auth", ATTRIBUTE_IS_TEXT, true },
	[ATTRIBUTE_USER] = { "user", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_PASSWORD] = { "password", ATTRIBUTE_IS_FLAG, false },
	[ATTRIBUTE_STATUS] = { "status", ATTRIBUTE_IS_NUMBER, false },
	[ATTRIBUTE_SERVER] = { "server_software", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_UPGRADE] = { "upgrade", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_WINRM] = { "winrm", ATTRIBUTE_IS_FLAG, false },
	[ATTRIBUTE_QUESTION] = { "questions", ATTRIBUTE_IS_TEXT, true },
	[ATTRIBUTE_QUESTION_TYPE] = { "question_types", ATTRIBUTE_IS_TEXT, true },
	[ATTRIBUTE_ANSWER] = { "answers", ATTRIBUTE_IS_TEXT, true },
	[ATTRIBUTE_AUTHORITY] = { "authority", ATTRIBUTE_IS_TEXT, true },
	[ATTRIBUTE_ADDITIONAL] = { "additional", ATTRIBUTE_IS_TEXT, true },
	[ATTRIBUTE_ADDRESS] = { "addresses", ATTRIBUTE_IS_ADDRESS, true },
	[ATTRIBUTE_CLIENT_SUBNET] = { "client_subnet", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_TYPE] = { "type", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_RESPONSE] = { "response", ATTRIBUTE_IS_FLAG, false },
	[ATTRIBUTE_NAME] = { "name", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_SUFFIX] = { "suffix", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_GROUP] = { "group", ATTRIBUTE_IS_FLAG, false },
	[ATTRIBUTE_RCODE] = { "rcode", ATTRIBUTE_IS_NUMBER, false },
	[ATTRIBUTE_MAC] = { "mac", ATTRIBUTE_IS_MAC, false },
	[ATTRIBUTE_HOSTNAME] = { "hostname", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_FQDN] = { "fqdn", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_DOMAIN] = { "domain", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_VENDOR_CLASS] = { "vendor_class", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_VENDOR_ENTERPRISE] = { "vendor_enterprise", ATTRIBUTE_IS_NUMBER, false },
	[ATTRIBUTE_CLIENT_ID] = { "client_id", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_CLIENT_ADDRESS] = { "client_address", ATTRIBUTE_IS_ADDRESS, false },
	[ATTRIBUTE_REQUESTED_ADDRESS] = { "requested_address", ATTRIBUTE_IS_ADDRESS, false },
	[ATTRIBUTE_GIVEN_ADDRESS] = { "given_address", ATTRIBUTE_IS_ADDRESS, false },
	[ATTRIBUTE_SERVER_ID] = { "server_id", ATTRIBUTE_IS_ADDRESS, false },
	[ATTRIBUTE_ROUTER] = { "router", ATTRIBUTE_IS_ADDRESS, false },
	[ATTRIBUTE_LEASE] = { "lease_seconds", ATTRIBUTE_IS_NUMBER, false },
	[ATTRIBUTE_FINGERPRINT] = { "fingerprint", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_RELAYS] = { "relays", ATTRIBUTE_IS_NUMBER, false },
	[ATTRIBUTE_DUID] = { "duid", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_DUID_TYPE] = { "duid_type", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_OPTION_REQUEST] = { "option_request", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_TARGET] = { "target", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_NTS] = { "nts", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_USN] = { "usn", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_COMMUNITY] = { "community", ATTRIBUTE_IS_FLAG, false },
	[ATTRIBUTE_ENCRYPTED] = { "encrypted", ATTRIBUTE_IS_FLAG, false },
	[ATTRIBUTE_ENGINE_ID] = { "engine_id", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_OID] = { "oids", ATTRIBUTE_IS_TEXT, true },
	[ATTRIBUTE_SYSTEM_NAME] = { "system_name", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_SYSTEM_DESCRIPTION] = { "system_description", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_STRATUM] = { "stratum", ATTRIBUTE_IS_NUMBER, false },
	[ATTRIBUTE_REFERENCE] = { "reference", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_TRANSMIT_TIME] = { "transmit_time", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_GROUPS] = { "groups", ATTRIBUTE_IS_ADDRESS, true },
	[ATTRIBUTE_GROUPS_LEFT] = { "groups_left", ATTRIBUTE_IS_ADDRESS, true },
	[ATTRIBUTE_ECHO_ID] = { "echo_id", ATTRIBUTE_IS_NUMBER, false },
	[ATTRIBUTE_PAYLOAD_BYTES] = { "payload_bytes", ATTRIBUTE_IS_NUMBER, false },
	[ATTRIBUTE_MIRRORED] = { "mirrored", ATTRIBUTE_IS_FLAG, false },
	[ATTRIBUTE_ALTERED] = { "altered", ATTRIBUTE_IS_FLAG, false },
	[ATTRIBUTE_CHASSIS_ID] = { "chassis_id", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_PORT_ID] = { "port_id", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_PORT_DESCRIPTION] = { "port_description", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_CAPABILITIES] = { "capabilities", ATTRIBUTE_IS_TEXT, true },
	[ATTRIBUTE_VLAN] = { "vlan", ATTRIBUTE_IS_NUMBER, false },
	[ATTRIBUTE_TTL] = { "ttl_seconds", ATTRIBUTE_IS_NUMBER, false },
	[ATTRIBUTE_FIRMWARE] = { "firmware", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_MANUFACTURER] = { "manufacturer", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_MODEL] = { "model", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_DEVICE_ID] = { "device_id", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_SOFTWARE_VERSION] = { "software_version", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_PLATFORM] = { "platform", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_OS_VERSION] = { "os_version", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_COMMENT] = { "comment", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_SIGNATURE] = { "signature", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_VERSIONS] = { "versions", ATTRIBUTE_IS_TEXT, true },
	[ATTRIBUTE_BANNER] = { "banner", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_SOFTWARE] = { "software", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_HASSH] = { "hassh", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_HASSH_SERVER] = { "hassh_server", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_OUTCOME] = { "outcome", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_ATTEMPTS] = { "attempts", ATTRIBUTE_IS_NUMBER, false },
	[ATTRIBUTE_EXCHANGE] = { "exchange", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_NOTIFY] = { "notify", ATTRIBUTE_IS_TEXT, true },
	[ATTRIBUTE_VENDOR_ID] = { "vendor_id", ATTRIBUTE_IS_TEXT, true },
	[ATTRIBUTE_PROTECTION] = { "protection", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_HELLO_FORM] = { "hello_form", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_ARGUMENT] = { "argument", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_TEXT] = { "text", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_SERVICE] = { "service", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_MECHANISM] = { "mechanism", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_SENDER] = { "sender", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_RECIPIENT] = { "recipient", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_RECIPIENTS] = { "recipients", ATTRIBUTE_IS_NUMBER, false },
	[ATTRIBUTE_STARTTLS] = { "starttls", ATTRIBUTE_IS_FLAG, false },
	[ATTRIBUTE_DATA_ADDRESS] = { "data_address", ATTRIBUTE_IS_ADDRESS, false },
	[ATTRIBUTE_DATA_PORT] = { "data_port", ATTRIBUTE_IS_NUMBER, false },
	[ATTRIBUTE_PORT] = { "port", ATTRIBUTE_IS_NUMBER, false },
	[ATTRIBUTE_TERMINAL] = { "terminal", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_SECURITY] = { "security", ATTRIBUTE_IS_TEXT, true },
	[ATTRIBUTE_REASON] = { "reason", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_DESKTOP_NAME] = { "desktop_name", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_WIDTH] = { "width", ATTRIBUTE_IS_NUMBER, false },
	[ATTRIBUTE_HEIGHT] = { "height", ATTRIBUTE_IS_NUMBER, false },
	[ATTRIBUTE_COMMAND] = { "command", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_COOKIE] = { "cookie", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_ROUTING_TOKEN] = { "routing_token", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_PROTOCOLS] = { "protocols", ATTRIBUTE_IS_TEXT, true },
	[ATTRIBUTE_FAILURE] = { "failure", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_COMPUTER_NAME] = { "computer_name", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_BUILD] = { "build", ATTRIBUTE_IS_NUMBER, false },
	[ATTRIBUTE_KEYBOARD_LAYOUT] = { "keyboard_layout", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_TOPICS] = { "topics", ATTRIBUTE_IS_TEXT, true },
	[ATTRIBUTE_WILL_TOPIC] = { "will_topic", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_KEEPALIVE] = { "keepalive_seconds", ATTRIBUTE_IS_NUMBER, false },
	[ATTRIBUTE_BRIDGE] = { "bridge", ATTRIBUTE_IS_FLAG, false },
	[ATTRIBUTE_PAYLOAD_LENGTH] = { "payload_length", ATTRIBUTE_IS_NUMBER, false },
	[ATTRIBUTE_UNIT] = { "unit", ATTRIBUTE_IS_NUMBER, false },
	[ATTRIBUTE_FUNCTION] = { "function", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_EXCEPTION] = { "exception", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_WRITE] = { "write", ATTRIBUTE_IS_FLAG, false },
	[ATTRIBUTE_REGISTER] = { "register", ATTRIBUTE_IS_NUMBER, false },
	[ATTRIBUTE_QUANTITY] = { "quantity", ATTRIBUTE_IS_NUMBER, false },
	[ATTRIBUTE_PATH] = { "path", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_SHARE] = { "share", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_PIPE] = { "pipe", ATTRIBUTE_IS_FLAG, false },
	[ATTRIBUTE_DIALECT] = { "dialect", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_DIALECTS] = { "dialects", ATTRIBUTE_IS_TEXT, true },
	[ATTRIBUTE_SIGNING_REQUIRED] = { "signing_required", ATTRIBUTE_IS_FLAG, false },
	[ATTRIBUTE_GUID] = { "guid", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_NT_STATUS] = { "nt_status", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_GUEST] = { "guest", ATTRIBUTE_IS_FLAG, false },
	[ATTRIBUTE_ANONYMOUS] = { "anonymous", ATTRIBUTE_IS_FLAG, false },
	[ATTRIBUTE_OS] = { "os", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_LAN_MANAGER] = { "lan_manager", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_CALLED] = { "called", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_CALLING] = { "calling", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_WORKSTATION] = { "workstation", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_NETBIOS_COMPUTER] = { "netbios_computer", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_NETBIOS_DOMAIN] = { "netbios_domain", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_DNS_COMPUTER] = { "dns_computer", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_DNS_DOMAIN] = { "dns_domain", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_DNS_FOREST] = { "dns_forest", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_CHALLENGE] = { "challenge", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_PROOF] = { "proof", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_MECHANISMS] = { "mechanisms", ATTRIBUTE_IS_TEXT, true },
	[ATTRIBUTE_STATE] = { "state", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_MESSAGE] = { "message", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_CLIENT_NAME] = { "client_name", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_CLIENT_REALM] = { "client_realm", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_REALM] = { "realm", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_SERVICE_NAME] = { "service_name", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_ETYPES] = { "etypes", ATTRIBUTE_IS_TEXT, true },
	[ATTRIBUTE_TICKET_REALM] = { "ticket_realm", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_TICKET_SERVICE] = { "ticket_service", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_TICKET_ETYPE] = { "ticket_etype", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_PREAUTHENTICATED] = { "preauthenticated", ATTRIBUTE_IS_FLAG, false },
	[ATTRIBUTE_ERROR] = { "error", ATTRIBUTE_IS_NUMBER, false },
	[ATTRIBUTE_ERROR_NAME] = { "error_name", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_OPERATION] = { "operation", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_RESULT] = { "result", ATTRIBUTE_IS_NUMBER, false },
	[ATTRIBUTE_RESULT_NAME] = { "result_name", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_INTERFACE] = { "interface", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_INTERFACES] = { "interfaces", ATTRIBUTE_IS_TEXT, true },
	[ATTRIBUTE_UUIDS] = { "uuids", ATTRIBUTE_IS_TEXT, true },
	[ATTRIBUTE_OPNUM] = { "opnum", ATTRIBUTE_IS_NUMBER, false },
	[ATTRIBUTE_FAULT] = { "fault", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_TARGET_HOST] = { "target_host", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_ADMINISTRATIVE] = { "administrative", ATTRIBUTE_IS_FLAG, false },
	[ATTRIBUTE_ZERO_CHALLENGE] = { "zero_challenge", ATTRIBUTE_IS_FLAG, false },
	[ATTRIBUTE_MISMATCHED] = { "mismatched", ATTRIBUTE_IS_FLAG, false },
	[ATTRIBUTE_CHANNELS] = { "channels", ATTRIBUTE_IS_TEXT, true },
	[ATTRIBUTE_ACCEPT_LANGUAGE] = { "accept_language", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_ACCEPT_ENCODING] = { "accept_encoding", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_COOKIES] = { "cookies", ATTRIBUTE_IS_FLAG, false },
	[ATTRIBUTE_MISMATCH] = { "mismatch", ATTRIBUTE_IS_FLAG, false },
	[ATTRIBUTE_CARRIES] = { "carries", ATTRIBUTE_IS_FLAG, false },
	[ATTRIBUTE_REUSED] = { "reused", ATTRIBUTE_IS_FLAG, false },
	[ATTRIBUTE_TOPIC_COUNT] = { "topic_count", ATTRIBUTE_IS_NUMBER, false },
	[ATTRIBUTE_LIFETIME] = { "lifetime_seconds", ATTRIBUTE_IS_NUMBER, false },
	[ATTRIBUTE_MANAGED] = { "managed", ATTRIBUTE_IS_FLAG, false },
	[ATTRIBUTE_PREFERENCE] = { "preference", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_NAME_SERVERS] = { "name_servers", ATTRIBUTE_IS_ADDRESS, true },
	[ATTRIBUTE_ATTACK] = { "attack", ATTRIBUTE_IS_TEXT, false },
	[ATTRIBUTE_COMMAND_OUTPUT] = { "command_output", ATTRIBUTE_IS_FLAG, false },
	[ATTRIBUTE_DIFFERENT] = { "different", ATTRIBUTE_IS_NUMBER, false },
};

/* Stands before each value. */
struct entry {
	uint8_t attribute;
	uint8_t spare;
	uint16_t len;
};

_Static_assert(ATTRIBUTES <= UINT8_MAX, "one byte holds an attribute's number");

const char *attribute_name(enum attribute attribute)
{
	return rows[attribute].name;
}

enum attribute_kind attribute_kind(enum attribute attribute)
{
	return (enum attribute_kind)rows[attribute].kind;
}

bool attribute_is_list(enum attribute attribute)
{
	return rows[attribute].is_list;
}

/* Whether an entry fits at all, and then how long its value may be. */
static bool has_room(const struct attributes *list, size_t *value_len)
{
	size_t left = sizeof(list->bytes) - list->used;

	if (left < sizeof(struct entry))
		return false;
	*value_len = left - sizeof(struct entry);
	return true;
}

/* Where the value of the next entry goes, when there is room for one. */
static char *value_place(struct attributes *list)
{
	return (char *)list->bytes + list->used + sizeof(struct entry);
}

/* The value stands in its place already. */
static void close_entry(struct attributes *list, enum attribute attribute, size_t len)
{
	struct entry entry = { .attribute = (uint8_t)attribute, .len = (uint16_t)len };

	memcpy(list->bytes + list->used, &entry, sizeof(entry));
	list->used = (uint16_t)(list->used + sizeof(entry) + len);
}

/* Room for a text, its NUL included; 0 when there is none worth having. */
static size_t room_for_text(struct attributes *list)
{
	size_t room = 0;

	if (!has_room(list, &room) || room == 0)
		list->is_cut = true;
	return room < ATTRIBUTE_TEXT_MAX ? room : ATTRIBUTE_TEXT_MAX;
}

/* The text stands in its place already. One of which nothing fitted says nothing. */
static void close_text(struct attributes *list, enum attribute attribute)
{
	size_t len = strlen(value_place(list));

	if (len > 0)
		close_entry(list, attribute, len + 1);
}

void attributes_add_wire(struct attributes *list, enum attribute attribute, struct span wire)
{
	size_t room;

	assert(rows[attribute].kind == ATTRIBUTE_IS_TEXT);
	if (wire.len == 0)
		return;
	room = room_for_text(list);
	if (room == 0)
		return;
	if (!text_from_wire(wire, value_place(list), room))
		list->is_cut = true;
	close_text(list, attribute);
}

void attributes_add_host(struct attributes *list, enum attribute attribute, struct span wire)
{
	uint16_t before = list->used;

	attributes_add_wire(list, attribute, wire);
	if (list->used > before)
		text_to_lower((char *)list->bytes + before + sizeof(struct entry));
}

void attributes_add_text(struct attributes *list, enum attribute attribute, const char *text)
{
	attributes_add_wire(list, attribute, (struct span){ (const uint8_t *)text, strlen(text) });
}

void attributes_add_built(struct attributes *list, enum attribute attribute,
			  const struct text *text)
{
	attributes_add_text(list, attribute, text->chars);
	list->is_cut |= text->is_cut;
}

void attributes_add_hex(struct attributes *list, enum attribute attribute, struct span bytes)
{
	size_t room;
	char *at;

	assert(rows[attribute].kind == ATTRIBUTE_IS_TEXT);
	if (bytes.len == 0)
		return;
	room = room_for_text(list);
	if (room == 0)
		return;
	at = value_place(list);
	for (size_t i = 0; i < bytes.len; i++) {
		if (2 * i + 2 >= room) {
			list->is_cut = true;
			break;
		}
		at = digits_hex_byte(at, bytes.data[i]);
	}
	*at = '\0';
	close_text(list, attribute);
}

static void add_bytes(struct attributes *list, enum attribute attribute, const void *bytes,
		      size_t len)
{
	size_t room;

	if (!has_room(list, &room) || len > room) {
		list->is_cut = true;
		return;
	}
	memcpy(value_place(list), bytes, len);
	close_entry(list, attribute, len);
}

void attributes_add_number(struct attributes *list, enum attribute attribute, uint64_t number)
{
	assert(rows[attribute].kind == ATTRIBUTE_IS_NUMBER);
	add_bytes(list, attribute, &number, sizeof(number));
}

void attributes_add_flag(struct attributes *list, enum attribute attribute)
{
	assert(rows[attribute].kind == ATTRIBUTE_IS_FLAG);
	add_bytes(list, attribute, "", 0);
}

void attributes_add_address(struct attributes *list, enum attribute attribute,
			    const struct address *address)
{
	assert(rows[attribute].kind == ATTRIBUTE_IS_ADDRESS);
	add_bytes(list, attribute, address, sizeof(*address));
}

void attributes_add_mac(struct attributes *list, enum attribute attribute, const struct mac *mac)
{
	assert(rows[attribute].kind == ATTRIBUTE_IS_MAC);
	add_bytes(list, attribute, mac, sizeof(*mac));
}

static inline bool take_entry(const struct attributes *list, size_t *at, struct entry *entry,
			      struct span *value)
{
	struct cursor in = cursor_at(cursor_over(list->bytes, list->used), *at);

	*entry = (struct entry){ 0 };
	cursor_copy(&in, (uint8_t *)entry, sizeof(*entry));
	*value = cursor_take(&in, entry->len);
	if (!cursor_ok(&in))
		return false;
	*at += sizeof(*entry) + entry->len;
	return true;
}

bool attributes_entry(const struct attributes *list, size_t *at, enum attribute *attribute,
		      struct span *value)
{
	struct entry entry;

	if (!take_entry(list, at, &entry, value) || entry.attribute >= ATTRIBUTES)
		return false;
	*attribute = (enum attribute)entry.attribute;
	return true;
}

bool attributes_next(const struct attributes *list, size_t *at, struct attribute_value *out)
{
	struct entry entry;
	struct span value;

	if (!take_entry(list, at, &entry, &value))
		return false;
	*out = (struct attribute_value){ .attribute = (enum attribute)entry.attribute };
	switch (attribute_kind(out->attribute)) {
	case ATTRIBUTE_IS_TEXT:
		out->text = (const char *)value.data;
		break;
	case ATTRIBUTE_IS_NUMBER:
		memcpy(&out->number, value.data, sizeof(out->number));
		break;
	case ATTRIBUTE_IS_ADDRESS:
		memcpy(&out->address, value.data, sizeof(out->address));
		break;
	case ATTRIBUTE_IS_MAC:
		memcpy(&out->mac, value.data, sizeof(out->mac));
		break;
	case ATTRIBUTE_IS_FLAG:
		break;
	}
	return true;
}

static bool find(const struct attributes *list, enum attribute attribute,
		 struct attribute_value *out)
{
	size_t at = 0;

	while (attributes_next(list, &at, out)) {
		if (out->attribute == attribute)
			return true;
	}
	return false;
}

const char *attributes_text(const struct attributes *list, enum attribute attribute)
{
	struct attribute_value value;

	assert(rows[attribute].kind == ATTRIBUTE_IS_TEXT);
	return find(list, attribute, &value) ? value.text : "";
}

uint64_t attributes_number(const struct attributes *list, enum attribute attribute,
			   uint64_t otherwise)
{
	struct attribute_value value;

	assert(rows[attribute].kind == ATTRIBUTE_IS_NUMBER);
	return find(list, attribute, &value) ? value.number : otherwise;
}

bool attributes_address(const struct attributes *list, enum attribute attribute,
			struct address *out)
{
	struct attribute_value value;

	assert(rows[attribute].kind == ATTRIBUTE_IS_ADDRESS);
	if (!find(list, attribute, &value))
		return false;
	*out = value.address;
	return true;
}

bool attributes_mac(const struct attributes *list, enum attribute attribute, struct mac *out)
{
	struct attribute_value value;

	assert(rows[attribute].kind == ATTRIBUTE_IS_MAC);
	if (!find(list, attribute, &value))
		return false;
	*out = value.mac;
	return true;
}

bool attributes_has(const struct attributes *list, enum attribute attribute)
{
	struct attribute_value value;

	return find(list, attribute, &value);
}
