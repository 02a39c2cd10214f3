#include "sensor/judge/gate.h"

#include "sensor/base/text.h"
#include "sensor/intel/known_protocols.h"
#include "sensor/intel/known_services.h"

#include <string.h>

/* More than one: a service of the office, not one device's secret. */
static const double common_devices = 2;

static bool is_local_name(const char *host)
{
	return !strchr(host, '.') || text_host_under(host, "local") ||
	       text_host_under(host, "lan") || text_host_under(host, "localdomain") ||
	       text_host_under(host, "internal") || text_host_under(host, "home.arpa");
}

/* What a program claims counts only as far as DNS does not say otherwise. */
static bool is_known_service(const struct signal *s, const char *resolved)
{
	return s->object.kind == OBJECT_HOST && known_service(s->object.text) != SERVICE_NONE &&
	       (resolved[0] == '\0' || known_service(resolved) != SERVICE_NONE);
}

static enum gate check_beacon(const struct signal *s, const char *resolved)
{
	const struct reason *devices = signal_find_reason(s, REASON_DEVICES);

	if (is_known_service(s, resolved))
		return GATE_KNOWN_SERVICE;
	if (s->direction == DIRECTION_LATERAL && s->object.kind == OBJECT_HOST &&
	    is_local_name(s->object.text))
		return GATE_LOCAL_NAME;
	if (!protocol_is_carrier(s->object.application))
		return GATE_REGULAR_PROTOCOL;
	if (devices && devices->value >= common_devices)
		return GATE_COMMON_IN_OFFICE;
	return s->outcome == OUTCOME_ATTEMPT ? GATE_UNANSWERED : GATE_PASS;
}

enum gate gate_check(const struct judge_config *config, const struct signal *signal,
		     const char *resolved)
{
	enum gate gate = GATE_PASS;

	if (signal->kind == SIGNAL_BEACON)
		gate = check_beacon(signal, resolved);
	else if (signal->is_forwarded)
		gate = GATE_FORWARDED;
	else if (signal->kind == SIGNAL_DNS_TUNNEL &&
		 known_service(signal->object.text) != SERVICE_NONE)
		gate = GATE_KNOWN_SERVICE; /* data in names is a security product's trade */
	else if (signal->kind == SIGNAL_SCAN_OUTSIDE &&
		 protocol_is_peer_to_peer(signal->object.application))
		gate = GATE_PEER_TO_PEER;
	if (gate == GATE_PASS && signal->confidence < config->confidence)
		gate = GATE_UNCORROBORATED;
	return gate;
}

const char *gate_text(enum gate gate)
{
	static const char *const texts[GATE_ANSWERS] = {
		[GATE_PASS] = "passed",
		[GATE_KNOWN_SERVICE] = "known_service",
		[GATE_REGULAR_PROTOCOL] = "regular_protocol",
		[GATE_FORWARDED] = "forwarded",
		[GATE_PEER_TO_PEER] = "peer_to_peer",
		[GATE_LOCAL_NAME] = "local_name",
		[GATE_COMMON_IN_OFFICE] = "common_in_office",
		[GATE_UNANSWERED] = "unanswered",
		[GATE_UNCORROBORATED] = "uncorroborated",
		[GATE_CASES_FULL] = "cases_full",
	};

	return texts[gate];
}
