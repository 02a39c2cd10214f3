/*
 * What rangers decided about cases: kept as notes, and written as a file that the sensor reads like
 * a person's own decisions. One that cannot be read there is refused, and changes nothing.
 */
#include "sensor/courier/folder_file.h"
#include "sensor/courier/orders_inside.h"

#include "sensor/config/decisions.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { FILE_MODE = 0640, NOTE_NAME_LEN = 32 };

#define DECISIONS_FILE "rangers.yaml"
#define CHECKED_FILE   "rangers.yaml.new"

/* This folder does not know which rules there are; only how they look. */
static bool is_rule(const char *text)
{
	const char *dash = strchr(text, '-');

	if (!dash || dash == text || dash[1] == '\0')
		return false;
	for (const char *at = text; *at; at++) {
		bool is_good = at < dash
				       ? isupper((unsigned char)*at) || isdigit((unsigned char)*at)
				       : at == dash || isdigit((unsigned char)*at);

		if (!is_good)
			return false;
	}
	return strlen(text) < DECISION_RULE_LEN;
}

static bool is_kind(const char *text)
{
	size_t len = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_-");

	return len > 0 && text[len] == '\0' && len < DECISION_RULE_LEN;
}

/* The first fault alone. */
static void take_fault(void *arg, const char *fault)
{
	struct order_result *out = arg;

	if (out->detail[0] == '\0')
		(void)snprintf(out->detail, sizeof(out->detail), "%.199s", fault);
}

static bool is_read(const char *path, struct order_result *out)
{
	static const struct decisions_words words = { is_rule, is_kind };
	struct decisions *decisions = NULL;
	bool good;

	out->detail[0] = '\0';
	good = decisions_read(&decisions, path, NULL, &words, take_fault, out) == ERR_OK;
	if (good)
		decisions_free(decisions);
	return good;
}

static void later(struct order_result *out, const char *why)
{
	out->status = ORDER_LATER;
	(void)snprintf(out->detail, sizeof(out->detail), "%s", why);
}

/* Writes all decisions up to this one; false when it cannot be read, or not now. */
static bool write_checked(struct orders *orders, const struct order *order,
			  struct order_result *out)
{
	const char *folder = orders->setup.config->courier.folder;
	char path[PATH_MAX];
	char *text = NULL;
	size_t len = 0;
	bool is_written =
		order_decisions_write(orders->setup.outbox, order->number,
				      (nanotime)time(NULL) * NANOTIME_SECOND, &text, &len) &&
		folder_file_write(folder, CHECKED_FILE, FILE_MODE, text, len) == ERR_OK;

	free(text);
	if (!is_written) {
		later(out, "no file can be written into courier.folder");
		return false;
	}
	(void)snprintf(path, sizeof(path), "%s/%s", folder, CHECKED_FILE);
	if (is_read(path, out))
		return true;
	(void)unlink(path);
	out->status = ORDER_REFUSED;
	(void)snprintf(out->code, sizeof(out->code), "bad_body");
	return false;
}

static bool put_in_use(struct orders *orders)
{
	const char *folder = orders->setup.config->courier.folder;
	char from[PATH_MAX];
	char to[PATH_MAX];

	(void)snprintf(from, sizeof(from), "%s/%s", folder, CHECKED_FILE);
	(void)snprintf(to, sizeof(to), "%s/%s", folder, DECISIONS_FILE);
	return rename(from, to) == 0;
}

void order_decision(struct orders *orders, const struct order *order, struct order_result *out)
{
	char name[NOTE_NAME_LEN];
	char key[DECISION_ID_LEN];
	char *note = NULL;

	if (!order_text(order, strcmp(order->kind, "verdict") == 0 ? "case" : "id", key,
			sizeof(key))) {
		order_refuse(out, "bad_body", "a verdict needs \"case\", a suppression \"id\"");
		return;
	}
	if (order->body_len > ORDER_DECISION_MAX) {
		order_refuse(out, "too_large", "a decision has at most 4,096 bytes");
		return;
	}
	(void)snprintf(name, sizeof(name), "order.%" PRIu64, order->number);
	if (asprintf(&note, "%s %s", order->kind, order->body) < 0) {
		later(out, err_text(ERR_MEMORY));
		return;
	}
	if (outbox_note(orders->setup.outbox, name, note) != ERR_OK)
		later(out, "courier.db cannot be written");
	free(note);
	if (out->status == ORDER_DONE && write_checked(orders, order, out)) {
		if (put_in_use(orders))
			(void)snprintf(out->detail, sizeof(out->detail),
				       "it stands in " DECISIONS_FILE " for the sensor");
		else
			later(out, strerror(errno));
	}
	/* What was refused is no part of the file that the next order makes. */
	if (out->status == ORDER_REFUSED && outbox_note(orders->setup.outbox, name, "") != ERR_OK)
		later(out, "courier.db cannot be written");
}
