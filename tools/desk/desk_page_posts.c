#include "tools/desk/desk_page_posts.h"

#include "tools/desk/desk_body_jansson.h"
#include "tools/desk/desk_keys.h"
#include "tools/desk/desk_orders.h"

#include <inttypes.h>
#include <string.h>

/* Numbers and codes of ours alone: nothing that would have to be escaped. */
static void reply(struct desk_answer *out, const char *text)
{
	out->status = 200;
	out->text = strdup(text);
	out->len = out->text ? strlen(text) : 0;
}

static void post_code(const struct desk *desk, const struct desk_body *body,
		      struct desk_answer *out)
{
	char code[DESK_CODE_SHOWN_LEN];
	char text[64];
	enum err err = desk_enrol_code(desk->store, desk_body_text(body, "office"), desk_now(),
				       code, out->detail);

	if (err != ERR_OK) {
		out->status = err == ERR_RANGE ? 422 : 503;
		out->code = "no_code";
		return;
	}
	(void)snprintf(text, sizeof(text), "{\"code\":\"%s\"}\n", code);
	reply(out, text);
}

static void post_order(const struct desk *desk, const struct desk_body *body,
		       struct desk_answer *out)
{
	char text[64];
	int64_t number;

	desk_begin(desk->store);
	number = desk_orders_give(desk->store, desk_body_text(body, "sensor"),
				  desk_body_text(body, "kind"), desk_body_text(body, "body"),
				  desk_now(), out->detail);
	if (number == 0) {
		desk_rollback(desk->store);
		out->status = 422;
		out->code = "no_order";
		return;
	}
	if (desk_commit(desk->store) != ERR_OK) {
		desk_refuse(out, 503, "busy", "");
		return;
	}
	(void)snprintf(text, sizeof(text), "{\"number\":%" PRId64 "}\n", number);
	reply(out, text);
}

static void post_revoke(const struct desk *desk, const struct desk_body *body,
			struct desk_answer *out)
{
	const char *sensor = desk_body_text(body, "sensor");
	const char *signer = desk_body_text(body, "signer");
	char text[64];
	int64_t count;

	if ((*sensor == '\0') == (*signer == '\0')) {
		desk_refuse(out, 422, "no_revocation", "name a sensor or a signer");
		return;
	}
	desk_begin(desk->store);
	count = *sensor != '\0' ? desk_key_revoke_sensor(desk->store, sensor, desk_now())
				: desk_key_revoke(desk->store, signer, desk_now());
	if (desk_commit(desk->store) != ERR_OK) {
		desk_refuse(out, 503, "busy", "");
		return;
	}
	(void)snprintf(text, sizeof(text), "{\"revoked\":%" PRId64 "}\n", count);
	reply(out, text);
}

static const struct {
	const char *path;
	void (*take)(const struct desk *desk, const struct desk_body *body,
		     struct desk_answer *out);
} routes[] = {
	{ "/v1/desk/codes", post_code },
	{ "/v1/desk/orders", post_order },
	{ "/v1/desk/revoke", post_revoke },
};

void desk_page_post(const struct desk *desk, const struct desk_request *request,
		    struct desk_answer *out)
{
	struct desk_body body;

	if (!desk_body_open(&body, request->body, request->body_len)) {
		desk_refuse(out, 400, "no_json", "send one JSON object");
		return;
	}
	desk_refuse(out, 404, "no_such_path", "");
	for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++) {
		if (strcmp(routes[i].path, request->path) == 0)
			routes[i].take(desk, &body, out);
	}
	desk_body_close(&body);
}
