#include "tools/desk/desk_orders.h"

#include "sensor/base/hex.h"
#include "sensor/base/json.h"
#include "sensor/digest/digest.h"
#include "tools/desk/desk_keys.h"

#include <inttypes.h>

static const char *const kinds[] = {
	"verdict", "suppression", "capsule", "indicators", "prevalence", "rotate_key", "policy",
};

static bool is_kind(const char *kind)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(kinds[i], kind) == 0)
			return true;
	}
	return false;
}

static bool has_sensor(struct desk_store *store, const char *sensor)
{
	struct desk_rows *rows = desk_ask(
		store, "SELECT 1 FROM sensors WHERE name=? AND revoked IS NULL", "t", sensor);
	bool is_there = desk_next(rows);

	desk_done(rows);
	return is_there;
}

static int64_t next_number(struct desk_store *store, const char *sensor)
{
	struct desk_rows *rows =
		desk_ask(store, "SELECT coalesce(max(number), 0) + 1 FROM orders WHERE sensor=?",
			 "t", sensor);
	int64_t number = desk_next(rows) ? desk_number(rows, 0) : 0;

	desk_done(rows);
	return number;
}

static void sign_order(struct desk_store *store, const char *sensor, const char *kind,
		       const char *body, int64_t now, int64_t number)
{
	uint8_t digest[SHA256_LEN];
	uint8_t signature[SIGNATURE_LEN];
	char hex[2 * SHA256_LEN + 1];
	char made[NANOTIME_TEXT_LEN];
	char text[512];
	struct sign_public public;
	struct sign_secret secret;
	int len;

	digest_sha256(body, strlen(body), digest);
	hex_text(digest, SHA256_LEN, hex);
	(void)nanotime_text((nanotime)now, made);
	len = snprintf(text, sizeof(text), "hinomi.order/1\n%s\n%" PRId64 "\n%s\n%s\n%s\n", sensor,
		       number, kind, made, hex);
	desk_key_own(store, &public, &secret);
	sign_message(&secret, text, (size_t)len, signature);
	sign_forget(&secret);
	desk_do(store,
		"INSERT INTO orders(sensor, number, kind, made, digest, signer, signature, body) "
		"VALUES(?,?,?,?,?,?,?,?)",
		"titibbbt", sensor, number, kind, now, digest, (size_t)SHA256_LEN, public.id,
		(size_t)SIGN_ID_LEN, signature, (size_t)SIGNATURE_LEN, body);
}

/* A ranger's verdict is also the desk's: the case is no longer open. */
static void note_verdict(struct desk_store *store, const char *sensor, const struct desk_body *body)
{
	const char *id = desk_body_text(body, "case");
	const char *verdict = desk_body_text(body, "verdict");

	if (*id != '\0')
		desk_do(store, "UPDATE cases SET verdict=?, is_open=0 WHERE sensor=? AND id=?",
			"ttt", verdict, sensor, id);
}

int64_t desk_orders_give(struct desk_store *store, const char *sensor, const char *kind,
			 const char *body, int64_t now, char problem[static DESK_PROBLEM_LEN])
{
	struct desk_body read = { 0 };
	const char *wrong = NULL;
	int64_t number = 0;

	if (!is_kind(kind))
		wrong = "kind: one of verdict, suppression, capsule, indicators, prevalence, "
			"rotate_key, policy";
	else if (strlen(body) > DESK_ORDER_BODY_MAX || !desk_body_open(&read, body, strlen(body)))
		wrong = "body: a JSON object of at most 64 KiB";
	else if (!has_sensor(store, sensor))
		wrong = "sensor: none of this name, or revoked";
	if (wrong) {
		(void)snprintf(problem, DESK_PROBLEM_LEN, "%s", wrong);
	} else {
		number = next_number(store, sensor);
		sign_order(store, sensor, kind, body, now, number);
		if (strcmp(kind, "verdict") == 0)
			note_verdict(store, sensor, &read);
		desk_note(store, now, sensor, "order_given", kind);
	}
	desk_body_close(&read);
	return number;
}

bool desk_orders_wait(struct desk_store *store, const char *sensor)
{
	struct desk_rows *rows = desk_ask(
		store, "SELECT 1 FROM orders WHERE sensor=? AND status='' LIMIT 1", "t", sensor);
	bool is_there = desk_next(rows);

	desk_done(rows);
	return is_there;
}

static void write_hex(struct json *j, struct desk_rows *rows, int column, const char *name,
		      size_t len)
{
	uint8_t bytes[SIGNATURE_LEN];
	char hex[2 * SIGNATURE_LEN + 1] = "";

	if (desk_bytes(rows, column, bytes, len))
		hex_text(bytes, len, hex);
	json_string(j, name, hex);
}

void desk_orders_write(struct desk_store *store, const char *sensor, int64_t after, FILE *out)
{
	struct desk_rows *rows =
		desk_ask(store,
			 "SELECT number, kind, made, digest, signer, signature, body FROM orders "
			 "WHERE sensor=? AND number>? ORDER BY number LIMIT ?",
			 "tii", sensor, after, (int64_t)DESK_ORDERS_AT_ONCE);
	struct json j;

	json_start(&j, out);
	json_object_begin(&j, NULL);
	json_string(&j, "schema", "hinomi.orders/1");
	json_array_begin(&j, "orders");
	while (desk_next(rows)) {
		json_object_begin(&j, NULL);
		json_string(&j, "schema", "hinomi.order/1");
		json_string(&j, "sensor", sensor);
		json_uint(&j, "number", (uint64_t)desk_number(rows, 0));
		json_string(&j, "kind", desk_text(rows, 1));
		json_time(&j, "made", (nanotime)desk_number(rows, 2));
		write_hex(&j, rows, 3, "digest", SHA256_LEN);
		write_hex(&j, rows, 4, "signer", SIGN_ID_LEN);
		write_hex(&j, rows, 5, "signature", SIGNATURE_LEN);
		json_string(&j, "body", desk_text(rows, 6));
		json_object_end(&j);
	}
	json_array_end(&j);
	json_object_end(&j);
	json_line_end(&j);
	json_flush(&j);
}

void desk_orders_answered(struct desk_store *store, const char *sensor,
			  const struct desk_body *body, int64_t now)
{
	int64_t number = desk_body_number(body, "order");
	const char *status = desk_body_text(body, "status");
	char what[256];

	if (*status == '\0')
		return;
	desk_do(store, "UPDATE orders SET status=?, code=? WHERE sensor=? AND number=?", "ttti",
		status, desk_body_text(body, "code"), sensor, number);
	(void)snprintf(what, sizeof(what), "order %" PRId64 ": %.40s %.160s", number, status,
		       desk_body_text(body, "detail"));
	desk_note(store, now, sensor, "order_answered", what);
}
