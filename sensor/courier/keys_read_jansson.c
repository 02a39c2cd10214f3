#include "sensor/courier/keys.h"

#include <jansson.h>
#include <string.h>

static bool is_word(const json_t *root, const char *name, const char *word)
{
	const char *text = json_string_value(json_object_get(root, name));

	return text && strcmp(text, word) == 0;
}

bool keys_are_taken(const char *text, size_t len)
{
	json_t *root = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL);
	bool good = is_word(root, "schema", "hinomi.key_taken/1") &&
		    (is_word(root, "status", "stored") || is_word(root, "status", "duplicate"));

	json_decref(root);
	return good;
}
