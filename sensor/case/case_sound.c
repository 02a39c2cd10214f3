#include "sensor/base/kept_table.h"
#include "sensor/case/case.h"

#include <math.h>
#include <string.h>

enum { IMPACT_MOST = 4 };

bool case_id_is_sound(const char id[static CASE_ID_LEN])
{
	return strnlen(id, CASE_ID_LEN) == CASE_ID_LEN - 1 &&
	       strspn(id, "0123456789abcdef-") == CASE_ID_LEN - 1;
}

static bool is_rank(enum priority priority, uint8_t impact)
{
	return priority >= PRIORITY_1 && priority <= PRIORITY_4 && impact >= 1 &&
	       impact <= IMPACT_MOST;
}

/* A case that was withdrawn still tells of the finding that it had. */
static uint32_t findings_told(const struct case_record *c)
{
	return c->finding_count > 0 ? c->finding_count : 1;
}

bool considered_is_sound(const struct considered *considered)
{
	if (considered->count > CONSIDERED_MAX)
		return false;
	for (uint8_t i = 0; i < considered->count; i++) {
		const struct consideration *c = &considered->list[i];

		if (c->gate >= GATE_ANSWERS || !kept_are_flags(&c->is_known, 1) ||
		    !isfinite(c->value) || !isfinite(c->threshold))
			return false;
	}
	return kept_is_text(considered->suppression, sizeof(considered->suppression));
}

bool case_is_sound(const struct case_record *c)
{
	uint64_t signals = 0;

	if (!case_id_is_sound(c->id) || !device_is_sound(&c->device) ||
	    c->finding_count > CASE_FINDINGS_MAX || !is_rank(c->priority, c->impact) ||
	    c->standing >= STANDING(STANDINGS) || !kept_are_flags(&c->is_digest, 1) ||
	    !kept_are_flags(&c->is_quiet, 1) || !(c->confidence >= 0 && c->confidence <= 1))
		return false;
	for (uint32_t i = 0; i < c->finding_count; i++) {
		const struct finding *f = &c->findings[i];

		if (!case_id_is_sound(f->id) || !signal_is_sound(&f->signal) ||
		    !considered_is_sound(&f->considered) || !is_rank(f->priority, f->impact) ||
		    f->signal_count > c->signal_count - signals)
			return false;
		signals += f->signal_count;
	}
	return true;
}

void considered_tidy(struct considered *considered)
{
	memset(considered->list + considered->count, 0,
	       (size_t)(CONSIDERED_MAX - considered->count) * sizeof(considered->list[0]));
	memset(considered->spare, 0, sizeof(considered->spare));
}

void case_tidy(struct case_record *c)
{
	for (uint32_t i = 0; i < findings_told(c); i++)
		considered_tidy(&c->findings[i].considered);
	memset(c->findings + findings_told(c), 0,
	       (CASE_FINDINGS_MAX - findings_told(c)) * sizeof(c->findings[0]));
}
