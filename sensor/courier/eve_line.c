#include "sensor/courier/eve_line.h"

#include "sensor/base/json.h"
#include "sensor/delivery/parcel.h"

#include <netinet/in.h>
#include <stdlib.h>

enum { LETTERS = 3, RULE_LEN = 5, TEN = 10, HUNDRED = 100 };

static const char *const languages[LANGUAGES] = { "en", "ja" };

uint32_t eve_signature_id(const char *rule)
{
	uint32_t number = 0;

	if (strlen(rule) != RULE_LEN || rule[LETTERS] != '-' || rule[LETTERS + 1] < '0' ||
	    rule[LETTERS + 1] > '9')
		return 0;
	for (size_t i = 0; i < LETTERS; i++) {
		if (rule[i] < 'A' || rule[i] > 'Z')
			return 0;
		number = number * HUNDRED + (uint32_t)(rule[i] - 'A') + 1;
	}
	return number * TEN + (uint32_t)(rule[LETTERS + 1] - '0');
}

void eve_proto(unsigned protocol, char out[static EVE_PROTO_LEN])
{
	static const struct {
		unsigned number;
		const char *name;
	} names[] = {
		{ IPPROTO_ICMP, "ICMP" }, { IPPROTO_TCP, "TCP" },          { IPPROTO_UDP, "UDP" },
		{ IPPROTO_GRE, "GRE" },   { IPPROTO_ESP, "ESP" },          { IPPROTO_SCTP, "SCTP" },
		{ IPPROTO_IGMP, "IGMP" }, { IPPROTO_ICMPV6, "IPv6-ICMP" },
	};

	(void)snprintf(out, EVE_PROTO_LEN, "%03u", protocol);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (names[i].number == protocol)
			(void)snprintf(out, EVE_PROTO_LEN, "%s", names[i].name);
	}
}

/* Suricata's times end in an offset where ours have a Z. */
static void put_time(struct json *j, const char *name, const char *time)
{
	char text[NANOTIME_TEXT_LEN];
	size_t len = strlen(time);

	if (len > 0 && time[len - 1] == 'Z' && len + sizeof("+0000") <= sizeof(text)) {
		(void)snprintf(text, sizeof(text), "%.*s+0000", (int)(len - 1), time);
		json_string(j, name, text);
	}
}

static void put_text(struct json *j, const char *name, const char *text)
{
	if (*text != '\0')
		json_string(j, name, text);
}

static void put_texts(struct json *j, const char *name, const char *const *texts, size_t count)
{
	if (count == 0)
		return;
	json_array_begin(j, name);
	for (size_t i = 0; i < count; i++)
		json_string(j, NULL, texts[i]);
	json_array_end(j);
}

static void put_ports(struct json *j, const struct case_view_flow *flow)
{
	/* A case keeps an ICMP type where others have the client's port. */
	if (flow->protocol == IPPROTO_ICMP || flow->protocol == IPPROTO_ICMPV6) {
		json_uint(j, "icmp_type", flow->src_port);
		return;
	}
	json_uint(j, "src_port", flow->src_port);
	json_uint(j, "dest_port", flow->dest_port);
}

/* Without a flow as an example: the device and whom it dealt with, as far as that has an address.
 */
static void put_sides(struct json *j, const struct case_view *view)
{
	const struct case_view_finding *lead = &view->lead;
	bool is_inbound = strcmp(lead->direction, "inbound") == 0;
	const char *device = view->device.ips > 0 ? view->device.ip[0] : "";
	char proto[EVE_PROTO_LEN];

	put_text(j, "src_ip", is_inbound ? lead->object_ip : device);
	put_text(j, "dest_ip", is_inbound ? device : lead->object_ip);
	if (!is_inbound && lead->object_port > 0)
		json_uint(j, "dest_port", lead->object_port);
	if (lead->object_protocol > 0) {
		eve_proto(lead->object_protocol, proto);
		json_string(j, "proto", proto);
	}
}

static void put_flow(struct json *j, const struct case_view_flow *flow)
{
	char proto[EVE_PROTO_LEN];

	eve_proto(flow->protocol, proto);
	json_string(j, "src_ip", flow->src_ip);
	json_string(j, "dest_ip", flow->dest_ip);
	put_ports(j, flow);
	json_string(j, "proto", proto);
	put_text(j, "community_id", flow->community_id);
	json_object_begin(j, "flow");
	put_time(j, "start", flow->start);
	if (flow->has_ended) {
		json_uint(j, "pkts_toserver", flow->pkts_toserver);
		json_uint(j, "pkts_toclient", flow->pkts_toclient);
		json_uint(j, "bytes_toserver", flow->bytes_toserver);
		json_uint(j, "bytes_toclient", flow->bytes_toclient);
	}
	json_object_end(j);
}

static void put_alert(struct json *j, const struct case_view *view)
{
	json_object_begin(j, "alert");
	json_string(j, "action", "allowed"); /* the sensor only looks */
	json_uint(j, "gid", EVE_GENERATOR);
	json_uint(j, "signature_id", eve_signature_id(view->lead.rule));
	json_uint(j, "rev", 1);
	json_string(j, "signature", view->words[LANGUAGE_EN].title);
	put_text(j, "category", view->lead.tactic);
	json_uint(j, "severity", view->priority);
	if (view->lead.attacks > 0) {
		json_object_begin(j, "metadata");
		put_texts(j, "mitre_technique_id", view->lead.attack, view->lead.attacks);
		json_object_end(j);
	}
	json_object_end(j);
}

static void put_device(struct json *j, const struct case_view_device *device)
{
	json_object_begin(j, "device");
	put_text(j, "name", device->name);
	put_text(j, "label", device->label);
	put_text(j, "place", device->place);
	put_text(j, "owner", device->owner);
	put_text(j, "mac", device->mac);
	put_texts(j, "ip", device->ip, device->ips);
	json_object_end(j);
}

