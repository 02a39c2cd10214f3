#include "sensor/courier/health_body_jansson.h"

#include "sensor/courier/members_jansson.h"

#include <string.h>

static void read_both(const json_t *from, const char **out)
{
	out[LANGUAGE_EN] = member_text(from, "en");
	out[LANGUAGE_JA] = member_text(from, "ja");
}

enum err health_body_read(const char *body, size_t len, struct health_body *out)
{
	json_t *root = member_root(body, len);
	struct health_body view = {
		.id = member_text(root, "id"),
		.state = member_text(root, "state"),
		.code = member_text(root, "code"),
		.severity = member_text(root, "severity"),
		.interface = member_text(root, "interface"),
		.timestamp = member_text(root, "timestamp"),
		.first = member_text(root, "first"),
		.last = member_text(root, "last"),
		.root = root,
	};

	read_both(json_object_get(root, "sentence"), view.sentence);
	read_both(json_object_get(root, "setting"), view.setting);
	if (strcmp(member_text(root, "schema"), "hinomi.health/1") != 0 || *view.id == '\0' ||
	    *view.state == '\0' || *view.code == '\0' || *view.severity == '\0' ||
	    *view.timestamp == '\0' || *view.sentence[LANGUAGE_EN] == '\0') {
		json_decref(root);
		return ERR_SYNTAX;
	}
	*out = view;
	return ERR_OK;
}

void health_body_free(struct health_body *view)
{
	json_decref(view->root);
	view->root = NULL;
}
