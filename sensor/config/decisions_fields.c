#include "sensor/config/decisions_inside.h"

#include "sensor/base/text.h"

#include <stdlib.h>
#include <string.h>

enum { PORT_MOST = 65535, DIGITS_MOST = 9 };

/* Clean text that fits; else why not. */
static const char *take_text(const char *value, char *out, size_t room)
{
	struct span bytes = { (const uint8_t *)value, strlen(value) };

	if (bytes.len == 0)
		return "is empty";
	if (!text_from_wire(bytes, out, room))
		return "is too long";
	return strcmp(out, value) == 0 ? NULL : "holds characters that cannot be shown";
}

static const char *take_count(const char *value, uint64_t *out)
{
	size_t len = strlen(value);

	if (len == 0 || len > DIGITS_MOST || strspn(value, "0123456789") != len)
		return "is no whole number of at most nine digits";
	*out = strtoull(value, NULL, 10);
	return NULL;
}

static const char *take_time(const char *value, nanotime *out)
{
	return decisions_parse_time(value, out) == ERR_OK
		       ? NULL
		       : "is no day (2026-11-22) and no time (2026-11-22T10:00:00Z)";
}

static const char *take_id(struct decisions_reading *r, const char *value)
{
	if (!decisions_is_id(value))
		return "is not letters, digits, '-', '_' and '.', at most 39 of them";
	for (size_t i = 0; i < r->decisions->suppression_count; i++) {
		if (strcmp(r->decisions->suppressions[i].id, value) == 0)
			return "stands in the file twice; each suppression has its own id";
	}
	memcpy(r->suppression.id, value, strlen(value) + 1);
	return NULL;
}

static const char *take_device(struct decisions_reading *r, const char *value)
{
	return take_text(value, r->suppression.scope.device, DECISION_DEVICE_LEN);
}

static const char *take_rule(struct decisions_reading *r, const char *value)
{
	if (!r->words->is_rule(value) && !r->words->is_kind(value))
		return "is no rule (BCN-1) and no kind of finding (beacon)";
	return take_text(value, r->suppression.scope.rule, DECISION_RULE_LEN);
}

/* An address or a network where it reads like one, else a name. */
static const char *take_destination(struct decisions_reading *r, const char *value)
{
	struct suppression_scope *scope = &r->suppression.scope;
	const char *why;

	if (prefix_parse(value, &scope->prefix) == ERR_OK) {
		scope->has_prefix = true;
		return NULL;
	}
	if (strpbrk(value, "/: *"))
		return "is no name, address or network; a port stands in 'port', and a name "
		       "holds for all names below it";
	why = take_text(value[0] == '.' ? value + 1 : value, scope->name, DECISION_NAME_LEN);
	text_to_lower(scope->name);
	return why;
}

static const char *take_port(struct decisions_reading *r, const char *value)
{
	uint64_t port = 0;

	if (take_count(value, &port) || port == 0 || port > PORT_MOST)
		return "is no port, 1 to 65535";
	r->suppression.scope.port = (uint16_t)port;
	return NULL;
}

static const char *take_owner(struct decisions_reading *r, const char *value)
{
	return take_text(value, r->suppression.owner, DECISION_OWNER_LEN);
}

static const char *take_reason(struct decisions_reading *r, const char *value)
{
	return take_text(value, r->suppression.reason, DECISION_REASON_LEN);
}

static const char *take_since(struct decisions_reading *r, const char *value)
{
	return take_time(value, &r->suppression.since);
}

static const char *take_expires(struct decisions_reading *r, const char *value)
{
	return take_time(value, &r->suppression.expires);
}

static const char *take_tally_rule(struct decisions_reading *r, const char *value)
{
	if (!r->words->is_rule(value))
		return "is no rule, such as BCN-1";
	return take_text(value, r->tally.rule, DECISION_RULE_LEN);
}

static const char *take_true(struct decisions_reading *r, const char *value)
{
	return take_count(value, &r->tally.told_true);
}

static const char *take_false(struct decisions_reading *r, const char *value)
{
	return take_count(value, &r->tally.told_false);
}

static const char *take_case(struct decisions_reading *r, const char *value)
{
	if (strlen(value) != DECISION_CASE_LEN - 1 ||
	    strspn(value, "0123456789abcdef-") != DECISION_CASE_LEN - 1)
		return "is no id of a case";
	memcpy(r->verdict.case_id, value, DECISION_CASE_LEN);
	return NULL;
}

static const char *take_verdict(struct decisions_reading *r, const char *value)
{
	enum verdict verdict;

	if (!verdict_parse(value, &verdict))
		return "is no verdict; 'hinomi feedback --help' lists them";
	r->verdict.verdict = (uint8_t)verdict;
	return NULL;
}

static const char *take_rules(struct decisions_reading *r, const char *value)
{
	char chars[DECISION_REASON_LEN];
	const char *why = take_text(value, r->verdict.rules, sizeof(r->verdict.rules));
	char *rest = NULL;

	if (why)
		return why;
	memcpy(chars, r->verdict.rules, sizeof(chars));
	for (char *one = strtok_r(chars, " ", &rest); one; one = strtok_r(NULL, " ", &rest)) {
		if (!r->words->is_rule(one))
			return "holds what is no rule; they look like BCN-1, with blanks between";
	}
	return NULL;
}

/* Who gave a verdict, why and when: for people, and they have to say it. */
static const char *take_note(struct decisions_reading *r, const char *value)
{
	char note[DECISION_REASON_LEN];

	(void)r;
	return take_text(value, note, sizeof(note));
}