static void put_object(struct json *j, const struct case_view_finding *lead)
{
	json_object_begin(j, "object");
	put_text(j, "kind", lead->object_kind);
	put_text(j, "value", lead->object_value);
	put_text(j, "ip", lead->object_ip);
	put_text(j, "application", lead->application);
	json_object_end(j);
}

static void put_words(struct json *j, const struct case_view_words *words)
{
	json_object_begin(j, "text");
	for (size_t i = 0; i < LANGUAGES; i++) {
		if (*words[i].title == '\0')
			continue;
		json_object_begin(j, languages[i]);
		json_string(j, "title", words[i].title);
		put_text(j, "what", words[i].what);
		put_texts(j, "do_first", words[i].do_first, words[i].steps);
		put_text(j, "harmless_if", words[i].harmless_if);
		json_object_end(j);
	}
	json_object_end(j);
}

static void put_case(struct json *j, const struct case_view *view, bool with_words)
{
	json_object_begin(j, "hinomi");
	json_string(j, "case", view->id);
	json_uint(j, "rev", view->revision);
	put_text(j, "action", view->action);
	put_text(j, "state", view->state);
	json_uint(j, "impact", view->impact);
	json_decimal(j, "confidence", view->confidence);
	put_text(j, "cause", view->cause);
	json_string(j, "rule", view->lead.rule);
	put_text(j, "kind", view->lead.kind);
	put_text(j, "direction", view->lead.direction);
	put_text(j, "outcome", view->lead.outcome);
	put_time(j, "first", view->first);
	put_time(j, "last", view->last);
	json_uint(j, "signals", view->signals);
	if (view->is_digest)
		json_bool(j, "digest", true);
	put_device(j, &view->device);
	put_object(j, &view->lead);
	if (with_words)
		put_words(j, view->words);
	json_object_end(j);
}

struct line {
	FILE *stream;
	char *chars;
	size_t len;
	struct json json;
};

static struct line *line_begin(void)
{
	struct line *line = calloc(1, sizeof(*line));

	if (line)
		line->stream = open_memstream(&line->chars, &line->len);
	if (!line || !line->stream) {
		free(line);
		return NULL;
	}
	json_start(&line->json, line->stream);
	json_object_begin(&line->json, NULL);
	return line;
}

static char *line_take(struct line *line, size_t *len)
{
	char *chars = NULL;

	json_object_end(&line->json);
	json_line_end(&line->json);
	json_flush(&line->json);

	bool has_failed = ferror(line->stream) != 0;

	if (fclose(line->stream) == 0 && !has_failed) {
		chars = line->chars;
		*len = line->len;
	} else {
		free(line->chars);
	}
	free(line);
	return chars;
}

char *eve_line_case(const struct case_view *view, const char *sensor, bool with_words, size_t *len)
{
	struct line *line = line_begin();

	if (!line)
		return NULL;

	struct json *j = &line->json;
	const struct case_view_flow *flow = &view->lead.flow;

	put_time(j, "timestamp", view->last);
	if (*flow->src_ip != '\0' && flow->flow_id > 0)
		json_uint(j, "flow_id", flow->flow_id);
	json_string(j, "event_type", "alert");
	json_string(j, "host", sensor);
	if (*flow->src_ip != '\0')
		put_flow(j, flow);
	else
		put_sides(j, view);
	put_alert(j, view);
	put_case(j, view, with_words);
	return line_take(line, len);
}

static void put_health_words(struct json *j, const char *name, const char *const *words)
{
	json_object_begin(j, name);
	for (size_t i = 0; i < LANGUAGES; i++)
		put_text(j, languages[i], words[i]);
	json_object_end(j);
}

char *eve_line_health(const struct health_body *view, const char *sensor, size_t *len)
{
	struct line *line = line_begin();

	if (!line)
		return NULL;

	struct json *j = &line->json;

	put_time(j, "timestamp", view->timestamp);
	json_string(j, "event_type", "hinomi_health");
	json_string(j, "host", sensor);
	json_object_begin(j, "hinomi");
	json_string(j, "id", view->id);
	json_string(j, "state", view->state);
	json_string(j, "code", view->code);
	json_string(j, "severity", view->severity);
	put_text(j, "interface", view->interface);
	put_time(j, "first", view->first);
	put_time(j, "last", view->last);
	put_health_words(j, "sentence", view->sentence);
	put_health_words(j, "setting", view->setting);
	json_object_end(j);
	return line_take(line, len);
}

static enum err case_line(const struct parcel *parcel, bool with_words, char **out, size_t *len)
{
	struct case_view view;
	enum err err = case_view_read(parcel->body, parcel->body_len, &view);

	if (err != ERR_OK)
		return err;
	*out = eve_line_case(&view, parcel->sensor, with_words, len);
	case_view_free(&view);
	return *out ? ERR_OK : ERR_MEMORY;
}

static enum err health_line(const struct parcel *parcel, char **out, size_t *len)
{
	struct health_body view;
	enum err err = health_body_read(parcel->body, parcel->body_len, &view);

	if (err != ERR_OK)
		return err;
	*out = eve_line_health(&view, parcel->sensor, len);
	health_body_free(&view);
	return *out ? ERR_OK : ERR_MEMORY;
}

enum err eve_line_parcel(const struct parcel *parcel, bool with_words, char **out, size_t *len)
{
	if (parcel->kind == PARCEL_CASE)
		return case_line(parcel, with_words, out, len);
	if (parcel->kind == PARCEL_HEALTH)
		return health_line(parcel, out, len);
	return ERR_MISSING;
}
