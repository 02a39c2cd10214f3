#include "sensor/courier/case_view_jansson.h"

#include "sensor/courier/members_jansson.h"

#include <string.h>

static void read_device(const json_t *from, struct case_view_device *device)
{
	device->name = member_text(from, "name");
	device->label = member_text(from, "label");
	device->place = member_text(from, "place");
	device->owner = member_text(from, "owner");
	device->mac = member_text(from, "mac");
	device->ips = member_texts(from, "ip", device->ip, CASE_VIEW_IPS);
}

static void read_words(const json_t *from, struct case_view_words *words)
{
	words->title = member_text(from, "title");
	words->what = member_text(from, "what");
	words->steps = member_texts(from, "do_first", words->do_first, CASE_VIEW_STEPS);
	words->harmless_if = member_text(from, "harmless_if");
}

static void read_flow(const json_t *flows, struct case_view_flow *flow)
{
	size_t count = json_array_size(flows);
	const json_t *from = count > 0 ? json_array_get(flows, count - 1) : NULL;

	flow->src_ip = member_text(from, "src_ip");
	flow->dest_ip = member_text(from, "dest_ip");
	flow->src_port = (unsigned)member_uint(from, "src_port");
	flow->dest_port = (unsigned)member_uint(from, "dest_port");
	flow->protocol = (unsigned)member_uint(from, "ip_protocol");
	flow->community_id = member_text(from, "community_id");
	flow->flow_id = member_uint(from, "flow_id");
	flow->start = member_text(from, "start");
	flow->has_ended = json_object_get(from, "end") != NULL;
	flow->bytes_toserver = member_uint(from, "bytes_toserver");
	flow->bytes_toclient = member_uint(from, "bytes_toclient");
	flow->pkts_toserver = member_uint(from, "pkts_toserver");
	flow->pkts_toclient = member_uint(from, "pkts_toclient");
}

static void read_finding(const json_t *from, struct case_view_finding *finding)
{
	const json_t *object = json_object_get(from, "object");

	finding->rule = member_text(from, "rule");
	finding->kind = member_text(from, "kind");
	finding->tactic = member_text(from, "tactic");
	finding->direction = member_text(from, "direction");
	finding->outcome = member_text(from, "outcome");
	finding->attacks = member_texts(from, "attack", finding->attack, CASE_VIEW_ATTACKS);
	finding->object_kind = member_text(object, "kind");
	finding->object_value = member_text(object, "value");
	finding->object_ip = member_text(object, "ip");
	finding->object_port = (unsigned)member_uint(object, "port");
	finding->object_protocol = (unsigned)member_uint(object, "ip_protocol");
	finding->application = member_text(object, "application");
	read_flow(json_object_get(from, "flows"), &finding->flow);
}

/* The order of finding_leads() in sensor/case, which chose the words. */
static bool leads(const json_t *a, const json_t *b)
{
	uint64_t priority_a = member_uint(a, "priority");
	uint64_t priority_b = member_uint(b, "priority");
	uint64_t impact_a = member_uint(a, "impact");
	uint64_t impact_b = member_uint(b, "impact");

	if (priority_a != priority_b)
		return priority_a < priority_b;
	if (impact_a != impact_b)
		return impact_a > impact_b;
	return json_number_value(json_object_get(a, "confidence")) >
	       json_number_value(json_object_get(b, "confidence"));
}

static const json_t *leading(const json_t *findings)
{
	const json_t *lead = json_array_get(findings, 0);

	for (size_t i = 1; i < json_array_size(findings); i++) {
		if (leads(json_array_get(findings, i), lead))
			lead = json_array_get(findings, i);
	}
	return lead;
}

static void read_case(const json_t *root, struct case_view *view)
{
	const json_t *text = json_object_get(root, "text");

	view->id = member_text(root, "id");
	view->revision = member_uint(root, "rev");
	view->action = member_text(root, "action");
	view->state = member_text(root, "state");
	view->priority = (unsigned)member_uint(root, "priority");
	view->impact = (unsigned)member_uint(root, "impact");
	view->confidence = json_number_value(json_object_get(root, "confidence"));
	view->cause = member_text(root, "cause");
	view->first = member_text(root, "first");
	view->last = member_text(root, "last");
	view->signals = member_uint(root, "signals");
	view->is_digest = json_is_true(json_object_get(root, "digest"));
	read_device(json_object_get(root, "device"), &view->device);
	read_words(json_object_get(text, "en"), &view->words[LANGUAGE_EN]);
	read_words(json_object_get(text, "ja"), &view->words[LANGUAGE_JA]);
	read_finding(leading(json_object_get(root, "findings")), &view->lead);
}

enum err case_view_read(const char *body, size_t len, struct case_view *out)
{
	json_t *root = member_root(body, len);
	struct case_view view = { .root = root };

	if (!root)
		return ERR_SYNTAX;
	read_case(root, &view);
	if (strcmp(member_text(root, "schema"), "hinomi.case/1") != 0 || *view.id == '\0' ||
	    view.revision == 0 || view.priority == 0 || *view.first == '\0' || *view.last == '\0' ||
	    *view.words[LANGUAGE_EN].title == '\0' || *view.lead.rule == '\0') {
		json_decref(root);
		return ERR_SYNTAX;
	}
	*out = view;
	return ERR_OK;
}

void case_view_free(struct case_view *view)
{
	json_decref(view->root);
	view->root = NULL;
}

bool case_view_is_closed(const struct case_view *view)
{
	return strcmp(view->action, "close") == 0;
}
