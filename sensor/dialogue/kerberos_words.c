#include "sensor/dialogue/kerberos_words.h"

#include "sensor/base/digits.h"

#include <string.h>

struct word {
	int32_t number;
	const char *word;
};

static const struct word types[] = {
	{ KERBEROS_AS_REQ, "AS-REQ" },   { KERBEROS_AS_REP, "AS-REP" },
	{ KERBEROS_TGS_REQ, "TGS-REQ" }, { KERBEROS_TGS_REP, "TGS-REP" },
	{ KERBEROS_AP_REQ, "AP-REQ" },   { KERBEROS_AP_REP, "AP-REP" },
	{ KERBEROS_ERROR, "KRB-ERROR" },
};

/* IANA, Kerberos Parameters, Encryption Types. */
static const struct word etypes[] = {
	{ 1, "des-cbc-crc" },
	{ 2, "des-cbc-md4" },
	{ 3, "des-cbc-md5" },
	{ 5, "des3-cbc-md5" },
	{ 7, "des3-cbc-sha1" },
	{ 16, "des3-cbc-sha1-kd" },
	{ 17, "aes128-cts-hmac-sha1-96" },
	{ 18, "aes256-cts-hmac-sha1-96" },
	{ 19, "aes128-cts-hmac-sha256-128" },
	{ 20, "aes256-cts-hmac-sha384-192" },
	{ 23, "rc4-hmac" },
	{ 24, "rc4-hmac-exp" },
	{ 25, "camellia128-cts-cmac" },
	{ 26, "camellia256-cts-cmac" },
};

/* RFC 4120 7.5.9, RFC 4556 3.1.3, RFC 6113 */
static const struct word errors[] = {
	{ 1, "KDC_ERR_NAME_EXP" },
	{ 2, "KDC_ERR_SERVICE_EXP" },
	{ 3, "KDC_ERR_BAD_PVNO" },
	{ 4, "KDC_ERR_C_OLD_MAST_KVNO" },
	{ 5, "KDC_ERR_S_OLD_MAST_KVNO" },
	{ 6, "KDC_ERR_C_PRINCIPAL_UNKNOWN" },
	{ 7, "KDC_ERR_S_PRINCIPAL_UNKNOWN" },
	{ 8, "KDC_ERR_PRINCIPAL_NOT_UNIQUE" },
	{ 9, "KDC_ERR_NULL_KEY" },
	{ 10, "KDC_ERR_CANNOT_POSTDATE" },
	{ 11, "KDC_ERR_NEVER_VALID" },
	{ 12, "KDC_ERR_POLICY" },
	{ 13, "KDC_ERR_BADOPTION" },
	{ 14, "KDC_ERR_ETYPE_NOSUPP" },
	{ 15, "KDC_ERR_SUMTYPE_NOSUPP" },
	{ 16, "KDC_ERR_PADATA_TYPE_NOSUPP" },
	{ 17, "KDC_ERR_TRTYPE_NOSUPP" },
	{ 18, "KDC_ERR_CLIENT_REVOKED" },
	{ 19, "KDC_ERR_SERVICE_REVOKED" },
	{ 20, "KDC_ERR_TGT_REVOKED" },
	{ 21, "KDC_ERR_CLIENT_NOTYET" },
	{ 22, "KDC_ERR_SERVICE_NOTYET" },
	{ 23, "KDC_ERR_KEY_EXPIRED" },
	{ 24, "KDC_ERR_PREAUTH_FAILED" },
	{ 25, "KDC_ERR_PREAUTH_REQUIRED" },
	{ 26, "KDC_ERR_SERVER_NOMATCH" },
	{ 27, "KDC_ERR_MUST_USE_USER2USER" },
	{ 28, "KDC_ERR_PATH_NOT_ACCEPTED" },
	{ 29, "KDC_ERR_SVC_UNAVAILABLE" },
	{ 31, "KRB_AP_ERR_BAD_INTEGRITY" },
	{ 32, "KRB_AP_ERR_TKT_EXPIRED" },
	{ 33, "KRB_AP_ERR_TKT_NYV" },
	{ 34, "KRB_AP_ERR_REPEAT" },
	{ 35, "KRB_AP_ERR_NOT_US" },
	{ 36, "KRB_AP_ERR_BADMATCH" },
	{ 37, "KRB_AP_ERR_SKEW" },
	{ 38, "KRB_AP_ERR_BADADDR" },
	{ 39, "KRB_AP_ERR_BADVERSION" },
	{ 40, "KRB_AP_ERR_MSG_TYPE" },
	{ 41, "KRB_AP_ERR_MODIFIED" },
	{ 42, "KRB_AP_ERR_BADORDER" },
	{ 44, "KRB_AP_ERR_BADKEYVER" },
	{ 45, "KRB_AP_ERR_NOKEY" },
	{ 46, "KRB_AP_ERR_MUT_FAIL" },
	{ 47, "KRB_AP_ERR_BADDIRECTION" },
	{ 48, "KRB_AP_ERR_METHOD" },
	{ 49, "KRB_AP_ERR_BADSEQ" },
	{ 50, "KRB_AP_ERR_INAPP_CKSUM" },
	{ 51, "KRB_AP_PATH_NOT_ACCEPTED" },
	{ 52, "KRB_ERR_RESPONSE_TOO_BIG" },
	{ 60, "KRB_ERR_GENERIC" },
	{ 61, "KRB_ERR_FIELD_TOOLONG" },
	{ 62, "KDC_ERR_CLIENT_NOT_TRUSTED" },
	{ 64, "KDC_ERR_INVALID_SIG" },
	{ 65, "KDC_ERR_DH_KEY_PARAMETERS_NOT_ACCEPTED" },
	{ 66, "KDC_ERR_CERTIFICATE_MISMATCH" },
	{ 67, "KRB_AP_ERR_NO_TGT" },
	{ 68, "KDC_ERR_WRONG_REALM" },
	{ 70, "KDC_ERR_CANT_VERIFY_CERTIFICATE" },
	{ 71, "KDC_ERR_INVALID_CERTIFICATE" },
	{ 72, "KDC_ERR_REVOKED_CERTIFICATE" },
	{ 73, "KDC_ERR_REVOCATION_STATUS_UNKNOWN" },
	{ 75, "KDC_ERR_CLIENT_NAME_MISMATCH" },
	{ 90, "KDC_ERR_PREAUTH_EXPIRED" },
	{ 91, "KDC_ERR_MORE_PREAUTH_DATA_REQUIRED" },
};

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

