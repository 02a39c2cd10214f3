#include "sensor/delivery/enrol_proof.h"

#include "sensor/base/hex.h"
#include "sensor/base/text.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { LINES_MAX = 8, PROOF_TEXT_MAX = LINES_MAX * ENROL_FIELD_MAX };

/* As it is meant; NUL when no code has it. */
static char letter_of(char typed)
{
	char letter = (char)toupper((unsigned char)typed);

	if (letter == 'O')
		return '0';
	if (letter == 'I' || letter == 'L')
		return '1';
	if (!strchr("0123456789ABCDEFGHJKMNPQRSTVWXYZ", letter))
		return '\0';
	return letter;
}

bool enrol_code_take(const char *typed, char out[static ENROL_CODE_LEN])
{
	size_t len = 0;

	for (const char *at = typed; *at; at++) {
		if (*at == '-' || isspace((unsigned char)*at))
			continue;
		char letter = letter_of(*at);

		if (letter == '\0' || len == ENROL_CODE_LEN - 1) {
			len = 0;
			break;
		}
		out[len++] = letter;
	}
	out[len] = '\0';
	if (len != ENROL_CODE_LEN - 1)
		out[0] = '\0';
	return out[0] != '\0';
}

static bool is_line(const char *text)
{
	size_t len = 0;

	while ((unsigned char)text[len] >= ' ' && text[len] != 0x7f)
		len++;
	return text[len] == '\0' && len < ENROL_FIELD_MAX;
}

/* The HMAC over these lines, each ended by a newline. */
static bool prove(const char *code, const char *const *lines, size_t count,
		  char out[static ENROL_PROOF_LEN])
{
	char chars[PROOF_TEXT_MAX];
	struct text text = text_over(chars, sizeof(chars));
	uint8_t proof[SHA256_LEN];

	for (size_t i = 0; i < count; i++) {
		if (!is_line(lines[i]))
			return false;
		text_add(&text, lines[i]);
		text_add_char(&text, '\n');
	}
	digest_hmac(code, strlen(code), text.chars, text.len, proof);
	hex_text(proof, sizeof(proof), out);
	return !text.is_cut;
}

bool enrol_request_proof(const char *code, const struct enrol_request *request,
			 char out[static ENROL_PROOF_LEN])
{
	const char *const lines[] = { "hinomi.enrol/1", request->code_id, request->public_key,
				      request->host, request->version };

	return prove(code, lines, sizeof(lines) / sizeof(lines[0]), out);
}

static void digest_text(const char *text, char out[static ENROL_PROOF_LEN])
{
	uint8_t digest[SHA256_LEN];

	digest_sha256(text, strlen(text), digest);
	hex_text(digest, sizeof(digest), out);
}

bool enrol_reply_proof(const char *code, const struct enrol_reply *reply,
		       char out[static ENROL_PROOF_LEN])
{
	char authority[ENROL_PROOF_LEN];
	char policy[ENROL_PROOF_LEN];
	const char *const lines[LINES_MAX] = { "hinomi.enrolled/1", reply->public_key,
					       reply->sensor,       reply->office,
					       reply->token,        reply->desk_key,
					       authority,           policy };

	digest_text(reply->authority, authority);
	digest_text(reply->policy, policy);
	return prove(code, lines, LINES_MAX, out);
}

bool enrol_proof_is(const char *given, const char proof[static ENROL_PROOF_LEN])
{
	uint8_t a[SHA256_LEN];
	uint8_t b[SHA256_LEN];

	return hex_bytes(given, a, sizeof(a)) && hex_bytes(proof, b, sizeof(b)) &&
	       digest_is_same(a, b);
}
