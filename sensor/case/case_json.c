#include "sensor/case/case_json.h"

#include "sensor/base/json.h"
#include "sensor/case/case_words.h"
#include "sensor/case/country_names.h"
#include "sensor/config/options.h"
#include "sensor/digest/community_id.h"
#include "sensor/inventory/device_labels.h"

#include <string.h>

static const char *const language_names[LANGUAGES] = { "en", "ja" };
static const char *const name_sources[DEVICE_NAME_SOURCES] = { "dhcp", "mdns", "netbios", "login" };

static void put_given(struct json *j, const struct device_label *given)
{
	if (given->label[0] != '\0')
		json_string(j, "label", given->label);
	if (given->place[0] != '\0')
		json_string(j, "place", given->place);
	if (given->owner[0] != '\0')
		json_string(j, "owner", given->owner);
	if (given->kind != DEVICE_KIND_UNTOLD)
		json_string(j, "kind", device_kind_text((enum device_kind)given->kind));
}

void case_device_json(struct json *j, const char *key, const struct device *d)
{
	char chars[DEVICE_CALLED_LEN];
	struct text name = text_over(chars, sizeof(chars));
	char mac[MAC_TEXT_LEN];

	json_object_begin(j, key);
	case_device_name(d, &name);
	json_string(j, "name", chars);
	put_given(j, &d->given);
	if (d->has_mac) {
		mac_text(&d->mac, mac);
		json_string(j, "mac", mac);
		json_bool(j, "mac_random", mac_is_local(&d->mac));
	}
	if (d->former_count > 0) {
		json_array_begin(j, "former_macs");
		for (uint32_t i = 0; i < d->former_count; i++) {
			mac_text(&d->former[i], mac);
			json_string(j, NULL, mac);
		}
		json_array_end(j);
	}
	json_array_begin(j, "ip");
	for (uint32_t i = 0; i < d->address_count; i++)
		json_address(j, NULL, &d->addresses[i]);
	json_array_end(j);
	json_array_begin(j, "names");
	for (size_t i = 0; i < DEVICE_NAME_SOURCES; i++) {
		if (d->names[i][0] == '\0')
			continue;
		json_object_begin(j, NULL);
		json_string(j, "name", d->names[i]);
		json_string(j, "from", name_sources[i]);
		json_object_end(j);
	}
	json_array_end(j);
	if (d->traits[DEVICE_VENDOR_CLASS][0] != '\0')
		json_string(j, "vendor_class", d->traits[DEVICE_VENDOR_CLASS]);
	json_bool(j, "is_router", d->is_router);
	json_time(j, "first_seen", d->first_seen);
	json_time(j, "last_seen", d->last_seen);
	json_object_end(j);
}

static void put_text(struct json *j, const struct case_record *c, const struct case_view *view)
{
	const struct finding *lead = case_lead(c);
	enum signal_kind kind = (enum signal_kind)lead->signal.kind;

	json_object_begin(j, "text");
	for (int l = 0; l < LANGUAGES; l++) {
		enum language language = (enum language)l;
		char chars[WORDS_TEXT_LEN];
		struct text text = text_over(chars, sizeof(chars));

		json_object_begin(j, language_names[l]);
		json_string(j, "title", words_title(kind, language));
		words_sentence(lead, &c->device, language, &text);
		json_string(j, "what", chars);
		json_array_begin(j, "do_first");
		for (size_t i = 0; words_step(kind, i, language); i++)
			json_string(j, NULL, words_step(kind, i, language));
		json_array_end(j);
		json_string(j, "harmless_if", words_benign(kind, language));
		text = text_over(chars, sizeof(chars));
		words_unknown(view, language, &text);
		json_string(j, "not_known", chars);
		json_object_end(j);
	}
	json_object_end(j);
}

static void put_object(struct json *j, const struct signal_object *o)
{
	json_object_begin(j, "object");
	json_string(j, "kind", object_kind_text((enum object_kind)o->kind));
	json_string(j, "value", o->text);
	if (o->name_from != HOST_NONE)
		json_string(j, "name_from", host_source_text((enum host_source)o->name_from));
	if (o->has_address)
		json_address(j, "ip", &o->address);
	if (o->port != 0)
		json_uint(j, "port", o->port);
	if (o->protocol != 0)
		json_uint(j, "ip_protocol", o->protocol);
	if (o->application[0] != '\0')
		json_string(j, "application", o->application);
	json_object_end(j);
}

