#include "sensor/courier/orders_inside.h"

#include "sensor/base/hex.h"
#include "sensor/base/json.h"
#include "sensor/courier/put_filtered.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { KEYS_TEXT_LEN = ORDER_KEYS_MAX * (2 * SIGN_PUBLIC_LEN + 1) + 1, NUMBER_LEN = 24 };

#define DONE_NOTE "orders.done"

static void order_policy(struct orders *orders, const struct order *order, struct order_result *out)
{
	(void)orders;
	(void)order;
	order_refuse(out, "not_supported", "options are set at an enrolment, or on the sensor");
}

static const struct {
	const char *kind;
	order_fn *take;
} handlers[] = {
	{ "verdict", order_decision }, { "suppression", order_decision },
	{ "capsule", order_capsule },  { "indicators", order_file },
	{ "prevalence", order_file },  { "rotate_key", order_rotate_key },
	{ "policy", order_policy },
};

void order_refuse(struct order_result *out, const char *code, const char *detail)
{
	out->status = ORDER_REFUSED;
	(void)snprintf(out->code, sizeof(out->code), "%s", code);
	(void)snprintf(out->detail, sizeof(out->detail), "%s", detail);
}

/* The desk may have several, while it changes from one to the next: blanks between. */
static void read_keys(struct orders *orders, char *text)
{
	char *rest = NULL;

	for (char *one = strtok_r(text, " ,", &rest); one && orders->key_count < ORDER_KEYS_MAX;
	     one = strtok_r(NULL, " ,", &rest)) {
		struct sign_public *key = &orders->key[orders->key_count];

		if (!hex_bytes(one, key->key, SIGN_PUBLIC_LEN))
			continue;
		sign_key_id(key->key, key->id);
		orders->key_count++;
	}
}

enum err orders_open(struct orders **out, const struct orders_setup *setup,
		     char problem[static ORDERS_PROBLEM_LEN])
{
	struct orders *orders = calloc(1, sizeof(*orders));
	char keys[KEYS_TEXT_LEN] = "";
	char done[NUMBER_LEN] = "";

	if (!orders) {
		(void)snprintf(problem, ORDERS_PROBLEM_LEN, "%s", err_text(ERR_MEMORY));
		return ERR_MEMORY;
	}
	orders->setup = *setup;
	(void)outbox_noted(setup->outbox, "desk_key", keys, sizeof(keys));
	(void)outbox_noted(setup->outbox, DONE_NOTE, done, sizeof(done));
	read_keys(orders, keys);
	orders->done = strtoull(done, NULL, 10);
	if (orders->key_count == 0) {
		(void)snprintf(problem, ORDERS_PROBLEM_LEN,
			       "this sensor knows no desk's key and takes no orders: enrol it with "
			       "'hinomi-courier enrol'");
		orders_close(orders);
		return ERR_MISSING;
	}
	*out = orders;
	return ERR_OK;
}

void orders_close(struct orders *orders)
{
	free(orders);
}

uint64_t orders_done(const struct orders *orders)
{
	return orders->done;
}

static bool is_signed(const struct orders *orders, const struct order *order)
{
	char text[ORDER_SIGNED_MAX];
	char digest[PARCEL_HEX_LEN];
	int len;

	hex_text(order->digest, SHA256_LEN, digest);
	len = snprintf(text, sizeof(text), ORDER_SCHEMA "\n%s\n%" PRIu64 "\n%s\n%s\n%s\n",
		       order->sensor, order->number, order->kind, order->made, digest);
	for (size_t i = 0; i < orders->key_count; i++) {
		const struct sign_public *key = &orders->key[i];

		if (memcmp(key->id, order->signer, SIGN_ID_LEN) == 0 &&
		    sign_message_check(key, text, (size_t)len, order->signature))
			return true;
	}
	return false;
}

/* Why it is not one for us; NULL when it is. */
static const char *wrong_with(const struct orders *orders, const struct order *order)
{
	uint8_t digest[SHA256_LEN];

	if (strcmp(order->sensor, outbox_sensor(orders->setup.outbox)) != 0)
		return "is for another sensor";
	if (!is_signed(orders, order))
		return "is not signed by the desk that this sensor was enrolled at";
	digest_sha256(order->body, order->body_len, digest);
	return memcmp(digest, order->digest, SHA256_LEN) == 0 ? NULL
							      : "was changed after it was signed";
}

