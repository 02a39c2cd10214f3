#include "sensor/judge/capsule_terms.h"

#include "sensor/detect/rule_version.h"
#include "sensor/detect/story.h"
#include "sensor/intel/intel_tables.h"
#include "sensor/intel/registered_domain.h"

#include <stdio.h>
#include <string.h>

void capsule_hex(const uint8_t digest[static SHA256_LEN], char out[static HEX_DIGEST_LEN])
{
	for (size_t i = 0; i < SHA256_LEN; i++)
		(void)snprintf(out + 2 * i, 3, "%02x", digest[i]);
}

void capsule_terms_rules(struct text *out)
{
	for (int k = 0; k < SIGNAL_KINDS; k++) {
		enum signal_kind kind = (enum signal_kind)k;

		text_format(out, "%s %s=%u\n", story_of(kind)->rule, signal_kind_text(kind),
			    rule_version(kind));
	}
}

void capsule_terms_data(const struct capsule_data *data, struct text *out)
{
	char indicators[HEX_DIGEST_LEN] = "none";
	char decisions[HEX_DIGEST_LEN] = "none";
	uint8_t digest[SHA256_LEN];

	if (data->indicators) {
		intel_sets_digest(data->indicators, digest);
		capsule_hex(digest, indicators);
	}
	if (data->decisions) {
		digest_sha256(data->decisions, sizeof(*data->decisions), digest);
		capsule_hex(digest, decisions);
	}
	text_format(out, "indicators=%s\ndecisions=%s\npublic_suffixes=%s\n%s", indicators,
		    decisions, suffix_list_source().sha1, intel_tables_text());
	place_databases_terms(data->place_databases, out);
}

static void copy(struct span from, char *out)
{
	size_t len = from.len < CAPSULE_TERM_LEN ? from.len : CAPSULE_TERM_LEN - 1;

	if (len > 0)
		memcpy(out, from.data, len);
	out[len] = '\0';
}

/* Cut at the last "=", which no value has. */
static void split(struct span line, char *name, char *value)
{
	const uint8_t *equals = line.len > 0 ? memrchr(line.data, '=', line.len) : NULL;
	size_t len = equals ? (size_t)(equals - line.data) : line.len;
	size_t skipped = equals ? len + 1 : len;

	copy((struct span){ line.data, len }, name);
	copy((struct span){ line.data + skipped, line.len - skipped }, value);
}

static void find(struct span lines, const char *name, char *value)
{
	struct cursor in = cursor_over(lines.data, lines.len);
	char found[CAPSULE_TERM_LEN];

	while (cursor_left(&in) > 0) {
		split(cursor_take_until(&in, '\n'), found, value);
		if (strcmp(found, name) == 0)
			return;
	}
	value[0] = '\0';
}

bool capsule_next_term(struct span before, struct span now, size_t *at, struct capsule_term *out)
{
	struct cursor all = cursor_over(before.data, before.len);
	struct cursor in = cursor_at(all, *at);

	while (cursor_left(&in) > 0) {
		split(cursor_take_until(&in, '\n'), out->name, out->before);
		*at = cursor_ok(&in) ? cursor_offset(&in, &all) : before.len;
		find(now, out->name, out->now);
		if (strcmp(out->before, out->now) != 0)
			return true;
	}
	return false;
}