static void put_reason(struct json *j, const struct reason *r)
{
	json_object_begin(j, NULL);
	json_string(j, "code", words_reason_name((enum reason_code)r->code));
	json_decimal(j, "value", r->value);
	if (r->comparison != COMPARE_NONE) {
		bool at_least = r->comparison == COMPARE_AT_LEAST;

		json_decimal(j, at_least ? "at_least" : "at_most", r->threshold);
		json_decimal(j, "margin",
			     at_least ? r->value - r->threshold : r->threshold - r->value);
		if (option_of_digest(r->option))
			json_string(j, "option", option_of_digest(r->option)->name);
	}
	if (r->times < 1 || r->times > 1)
		json_decimal(j, "times", r->times);
	for (int l = 0; l < LANGUAGES; l++) {
		char chars[WORDS_TEXT_LEN];
		struct text text = text_over(chars, sizeof(chars));

		words_reason(r, (enum language)l, &text);
		json_string(j, language_names[l], chars);
	}
	json_object_end(j);
}

static void put_considered(struct json *j, const struct consideration *c)
{
	json_object_begin(j, NULL);
	json_string(j, "code", gate_text((enum gate)c->gate));
	json_string(j, "result", c->is_known ? "set_aside" : "not_known");
	if (c->threshold > 0) {
		json_decimal(j, "value", c->value);
		json_decimal(j, "holds_from", c->threshold);
	}
	for (int l = 0; l < LANGUAGES; l++) {
		char chars[WORDS_TEXT_LEN];
		struct text text = text_over(chars, sizeof(chars));

		words_considered(c, (enum language)l, &text);
		json_string(j, language_names[l], chars);
	}
	json_object_end(j);
}

static void put_flow(struct json *j, const struct signal_flow *example)
{
	const struct fact_flow *f = &example->flow;
	bool client_is_low;
	struct flow_key key = fact_flow_key(f, &client_is_low);
	char id[COMMUNITY_ID_LEN];

	community_id(&key, client_is_low, id);
	json_object_begin(j, NULL);
	json_string(j, "community_id", id);
	json_uint(j, "flow_id", f->id);
	json_time(j, "start", f->first);
	json_address(j, "src_ip", &f->client);
	json_uint(j, "src_port", f->client_port);
	json_address(j, "dest_ip", &f->server);
	json_uint(j, "dest_port", f->server_port);
	json_uint(j, "ip_protocol", f->protocol);
	if (example->has_ended) {
		json_time(j, "end", example->last);
		json_uint(j, "bytes_toserver", example->bytes_up);
		json_uint(j, "bytes_toclient", example->bytes_down);
		json_uint(j, "pkts_toserver", example->packets_up);
		json_uint(j, "pkts_toclient", example->packets_down);
	}
	json_object_end(j);
}

static void put_place(struct json *j, const struct place *place)
{
	char day[PLACE_DAY_LEN];

	if (!place_is_known(place))
		return;
	json_object_begin(j, "place");
	if (place->country[0] != '\0') {
		json_string(j, "country", place->country);
		for (int l = 0; l < LANGUAGES; l++)
			json_string(j, language_names[l],
				    country_name(place->country, (enum language)l));
		place_day_text(place->country_day, day);
		json_string(j, "country_database", day);
	}
	if (place->asn != 0) {
		json_uint(j, "asn", place->asn);
		if (place->organisation[0] != '\0')
			json_string(j, "organisation", place->organisation);
		place_day_text(place->network_day, day);
		json_string(j, "network_database", day);
	}
	json_object_end(j);
}

static void put_attack(struct json *j, const char *techniques)
{
	char chars[64];
	struct text list = text_over(chars, sizeof(chars));
	char *rest = NULL;

	text_add(&list, techniques);
	json_array_begin(j, "attack");
	for (char *one = strtok_r(chars, " ", &rest); one; one = strtok_r(NULL, " ", &rest))
		json_string(j, NULL, one);
	json_array_end(j);
}

