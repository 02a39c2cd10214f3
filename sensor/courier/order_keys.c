/* The rangers ask for another pair of keys. */
#include "sensor/courier/keys.h"
#include "sensor/courier/orders_inside.h"

#include "sensor/base/hex.h"

#include <inttypes.h>
#include <string.h>

enum turned { NOT_YET, TURNED, NOT_KNOWN };

/*
 * An order that is done once more after a power cut must not turn the key once more: the key that
 * was in use when it was first taken is noted.
 */
static enum turned is_turned(struct orders *orders, const struct order *order)
{
	struct outbox *outbox = orders->setup.outbox;
	struct sign_public key;
	char now[2 * SIGN_PUBLIC_LEN + ORDER_WORD_LEN];
	char noted[sizeof(now)] = "";
	char hex[2 * SIGN_PUBLIC_LEN + 1];
	int len;

	outbox_key(outbox, &key);
	hex_text(key.key, SIGN_PUBLIC_LEN, hex);
	len = snprintf(now, sizeof(now), "%" PRIu64 " ", order->number);
	(void)snprintf(now + len, sizeof(now) - (size_t)len, "%s", hex);
	if (outbox_noted(outbox, "orders.key", noted, sizeof(noted)) &&
	    strncmp(noted, now, (size_t)len) == 0)
		return strcmp(noted, now) == 0 ? NOT_YET : TURNED;
	return outbox_note(outbox, "orders.key", now) == ERR_OK ? NOT_YET : NOT_KNOWN;
}

static void later(struct order_result *out, const char *why)
{
	out->status = ORDER_LATER;
	(void)snprintf(out->detail, sizeof(out->detail), "%s", why);
}

void order_rotate_key(struct orders *orders, const struct order *order, struct order_result *out)
{
	char problem[OUTPUT_SAID_LEN] = "";
	enum turned turned;
	enum err err;

	if (!orders->setup.client) {
		order_refuse(out, "no_https", "keys are changed over https.url, which is not set");
		return;
	}
	turned = is_turned(orders, order);
	if (turned == NOT_KNOWN)
		later(out, "courier.db cannot be written");
	if (turned != NOT_YET)
		return;
	err = keys_rotate(orders->setup.outbox, orders->setup.client, problem);
	if (err == ERR_MISSING)
		order_refuse(out, "refused_key", problem);
	else if (err != ERR_OK)
		later(out, problem);
}
