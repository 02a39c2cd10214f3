#include "sensor/delivery/parcel.h"

#include "sensor/base/hex.h"
#include "sensor/base/json.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>

static const char *const stream_names[PARCEL_STREAMS] = {
	[PARCEL_URGENT] = "urgent",
	[PARCEL_ROUTINE] = "routine",
	[PARCEL_PULSE] = "pulse",
	[PARCEL_EVIDENCE] = "evidence",
};

static const char *const kind_names[PARCEL_KINDS] = {
	[PARCEL_CASE] = "case",           [PARCEL_HEALTH] = "health",
	[PARCEL_HEARTBEAT] = "heartbeat", [PARCEL_CANARY] = "canary",
	[PARCEL_CAPSULE] = "capsule",     [PARCEL_ANSWER] = "answer",
	[PARCEL_SET_ASIDE] = "set_aside",
};

static unsigned place_of(const char *name, const char *const *names, unsigned count)
{
	unsigned i = 0;

	while (i < count && strcmp(names[i], name) != 0)
		i++;
	return i;
}

const char *parcel_stream_name(enum parcel_stream stream)
{
	return stream_names[stream];
}

enum parcel_stream parcel_stream_named(const char *name)
{
	return (enum parcel_stream)place_of(name, stream_names, PARCEL_STREAMS);
}

const char *parcel_kind_name(enum parcel_kind kind)
{
	return kind_names[kind];
}

enum parcel_kind parcel_kind_named(const char *name)
{
	return (enum parcel_kind)place_of(name, kind_names, PARCEL_KINDS);
}

bool parcel_name_is_good(const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < len; i++) {
		if (!isalnum((unsigned char)name[i]) && !strchr("._-:", name[i]))
			return false;
	}
	return len > 0 && len < PARCEL_SENSOR_LEN;
}

size_t parcel_signed_text(const struct parcel *parcel, char out[static PARCEL_SIGNED_MAX])
{
	char made[NANOTIME_TEXT_LEN];
	char previous[PARCEL_HEX_LEN];
	char digest[PARCEL_HEX_LEN];

	(void)nanotime_text(parcel->made, made);
	hex_text(parcel->previous, SHA256_LEN, previous);
	hex_text(parcel->digest, SHA256_LEN, digest);
	return (size_t)snprintf(
		out, PARCEL_SIGNED_MAX,
		PARCEL_SCHEMA "\n%s\n%s\n%" PRIu64 "\n%s\n%s\n%" PRIu64 "\n%s\n%s\n%s\n",
		parcel->sensor, stream_names[parcel->stream], parcel->sequence,
		kind_names[parcel->kind], parcel->key, parcel->revision, made, previous, digest);
}

void parcel_chain(const struct parcel *parcel, uint8_t chain[static SHA256_LEN])
{
	char text[PARCEL_SIGNED_MAX];

	digest_sha256(text, parcel_signed_text(parcel, text), chain);
}

void parcel_seal(struct parcel *parcel, const struct sign_secret *secret)
{
	char text[PARCEL_SIGNED_MAX];

	digest_sha256(parcel->body, parcel->body_len, parcel->digest);
	memcpy(parcel->signer, secret->id, SIGN_ID_LEN);
	sign_message(secret, text, parcel_signed_text(parcel, text), parcel->signature);
}

enum parcel_fault parcel_check(const struct parcel *parcel, const struct sign_public *key)
{
	char text[PARCEL_SIGNED_MAX];
	uint8_t digest[SHA256_LEN];

	if (memcmp(parcel->signer, key->id, SIGN_ID_LEN) != 0)
		return PARCEL_OTHER_SIGNER;
	if (!sign_message_check(key, text, parcel_signed_text(parcel, text), parcel->signature))
		return PARCEL_BAD_SIGNATURE;
	digest_sha256(parcel->body, parcel->body_len, digest);
	return memcmp(digest, parcel->digest, SHA256_LEN) == 0 ? PARCEL_SOUND : PARCEL_BODY_CHANGED;
}

bool parcel_time(const char *text, nanotime *out)
{
	char again[NANOTIME_TEXT_LEN];
	struct tm tm = { 0 };
	unsigned micros = 0;
	const char *rest = strptime(text, "%Y-%m-%dT%H:%M:%S", &tm);
	time_t seconds = rest ? timegm(&tm) : -1;

	if (seconds < 0)
		return false;
	for (const char *c = rest + (*rest == '.'); *c >= '0' && *c <= '9' && c - rest <= 6; c++)
		micros = 10 * micros + (unsigned)(*c - '0');
	*out = (nanotime)seconds * NANOTIME_SECOND + (nanotime)micros * 1000;
	(void)nanotime_text(*out, again);
	return strcmp(text, again) == 0; /* one way to write it, for the signed text has it */
}

void parcel_json(struct json *j, const char *key, const struct parcel *parcel)
{
	char hex[2 * SIGNATURE_LEN + 1];

	json_object_begin(j, key);
	json_string(j, "schema", PARCEL_SCHEMA);
	json_string(j, "sensor", parcel->sensor);
	json_string(j, "stream", stream_names[parcel->stream]);
	json_uint(j, "sequence", parcel->sequence);
	json_string(j, "kind", kind_names[parcel->kind]);
	json_string(j, "key", parcel->key);
	json_uint(j, "revision", parcel->revision);
	json_time(j, "made", parcel->made);
	hex_text(parcel->previous, SHA256_LEN, hex);
	json_string(j, "previous", hex);
	hex_text(parcel->digest, SHA256_LEN, hex);
	json_string(j, "digest", hex);
	hex_text(parcel->signer, SIGN_ID_LEN, hex);
	json_string(j, "signer", hex);
	hex_text(parcel->signature, SIGNATURE_LEN, hex);
	json_string(j, "signature", hex);
	json_string(j, "body", parcel->body);
	json_object_end(j);
}
