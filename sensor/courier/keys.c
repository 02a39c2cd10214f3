#include "sensor/courier/keys.h"

#include "sensor/base/hex.h"
#include "sensor/base/json.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SIGNED_MAX = 512 };

#define KEY_SCHEMA "hinomi.key/1"

static bool write_request(struct outbox *outbox, const struct sign_public *next, char **text,
			  size_t *len)
{
	char key[2 * SIGN_PUBLIC_LEN + 1];
	char hex[2 * SIGNATURE_LEN + 1];
	char made[NANOTIME_TEXT_LEN];
	char lines[SIGNED_MAX];
	uint8_t signature[SIGNATURE_LEN];
	struct sign_public old;
	struct json j;
	int signed_len;
	FILE *out = open_memstream(text, len);

	if (!out)
		return false;
	outbox_key(outbox, &old);
	hex_text(next->key, SIGN_PUBLIC_LEN, key);
	(void)nanotime_text((nanotime)time(NULL) * NANOTIME_SECOND, made);
	signed_len = snprintf(lines, sizeof(lines), KEY_SCHEMA "\n%s\n%s\n%s\n",
			      outbox_sensor(outbox), key, made);
	json_start(&j, out);
	json_object_begin(&j, NULL);
	json_string(&j, "schema", KEY_SCHEMA);
	json_string(&j, "sensor", outbox_sensor(outbox));
	json_string(&j, "public_key", key);
	json_string(&j, "made", made);
	hex_text(old.id, SIGN_ID_LEN, hex);
	json_string(&j, "signer", hex);
	outbox_sign(outbox, false, lines, (size_t)signed_len, signature);
	hex_text(signature, SIGNATURE_LEN, hex);
	json_string(&j, "signature", hex);
	outbox_sign(outbox, true, lines, (size_t)signed_len, signature);
	hex_text(signature, SIGNATURE_LEN, hex);
	json_string(&j, "proof", hex);
	json_object_end(&j);
	json_line_end(&j);
	json_flush(&j);
	return fclose(out) == 0;
}

static enum err offer(struct https_client *client, const char *text, size_t len, char *problem)
{
	const struct https_request request = { .path = "v1/keys", .body = text, .body_len = len };
	struct https_answer answer;

	https_ask(client, &request, &answer);
	if (answer.status == 200 && keys_are_taken(answer.body, answer.body_len))
		return ERR_OK;
	(void)snprintf(problem, OUTPUT_SAID_LEN, "%s",
		       answer.status == 200 ? "the answer does not say that the desk holds the new "
					      "key; the one before stays in use"
					    : answer.said);
	return answer.status >= 400 && answer.status < 500 && answer.status != 408 &&
			       answer.status != 429
		       ? ERR_MISSING
		       : ERR_IO;
}

enum err keys_rotate(struct outbox *outbox, struct https_client *client,
		     char problem[static OUTPUT_SAID_LEN])
{
	struct sign_public next;
	char *text = NULL;
	size_t len = 0;
	enum err err = outbox_next_key(outbox, &next);

	if (err == ERR_OK && !write_request(outbox, &next, &text, &len))
		err = ERR_MEMORY;
	if (err != ERR_OK) {
		(void)snprintf(problem, OUTPUT_SAID_LEN, "no new key can be kept: %s",
			       err_text(err));
		free(text);
		return err;
	}
	err = offer(client, text, len, problem);
	free(text);
	if (err != ERR_OK)
		return err;
	err = outbox_turn_key(outbox);
	if (err != ERR_OK)
		(void)snprintf(
			problem, OUTPUT_SAID_LEN,
			"the desk holds the new key, but courier.db cannot be written: %s; try "
			"again",
			err_text(err));
	return err;
}
