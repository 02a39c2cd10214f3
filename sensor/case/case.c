#include "sensor/case/case.h"

#include "sensor/digest/digest.h"

#include <inttypes.h>
#include <string.h>

enum { ID_INPUT_LEN = 1024 };

_Static_assert((int)CASE_ID_LEN == (int)DIGEST_UUID_LEN, "a case's id is a UUID");

static void add_device_key(struct text *input, const struct device *device)
{
	char chars[ADDRESS_TEXT_LEN];

	if (device->has_mac)
		mac_text(&device->mac, chars);
	else /* found by its address, which is then the only one it ever has */
		address_text(&device->addresses[0], chars);
	text_add(input, chars);
}

void case_id(char out[static CASE_ID_LEN], const char *identity, const char *rule,
	     const struct device *device, const char *object, nanotime when)
{
	char chars[ID_INPUT_LEN];
	struct text input = text_over(chars, sizeof(chars));

	text_format(&input, "hinomi1|%s|%s|", identity, rule);
	add_device_key(&input, device);
	text_format(&input, "|%s|%" PRIu64, object, when / NANOTIME_DAY);
	digest_uuid(chars, input.len, out);
}

bool finding_leads(const struct finding *a, const struct finding *b)
{
	if (a->priority != b->priority)
		return a->priority < b->priority;
	if (a->impact != b->impact)
		return a->impact > b->impact;
	return a->signal.confidence > b->signal.confidence;
}

const struct finding *case_lead(const struct case_record *c)
{
	const struct finding *lead = &c->findings[0];

	for (uint32_t i = 1; i < c->finding_count; i++) {
		if (finding_leads(&c->findings[i], lead))
			lead = &c->findings[i];
	}
	return lead;
}

/* That of the most urgent finding that has one. */
enum cause case_cause(const struct case_record *c)
{
	const struct finding *by = NULL;

	for (uint32_t i = 0; i < c->finding_count; i++) {
		const struct finding *f = &c->findings[i];

		if (story_of((enum signal_kind)f->signal.kind)->cause != CAUSE_UNKNOWN &&
		    (!by || finding_leads(f, by)))
			by = f;
	}
	return by ? (enum cause)story_of((enum signal_kind)by->signal.kind)->cause : CAUSE_UNKNOWN;
}

int case_compare(const struct case_record *a, const struct case_record *b)
{
	double a_score = a->impact * a->confidence;
	double b_score = b->impact * b->confidence;

	if (a->is_digest != b->is_digest)
		return a->is_digest ? 1 : -1;
	if (a->priority != b->priority)
		return a->priority < b->priority ? -1 : 1;
	if (a_score != b_score)
		return a_score > b_score ? -1 : 1;
	if (a->first != b->first)
		return a->first < b->first ? -1 : 1;
	return strcmp(a->id, b->id);
}

/* The one to say on the phone: IPv4 where there is one, latest first. */
static const struct address *spoken_address(const struct device *device)
{
	for (uint32_t i = 0; i < device->address_count; i++) {
		if (address_is_v4(&device->addresses[i]))
			return &device->addresses[i];
	}
	return &device->addresses[0];
}

/* Japanese has no blank before a bracket. */
static bool add_given(const struct device_label *given, struct text *out)
{
	size_t len = strlen(given->label);

	if (len == 0)
		return false;
	text_add(out, given->label);
	if (given->place[0] != '\0')
		text_format(out, "%s(%s)", (uint8_t)given->label[len - 1] < 0x80 ? " " : "",
			    given->place);
	return true;
}

void case_device_name(const struct device *device, struct text *out)
{
	char chars[ADDRESS_TEXT_LEN];

	if (add_given(&device->given, out))
		return;
	for (size_t i = 0; i < DEVICE_NAME_SOURCES; i++) {
		if (device->names[i][0] == '\0')
			continue;
		text_add(out, device->names[i]);
		return;
	}
	if (device->address_count > 0)
		address_text(spoken_address(device), chars);
	else
		mac_text(&device->mac, chars);
	text_add(out, chars);
}
