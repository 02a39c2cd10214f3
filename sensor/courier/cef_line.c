#include "sensor/courier/cef_line.h"

#include "sensor/base/text.h"
#include "sensor/courier/eve_line.h"
#include "sensor/delivery/parcel.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <string.h>

/* CEF's own bounds of its fields, in bytes; and room for one value with all its escapes. */
enum {
	NAME_MAX_LEN = 512,
	MSG_MAX_LEN = 1023,
	HOST_MAX_LEN = 1023,
	VALUE_LEN = 1024,
	ESCAPED_LEN = 2 * VALUE_LEN,
};

/* Priorities 1, 2, 3 as CEF's very high, medium and low. */
static unsigned severity_of(unsigned priority)
{
	return priority == 1 ? 9 : priority == 2 ? 6 : 3;
}

/*
 * `escaped` are the characters that get a backslash. A line's end is \n in a field, and a blank in
 * the header, which has no word for it.
 */
static void escape(const char *from, size_t most, const char *escaped, const char *line_end,
		   struct text *out)
{
	char value[VALUE_LEN];
	struct text cut = text_over(value, most + 1 < sizeof(value) ? most + 1 : sizeof(value));

	text_add(&cut, from);
	for (const char *at = value; *at != '\0'; at++) {
		if (*at == '\n' || *at == '\r') {
			text_add(out, line_end);
			continue;
		}
		if (strchr(escaped, *at))
			text_add_char(out, '\\');
		text_add_char(out, *at);
	}
}

static void add_header(struct text *t, const char *value)
{
	text_add_char(t, '|');
	escape(value, NAME_MAX_LEN, "\\|", " ", t);
}

/* A field goes in whole or not at all: half an escape would change what follows. */
static void add_field(struct text *t, const char *key, const char *value, size_t most)
{
	char chars[ESCAPED_LEN + VALUE_LEN];
	struct text field = text_over(chars, sizeof(chars));

	if (*value == '\0')
		return;
	text_format(&field, " %s=", key);
	escape(value, most, "\\=", "\\n", &field);
	if (!field.is_cut && field.len < t->size - t->len)
		text_add(t, chars);
}

static void add_number(struct text *t, const char *key, uint64_t value)
{
	char chars[24];

	(void)snprintf(chars, sizeof(chars), "%" PRIu64, value);
	add_field(t, key, chars, sizeof(chars));
}

static void add_labelled(struct text *t, const char *key, const char *label, const char *value)
{
	char name[16];

	if (*value == '\0')
		return;
	(void)snprintf(name, sizeof(name), "%sLabel", key);
	add_field(t, name, label, VALUE_LEN);
	add_field(t, key, value, HOST_MAX_LEN);
}

static void add_time(struct text *t, const char *key, const char *time)
{
	nanotime at;

	if (parcel_time(time, &at))
		add_number(t, key, at / NANOTIME_MILLISECOND);
}

/* CEF's src and dst are IPv4 alone; IPv6 has fields of its own. */
static void add_address(struct text *t, const char *key, const char *key6, const char *label,
			const char *address)
{
	struct in6_addr v6;

	if (inet_pton(AF_INET6, address, &v6) == 1)
		add_labelled(t, key6, label, address);
	else
		add_field(t, key, address, HOST_MAX_LEN);
}

static void add_sides(struct text *t, const char *source, const char *destination)
{
	add_address(t, "src", "c6a2", "Source IPv6 Address", source);
	add_address(t, "dst", "c6a3", "Destination IPv6 Address", destination);
}

static bool has_address(const struct case_view_device *device, const char *address)
{
	for (size_t i = 0; i < device->ips; i++) {
		if (strcmp(device->ip[i], address) == 0)
			return true;
	}
	return false;
}

static void add_flow(struct text *t, const struct case_view_flow *flow)
{
	char proto[EVE_PROTO_LEN];
	bool has_ports = flow->protocol == IPPROTO_TCP || flow->protocol == IPPROTO_UDP;

	add_sides(t, flow->src_ip, flow->dest_ip);
	if (has_ports) {
		add_number(t, "spt", flow->src_port);
		add_number(t, "dpt", flow->dest_port);
	}
	eve_proto(flow->protocol, proto);
	add_field(t, "proto", proto, sizeof(proto));
	if (flow->has_ended) {
		add_number(t, "out", flow->bytes_toserver);
		add_number(t, "in", flow->bytes_toclient);
	}
}

static void add_device(struct text *t, const struct case_view *view)
{
	const struct case_view_finding *lead = &view->lead;
	bool is_inbound = strcmp(lead->direction, "inbound") == 0;
	const char *address = view->device.ips > 0 ? view->device.ip[0] : "";
	bool is_source = !is_inbound;

	if (*lead->flow.src_ip != '\0') {
		add_flow(t, &lead->flow);
		is_source = has_address(&view->device, lead->flow.src_ip) ||
			    !has_address(&view->device, lead->flow.dest_ip);
	} else {
		add_sides(t, is_inbound ? lead->object_ip : address,
			  is_inbound ? address : lead->object_ip);
	}
	add_field(t, is_source ? "shost" : "dhost", view->device.name, HOST_MAX_LEN);
	add_field(t, is_source ? "smac" : "dmac", view->device.mac, HOST_MAX_LEN);
	add_field(t, "app", lead->application, HOST_MAX_LEN);
	if (strcmp(lead->direction, "outbound") == 0 || is_inbound)
		add_number(t, "deviceDirection", is_inbound ? 0 : 1);
}

