#include "sensor/health/health_check.h"

#include "sensor/health/health_dated.h"
#include "sensor/health/health_wiring.h"

#include <math.h>

enum {
	DROPPED_MIN = 10,
	BUSY_MIN = 500,       /* unicast of a window in which people work */
	SLOW_LINK_MBIT = 100, /* both directions of such a port do not fit into one */
	HEARD_UNICAST_MIN = 20,
	HEARD_DEVICES_MIN = 3, /* a router and two more: a line's two ends are no office */
};

static const double dropped_share_min = 0.01;
static const double step_seconds_min = 2;

static double share(uint64_t part, uint64_t whole)
{
	return whole > 0 ? (double)part / (double)whole : 0;
}

static void say_dropped(struct health_finding *out, uint64_t dropped, uint64_t whole)
{
	finding_begin(out, HEALTH_WARNING);
	finding_figure(out, HEALTH_FIGURE_DROPPED, (double)dropped, HEALTH_AT_LEAST, DROPPED_MIN);
	finding_figure(out, HEALTH_FIGURE_DROPPED_SHARE, share(dropped, whole), HEALTH_AT_LEAST,
		       dropped_share_min);
}

static bool is_dropped(uint64_t dropped, uint64_t whole)
{
	return dropped >= DROPPED_MIN && share(dropped, whole) >= dropped_share_min;
}

static bool kernel_drops(const struct health_view *view, unsigned interface,
			 struct health_finding *out)
{
	const struct health_interface *of = &view->surroundings.interfaces[interface];
	uint64_t whole = of->received + of->dropped_kernel;

	if (!is_dropped(of->dropped_kernel, whole))
		return false;
	say_dropped(out, of->dropped_kernel, whole);
	return true;
}

/* At a gateway a slow link is the line's own. */
static bool card_is_slow(const struct health_view *view, unsigned interface,
			 struct health_finding *out)
{
	const struct health_surroundings *s = &view->surroundings;
	const struct health_interface *of = &s->interfaces[interface];
	uint64_t whole = of->received + of->dropped_kernel + of->dropped_interface;

	if (is_dropped(of->dropped_interface, whole)) {
		say_dropped(out, of->dropped_interface, whole);
		return true;
	}
	if (s->place != CAPTURE_MIRROR || of->speed_mbit == 0 || of->speed_mbit > SLOW_LINK_MBIT)
		return false;
	finding_begin(out, HEALTH_WARNING);
	out->story = HEALTH_STORY_CLIENTS;
	finding_figure(out, HEALTH_FIGURE_LINK_MBIT, of->speed_mbit, HEALTH_AT_MOST,
		       SLOW_LINK_MBIT);
	return true;
}

/* A port that was heard before may be that of an office which has closed, unless all ends at once.
 */
static nanotime patience_with(const struct health_lasting *lasting)
{
	return lasting->last_look > 0 && lasting->busy < BUSY_MIN ? HEALTH_CLOSED_FOR : 0;
}

static bool no_packets(const struct health_view *view, unsigned interface,
		       struct health_finding *out)
{
	const struct health_counts *c = &view->counts[interface];
	nanotime since = c->lasting.last_look > 0 ? c->lasting.last_look : view->since;
	nanotime silence = nanotime_between(since, view->now);
	nanotime patience = patience_with(&c->lasting);

	if (c->frames > 0 || silence < patience)
		return false;
	finding_begin(out, HEALTH_FAULT);
	finding_figure(out, HEALTH_FIGURE_FRAMES, 0, HEALTH_AT_MOST, 0);
	finding_figure(out, HEALTH_FIGURE_SECONDS, nanotime_seconds(silence), HEALTH_AT_LEAST,
		       nanotime_seconds(patience));
	return true;
}

static bool bare(bool holds, enum health_severity severity, struct health_finding *out)
{
	if (holds)
		finding_begin(out, severity);
	return holds;
}

static bool clock_step(const struct health_view *view, struct health_finding *out)
{
	const struct health_surroundings *s = &view->surroundings;

	if (fabs(s->clock_step_seconds) < step_seconds_min)
		return false;
	finding_begin(out, HEALTH_WARNING);
	finding_figure(out, HEALTH_FIGURE_STEP_SECONDS, s->clock_step_seconds, HEALTH_NO_BOUND, 0);
	return true;
}

