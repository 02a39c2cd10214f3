#include "sensor/fact/fact_sound.h"

#include "sensor/base/kept_table.h"
#include "sensor/base/text.h"

#include <string.h>

/* What the value of an attribute has to be; texts end with their NUL, and have no other. */
static bool is_value_sound(enum attribute attribute, struct span value)
{
	char shown[ATTRIBUTE_TEXT_MAX];

	switch (attribute_kind(attribute)) {
	case ATTRIBUTE_IS_TEXT:
		return value.len > 1 && value.len <= sizeof(shown) &&
		       value.data[value.len - 1] == '\0' &&
		       text_from_wire((struct span){ value.data, value.len - 1 }, shown,
				      sizeof(shown)) &&
		       strlen(shown) == value.len - 1 && memcmp(shown, value.data, value.len) == 0;
	case ATTRIBUTE_IS_NUMBER:
		return value.len == sizeof(uint64_t);
	case ATTRIBUTE_IS_ADDRESS:
		return value.len == sizeof(struct address);
	case ATTRIBUTE_IS_MAC:
		return value.len == sizeof(struct mac);
	case ATTRIBUTE_IS_FLAG:
		return value.len == 0;
	}
	return false;
}

static bool are_attributes_sound(const struct attributes *list)
{
	size_t at = 0;

	if (list->used > ATTRIBUTES_BYTES || !kept_are_flags(&list->is_cut, 1))
		return false;
	while (at < list->used) {
		enum attribute attribute;
		struct span value;

		if (!attributes_entry(list, &at, &attribute, &value) ||
		    !is_value_sound(attribute, value))
			return false;
	}
	return true;
}

static bool are_names_sound(const struct fact_names *names)
{
	return names->host_source <= HOST_DPI && kept_are_flags(&names->is_guess, 1) &&
	       kept_are_flags(&names->is_upload, 1) && kept_are_flags(&names->has_data_down, 1) &&
	       kept_is_text(names->host, sizeof(names->host)) &&
	       kept_is_text(names->protocol, sizeof(names->protocol)) &&
	       kept_is_text(names->agent, sizeof(names->agent));
}

static bool is_shape_sound(const struct fact_shape *shape)
{
	return kept_are_flags(&shape->is_known, 1) &&
	       kept_are_flags(&shape->first_from_server, 1) &&
	       shape->packet_count <= FACT_SHAPE_PACKETS;
}

static bool is_end_sound(const struct fact_ended *ended)
{
	return ended->reason <= FACT_END_CAPTURE && kept_are_flags(&ended->is_answered, 1) &&
	       kept_are_flags(&ended->has_data_down, 1) && kept_are_flags(&ended->is_refused, 1) &&
	       is_shape_sound(&ended->shape) && are_names_sound(&ended->names);
}

static bool is_check_in_sound(const struct fact_check_in *c)
{
	return kept_are_flags(&c->is_first, 1) && kept_are_flags(&c->is_answered, 1) &&
	       kept_are_flags(&c->has_data_down, 1) && are_names_sound(&c->names);
}

static bool is_dns_sound(const struct fact_dns *dns)
{
	return kept_are_flags(&dns->is_response, 1) && dns->address_count <= FACT_ANSWERS_MAX &&
	       kept_is_text(dns->name, sizeof(dns->name)) && are_attributes_sound(&dns->records);
}

static bool is_contact_before_sound(const struct fact_contact_before *c)
{
	return c->confidence <= 100 && c->first <= c->last && kept_are_flags(&c->is_name, 1) &&
	       kept_are_flags(&c->is_lookup, 1) && kept_are_flags(&c->has_known_name, 1) &&
	       c->is_name == (c->name[0] != '\0') && kept_is_text(c->name, sizeof(c->name)) &&
	       kept_is_text(c->entry, sizeof(c->entry));
}

static bool is_content_sound(const struct fact *fact)
{
	switch ((enum fact_kind)fact->kind) {
	case FACT_SIGHTING:
		return kept_are_flags(&fact->sighting.has_destination, 1);
	case FACT_FLOW_NAMED:
		return are_names_sound(&fact->named);
	case FACT_CHECK_IN:
		return is_check_in_sound(&fact->check_in);
	case FACT_FLOW_ENDED:
	case FACT_FLOW_GOES_ON:
		return is_end_sound(&fact->ended);
	case FACT_DNS:
		return is_dns_sound(&fact->dns);
	case FACT_NEIGHBOUR:
		return kept_are_flags(&fact->neighbour.is_request, 1);
	case FACT_PREFIX:
		return fact->prefix.prefix.bits <= ADDRESS_LEN * 8;
	case FACT_DEVICE_NAME:
		return fact->device_name.source < DEVICE_NAME_SOURCES &&
		       kept_is_text(fact->device_name.name, sizeof(fact->device_name.name));
	case FACT_ATTEMPTS:
		return kept_are_flags(&fact->attempts.is_target, 1);
	case FACT_MESSAGE:
		return fact->message.message < MESSAGES &&
		       kept_are_flags(&fact->message.is_from_client, 1) &&
		       are_attributes_sound(&fact->message.said);
	case FACT_CONTACT_BEFORE:
		return is_contact_before_sound(&fact->contact_before);
	case FACT_EPOCH:
		return true;
	case FACT_EXCERPT: /* nothing rests on it */
	case FACT_KINDS:
		break;
	}
	return false;
}

bool fact_from_bytes(struct span bytes, struct fact *out)
{
	memset(out, 0, sizeof(*out));
	if (bytes.len <= offsetof(struct fact, kind) || bytes.len > sizeof(*out))
		return false;
	memcpy(out, bytes.data, bytes.len);
	return out->kind < FACT_KINDS && kept_are_flags(&out->flow.is_midstream, 1) &&
	       is_content_sound(out) && fact_size(out) == bytes.len;
}

static struct fact_names *names_of(struct fact *fact)
{
	switch ((unsigned)fact->kind) {
	case FACT_FLOW_NAMED:
		return &fact->named;
	case FACT_CHECK_IN:
		return &fact->check_in.names;
	case FACT_FLOW_ENDED:
	case FACT_FLOW_GOES_ON:
		return &fact->ended.names;
	default:
		return NULL;
	}
}

static void tidy_contact_before(struct fact_contact_before *c)
{
	kept_tidy_text(c->name, sizeof(c->name));
	kept_tidy_text(c->entry, sizeof(c->entry));
}

void fact_tidy(struct fact *fact)
{
	struct fact_names *names = names_of(fact);

	if (names) {
		kept_tidy_text(names->host, sizeof(names->host));
		kept_tidy_text(names->protocol, sizeof(names->protocol));
		kept_tidy_text(names->agent, sizeof(names->agent));
	} else if (fact->kind == FACT_DNS) {
		kept_tidy_text(fact->dns.name, sizeof(fact->dns.name));
	} else if (fact->kind == FACT_DEVICE_NAME) {
		kept_tidy_text(fact->device_name.name, sizeof(fact->device_name.name));
	} else if (fact->kind == FACT_CONTACT_BEFORE) {
		tidy_contact_before(&fact->contact_before);
	}
}
