#include "tools/desk/desk_body_jansson.h"

#include <jansson.h>
#include <string.h>

bool desk_body_open(struct desk_body *out, const char *text, size_t len)
{
	json_t *root = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL);

	out->root = json_is_object(root) ? root : NULL;
	if (!out->root)
		json_decref(root);
	return out->root != NULL;
}

void desk_body_close(struct desk_body *body)
{
	json_decref(body->root);
	body->root = NULL;
}

static const json_t *member(const struct desk_body *body, const char *name)
{
	const json_t *at = body->root;
	const char *dot;

	while ((dot = strchr(name, '.')) && at) {
		char step[64];

		(void)snprintf(step, sizeof(step), "%.*s", (int)(dot - name), name);
		at = json_object_get(at, step);
		name = dot + 1;
	}
	return json_object_get(at, name);
}

static const char *text_of(const json_t *value)
{
	const char *text = json_string_value(value);

	return text && strlen(text) == json_string_length(value) ? text : "";
}

const char *desk_body_text(const struct desk_body *body, const char *name)
{
	return text_of(member(body, name));
}

int64_t desk_body_number(const struct desk_body *body, const char *name)
{
	const json_t *value = member(body, name);
	double real = json_number_value(value);

	if (json_is_integer(value))
		return json_integer_value(value);
	return real > -1e15 && real < 1e15 ? (int64_t)real : 0;
}

double desk_body_decimal(const struct desk_body *body, const char *name)
{
	return json_number_value(member(body, name));
}

bool desk_body_is_true(const struct desk_body *body, const char *name)
{
	return json_is_true(member(body, name));
}

bool desk_body_has(const struct desk_body *body, const char *name)
{
	const json_t *value = member(body, name);

	return value && !json_is_null(value);
}

size_t desk_body_count(const struct desk_body *body, const char *name)
{
	return json_array_size(member(body, name));
}

struct desk_body desk_body_item(const struct desk_body *body, const char *name, size_t i)
{
	json_t *value = json_array_get(member(body, name), i);

	return (struct desk_body){ .root = json_is_object(value) ? value : NULL };
}

const char *desk_body_item_text(const struct desk_body *body, const char *name, size_t i)
{
	return text_of(json_array_get(member(body, name), i));
}
