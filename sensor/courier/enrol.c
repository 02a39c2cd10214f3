#include "sensor/courier/enrol.h"

#include "sensor/base/hex.h"
#include "sensor/base/json.h"

#include <stdlib.h>
#include <string.h>

static bool write_request(const struct enrol_setup *setup, char **text, size_t *len)
{
	char key[2 * SIGN_PUBLIC_LEN + 1];
	char proof[ENROL_PROOF_LEN];
	struct enrol_request request = {
		.public_key = key,
		.host = setup->host,
		.version = HINOMI_VERSION,
	};
	struct json j;
	FILE *out = open_memstream(text, len);

	if (!out)
		return false;
	hex_text(setup->key->key, SIGN_PUBLIC_LEN, key);
	memcpy(request.code_id, setup->code, ENROL_ID_LEN - 1);
	json_start(&j, out);
	json_object_begin(&j, NULL);
	json_string(&j, "schema", "hinomi.enrol/1");
	json_string(&j, "code_id", request.code_id);
	json_string(&j, "public_key", key);
	json_string(&j, "host", request.host);
	json_string(&j, "version", request.version);
	if (enrol_request_proof(setup->code, &request, proof))
		json_string(&j, "proof", proof);
	json_object_end(&j);
	json_line_end(&j);
	json_flush(&j);
	return fclose(out) == 0;
}

enum err enrol_ask(const struct enrol_setup *setup, struct enrolment *out,
		   char problem[static ENROL_PROBLEM_LEN])
{
	struct https_request request = { .path = "v1/enrol" };
	struct https_answer answer;
	char *text = NULL;

	*out = (struct enrolment){ 0 };
	if (!write_request(setup, &text, &request.body_len)) {
		free(text);
		(void)snprintf(problem, ENROL_PROBLEM_LEN, "%s", err_text(ERR_MEMORY));
		return ERR_MEMORY;
	}
	request.body = text;
	https_ask(setup->client, &request, &answer);
	free(text);
	if (answer.status == 200)
		return enrol_take_answer(setup, answer.body, answer.body_len, out, problem);
	(void)snprintf(problem, ENROL_PROBLEM_LEN, "%s", answer.said);
	if (answer.status != 403)
		return ERR_IO;
	enrol_say_refusal(answer.body, answer.body_len, problem);
	return ERR_MISSING;
}