static bool gap(const struct health_view *view, struct health_finding *out)
{
	const struct health_surroundings *s = &view->surroundings;

	if (s->gap_until <= s->gap_from)
		return false;
	finding_begin(out, HEALTH_WARNING);
	out->from = s->gap_from;
	out->until = s->gap_until;
	finding_figure(out, HEALTH_FIGURE_SECONDS, nanotime_seconds(s->gap_until - s->gap_from),
		       HEALTH_NO_BOUND, 0);
	return true;
}

static uint64_t all_frames(const struct health_view *view)
{
	uint64_t frames = 0;

	for (size_t i = 0; i < view->surroundings.interface_count; i++)
		frames += view->counts[i].frames;
	return frames;
}

static bool shed(const struct health_view *view, struct health_finding *out)
{
	uint64_t frames = all_frames(view);

	if (!is_dropped(view->surroundings.shed, frames))
		return false;
	say_dropped(out, view->surroundings.shed, frames);
	return true;
}

static bool store_is_read_only(const struct health_view *view, struct health_finding *out)
{
	return bare(view->surroundings.store == HEALTH_STORE_NO_WRITING, HEALTH_FAULT, out);
}

static bool store_is_full(const struct health_view *view, struct health_finding *out)
{
	return bare(view->surroundings.store == HEALTH_STORE_NO_ROOM, HEALTH_FAULT, out);
}

static bool clock_unsynchronised(const struct health_view *view, struct health_finding *out)
{
	return bare(view->surroundings.clock_synchronised == HEALTH_NO, HEALTH_WARNING, out);
}

static bool interface_is_missing(const struct health_view *view, unsigned interface,
				 struct health_finding *out)
{
	return bare(view->surroundings.interfaces[interface].link == HEALTH_LINK_MISSING,
		    HEALTH_FAULT, out);
}

static bool interface_is_down(const struct health_view *view, unsigned interface,
			      struct health_finding *out)
{
	return bare(view->surroundings.interfaces[interface].link == HEALTH_LINK_DOWN, HEALTH_FAULT,
		    out);
}

/* Of each code either the one for the machine, or the one that each interface is asked. */
static const struct check {
	bool (*of_machine)(const struct health_view *view, struct health_finding *out);
	bool (*of_interface)(const struct health_view *view, unsigned interface,
			     struct health_finding *out);
} checks[HEALTH_CODES] = {
	[HEALTH_INTERFACE_MISSING] = { .of_interface = interface_is_missing },
	[HEALTH_INTERFACE_DOWN] = { .of_interface = interface_is_down },
	[HEALTH_STORE_READ_ONLY] = { .of_machine = store_is_read_only },
	[HEALTH_STORE_FULL] = { .of_machine = store_is_full },
	[HEALTH_NO_PACKETS] = { .of_interface = no_packets },
	[HEALTH_ONLY_BROADCAST] = { .of_interface = wiring_only_broadcast },
	[HEALTH_ONE_DIRECTION] = { .of_machine = wiring_one_direction },
	[HEALTH_PPPOE_SIDE] = { .of_interface = wiring_pppoe_side },
	[HEALTH_CARRIER_TUNNEL] = { .of_interface = wiring_carrier_tunnel },
	[HEALTH_AFTER_NAT] = { .of_interface = wiring_after_nat },
	[HEALTH_MISSING_VLAN] = { .of_interface = wiring_missing_vlan },
	[HEALTH_DROPS] = { .of_interface = kernel_drops },
	[HEALTH_CARD_TOO_SLOW] = { .of_interface = card_is_slow },
	[HEALTH_SHED] = { .of_machine = shed },
	[HEALTH_DUPLICATES] = { .of_interface = wiring_duplicates },
	[HEALTH_OFFLOADS] = { .of_interface = wiring_offloads },
	[HEALTH_CLOCK_UNSYNCHRONISED] = { .of_machine = clock_unsynchronised },
	[HEALTH_CLOCK_STEP] = { .of_machine = clock_step },
	[HEALTH_GAP] = { .of_machine = gap },
	[HEALTH_LIST_EXPIRED] = { .of_machine = lists_are_expired },
	[HEALTH_LIST_REFUSED] = { .of_machine = lists_are_refused },
	[HEALTH_LIST_OLD] = { .of_machine = lists_are_old },
	[HEALTH_DATABASE_REFUSED] = { .of_machine = databases_are_refused },
	[HEALTH_DATABASE_OLD] = { .of_machine = databases_are_old },
	[HEALTH_NO_DNS] = { .of_interface = wiring_no_dns },
	[HEALTH_NO_DHCP] = { .of_interface = wiring_no_dhcp },
	[HEALTH_TAGS_ONE_WAY] = { .of_interface = wiring_tags_one_way },
	[HEALTH_OWN_TRAFFIC] = { .of_interface = wiring_own_traffic },
};

