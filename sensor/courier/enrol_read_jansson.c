#include "sensor/courier/enrol.h"

#include "sensor/base/hex.h"
#include "sensor/config/options.h"

#include <jansson.h>
#include <string.h>

enum { POLICY_OPTIONS_MAX = 256 };

/* The text of a member; NULL when it is missing, no text, too long, or holds a NUL. */
static const char *text_of(const json_t *root, const char *name, size_t most)
{
	const json_t *value = json_object_get(root, name);
	const char *text = json_string_value(value);

	return text && strlen(text) == json_string_length(value) && strlen(text) <= most ? text
											 : NULL;
}

/* What a header can hold. */
static bool is_token(const char *text)
{
	size_t len = 0;

	while (text[len] > ' ' && text[len] < 0x7f)
		len++;
	return len > 0 && text[len] == '\0';
}

/* Names the member that is wrong; NULL when none is. */
static const char *read_reply(const json_t *root, struct enrol_reply *reply)
{
	uint8_t key[SIGN_PUBLIC_LEN];
	const char *schema = text_of(root, "schema", ENROL_FIELD_MAX);

	reply->sensor = text_of(root, "sensor", PARCEL_SENSOR_LEN - 1);
	reply->office = text_of(root, "office", CONFIG_PATH_LEN - 1);
	reply->token = text_of(root, "token", HTTPS_SECRET_LEN - 1);
	reply->desk_key = text_of(root, "desk_key", ENROL_FIELD_MAX - 1);
	reply->authority = text_of(root, "authority", ENROL_AUTHORITY_MAX);
	reply->policy = text_of(root, "policy", ENROL_POLICY_MAX);
	if (!schema || strcmp(schema, "hinomi.enrolled/1") != 0)
		return "schema";
	if (!reply->sensor || !parcel_name_is_good(reply->sensor))
		return "sensor";
	if (!reply->office || reply->office[0] == '\0')
		return "office";
	if (!reply->token || !is_token(reply->token))
		return "token";
	if (!reply->desk_key || !hex_bytes(reply->desk_key, key, sizeof(key)))
		return "desk_key";
	if (!reply->authority)
		return "authority";
	return reply->policy ? NULL : "policy";
}

enum err enrol_take_answer(const struct enrol_setup *setup, const char *text, size_t len,
			   struct enrolment *out, char problem[static ENROL_PROBLEM_LEN])
{
	char key[2 * SIGN_PUBLIC_LEN + 1];
	char proof[ENROL_PROOF_LEN];
	json_t *root = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL);
	const char *wrong = root ? read_reply(root, &out->reply) : "schema";
	const char *given = text_of(root, "proof", ENROL_PROOF_LEN);

	hex_text(setup->key->key, SIGN_PUBLIC_LEN, key);
	out->reply.public_key = key;
	if (wrong)
		(void)snprintf(
			problem, ENROL_PROBLEM_LEN,
			"what answered is no hinomi.enrolled/1 (\"%s\"): is the address right?",
			wrong);
	else if (!given || !enrol_reply_proof(setup->code, &out->reply, proof) ||
		 !enrol_proof_is(given, proof))
		wrong = "proof";
	if (wrong && strcmp(wrong, "proof") == 0)
		(void)snprintf(
			problem, ENROL_PROBLEM_LEN,
			"the answer does not prove that it is your rangers': someone in between "
			"changed it, or the address is another's. Nothing was taken; ask your "
			"rangers, and use a new code");
	out->reply.public_key = NULL;
	out->root = root;
	if (!wrong)
		return ERR_OK;
	enrol_free(out);
	return ERR_MALFORMED;
}

void enrol_free(struct enrolment *enrolment)
{
	json_decref(enrolment->root);
	*enrolment = (struct enrolment){ 0 };
}

void enrol_say_refusal(const char *text, size_t len, char problem[static ENROL_PROBLEM_LEN])
{
	static const struct {
		const char *code;
		const char *said;
	} refusals[] = {
		{ "used_code", "this code has been used by another sensor: ask your rangers for a "
			       "new one, and tell "
			       "them if that was not you" },
		{ "unknown_code",
		  "your rangers know no such code: compare it letter by letter with "
		  "what they sent" },
		{ "expired_code", "this code is too old: ask your rangers for a new one" },
	};
	json_t *root = json_loadb(text, len, 0, NULL);
	const char *code = text_of(root, "code", ENROL_FIELD_MAX);

	for (size_t i = 0; code && i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		if (strcmp(refusals[i].code, code) == 0)
			(void)snprintf(problem, ENROL_PROBLEM_LEN, "%s", refusals[i].said);
	}
	json_decref(root);
}

bool policy_read(const char *text, policy_option_fn *take, void *arg)
{
	json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	json_t *list = json_object_get(root, "options");
	bool good =
		root &&
		(!list || (json_is_object(list) && json_object_size(list) <= POLICY_OPTIONS_MAX));
	const char *name;
	json_t *value;

	if (good && list) {
		json_object_foreach(list, name, value)
		{
			const char *chars = json_string_value(value);

			take(arg, name,
			     chars && strlen(chars) == json_string_length(value) ? chars : NULL);
		}
	}
	json_decref(root);
	return good;
}

bool policy_may_set(const char *name)
{
	/* What leaves the office, and what else is sent where, is the office's own to say. */
	static const char *const own[] = {
		"courier.", "capsule.", "https.",   "mqtt.", "syslog.",
		"eve.",     "webhook.", "network.", "own.",  "capture."
	};

	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
		if (strncmp(name, own[i], strlen(own[i])) == 0)
			return false;
	}
	for (size_t i = 0; i < options_count; i++) {
		if (strcmp(options[i].name, name) == 0)
			return options[i].kind != OPTION_PATH;
	}
	return true; /* config_set() says that there is none */
}
