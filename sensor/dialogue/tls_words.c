#include "sensor/dialogue/tls_words.h"

#include "dissectors/tls_certificate.h"
#include "dissectors/x509.h"
#include "sensor/dialogue/certificate_memo.h"
#include "sensor/digest/digest.h"
#include "sensor/hello/ja3.h"
#include "sensor/hello/ja4.h"

#include <stdio.h>
#include <string.h>

enum { CHAIN_TOLD = 4 /* certificates of one chain */ };

static const char *transport_text(enum tls_transport transport)
{
	static const char *const texts[] = {
		[TLS_OVER_TCP] = "tcp",
		[TLS_OVER_QUIC] = "quic",
		[TLS_OVER_DTLS] = "dtls",
		[TLS_OVER_OPENVPN] = "openvpn",
	};

	return texts[transport];
}

static void add_version(struct attributes *said, uint16_t version)
{
	static const struct {
		uint16_t version;
		const char *text;
	} known[] = {
		{ 0x0304, "TLS 1.3" },  { 0x0303, "TLS 1.2" },  { 0x0302, "TLS 1.1" },
		{ 0x0301, "TLS 1.0" },  { 0x0300, "SSL 3.0" },  { 0xfefc, "DTLS 1.3" },
		{ 0xfefd, "DTLS 1.2" }, { 0xfeff, "DTLS 1.0" }, { 0x0002, "SSL 2.0" },
	};
	char number[8];

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (known[i].version == version) {
			attributes_add_text(said, ATTRIBUTE_VERSION, known[i].text);
			return;
		}
	}
	(void)snprintf(number, sizeof(number), "0x%04x", version);
	attributes_add_text(said, ATTRIBUTE_VERSION, number);
}

static void add_alpn(struct attributes *said, struct span protocols)
{
	struct cursor in = { .rest = protocols };

	while (cursor_left(&in) > 0) { /* each turn eats a length */
		struct span protocol = cursor_take(&in, cursor_u8(&in));

		attributes_add_wire(said, ATTRIBUTE_ALPN, protocol);
	}
}

static void add_fingerprints(struct attributes *said, struct session_desk *desk,
			     const struct tls_client_hello *hello, enum tls_transport transport)
{
	static const enum ja4_transport letters[] = {
		[TLS_OVER_TCP] = JA4_TCP,
		[TLS_OVER_QUIC] = JA4_QUIC,
		[TLS_OVER_DTLS] = JA4_DTLS,
		[TLS_OVER_OPENVPN] = JA4_TCP, /* it is TLS in records, on a channel in order */
	};
	struct ja3 ja3;
	struct ja4 ja4;

	ja3_of(hello, &desk->fingerprint, &ja3);
	attributes_add_text(said, ATTRIBUTE_JA3, ja3.md5);
	ja4_of(hello, letters[transport], &desk->fingerprint, &ja4);
	attributes_add_text(said, ATTRIBUTE_JA4, ja4.text);
	attributes_add_wire(said, ATTRIBUTE_JA4_R, ja4.raw);
}

void tls_tell_client_hello(struct hearing *hearing, struct session_desk *desk,
			   const struct tls_client_hello *hello, enum tls_transport transport)
{
	struct attributes *said = hearing_message(hearing, MESSAGE_TLS_CLIENT_HELLO);

	attributes_add_text(said, ATTRIBUTE_TRANSPORT, transport_text(transport));
	add_version(said,
		    hello->highest_version != 0 ? hello->highest_version : hello->legacy_version);
	attributes_add_host(said, ATTRIBUTE_SNI, hello->sni);
	add_alpn(said, hello->alpn_protocols);
	add_fingerprints(said, desk, hello, transport);
	if (hello->has_ech)
		attributes_add_flag(said, ATTRIBUTE_ECH);
	if (hello->is_damaged)
		attributes_add_flag(said, ATTRIBUTE_DAMAGED);
	if (hearing->has_conflict)
		attributes_add_flag(said, ATTRIBUTE_CONFLICT);
	hearing_tell(hearing);
}

void tls_tell_server_hello(struct hearing *hearing, const struct tls_server_hello *hello,
			   enum tls_transport transport)
{
	struct attributes *said = hearing_message(hearing, MESSAGE_TLS_SERVER_HELLO);
	char cipher[8];

	attributes_add_text(said, ATTRIBUTE_TRANSPORT, transport_text(transport));
	add_version(said, hello->version);
	(void)snprintf(cipher, sizeof(cipher), "0x%04x", hello->cipher);
	attributes_add_text(said, ATTRIBUTE_CIPHER, cipher);
	attributes_add_wire(said, ATTRIBUTE_ALPN, hello->alpn);
	if (hello->is_hello_retry_request)
		attributes_add_flag(said, ATTRIBUTE_RETRY);
	hearing_tell(hearing);
}

void tls_tell_sslv2_client_hello(struct hearing *hearing,
				 const struct tls_sslv2_client_hello *hello)
{
	struct attributes *said = hearing_message(hearing, MESSAGE_TLS_CLIENT_HELLO);

	attributes_add_text(said, ATTRIBUTE_TRANSPORT, transport_text(TLS_OVER_TCP));
	add_version(said, hello->version);
	attributes_add_text(said, ATTRIBUTE_HELLO_FORM, "SSL 2.0");
	hearing_tell(hearing);
}

