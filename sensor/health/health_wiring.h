/*
 * Where the packets come from: the part of health_check.h that is about wiring. Each is true, and
 * has filled `out` but for code and interface, when the finding of its name holds.
 */
#pragma once

#include "sensor/health/health_check.h"

/* Of nights, weekends and some holidays: so long an office that was heard may be still. */
#define HEALTH_CLOSED_FOR (3 * NANOTIME_DAY)

bool wiring_only_broadcast(const struct health_view *view, unsigned interface,
			   struct health_finding *out);
bool wiring_pppoe_side(const struct health_view *view, unsigned interface,
		       struct health_finding *out);
bool wiring_carrier_tunnel(const struct health_view *view, unsigned interface,
			   struct health_finding *out);
bool wiring_after_nat(const struct health_view *view, unsigned interface,
		      struct health_finding *out);
bool wiring_missing_vlan(const struct health_view *view, unsigned interface,
			 struct health_finding *out);
bool wiring_duplicates(const struct health_view *view, unsigned interface,
		       struct health_finding *out);
bool wiring_offloads(const struct health_view *view, unsigned interface,
		     struct health_finding *out);
bool wiring_no_dns(const struct health_view *view, unsigned interface, struct health_finding *out);
bool wiring_no_dhcp(const struct health_view *view, unsigned interface, struct health_finding *out);
bool wiring_tags_one_way(const struct health_view *view, unsigned interface,
			 struct health_finding *out);
bool wiring_own_traffic(const struct health_view *view, unsigned interface,
			struct health_finding *out);

/* Of the conversations of all interfaces together. */
bool wiring_one_direction(const struct health_view *view, struct health_finding *out);

void finding_begin(struct health_finding *out, enum health_severity severity);
void finding_figure(struct health_finding *out, enum health_figure_code code, double value,
		    enum health_bound bound, double threshold);
