#include "sensor/base/kept_table.h"
#include "sensor/detect/signal.h"

#include <math.h>
#include <string.h>

static bool are_reasons_sound(const struct reason *reasons, uint8_t count)
{
	if (count > SIGNAL_REASONS_MAX)
		return false;
	for (uint8_t i = 0; i < count; i++) {
		const struct reason *r = &reasons[i];

		if (r->code >= REASON_CODES || r->comparison > COMPARE_AT_MOST ||
		    !isfinite(r->value) || !isfinite(r->threshold) || !(r->times > 0) ||
		    !isfinite(r->times))
			return false;
	}
	return true;
}

static bool is_object_sound(const struct signal_object *o)
{
	return o->kind <= OBJECT_NETWORK && o->name_from <= HOST_DPI &&
	       kept_are_flags(&o->has_address, 1) && kept_is_text(o->text, sizeof(o->text)) &&
	       kept_is_text(o->application, sizeof(o->application));
}

bool signal_flows_are_sound(const struct signal_flow *flows, uint8_t count)
{
	if (count > SIGNAL_FLOWS_MAX)
		return false;
	for (uint8_t i = 0; i < count; i++) {
		if (!kept_are_flags(&flows[i].flow.is_midstream, 1) ||
		    !kept_are_flags(&flows[i].has_ended, 1))
			return false;
	}
	return true;
}

bool signal_is_sound(const struct signal *s)
{
	return s->kind < SIGNAL_KINDS && s->direction <= DIRECTION_LATERAL &&
	       s->outcome <= OUTCOME_DATA && s->device != 0 && s->confidence >= 0 &&
	       s->confidence <= 1 && is_object_sound(&s->object) &&
	       are_reasons_sound(s->reasons, s->reason_count) &&
	       signal_flows_are_sound(s->flows, s->flow_count) &&
	       kept_are_flags(&s->is_forwarded, 1) && place_is_sound(&s->place) &&
	       kept_is_text(s->detail, sizeof(s->detail));
}

void signal_tidy_flows(struct signal_flow *flows, uint8_t count)
{
	memset(flows + count, 0, (size_t)(SIGNAL_FLOWS_MAX - count) * sizeof(*flows));
}
