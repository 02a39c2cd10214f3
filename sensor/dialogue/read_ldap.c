#include "dissectors/ldap.h"
#include "sensor/dialogue/datagram_readers.h"
#include "sensor/dialogue/gss_words.h"
#include "sensor/dialogue/session_readers.h"

enum { PORT_LDAP = 389 };

struct ldap_notes {
	int32_t start_tls_id; /* of the request, which not every answer repeats */
	bool has_start_tls;
};

_Static_assert(sizeof(struct ldap_notes) <= SESSION_NOTES_BYTES, "a session has that much room");

/* What a connection begins with, and one taken up again may go on with. */
static bool is_worth_a_look(bool from_client, enum ldap_operation operation)
{
	if (from_client)
		return operation == LDAP_BIND_REQUEST || operation == LDAP_SEARCH_REQUEST ||
		       operation == LDAP_EXTENDED_REQUEST;
	return operation == LDAP_BIND_RESPONSE || operation == LDAP_SEARCH_ENTRY ||
	       operation == LDAP_SEARCH_DONE || operation == LDAP_EXTENDED_RESPONSE;
}

static enum dissect check(bool from_client, struct cursor in)
{
	struct ldap message;
	enum dissect got = dissect_ldap(&in, &message);

	if (got == DISSECT_TRUNCATED)
		return got;
	return got == DISSECT_OK && is_worth_a_look(from_client, message.operation) ? DISSECT_OK
										    : DISSECT_OTHER;
}

static enum dissect opens(const struct session_opening *opening)
{
	return check(opening->from_client, opening->stream);
}

static bool begins(bool from_client, struct cursor bytes)
{
	return check(from_client, bytes) == DISSECT_OK;
}

static void add_mechanism(struct attributes *said, const struct ldap *message)
{
	if (message->authentication == LDAP_SASL)
		attributes_add_wire(said, ATTRIBUTE_MECHANISM, message->mechanism);
	else if (message->authentication != LDAP_SIMPLE)
		attributes_add_text(said, ATTRIBUTE_MECHANISM, "sicily");
	else if (message->name.len == 0 && message->password_len == 0)
		attributes_add_text(said, ATTRIBUTE_MECHANISM, "anonymous");
	else
		attributes_add_text(said, ATTRIBUTE_MECHANISM, "simple");
}

static void tell_bind(struct hearing *hearing, const struct ldap *message)
{
	struct attributes *said = hearing_message(hearing, MESSAGE_LDAP_BIND);

	attributes_add_wire(said, ATTRIBUTE_USER, message->name);
	add_mechanism(said, message);
	if (message->password_len > 0)
		attributes_add_flag(said, ATTRIBUTE_PASSWORD);
	hearing_tell(hearing);
	gss_tell(hearing, message->credentials);
}

/* RFC 4511 4.1.9: those that answer a bind or StartTLS. */
static const char *result_name(int32_t result)
{
	static const struct {
		int32_t result;
		const char *name;
	} names[] = {
		{ 0, "success" },
		{ 1, "operationsError" },
		{ 2, "protocolError" },
		{ 7, "authMethodNotSupported" },
		{ 8, "strongerAuthRequired" },
		{ 13, "confidentialityRequired" },
		{ 14, "saslBindInProgress" },
		{ 32, "noSuchObject" },
		{ 34, "invalidDNSyntax" },
		{ 48, "inappropriateAuthentication" },
		{ 49, "invalidCredentials" },
		{ 50, "insufficientAccessRights" },
		{ 51, "busy" },
		{ 52, "unavailable" },
		{ 53, "unwillingToPerform" },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (names[i].result == result)
			return names[i].name;
	}
	return "";
}

static void tell_result(struct hearing *hearing, const struct ldap *message, const char *operation)
{
	struct attributes *said = hearing_message(hearing, MESSAGE_LDAP_RESULT);

	attributes_add_text(said, ATTRIBUTE_OPERATION, operation);
	attributes_add_number(said, ATTRIBUTE_RESULT, (uint32_t)message->result);
	attributes_add_text(said, ATTRIBUTE_RESULT_NAME, result_name(message->result));
	attributes_add_wire(said, ATTRIBUTE_DESCRIPTION, message->diagnostic);
	hearing_tell(hearing);
	gss_tell(hearing, message->credentials);
}

/* True when TLS begins behind this message. */
static bool tell_extended(struct hearing *hearing, const struct ldap_notes *notes,
			  const struct ldap *message)
{
	bool is_start_tls = message->is_start_tls ||
			    (notes->has_start_tls && message->message_id == notes->start_tls_id);

	tell_result(hearing, message, is_start_tls ? "start_tls" : "extended");
	return is_start_tls && message->result == LDAP_SUCCESS;
}

static bool tell(struct hearing *hearing, struct ldap_notes *notes, const struct ldap *message)
{
	if (message->operation == LDAP_BIND_REQUEST)
		tell_bind(hearing, message);
	else if (message->operation == LDAP_BIND_RESPONSE)
		tell_result(hearing, message, "bind");
	else if (message->operation == LDAP_EXTENDED_REQUEST && message->is_start_tls)
		*notes = (struct ldap_notes){ message->message_id, true };
	return message->operation == LDAP_EXTENDED_RESPONSE &&
	       tell_extended(hearing, notes, message);
}

static struct reading read_ldap(struct session_turn *turn)
{
	struct cursor in = turn->stream;
	struct ldap message;
	enum dissect got = dissect_ldap(&in, &message);
	struct reading reading = { .state = READING_ON };

	if (got == DISSECT_TRUNCATED && !turn->is_last)
		return reading_wait();
	if (got == DISSECT_OTHER)
		return reading_end(); /* signed or sealed from here on */
	if (!hearing_is_readable(turn->hearing, got))
		return reading_lost();
	if (tell(turn->hearing, turn->notes, &message))
		reading.state = READING_SWITCH;
	reading.consumed = cursor_offset(&in, &turn->stream);
	reading.skip = message.missing;
	return reading;
}

const struct session_reader session_reader_ldap = {
	.opens = opens,
	.read = read_ldap,
	.begins = begins,
	.first_bytes = { 0x30, 0x30 }, /* SEQUENCE */
};

/* What a member of a domain asks before it logs in. */
static void tell_ping(struct hearing *hearing, const struct ldap_netlogon_ping *ping)
{
	struct attributes *said = hearing_message(hearing, MESSAGE_LDAP_PING);

	attributes_add_host(said, ATTRIBUTE_DNS_DOMAIN, ping->dns_domain);
	attributes_add_wire(said, ATTRIBUTE_WORKSTATION, ping->host);
	attributes_add_wire(said, ATTRIBUTE_USER, ping->user);
	hearing_tell(hearing);
}

static enum datagram_service read_datagram(const struct datagram *datagram)
{
	struct cursor in = datagram->payload;
	struct ldap message;

	if (!hearing_is_readable(datagram->hearing, dissect_ldap(&in, &message)))
		return DATAGRAM_NONE;
	if (message.operation == LDAP_SEARCH_REQUEST && message.is_netlogon_ping)
		tell_ping(datagram->hearing, &message.ping);
	return DATAGRAM_OTHER;
}

const struct datagram_reader datagram_reader_cldap = {
	.ports = { PORT_LDAP },
	.read = read_datagram,
};
