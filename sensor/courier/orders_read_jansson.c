#include "sensor/courier/orders_inside.h"

#include "sensor/base/hex.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* The text of a member; "" when it is missing, no text, or holds a NUL. */
static const char *text_of(const json_t *root, const char *name)
{
	const json_t *value = json_object_get(root, name);
	const char *text = json_string_value(value);

	return text && strlen(text) == json_string_length(value) ? text : "";
}

/* Copies a text that is one line; false when it is empty or too long. */
static bool take_line(const json_t *root, const char *name, char *out, size_t room)
{
	const char *text = text_of(root, name);
	size_t len = 0;

	while ((unsigned char)text[len] > ' ' && text[len] != 0x7f)
		len++;
	if (len == 0 || len >= room || text[len] != '\0')
		return false;
	memcpy(out, text, len + 1);
	return true;
}

/* Names the member that is wrong; NULL when none is. */
static const char *read_order(const json_t *from, struct order *order)
{
	const json_t *number = json_object_get(from, "number");

	if (strcmp(text_of(from, "schema"), ORDER_SCHEMA) != 0)
		return "schema";
	if (!take_line(from, "sensor", order->sensor, sizeof(order->sensor)))
		return "sensor";
	if (!take_line(from, "kind", order->kind, sizeof(order->kind)))
		return "kind";
	if (!take_line(from, "made", order->made, sizeof(order->made)))
		return "made";
	if (!json_is_integer(number) || json_integer_value(number) < 1)
		return "number";
	order->number = (uint64_t)json_integer_value(number);
	if (!hex_bytes(text_of(from, "digest"), order->digest, SHA256_LEN))
		return "digest";
	if (!hex_bytes(text_of(from, "signer"), order->signer, SIGN_ID_LEN))
		return "signer";
	if (!hex_bytes(text_of(from, "signature"), order->signature, SIGNATURE_LEN))
		return "signature";
	order->body = text_of(from, "body");
	order->body_len = strlen(order->body);
	return order->body_len > 0 && order->body_len <= ORDER_BODY_MAX ? NULL : "body";
}

static int by_number(const void *a, const void *b)
{
	uint64_t left = ((const struct order *)a)->number;
	uint64_t right = ((const struct order *)b)->number;

	return (left > right) - (left < right);
}

static enum err wrong(struct order_list *list, char *problem, const char *what)
{
	(void)snprintf(problem, ORDERS_PROBLEM_LEN,
		       "orders that are not as agreed (\"%s\"): none of them was taken", what);
	order_list_free(list);
	return ERR_MALFORMED;
}

enum err order_list_parse(const char *text, size_t len, struct order_list *out,
			  char problem[static ORDERS_PROBLEM_LEN])
{
	json_t *root = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL);
	const json_t *list = json_object_get(root, "orders");

	out->root = root;
	out->count = 0;
	if (!root || strcmp(text_of(root, "schema"), "hinomi.orders/1") != 0)
		return wrong(out, problem, "schema");
	if (!json_is_array(list) || json_array_size(list) > ORDERS_MOST)
		return wrong(out, problem, "orders");
	for (; out->count < json_array_size(list); out->count++) {
		const char *what =
			read_order(json_array_get(list, out->count), &out->order[out->count]);

		if (what)
			return wrong(out, problem, what);
	}
	qsort(out->order, out->count, sizeof(out->order[0]), by_number);
	return ERR_OK;
}

void order_list_free(struct order_list *list)
{
	json_decref(list->root);
	list->root = NULL;
	list->count = 0;
}

bool order_text(const struct order *order, const char *name, char *out, size_t room)
{
	json_t *root = json_loadb(order->body, order->body_len, JSON_REJECT_DUPLICATES, NULL);
	bool good = take_line(root, name, out, room);

	json_decref(root);
	return good;
}

bool order_number(const struct order *order, const char *name, uint64_t *out)
{
	json_t *root = json_loadb(order->body, order->body_len, JSON_REJECT_DUPLICATES, NULL);
	const json_t *value = json_object_get(root, name);
	bool good = json_is_integer(value) && json_integer_value(value) >= 0;

	if (good)
		*out = (uint64_t)json_integer_value(value);
	json_decref(root);
	return good;
}
