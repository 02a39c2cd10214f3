#include "sensor/detect/policy_use.h"

#include "sensor/base/kept_table.h"
#include "sensor/detect/contact_place.h"
#include "sensor/detect/told_once.h"
#include "sensor/intel/remote_tools.h"

#include <stdio.h>
#include <string.h>

/* The office's own vendor's, nearly always; an intruder who brings his own looks the same. */
static const double prior_remote_tool = 0.2;
static const double prior_tunnel = 0.15; /* teleworkers and phones */
static const double prior_lookup = 0.1;  /* browsers do it by themselves */

struct policy_use {
	const struct policy_use_config *config;
	struct lru_map *told;
};

/* What a flow is, as far as an office may have a rule about it. */
struct use {
	enum signal_kind kind;
	double prior;
	const char *what; /* the tool, or nDPI's word; borrowed */
};

static enum err start(void *state, const struct detect_setup *setup)
{
	struct policy_use *self = state;

	self->config = &setup->config->detect.policy_use;
	return told_once_new(&self->told, (uint32_t)self->config->pairs);
}

static void stop(void *state)
{
	struct policy_use *self = state;

	lru_map_free(self->told);
}

/* `protocol` or "protocol.Something". */
static bool is_protocol(const char *protocol, const char *name)
{
	size_t len = strlen(name);

	return strncmp(protocol, name, len) == 0 && (protocol[len] == '\0' || protocol[len] == '.');
}

static bool is_tunnel(const char *protocol)
{
	static const char *const tunnels[] = { "WireGuard", "OpenVPN",  "IPsec",        "IPSec",
					       "PPTP",      "SOCKS",    "HTTP_Connect", "SoftEther",
					       "TINC",      "CiscoVPN", "Tailscale" };

	for (size_t i = 0; i < sizeof(tunnels) / sizeof(tunnels[0]); i++) {
		if (is_protocol(protocol, tunnels[i]))
			return true;
	}
	return false;
}

static bool is_tool(const char *protocol)
{
	return is_protocol(protocol, "TeamViewer") || is_protocol(protocol, "AnyDesk") ||
	       is_protocol(protocol, "RustDesk");
}

static bool use_of(const struct observation *seen, struct use *out)
{
	enum { PORT_DNS_OVER_TLS = 853 };
	const struct fact_names *names = &seen->fact->ended.names;
	const char *tool = seen->peer_name[0] != '\0' ? remote_tool_of(seen->peer_name) : NULL;
	bool is_settled = !names->is_guess;

	if (tool || (is_settled && is_tool(names->protocol))) {
		*out = (struct use){ SIGNAL_REMOTE_TOOL, prior_remote_tool,
				     tool ? tool : names->protocol };
		return true;
	}
	if (is_settled && is_tunnel(names->protocol)) {
		*out = (struct use){ SIGNAL_PRIVATE_TUNNEL, prior_tunnel, names->protocol };
		return true;
	}
	if (seen->fact->flow.server_port == PORT_DNS_OVER_TLS ||
	    is_encrypted_resolver(seen->peer_name) ||
	    (is_settled && is_protocol(names->protocol, "DoH_DoT"))) {
		*out = (struct use){ SIGNAL_HIDDEN_LOOKUPS, prior_lookup, "DNS" };
		return true;
	}
	return false;
}

/* The names of approved tools stand in the option with blanks between. */
static bool is_approved(const char *approved, const char *tool)
{
	size_t len = strlen(tool);

	for (const char *at = approved; (at = strstr(at, tool)) != NULL; at += len) {
		if ((at == approved || at[-1] == ' ') && (at[len] == '\0' || at[len] == ' '))
			return true;
	}
	return false;
}

static void observe(void *state, const struct observation *seen, struct signal_sink *sink)
{
	struct policy_use *self = state;
	const struct fact *fact = seen->fact;
	struct use use;

	if (seen->device == 0 || seen->direction != DIRECTION_OUTBOUND || seen->is_group ||
	    !fact->ended.has_data_down || !use_of(seen, &use) ||
	    is_approved(self->config->approved, use.what) ||
	    !told_once(self->told, seen->device, use.what, fact->time))
		return;

	struct signal s = { .kind = (uint8_t)use.kind,
			    .direction = DIRECTION_OUTBOUND,
			    .outcome = OUTCOME_DATA,
			    .device = seen->device,
			    .first = fact->flow.first,
			    .last = fact->ended.last,
			    .count = 1,
			    .confidence = use.prior };

	signal_condition(&s, REASON_CHECK_INS, 1, COMPARE_AT_LEAST, 1, NULL);
	signal_tell(&s, REASON_BYTES_UP, (double)fact->ended.bytes_up);
	signal_tell(&s, REASON_BYTES_DOWN, (double)fact->ended.bytes_down);
	place_describe(&s.object, &fact->flow, seen->peer_name,
		       (enum host_source)seen->peer_name_from);
	(void)snprintf(s.object.application, sizeof(s.object.application), "%s",
		       fact->ended.names.protocol);
	(void)snprintf(s.detail, sizeof(s.detail), "%s", use.what);
	signal_keep_flow(s.flows, &s.flow_count, fact);
	sink->emit(sink, &s);
}

static const struct kept_table kept[] = {
	{ .name = "policy_use.told",
	  .version = 1,
	  .at = offsetof(struct policy_use, told),
	  .is_sound = told_once_is_sound },
	{ 0 },
};

const struct detector detector_policy_use = {
	.name = "policy_use",
	.finds = "Remote support, private tunnels and hidden name lookups, which an office may not "
		 "want.",
	.sees = DETECTOR_SEES(FACT_FLOW_ENDED),
	.state_size = sizeof(struct policy_use),
	.start = start,
	.stop = stop,
	.observe = observe,
	.kept = kept,
};