/* On the line's side of a gateway that is as it should be. */
static bool is_of_the_line(enum health_code code)
{
	return code == HEALTH_ONLY_BROADCAST || code == HEALTH_PPPOE_SIDE ||
	       code == HEALTH_CARRIER_TUNNEL || code == HEALTH_AFTER_NAT || code == HEALTH_NO_DNS ||
	       code == HEALTH_NO_DHCP;
}

#define BIT(code) (1U << (code))

/* What is left out where one of `by` was found: the same fault seen from another side. */
static const struct explained {
	enum health_code code;
	uint32_t by;
} explained[] = {
	{ HEALTH_NO_PACKETS, BIT(HEALTH_INTERFACE_MISSING) | BIT(HEALTH_INTERFACE_DOWN) },
	{ HEALTH_ONLY_BROADCAST, BIT(HEALTH_ONE_DIRECTION) },
	{ HEALTH_CARRIER_TUNNEL, BIT(HEALTH_PPPOE_SIDE) },
	{ HEALTH_AFTER_NAT, BIT(HEALTH_PPPOE_SIDE) | BIT(HEALTH_CARRIER_TUNNEL) },
	{ HEALTH_NO_DNS, BIT(HEALTH_PPPOE_SIDE) | BIT(HEALTH_CARRIER_TUNNEL) |
				 BIT(HEALTH_AFTER_NAT) | BIT(HEALTH_ONE_DIRECTION) |
				 BIT(HEALTH_MISSING_VLAN) },
	{ HEALTH_NO_DHCP, BIT(HEALTH_PPPOE_SIDE) | BIT(HEALTH_CARRIER_TUNNEL) |
				  BIT(HEALTH_AFTER_NAT) | BIT(HEALTH_ONLY_BROADCAST) },
	{ HEALTH_TAGS_ONE_WAY, BIT(HEALTH_DUPLICATES) },
};

static bool is_explained(enum health_code code, uint32_t seen)
{
	for (size_t i = 0; i < sizeof(explained) / sizeof(explained[0]); i++) {
		if (explained[i].code == code && (explained[i].by & seen) != 0)
			return true;
	}
	return false;
}

static void check_interfaces(const struct health_view *view, enum health_code code,
			     uint32_t seen[static INTERFACES_MAX], health_found_fn *found,
			     void *arg)
{
	const struct health_surroundings *s = &view->surroundings;
	struct health_finding finding;

	for (unsigned i = 0; checks[code].of_interface && i < s->interface_count; i++) {
		if ((s->interfaces[i].is_outside && is_of_the_line(code)) ||
		    is_explained(code, seen[i]) || !checks[code].of_interface(view, i, &finding))
			continue;
		finding.code = code;
		finding.interface = (uint8_t)i;
		seen[i] |= BIT(code);
		found(arg, &finding);
	}
}

/*
 * What one-sided conversations explain comes before them in the order of importance, so they are
 * asked for first.
 */
void health_check(const struct health_view *view, health_found_fn *found, void *arg)
{
	uint32_t seen[INTERFACES_MAX] = { 0 };
	struct health_finding finding;
	bool is_one_sided = wiring_one_direction(view, &finding);

	for (unsigned i = 0; is_one_sided && i < INTERFACES_MAX; i++)
		seen[i] = BIT(HEALTH_ONE_DIRECTION);
	for (unsigned i = 0; i < HEALTH_CODES; i++) {
		enum health_code code = (enum health_code)i;

		if (checks[code].of_machine && checks[code].of_machine(view, &finding)) {
			finding.code = code;
			found(arg, &finding);
		}
		check_interfaces(view, code, seen, found, arg);
	}
}

/*
 * Two interfaces may bring a direction each: then conversations show it, and no pair of MACs. Where
 * a link has no MACs there are no devices to count.
 */
bool health_is_heard(const struct health_view *view)
{
	uint64_t unicast = 0;
	uint64_t pairs_both = 0;
	bool has_devices = false;

	for (size_t i = 0; i < view->surroundings.interface_count; i++) {
		const struct health_counts *c = &view->counts[i];

		unicast += c->unicast;
		pairs_both += c->pairs_both;
		has_devices =
			has_devices || c->without_link > 0 || c->senders.count >= HEARD_DEVICES_MIN;
	}
	return unicast >= HEARD_UNICAST_MIN && has_devices &&
	       (pairs_both > 0 || view->flows.both > 0);
}