static bool write_answer(const struct order *order, const struct order_result *result, char **text,
			 size_t *len)
{
	struct json j;
	FILE *out = open_memstream(text, len);

	if (!out)
		return false;
	json_start(&j, out);
	json_object_begin(&j, NULL);
	json_string(&j, "schema", "hinomi.answer/1");
	json_uint(&j, "order", order->number);
	json_string(&j, "kind", order->kind);
	json_string(&j, "status", result->status == ORDER_DONE ? "done" : "refused");
	json_string(&j, "code", result->code);
	json_string(&j, "detail", result->detail);
	json_object_end(&j);
	json_line_end(&j);
	json_flush(&j);
	return fclose(out) == 0;
}

/* The answer first: a power cut between the two has the order done and answered once more. */
static enum err answer(struct orders *orders, const struct order *order,
		       const struct order_result *result)
{
	char key[NUMBER_LEN];
	char *text = NULL;
	size_t len = 0;
	struct outbox_row row = {
		.stream = PARCEL_ROUTINE,
		.kind = PARCEL_ANSWER,
		.key = key,
		.revision = 1,
		.made = (nanotime)time(NULL) * NANOTIME_SECOND,
	};
	enum err err = ERR_MEMORY;

	(void)snprintf(key, sizeof(key), "%" PRIu64, order->number);
	if (write_answer(order, result, &text, &len)) {
		text[len - 1] = '\0'; /* the end of the line */
		row.body = text;
		row.body_len = len - 1;
		err = put_filtered(orders->setup.outbox, &row);
	}
	free(text);
	if (err == ERR_OK)
		err = outbox_note(orders->setup.outbox, DONE_NOTE, key);
	if (err == ERR_OK)
		orders->done = order->number;
	return err;
}

static enum err take_one(struct orders *orders, const struct order *order, char *problem)
{
	struct order_result result = { .status = ORDER_REFUSED, .code = "unknown_kind" };
	enum err err;

	for (size_t i = 0; i < sizeof(handlers) / sizeof(handlers[0]); i++) {
		if (strcmp(handlers[i].kind, order->kind) != 0)
			continue;
		result = (struct order_result){ .status = ORDER_DONE, .code = "done" };
		handlers[i].take(orders, order, &result);
	}
	if (result.status == ORDER_LATER) {
		(void)snprintf(problem, ORDERS_PROBLEM_LEN,
			       "order %" PRIu64 " (%s) has to wait: %.200s", order->number,
			       order->kind, result.detail);
		return ERR_IO;
	}
	err = answer(orders, order, &result);
	if (err == ERR_OK)
		return ERR_OK;
	(void)snprintf(problem, ORDERS_PROBLEM_LEN,
		       "order %" PRIu64 " (%s) cannot be answered yet: courier.db: %s",
		       order->number, order->kind, err_text(err));
	return ERR_IO;
}

static enum err take_list(struct orders *orders, char *problem)
{
	for (size_t i = 0; i < orders->list.count; i++) {
		const struct order *order = &orders->list.order[i];
		const char *wrong;
		enum err err;

		if (order->number <= orders->done)
			continue;
		if (order->number != orders->done + 1) {
			(void)snprintf(problem, ORDERS_PROBLEM_LEN,
				       "the desk left out order %" PRIu64
				       "; none behind it is taken",
				       orders->done + 1);
			return ERR_MISSING;
		}
		wrong = wrong_with(orders, order);
		if (wrong) {
			(void)snprintf(problem, ORDERS_PROBLEM_LEN,
				       "order %" PRIu64 " %s: it was not taken; ask your rangers",
				       order->number, wrong);
			return ERR_MALFORMED;
		}
		err = take_one(orders, order, problem);
		if (err != ERR_OK)
			return err;
	}
	return ERR_OK;
}

enum err orders_take(struct orders *orders, const char *text, size_t len,
		     char problem[static ORDERS_PROBLEM_LEN])
{
	enum err err = order_list_parse(text, len, &orders->list, problem);

	if (err != ERR_OK)
		return err;
	err = take_list(orders, problem);
	order_list_free(&orders->list);
	return err;
}

enum err orders_fetch(struct orders *orders, char problem[static ORDERS_PROBLEM_LEN])
{
	char path[HTTPS_PATH_LEN];
	const struct https_request request = { .path = path };
	struct https_answer answer;
	uint64_t before;
	enum err err;

	do {
		before = orders->done;
		(void)snprintf(path, sizeof(path), "v1/orders?sensor=%s&after=%" PRIu64,
			       outbox_sensor(orders->setup.outbox), before);
		https_ask(orders->setup.client, &request, &answer);
		if (answer.status != 200) {
			(void)snprintf(problem, ORDERS_PROBLEM_LEN, "orders: %s", answer.said);
			return ERR_IO;
		}
		err = orders_take(orders, answer.body, answer.body_len, problem);
	} while (err == ERR_OK && orders->done > before);
	return err;
}
