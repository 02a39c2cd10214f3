/* What the files of the orders share; for them alone. */
#pragma once

#include "sensor/courier/orders.h"

enum {
	ORDER_KEYS_MAX = 4,
	ORDER_WORD_LEN = 32,
	ORDER_DECISION_MAX = 4096, /* bytes of a decision's body */
	ORDER_NOTE_LEN = ORDER_DECISION_MAX + ORDER_WORD_LEN,
	ORDER_SIGNED_MAX = 512,
};

#define ORDER_SCHEMA "hinomi.order/1"

struct order {
	char sensor[PARCEL_SENSOR_LEN];
	uint64_t number;
	char kind[ORDER_WORD_LEN]; /* a word that may be none of ours */
	char made[NANOTIME_TEXT_LEN];
	uint8_t digest[SHA256_LEN];
	uint8_t signer[SIGN_ID_LEN];
	uint8_t signature[SIGNATURE_LEN];
	const char *body; /* of the list's */
	size_t body_len;
};

struct order_list {
	struct order order[ORDERS_MOST]; /* by number */
	size_t count;
	void *root;
};

/* ERR_MALFORMED, and `problem` says what of it is wrong. */
MUST_USE enum err order_list_parse(const char *text, size_t len, struct order_list *out,
				   char problem[static ORDERS_PROBLEM_LEN]);
void order_list_free(struct order_list *list);

/* A member of an order's body; false when it is missing, of another type, or too long. */
bool order_text(const struct order *order, const char *name, char *out, size_t room);
bool order_number(const struct order *order, const char *name, uint64_t *out);

struct orders {
	struct orders_setup setup;
	struct sign_public key[ORDER_KEYS_MAX];
	size_t key_count;
	uint64_t done;
	struct order_list list; /* that is being taken */
};

enum order_status { ORDER_DONE, ORDER_REFUSED, ORDER_LATER };

struct order_result {
	enum order_status status;
	char code[ORDER_WORD_LEN];
	char detail[ORDER_DETAIL_LEN];
};

/* Does what is asked. May be called again for the same order: all of it can be done twice. */
typedef void order_fn(struct orders *orders, const struct order *order, struct order_result *out);

order_fn order_decision; /* verdict, suppression */
order_fn order_capsule;
order_fn order_file; /* indicators, prevalence */
order_fn order_rotate_key;

void order_refuse(struct order_result *out, const char *code, const char *detail);

/*
 * All decisions up to that number as the file that sensor/config/decisions.h reads, the latest of
 * each; the caller's. False when memory ran out.
 */
bool order_decisions_write(struct outbox *outbox, uint64_t last, nanotime now, char **text,
			   size_t *len);
