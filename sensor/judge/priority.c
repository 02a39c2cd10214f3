#include "sensor/judge/priority.h"

static const double doubtful = 0.6;

static enum priority when_certain(const struct signal *s)
{
	bool has_data = s->outcome == OUTCOME_DATA;

	switch ((enum signal_kind)s->kind) {
	case SIGNAL_BEACON:
	case SIGNAL_DNS_TUNNEL:
	case SIGNAL_LISTED_CONTACT:
		return has_data ? PRIORITY_1 : PRIORITY_2;
	case SIGNAL_SCAN_OUTSIDE:
		return PRIORITY_1;
	case SIGNAL_SCAN_INSIDE:
	case SIGNAL_SCAN_PORTS:
	case SIGNAL_SCAN_ARP:
		return PRIORITY_2;
	case SIGNAL_LISTED_LOOKUP:
		return PRIORITY_3;
	case SIGNAL_KINDS:
		break;
	}
	return PRIORITY_4;
}

enum priority priority_of(const struct signal *signal)
{
	enum priority p = when_certain(signal);

	/* P3 stays: one step more would take it out of a person's sight. */
	return signal->confidence < doubtful && p < PRIORITY_3 ? (enum priority)(p + 1) : p;
}

uint8_t impact_of(const struct signal *signal)
{
	switch ((enum signal_kind)signal->kind) {
	case SIGNAL_BEACON:
	case SIGNAL_DNS_TUNNEL:
	case SIGNAL_LISTED_CONTACT:
	case SIGNAL_SCAN_OUTSIDE:
		return 4;
	case SIGNAL_SCAN_INSIDE:
	case SIGNAL_SCAN_PORTS:
	case SIGNAL_SCAN_ARP:
		return 3;
	case SIGNAL_LISTED_LOOKUP:
	case SIGNAL_KINDS:
		break;
	}
	return 2;
}