static void put_finding(struct json *j, const struct finding *f)
{
	const struct signal *s = &f->signal;
	const struct story *story = story_of((enum signal_kind)s->kind);

	json_object_begin(j, NULL);
	json_string(j, "id", f->id);
	json_string(j, "rule", story->rule);
	json_string(j, "kind", signal_kind_text((enum signal_kind)s->kind));
	put_attack(j, story->attack);
	json_string(j, "tactic", tactic_text((enum tactic)story->tactic));
	json_string(j, "direction", direction_text((enum direction)s->direction));
	json_string(j, "outcome", outcome_text((enum outcome)s->outcome));
	json_uint(j, "priority", (uint64_t)f->priority);
	json_uint(j, "impact", f->impact);
	json_decimal(j, "confidence", s->confidence);
	json_time(j, "first", s->first);
	json_time(j, "last", s->last);
	json_uint(j, "count", s->count);
	json_uint(j, "signals", f->signal_count);
	put_object(j, &s->object);
	put_place(j, &s->place);
	if (s->detail[0] != '\0')
		json_string(j, "detail", s->detail);
	if (f->considered.suppression[0] != '\0')
		json_string(j, "suppressed_by", f->considered.suppression);
	json_array_begin(j, "reasons");
	for (uint8_t i = 0; i < s->reason_count; i++)
		put_reason(j, &s->reasons[i]);
	json_array_end(j);
	json_array_begin(j, "considered");
	for (uint8_t i = 0; i < f->considered.count; i++)
		put_considered(j, &f->considered.list[i]);
	json_array_end(j);
	json_array_begin(j, "flows");
	for (uint8_t i = 0; i < s->flow_count; i++)
		put_flow(j, &s->flows[i]);
	json_array_end(j);
	json_object_end(j);
}

static void put_standing(struct json *j, const struct case_record *c)
{
	if (c->standing == 0)
		return;
	json_array_begin(j, "standing");
	for (int b = 0; b < STANDINGS; b++) {
		if ((c->standing & STANDING(b)) == 0)
			continue;
		json_object_begin(j, NULL);
		json_string(j, "code", standing_text((enum standing)b));
		for (int l = 0; l < LANGUAGES; l++)
			json_string(j, language_names[l],
				    words_standing((enum standing)b, (enum language)l));
		json_object_end(j);
	}
	json_array_end(j);
}

static void put_view(struct json *j, const struct case_view *view)
{
	json_object_begin(j, "view");
	json_time(j, "first", view->first);
	json_time(j, "last", view->last);
	json_uint(j, "packets", view->packets);
	json_uint(j, "refused", view->refused);
	json_uint(j, "devices", view->devices);
	json_bool(j, "dns_seen", view->dns_seen);
	json_bool(j, "history", view->has_history);
	json_object_end(j);
}

static const char *action_of(const struct case_record *c)
{
	if (c->finding_count == 0)
		return "close";
	return c->revision == 1 ? "create" : "update";
}

static const char *state_of(const struct case_record *c)
{
	if (c->finding_count == 0)
		return "withdrawn";
	return c->is_quiet ? "quiet" : "new";
}

void case_json(const struct case_record *c, const struct case_view *view, FILE *out)
{
	struct json j;

	json_start(&j, out);
	json_object_begin(&j, NULL);
	json_string(&j, "schema", "hinomi.case/1");
	json_string(&j, "id", c->id);
	json_uint(&j, "rev", c->revision);
	json_string(&j, "action", action_of(c));
	json_string(&j, "state", state_of(c));
	json_uint(&j, "priority", (uint64_t)c->priority);
	json_uint(&j, "impact", c->impact);
	json_decimal(&j, "confidence", c->confidence);
	if (c->is_digest)
		json_bool(&j, "digest", true);
	put_standing(&j, c);
	json_string(&j, "cause", cause_text(case_cause(c)));
	json_time(&j, "opened", c->opened);
	json_time(&j, "first", c->first);
	json_time(&j, "last", c->last);
	json_uint(&j, "signals", c->signal_count);
	case_device_json(&j, "device", &c->device);
	put_text(&j, c, view);
	json_array_begin(&j, "findings");
	/* A case that was withdrawn still tells of the finding that it had. */
	for (uint32_t i = 0; i < c->finding_count || i == 0; i++)
		put_finding(&j, &c->findings[i]);
	json_array_end(&j);
	put_view(&j, view);
	json_object_end(&j);
	json_line_end(&j);
	json_flush(&j);
}