static const char *take_when(struct decisions_reading *r, const char *value)
{
	nanotime when;

	(void)r;
	return take_time(value, &when);
}

static const char *take_own_device(struct decisions_reading *r, const char *value)
{
	return take_text(value, r->device.device, DECISION_DEVICE_LEN);
}

static const char *take_importance(struct decisions_reading *r, const char *value)
{
	static const char *const texts[] = { "usual", "high", "low" };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (strcmp(texts[i], value) == 0) {
			r->device.importance = (uint8_t)i;
			return NULL;
		}
	}
	return "is neither high, usual nor low";
}

static const char *end_suppression(struct decisions_reading *r)
{
	const struct suppression *s = &r->suppression;
	struct decisions *d = r->decisions;

	if (s->scope.device[0] == '\0' && s->scope.rule[0] == '\0' && s->scope.name[0] == '\0' &&
	    !s->scope.has_prefix && s->scope.port == 0)
		return "would hold back everything; name a device, a rule, a destination or a port";
	if (s->expires <= s->since)
		return "expires before it begins";
	if (s->expires - s->since > DECISION_DAYS_MOST * NANOTIME_DAY)
		return "lasts longer than a year; let it expire earlier, and decide anew then";
	if (d->suppression_count == DECISIONS_SUPPRESSIONS_MAX)
		return "is one suppression too many; there can be 256";
	d->suppressions[d->suppression_count++] = *s;
	return NULL;
}

/* NULL when there is no more room. */
static struct rule_tally *tally_of(struct decisions *d, const char *rule)
{
	for (size_t i = 0; i < d->tally_count; i++) {
		if (strcmp(d->tallies[i].rule, rule) == 0)
			return &d->tallies[i];
	}
	if (d->tally_count == DECISIONS_TALLIES_MAX)
		return NULL;
	(void)snprintf(d->tallies[d->tally_count].rule, DECISION_RULE_LEN, "%s", rule);
	return &d->tallies[d->tally_count++];
}

static const char *end_tally(struct decisions_reading *r)
{
	struct rule_tally *tally = tally_of(r->decisions, r->tally.rule);

	if (!tally)
		return "is one rule too many";
	tally->told_true += r->tally.told_true;
	tally->told_false += r->tally.told_false;
	return NULL;
}

/* A later verdict takes the place of an earlier one. */
static const char *end_verdict(struct decisions_reading *r)
{
	struct decisions *d = r->decisions;

	for (size_t i = 0; i < d->verdict_count; i++) {
		if (strcmp(d->verdicts[i].case_id, r->verdict.case_id) == 0) {
			d->verdicts[i] = r->verdict;
			return NULL;
		}
	}
	if (d->verdict_count == DECISIONS_VERDICTS_MAX)
		return "is one verdict too many; add up old ones under 'feedback'";
	d->verdicts[d->verdict_count++] = r->verdict;
	return NULL;
}

static const char *end_device(struct decisions_reading *r)
{
	struct decisions *d = r->decisions;

	if (d->device_count == DECISIONS_DEVICES_MAX)
		return "is one device too many; there can be 256";
	d->devices[d->device_count++] = r->device;
	return NULL;
}

static const struct decision_field suppression_fields[] = {
	{ .name = "id", .take = take_id },
	{ .name = "device", .take = take_device, .is_optional = true },
	{ .name = "rule", .take = take_rule, .is_optional = true },
	{ .name = "destination", .take = take_destination, .is_optional = true },
	{ .name = "port", .take = take_port, .is_optional = true },
	{ .name = "owner", .take = take_owner },
	{ .name = "reason", .take = take_reason },
	{ .name = "since", .take = take_since },
	{ .name = "expires", .take = take_expires },
};

static const struct decision_field tally_fields[] = {
	{ .name = "rule", .take = take_tally_rule },
	{ .name = "true", .take = take_true },
	{ .name = "false", .take = take_false },
};

static const struct decision_field verdict_fields[] = {
	{ .name = "case", .take = take_case },   { .name = "verdict", .take = take_verdict },
	{ .name = "rules", .take = take_rules }, { .name = "owner", .take = take_note },
	{ .name = "reason", .take = take_note }, { .name = "when", .take = take_when },
};

static const struct decision_field device_fields[] = {
	{ .name = "device", .take = take_own_device },
	{ .name = "importance", .take = take_importance },
};

#define FIELDS(table) (table), sizeof(table) / sizeof((table)[0])

const struct decision_section decision_sections[] = {
	{ "suppressions", FIELDS(suppression_fields), end_suppression },
	{ "feedback", FIELDS(tally_fields), end_tally },
	{ "verdicts", FIELDS(verdict_fields), end_verdict },
	{ "devices", FIELDS(device_fields), end_device },
};

const size_t decision_section_count = sizeof(decision_sections) / sizeof(decision_sections[0]);

void decisions_add_verdicts(struct decisions *d)
{
	for (size_t i = 0; i < d->verdict_count; i++) {
		enum verdict_sense sense = verdict_sense((enum verdict)d->verdicts[i].verdict);
		char chars[DECISION_REASON_LEN];
		char *rest = NULL;

		memcpy(chars, d->verdicts[i].rules, sizeof(chars));
		for (char *one = strtok_r(chars, " ", &rest); one && sense != VERDICT_SAYS_NOTHING;
		     one = strtok_r(NULL, " ", &rest)) {
			struct rule_tally *tally = tally_of(d, one);

			if (tally && sense == VERDICT_SAYS_TRUE)
				tally->told_true++;
			else if (tally)
				tally->told_false++;
		}
	}
}
