/* The rangers ask for the evidence of a case: it goes out in a stream of its own. */
#include "sensor/courier/orders_inside.h"

#include "sensor/courier/capsule_body.h"
#include "sensor/courier/put_filtered.h"
#include "sensor/store/store_view.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { CASE_LEN = PARCEL_KEY_LEN };

/* The latest capsule of a case. */
struct wanted {
	const char *case_id;
	uint64_t revision;
	char *body;
	size_t len;
	bool is_too_large;
	bool is_failed;
};

static bool look(void *arg, const struct store_capsule *row)
{
	struct wanted *w = arg;

	w->revision = row->revision;
	w->body = capsule_body(row, &w->len, &w->is_too_large);
	w->is_failed = !w->body && !w->is_too_large;
	return true;
}

static enum err put(struct outbox *outbox, const struct wanted *w)
{
	const struct outbox_row row = {
		.stream = PARCEL_EVIDENCE,
		.kind = PARCEL_CAPSULE,
		.key = w->case_id,
		.revision = w->revision > 0 ? w->revision : 1,
		.made = (nanotime)time(NULL) * NANOTIME_SECOND,
		.body = w->body,
		.body_len = w->len,
	};

	return put_filtered(outbox, &row);
}

static void find(const char *folder, struct wanted *w, struct order_result *out)
{
	char problem[STORE_PROBLEM_LEN];
	struct store_view *view = NULL;
	enum err err = store_view_open(&view, folder, problem);

	if (err != ERR_OK) {
		/* `problem` names a path, which is nobody's outside. */
		order_refuse(out, "no_store", "the sensor's cases.db is not there or not readable");
		return;
	}
	err = store_view_capsule(view, w->case_id, look, w);
	store_view_close(view);
	if ((err != ERR_OK && err != ERR_MISSING) || w->is_failed) {
		out->status = ORDER_LATER;
		(void)snprintf(out->detail, sizeof(out->detail), "cases.db cannot be read now");
	} else if (w->is_too_large) {
		order_refuse(out, "too_large", "the capsule is larger than a parcel may be");
	} else if (!w->body) {
		order_refuse(out, "no_capsule", "no capsule of that case is kept here");
	}
}

void order_capsule(struct orders *orders, const struct order *order, struct order_result *out)
{
	const struct config *config = orders->setup.config;
	char id[CASE_LEN];
	struct wanted wanted = { .case_id = id };
	enum err err;

	if (config->courier.capsules == COURIER_CAPSULES_NEVER) {
		order_refuse(out, "not_allowed", "this office gives no capsules: courier.capsules");
		return;
	}
	if (!order_text(order, "case", id, sizeof(id)) || !parcel_name_is_good(id)) {
		order_refuse(out, "bad_body", "needs \"case\"");
		return;
	}
	find(config->store.folder, &wanted, out);
	if (out->status == ORDER_DONE) {
		err = put(orders->setup.outbox, &wanted);
		if (err != ERR_OK) {
			out->status = ORDER_LATER;
			(void)snprintf(out->detail, sizeof(out->detail), "courier.db: %s",
				       err_text(err));
		}
	}
	free(wanted.body);
}