static void join(const char *const *texts, size_t count, const char *between, char *out,
		 size_t size)
{
	struct text joined = text_over(out, size);

	for (size_t i = 0; i < count; i++)
		text_format(&joined, "%s%s", i > 0 ? between : "", texts[i]);
}

static void add_facts(struct text *t, const struct case_view *view)
{
	const struct case_view_finding *lead = &view->lead;
	const struct case_view_words *words = &view->words[LANGUAGE_EN];
	char chars[VALUE_LEN];

	join(lead->attack, lead->attacks, " ", chars, sizeof(chars));
	add_labelled(t, "cs1", "community_id", lead->flow.community_id);
	add_labelled(t, "cs2", "object", lead->object_value);
	add_labelled(t, "cs3", "attack", chars);
	add_labelled(t, "cs4", "label", view->device.label);
	add_labelled(t, "cs5", "kind", lead->kind);
	join(words->do_first, words->steps, "\n", chars, sizeof(chars));
	add_labelled(t, "cs6", "do_first", chars);
	add_field(t, "cn1Label", "revision", VALUE_LEN);
	add_number(t, "cn1", view->revision);
	add_field(t, "cn2Label", "impact", VALUE_LEN);
	add_number(t, "cn2", view->impact);
	(void)snprintf(chars, sizeof(chars), "%.3f", view->confidence);
	add_labelled(t, "cfp1", "confidence", chars);
}

static void begin(struct text *t, const char *class, const char *name, unsigned severity)
{
	text_add(t, "CEF:0");
	add_header(t, "Hinomi");
	add_header(t, "hinomi");
	add_header(t, HINOMI_VERSION);
	add_header(t, class);
	add_header(t, name);
	text_format(t, "|%u|", severity);
}

size_t cef_line_case(const struct case_view *view, const char *sensor,
		     char out[static CEF_LINE_MAX])
{
	struct text t = text_over(out, CEF_LINE_MAX);
	const struct case_view_words *words = &view->words[LANGUAGE_EN];

	begin(&t, view->lead.rule, words->title, severity_of(view->priority));

	/* No blank stands before the first field. */
	text_format(&t, "externalId=%.64s", view->id);
	add_time(&t, "rt", view->last);
	add_time(&t, "start", view->first);
	add_time(&t, "end", view->last);
	add_field(&t, "dvchost", sensor, HOST_MAX_LEN);
	add_field(&t, "cat", view->lead.tactic, HOST_MAX_LEN);
	add_field(&t, "outcome", view->lead.outcome, HOST_MAX_LEN);
	add_number(&t, "cnt", view->signals);
	add_device(&t, view);
	add_facts(&t, view);
	add_field(&t, "msg", words->what, MSG_MAX_LEN);
	return t.len;
}

size_t cef_line_health(const struct health_body *view, const char *sensor,
		       char out[static CEF_LINE_MAX])
{
	struct text t = text_over(out, CEF_LINE_MAX);
	unsigned severity = strcmp(view->severity, "fault") == 0     ? 7
			    : strcmp(view->severity, "warning") == 0 ? 4
								     : 1;
	char class[VALUE_LEN];

	(void)snprintf(class, sizeof(class), "health:%s", view->code);
	begin(&t, class, view->sentence[LANGUAGE_EN], severity);
	text_format(&t, "externalId=%.64s", view->id);
	add_time(&t, "rt", view->timestamp);
	add_time(&t, "start", view->first);
	add_time(&t, "end", view->last);
	add_field(&t, "dvchost", sensor, HOST_MAX_LEN);
	add_field(&t, "deviceInboundInterface", view->interface, HOST_MAX_LEN);
	add_field(&t, "cat", "health", HOST_MAX_LEN);
	add_field(&t, "outcome", view->state, HOST_MAX_LEN);
	add_field(&t, "msg", view->setting[LANGUAGE_EN], MSG_MAX_LEN);
	return t.len;
}

enum err cef_line_parcel(const struct parcel *parcel, char out[static CEF_LINE_MAX])
{
	struct case_view view;
	struct health_body health;
	enum err err = ERR_MISSING;

	if (parcel->kind == PARCEL_CASE) {
		err = case_view_read(parcel->body, parcel->body_len, &view);
		if (err == ERR_OK) {
			(void)cef_line_case(&view, parcel->sensor, out);
			case_view_free(&view);
		}
	} else if (parcel->kind == PARCEL_HEALTH) {
		err = health_body_read(parcel->body, parcel->body_len, &health);
		if (err == ERR_OK) {
			(void)cef_line_health(&health, parcel->sensor, out);
			health_body_free(&health);
		}
	}
	return err;
}
