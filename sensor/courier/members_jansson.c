#include "sensor/courier/members_jansson.h"

const char *member_text(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text ? text : "";
}

uint64_t member_uint(const json_t *object, const char *name)
{
	json_int_t value = json_integer_value(json_object_get(object, name));

	return value > 0 ? (uint64_t)value : 0;
}

size_t member_texts(const json_t *object, const char *name, const char **out, size_t room)
{
	const json_t *list = json_object_get(object, name);
	size_t count = 0;

	for (size_t i = 0; i < json_array_size(list) && count < room; i++) {
		const char *text = json_string_value(json_array_get(list, i));

		if (text)
			out[count++] = text;
	}
	return count;
}

json_t *member_root(const char *body, size_t len)
{
	json_t *root = json_loadb(body, len, JSON_REJECT_DUPLICATES, NULL);

	if (json_is_object(root))
		return root;
	json_decref(root);
	return NULL;
}
