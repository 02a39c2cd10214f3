#include "sensor/detect/caller.h"

#include "sensor/base/kept_table.h"
#include "sensor/base/text.h"
#include "sensor/detect/contact_place.h"
#include "sensor/detect/service_port.h"
#include "sensor/intel/rented_names.h"

#include <string.h>

/* As the beacon detector weighs them. */
static const double times_for_no_name = 1.5;
static const double times_for_odd_port = 2;
static const double times_for_unknown_protocol = 2;
static const double times_for_upload = 1.75;
static const double times_for_rented = 2;
static const double times_for_datagrams = 0.5;

struct caller_key caller_key_of(const struct suffix_rules *suffixes, const struct observation *seen)
{
	struct caller_key key = { .device = seen->device };
	const char *domain =
		seen->peer_name[0] == '\0' ? NULL : suffix_rules_domain(suffixes, seen->peer_name);

	if (seen->peer_name[0] != '\0')
		distinct_text_key(domain ? domain : seen->peer_name, key.place);
	else
		memcpy(key.place, seen->fact->flow.server.bytes, ADDRESS_LEN);
	return key;
}

static void note_name(struct caller *caller, const char *name)
{
	uint32_t hash = (uint32_t)distinct_hash(name, strlen(name));

	caller->name_turns += caller->name_count > 0 && strcmp(caller->name, name) != 0;
	for (uint32_t i = 0; i < caller->name_count; i++) {
		if (caller->names[i] == hash)
			return;
	}
	if (caller->name_count < CALLER_NAMES)
		caller->names[caller->name_count++] = hash;
}

void caller_add(struct caller *caller, const struct observation *seen)
{
	const struct fact *fact = seen->fact;

	note_name(caller, seen->peer_name);
	caller->is_line = caller->calls.calls > 0 && caller->flow.id == fact->flow.id;
	caller->flow = fact->flow;
	caller->by_name = seen->peer_name[0] != '\0';
	caller->lookup_missed = seen->dns_seen && !fact->flow.is_midstream;
	caller->is_answered |= fact->check_in.is_answered;
	caller->has_data_down |= fact->check_in.has_data_down;
	caller->is_plain_upload |= fact->check_in.names.is_upload;
	caller->name_from = seen->peer_name_from;
	text_host_copy(seen->peer_name, caller->name, sizeof(caller->name));
	if (fact->check_in.names.protocol[0] != '\0')
		memcpy(caller->application, fact->check_in.names.protocol,
		       sizeof(caller->application));
	call_history_add(&caller->calls, fact->time, fact->check_in.payload_len);
}

void caller_add_ended(struct caller *caller, const struct fact_ended *ended)
{
	caller->bytes_up += ended->bytes_up;
	caller->bytes_down += ended->bytes_down;
	caller->is_answered |= ended->is_answered;
	caller->has_data_down |= ended->has_data_down;
	if (ended->names.protocol[0] != '\0' && !ended->names.is_guess)
		memcpy(caller->application, ended->names.protocol, sizeof(caller->application));
}

struct signal caller_signal(enum signal_kind kind, const struct caller_key *key,
			    const struct caller *caller, double prior)
{
	struct signal s = { .kind = (uint8_t)kind,
			    .direction = DIRECTION_OUTBOUND,
			    .device = key->device,
			    .first = caller->calls.first,
			    .last = caller->calls.last,
			    .count = caller->calls.calls,
			    .confidence = prior };

	s.outcome = OUTCOME_ATTEMPT;
	if (caller->is_answered)
		s.outcome = caller->has_data_down ? OUTCOME_DATA : OUTCOME_ANSWERED;
	place_describe(&s.object, &caller->flow, caller->by_name ? caller->name : "",
		       (enum host_source)caller->name_from);
	memcpy(s.object.application, caller->application, sizeof(caller->application));
	s.flows[s.flow_count++] = (struct signal_flow){ .flow = caller->flow };
	return s;
}

void caller_weigh_place(struct signal *s, const struct caller *caller)
{
	bool is_stream = caller->flow.protocol == IP_TCP;

	if (!is_stream)
		s->confidence = signal_weigh(s->confidence, times_for_datagrams);
	if (!caller->by_name && caller->lookup_missed)
		signal_evidence(s, REASON_NO_NAME, 1, times_for_no_name);
	if (is_stream && !port_is(caller->flow.server_port, PORT_USUAL | PORT_WEB | PORT_TLS))
		signal_evidence(s, REASON_ODD_PORT, caller->flow.server_port, times_for_odd_port);
	if (is_stream && strcmp(caller->application, "Unknown") == 0)
		signal_evidence(s, REASON_UNKNOWN_PROTOCOL, 1, times_for_unknown_protocol);
	if (caller->is_plain_upload)
		signal_evidence(s, REASON_PLAIN_UPLOAD, 1, times_for_upload);
	if (rented_is(caller->name, RENTED_SERVERS))
		signal_evidence(s, REASON_RENTED_NAME, 1, times_for_rented);
}

bool caller_is_sound(const void *key, const void *value)
{
	const struct caller_key *k = key;
	const struct caller *caller = value;

	return k->device != 0 && call_history_is_sound(&caller->calls) && caller->name_count > 0 &&
	       caller->name_count <= CALLER_NAMES && strength_is_sound(&caller->told) &&
	       strength_is_sound(&caller->told_together) && kept_are_flags(&caller->by_name, 1) &&
	       kept_are_flags(&caller->is_answered, 1) &&
	       kept_are_flags(&caller->has_data_down, 1) &&
	       kept_are_flags(&caller->is_plain_upload, 1) &&
	       kept_are_flags(&caller->lookup_missed, 1) && kept_are_flags(&caller->is_line, 1) &&
	       caller->name_from <= HOST_DPI && kept_are_flags(&caller->flow.is_midstream, 1) &&
	       kept_is_text(caller->application, sizeof(caller->application)) &&
	       kept_is_text(caller->name, sizeof(caller->name));
}

void caller_tidy(void *value)
{
	struct caller *caller = value;

	call_history_tidy(&caller->calls);
	kept_tidy_text(caller->application, sizeof(caller->application));
	kept_tidy_text(caller->name, sizeof(caller->name));
}