void tls_tell_alert(struct hearing *hearing, uint8_t level, uint8_t description)
{
	enum { FATAL = 2 };
	struct attributes *said = hearing_message(hearing, MESSAGE_TLS_ALERT);

	attributes_add_text(said, ATTRIBUTE_LEVEL, level == FATAL ? "fatal" : "warning");
	attributes_add_number(said, ATTRIBUTE_STATUS, description);
	hearing_tell(hearing);
}

/* Bytes as they stand for one byte each, T61 and Latin-1 too: what is no UTF-8 is cleaned away. */
static void add_name(struct attributes *said, enum attribute attribute,
		     const struct x509_text *text)
{
	attributes_add_wire(said, attribute, text->bytes);
}

static void add_time(struct attributes *said, enum attribute attribute, int64_t seconds)
{
	char text[NANOTIME_TEXT_LEN];

	/* Before 1970 and after 2554 nanoseconds do not reach. */
	if (seconds < 0 || (uint64_t)seconds > UINT64_MAX / NANOTIME_SECOND)
		return;
	(void)nanotime_text((nanotime)seconds * NANOTIME_SECOND, text);
	attributes_add_text(said, attribute, text);
}

static void add_alternatives(struct attributes *said, const struct x509 *certificate)
{
	for (uint8_t i = 0; i < certificate->names_kept; i++) {
		const struct x509_alternative *name = &certificate->names[i];
		char text[ADDRESS_TEXT_LEN];
		struct address address;

		if (!name->is_address) {
			attributes_add_host(said, ATTRIBUTE_NAMES, name->bytes);
			continue;
		}
		address = name->bytes.len == 4 ? address_v4(name->bytes.data)
					       : address_v6(name->bytes.data);
		text[address_text(&address, text)] = '\0';
		attributes_add_text(said, ATTRIBUTE_NAMES, text);
	}
	if (certificate->name_count > certificate->names_kept)
		attributes_cut(said);
}

static void add_key(struct attributes *said, const struct x509 *certificate)
{
	static const char *const kinds[] = {
		[X509_KEY_OTHER] = "other",
		[X509_KEY_RSA] = "RSA",
		[X509_KEY_EC] = "EC",
		[X509_KEY_ED25519] = "Ed25519",
	};
	char text[24];

	(void)snprintf(text, sizeof(text), "%s %u", kinds[certificate->key],
		       (unsigned)certificate->key_bits);
	attributes_add_text(said, ATTRIBUTE_KEY, text);
}

static void add_digests(struct attributes *said, struct span der)
{
	uint8_t sha1[SHA1_LEN];
	uint8_t sha256[SHA256_LEN];

	digest_sha1(der.data, der.len, sha1);
	attributes_add_hex(said, ATTRIBUTE_SHA1, (struct span){ sha1, sizeof(sha1) });
	digest_sha256(der.data, der.len, sha256);
	attributes_add_hex(said, ATTRIBUTE_SHA256, (struct span){ sha256, sizeof(sha256) });
}

static void say_certificate(struct attributes *said, const struct x509 *certificate, uint64_t place)
{
	attributes_add_number(said, ATTRIBUTE_CHAIN_PLACE, place);
	add_name(said, ATTRIBUTE_SUBJECT, &certificate->subject.common_name);
	add_name(said, ATTRIBUTE_SUBJECT_ORGANISATION, &certificate->subject.organisation);
	add_name(said, ATTRIBUTE_ISSUER, &certificate->issuer.common_name);
	add_name(said, ATTRIBUTE_ISSUER_ORGANISATION, &certificate->issuer.organisation);
	add_alternatives(said, certificate);
	if (certificate->has_validity) {
		add_time(said, ATTRIBUTE_NOT_BEFORE, certificate->not_before);
		add_time(said, ATTRIBUTE_NOT_AFTER, certificate->not_after);
	}
	add_key(said, certificate);
	attributes_add_hex(said, ATTRIBUTE_SERIAL, certificate->serial);
	if (certificate->is_self_issued)
		attributes_add_flag(said, ATTRIBUTE_SELF_ISSUED);
}

static void tell_certificate(struct hearing *hearing, struct session_desk *desk, struct span der,
			     uint64_t place)
{
	struct attributes *said = hearing_message(hearing, MESSAGE_TLS_CERTIFICATE);
	struct x509 certificate;

	if (!certificate_memo_find(desk->certificates, der, place, said)) {
		if (!hearing_is_readable(
			    hearing, dissect_x509(cursor_over(der.data, der.len), &certificate)))
			return;
		say_certificate(said, &certificate, place);
		if (place == 0 && hearing->tells_all) /* they cost more than all the rest */
			add_digests(said, der);
		certificate_memo_keep(desk->certificates, der, place, said);
	}
	hearing_tell(hearing);
}

void tls_tell_certificates(struct hearing *hearing, struct session_desk *desk, struct cursor body)
{
	struct tls_certificate list;

	if (!hearing_is_readable(hearing, dissect_tls_certificate(body, &list)))
		return;
	uint8_t told = hearing->tells_all ? CHAIN_TOLD : 1;

	for (uint8_t i = 0; i < list.kept && i < told; i++)
		tell_certificate(hearing, desk, list.certificates[i], i);
}