static const char *word_of(const struct word *rows, size_t count, int32_t number)
{
	for (size_t i = 0; i < count; i++) {
		if (rows[i].number == number)
			return rows[i].word;
	}
	return NULL;
}

/* One of no name is told as its number; Windows has some below zero. */
static void add_etype(struct attributes *said, enum attribute attribute, int32_t etype)
{
	char digits[1 + DIGITS_UINT_MAX + 1] = "-";
	const char *word = word_of(etypes, COUNT(etypes), etype);

	if (!word) {
		uint64_t size = (uint64_t)(etype < 0 ? -(int64_t)etype : etype);

		*digits_uint(digits + 1, size) = '\0';
		word = etype < 0 ? digits : digits + 1;
	}
	attributes_add_text(said, attribute, word);
}

static struct span name_span(const struct kerberos_name *name)
{
	return (struct span){ (const uint8_t *)name->text, strlen(name->text) };
}

static bool is_same(struct span a, struct span b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

/* Of a request that shows its ticket, realm and service may differ from those that it asks for. */
static void add_names(struct attributes *said, const struct kerberos *message)
{
	struct span realm = message->realm;
	struct span service = name_span(&message->service);
	struct span ticket_service = name_span(&message->ticket_service);

	if (realm.len == 0)
		realm = message->ticket_realm;
	if (service.len == 0)
		service = ticket_service;
	attributes_add_wire(said, ATTRIBUTE_CLIENT_NAME, name_span(&message->client));
	attributes_add_wire(said, ATTRIBUTE_REALM, realm);
	if (!is_same(message->client_realm, realm))
		attributes_add_wire(said, ATTRIBUTE_CLIENT_REALM, message->client_realm);
	attributes_add_wire(said, ATTRIBUTE_SERVICE_NAME, service);
	if (!is_same(ticket_service, service))
		attributes_add_wire(said, ATTRIBUTE_TICKET_SERVICE, ticket_service);
	if (!is_same(message->ticket_realm, realm))
		attributes_add_wire(said, ATTRIBUTE_TICKET_REALM, message->ticket_realm);
	attributes_add_wire(said, ATTRIBUTE_WORKSTATION, message->netbios_address);
}

static void add_error(struct attributes *said, int32_t code)
{
	const char *word = word_of(errors, COUNT(errors), code);

	attributes_add_number(said, ATTRIBUTE_ERROR, (uint32_t)code);
	if (word)
		attributes_add_text(said, ATTRIBUTE_ERROR_NAME, word);
}

void kerberos_tell(struct hearing *hearing, const struct kerberos *message)
{
	struct attributes *said = hearing_message(hearing, MESSAGE_KERBEROS);
	bool is_reply = message->type == KERBEROS_AS_REP || message->type == KERBEROS_TGS_REP;

	attributes_add_text(said, ATTRIBUTE_MESSAGE,
			    word_of(types, COUNT(types), (int32_t)message->type));
	add_names(said, message);
	for (uint8_t i = 0; i < message->etype_count; i++)
		add_etype(said, ATTRIBUTE_ETYPES, message->etypes[i]);
	if (is_reply)
		add_etype(said, ATTRIBUTE_ETYPES, message->etype);
	if (message->has_ticket)
		add_etype(said, ATTRIBUTE_TICKET_ETYPE, message->ticket_etype);
	if (message->is_preauthenticated)
		attributes_add_flag(said, ATTRIBUTE_PREAUTHENTICATED);
	if (message->type == KERBEROS_ERROR)
		add_error(said, message->error_code);
	hearing_tell(hearing);
}
