#include "sensor/judge/capsule_verdict.h"

#include "sensor/config/options.h"

#include <inttypes.h>
#include <string.h>

static void put_number(struct text *t, const char *name, uint64_t value)
{
	text_format(t, "%s=%" PRIu64 "\n", name, value);
}

/* All digits, so that the same text is the same number. */
static void put_share(struct text *t, const char *name, double value)
{
	text_format(t, "%s=%.17g\n", name, value);
}

static void put_word(struct text *t, const char *name, const char *value)
{
	text_format(t, "%s=%s\n", name, value);
}

static void put_address(struct text *t, const char *name, const struct address *value)
{
	char chars[ADDRESS_TEXT_LEN];

	address_text(value, chars);
	put_word(t, name, chars);
}

static void put_device(struct text *t, const struct device *d)
{
	char chars[FACT_HOST_LEN];
	struct text name = text_over(chars, sizeof(chars));
	char mac[MAC_TEXT_LEN];

	case_device_name(d, &name);
	put_word(t, "device.name", chars);
	mac_text(&d->mac, mac);
	put_word(t, "device.mac", d->has_mac ? mac : "");
	for (uint32_t i = 0; i < d->address_count; i++)
		put_address(t, "device.ip", &d->addresses[i]);
	put_number(t, "device.is_router", d->is_router);
}

static void put_object(struct text *t, const struct signal_object *o)
{
	put_word(t, "object.kind", object_kind_text((enum object_kind)o->kind));
	put_word(t, "object", o->text);
	if (o->has_address)
		put_address(t, "object.ip", &o->address);
	put_number(t, "object.port", o->port);
	put_number(t, "object.protocol", o->protocol);
	put_number(t, "object.name_from", o->name_from);
	put_word(t, "object.application", o->application);
}

static void put_reason(struct text *t, const struct reason *r)
{
	const struct option *option = option_of_digest(r->option);

	text_format(t, "reason.%u=%.17g %u %.17g %s %.17g\n", r->code, r->value, r->comparison,
		    r->threshold, option ? option->name : "-", r->times);
}

static void put_flow(struct text *t, const struct signal_flow *f)
{
	char client[ADDRESS_TEXT_LEN];
	char server[ADDRESS_TEXT_LEN];

	address_text(&f->flow.client, client);
	address_text(&f->flow.server, server);
	text_format(t,
		    "flow.%" PRIu64 "=%" PRId64 " %u %s %u %s %u %u %" PRId64 " %" PRIu64
		    " %" PRIu64 " %u %u\n",
		    f->flow.id, (int64_t)f->flow.first, f->flow.protocol, client,
		    f->flow.client_port, server, f->flow.server_port, f->has_ended,
		    (int64_t)f->last, f->bytes_up, f->bytes_down, f->packets_up, f->packets_down);
}

static void put_finding(struct text *t, const struct finding *f)
{
	const struct signal *s = &f->signal;

	put_word(t, "finding", f->id);
	put_word(t, "rule", story_of((enum signal_kind)s->kind)->rule);
	put_word(t, "kind", signal_kind_text((enum signal_kind)s->kind));
	put_number(t, "priority", (uint64_t)f->priority);
	put_number(t, "impact", f->impact);
	put_share(t, "confidence", s->confidence);
	put_word(t, "direction", direction_text((enum direction)s->direction));
	put_word(t, "outcome", outcome_text((enum outcome)s->outcome));
	put_number(t, "first", (uint64_t)s->first);
	put_number(t, "last", (uint64_t)s->last);
	put_number(t, "count", s->count);
	put_number(t, "signals", f->signal_count);
	put_object(t, &s->object);
	put_word(t, "detail", s->detail);
	if (place_is_known(&s->place))
		text_format(t, "place=%s %u %s %u %u\n", s->place.country, s->place.asn,
			    s->place.organisation, s->place.country_day, s->place.network_day);
	for (uint8_t i = 0; i < s->reason_count; i++)
		put_reason(t, &s->reasons[i]);
	for (uint8_t i = 0; i < f->considered.count; i++) {
		const struct consideration *c = &f->considered.list[i];

		text_format(t, "considered.%s=%u %.17g %.17g\n", gate_text((enum gate)c->gate),
			    c->is_known, c->value, c->threshold);
	}
	for (uint8_t i = 0; i < s->flow_count; i++)
		put_flow(t, &s->flows[i]);
}

void capsule_verdict_write(const struct case_record *c, struct text *out)
{
	put_word(out, "case", c->id);
	put_number(out, "case.revision", c->revision);
	put_number(out, "case.priority", (uint64_t)c->priority);
	put_number(out, "case.impact", c->impact);
	put_share(out, "case.confidence", c->confidence);
	put_number(out, "case.opened", (uint64_t)c->opened);
	put_number(out, "case.first", (uint64_t)c->first);
	put_number(out, "case.last", (uint64_t)c->last);
	put_number(out, "case.signals", c->signal_count);
	put_device(out, &c->device);
	for (uint32_t i = 0; i < c->finding_count; i++)
		put_finding(out, &c->findings[i]);
}

static void copy(struct span from, char *out, size_t room)
{
	size_t len = from.len < room ? from.len : room - 1;

	if (len > 0 && from.data)
		memcpy(out, from.data, len);
	out[len] = '\0';
}

static struct span name_of(struct span line)
{
	size_t len = 0;

	while (len < line.len && line.data[len] != '=')
		len++;
	return (struct span){ line.data, len };
}

static struct span value_of(struct span line)
{
	size_t name_len = name_of(line).len;

	return name_len == line.len
		       ? (struct span){ 0 }
		       : (struct span){ line.data + name_len + 1, line.len - name_len - 1 };
}

void capsule_verdict_field(struct span verdict, const char *name, char *out, size_t room)
{
	struct cursor in = cursor_over(verdict.data, verdict.len);

	out[0] = '\0';
	while (cursor_ok(&in)) {
		struct span line = cursor_take_until(&in, '\n');
		struct span found = name_of(line);

		if (found.len != strlen(name) || memcmp(found.data, name, found.len) != 0)
			continue;
		copy(value_of(line), out, room);
		return;
	}
}

bool capsule_verdict_differs(struct span before, struct span now, struct capsule_difference *out)
{
	struct cursor a = cursor_over(before.data, before.len);
	struct cursor b = cursor_over(now.data, now.len);

	while (cursor_left(&a) > 0 || cursor_left(&b) > 0) {
		struct span was = cursor_take_until(&a, '\n');
		struct span is = cursor_take_until(&b, '\n');
		struct span name = name_of(was.len > 0 ? was : is);

		if (was.len == is.len && (was.len == 0 || memcmp(was.data, is.data, was.len) == 0))
			continue;
		copy(name, out->name, sizeof(out->name));
		copy(value_of(was), out->before, sizeof(out->before));
		copy(value_of(is), out->now, sizeof(out->now));
		return true;
	}
	return false;
}
