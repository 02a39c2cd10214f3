#include "sensor/judge/case_book_inside.h"
#include "sensor/judge/priority.h"

#include <string.h>

struct finding *case_book_find_finding(struct case_record *c, const struct signal *signal)
{
	for (uint32_t i = 0; i < c->finding_count; i++) {
		const struct signal *known = &c->findings[i].signal;

		if (known->kind == signal->kind && known->object.port == signal->object.port &&
		    known->object.protocol == signal->object.protocol &&
		    strcmp(known->object.text, signal->object.text) == 0)
			return &c->findings[i];
	}
	return NULL;
}

struct finding *case_book_make_room(struct case_record *c, const struct finding *candidate)
{
	struct finding *least = &c->findings[0];

	if (c->finding_count < CASE_FINDINGS_MAX)
		return &c->findings[c->finding_count++];
	for (uint32_t i = 1; i < c->finding_count; i++) {
		if (finding_leads(least, &c->findings[i]))
			least = &c->findings[i];
	}
	return finding_leads(candidate, least) ? least : NULL;
}

void case_book_name_finding(struct case_record *c, struct finding *f)
{
	const struct signal_object *o = &f->signal.object;
	char chars[FACT_NAME_LEN + 32];
	struct text object = text_over(chars, sizeof(chars));

	text_format(&object, "%s %u/%u", o->text, o->port, o->protocol);
	case_id(f->id, c->id, signal_kind_text((enum signal_kind)f->signal.kind), &c->device, chars,
		f->signal.first);
}

/* Whether `a` says nothing that `b` does not. */
static bool repeats(const struct signal *a, const struct signal *b)
{
	return a->kind == b->kind ||
	       (story_basis((enum signal_kind)a->kind) == story_basis((enum signal_kind)b->kind) &&
		strcmp(a->object.text, b->object.text) == 0);
}

static bool is_repeat(const struct case_record *c, uint32_t i)
{
	const struct signal *s = &c->findings[i].signal;

	for (uint32_t k = 0; k < c->finding_count; k++) {
		const struct signal *other = &c->findings[k].signal;
		bool is_surer = other->confidence > s->confidence ||
				(!(other->confidence < s->confidence) && k < i);

		if (k != i && is_surer && repeats(s, other))
			return true;
	}
	return false;
}

/* All of them by what its device is now: one of them may have told that. */
static void rank_findings(struct case_record *c)
{
	const struct finding *lead;

	c->standing &= (uint8_t)~STANDING(STANDING_PARTNER);
	for (uint32_t i = 0; i < c->finding_count; i++) {
		if (c->findings[i].signal.kind == SIGNAL_PARTNER_CONTACT)
			c->standing |= STANDING(STANDING_PARTNER);
	}
	for (uint32_t i = 0; i < c->finding_count; i++) {
		struct finding *f = &c->findings[i];

		f->priority = priority_of(&f->signal, c->standing);
		f->impact = impact_of(&f->signal, c->standing);
	}
	lead = case_lead(c);
	c->priority = lead->priority;
	c->impact = lead->impact;
}

/* Findings of different rules support each other: the doubt that is left is the product. */
void case_book_weigh(struct case_record *c)
{
	double doubt = 1;

	rank_findings(c);

	for (uint32_t i = 0; i < c->finding_count; i++) {
		if (!is_repeat(c, i))
			doubt *= 1 - c->findings[i].signal.confidence;
	}
	c->confidence = 1 - doubt;
}
