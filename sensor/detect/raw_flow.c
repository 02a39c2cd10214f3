#include "sensor/detect/raw_flow.h"

#include "dissectors/first_words.h"
#include "dissectors/shell_text.h"
#include "sensor/detect/service_port.h"

#include <string.h>

enum {
	TEXT_PERCENT = 95,
	TEXT_BYTES = 3,
	SLOW_OPENINGS = 4,
	LONG_IDLE = 5, /* times raw_channel.lasting */
	ALIVE_LEAST = 8,
	PACKETS_COUNTED = 255,
	UPLOAD_BYTES = 1 << 16,
	UPLOAD_LEAN = 4,
};

static const double times_for_server_first = 1.5;
static const double times_for_clear_text = 2;
static const double times_for_system = 5;
static const double times_for_home_frame = 6; /* no program of 316 harmless captures has it */
static const double times_for_trickle = 1.4;
static const double times_for_openings = 2;
static const double times_for_kept_alive = 1.75;
static const double times_for_upload = 2; /* much goes out, next to nothing comes in */
static const double trickle_bytes_per_second = 200;
/* Seconds between empty packets: a program asked for them; systems send them after two hours. */
static const double alive_shortest = 50;
static const double alive_longest = 200;

bool raw_flow_has_client_spoken(const struct fact_shape *shape)
{
	unsigned all = (1U << shape->packet_count) - 1;

	return !shape->is_known || (shape->packet_sides & all) != all;
}

static bool is_clear_text(const struct fact_shape *shape)
{
	for (unsigned i = 0; i < shape->packet_count; i++) {
		if ((shape->packet_sides >> i & 1) == 0)
			return shape->printable_up >= TEXT_PERCENT &&
			       shape->packet_sizes[i] >= TEXT_BYTES;
	}
	return false;
}

/* Little, for minutes, and every now and then: a line that is kept open. */
static bool is_trickle(const struct raw_channel_config *config, const struct fact *fact)
{
	const struct fact_ended *e = &fact->ended;
	double seconds = nanotime_seconds(nanotime_between(fact->flow.first, e->last));

	double lasting = nanotime_seconds(config->lasting);
	bool is_slow = e->shape.client_opened + e->shape.server_opened >= SLOW_OPENINGS;

	return seconds >= (is_slow ? lasting : LONG_IDLE * lasting) &&
	       (double)(e->bytes_up + e->bytes_down) < seconds * trickle_bytes_per_second;
}

/*
 * How long it was held with packets that carry nothing, every now and then; 0 where it was not.
 * Each packet with payload has one that acknowledges it, and an opening takes three.
 */
static double kept_alive(const struct fact *fact)
{
	const struct fact_ended *e = &fact->ended;
	double seconds = nanotime_seconds(nanotime_between(fact->flow.first, e->last));
	double empty = (double)e->packets_up + e->packets_down - 2.0 * e->payload_packets - 3;
	double rounds = empty / 2;

	return e->payload_packets < PACKETS_COUNTED && rounds >= ALIVE_LEAST &&
			       seconds >= alive_shortest * rounds &&
			       seconds <= alive_longest * rounds
		       ? seconds
		       : 0;
}

static bool is_upload(const struct fact_ended *ended)
{
	return ended->bytes_up >= UPLOAD_BYTES &&
	       ended->bytes_up / UPLOAD_LEAN >= ended->bytes_down;
}

void raw_flow_weigh(struct signal *s, const struct raw_channel_config *config,
		    const struct fact *fact)
{
	const struct fact_shape *shape = &fact->ended.shape;

	if (!shape->is_known)
		return;
	if (shape->first_from_server && !fact->flow.is_midstream)
		signal_evidence(s, REASON_SERVER_FIRST, 1, times_for_server_first);
	/* Mail and files are fetched in clear text where they always were. */
	if (is_clear_text(shape) && !port_is(fact->flow.server_port, PORT_STARTS_TLS))
		signal_evidence(s, REASON_CLEAR_TEXT, 1, times_for_clear_text);
	if ((shape->shell_up & SHELL_SYSTEM) != 0)
		signal_evidence(s, REASON_SYSTEM_TOLD, 1, times_for_system);
	if ((shape->first_words_up & (FIRST_WORDS_PACKED | FIRST_WORDS_COUNTED)) != 0)
		signal_evidence(s, REASON_HOME_FRAME, 1, times_for_home_frame);
	if (shape->server_small >= SLOW_OPENINGS)
		signal_evidence(s, REASON_SERVER_OPENED, shape->server_small, times_for_openings);
	if (kept_alive(fact) > 0)
		signal_evidence(s, REASON_QUIET_LINE, kept_alive(fact), times_for_kept_alive);
	if (is_upload(&fact->ended))
		signal_evidence(s, REASON_LARGE_UPLOAD, 1, times_for_upload);
	if (is_trickle(config, fact))
		signal_evidence(
			s, REASON_DURATION,
			nanotime_seconds(nanotime_between(fact->flow.first, fact->ended.last)),
			times_for_trickle);
}

/* IRC has ports of its own, which firewalls close: its servers and programs use no others. */
bool raw_flow_is_hidden_chat(const struct fact *fact)
{
	uint16_t port = fact->flow.server_port;

	return strcmp(fact->ended.names.protocol, "IRC") == 0 && !fact->ended.names.is_guess &&
	       port != 194 && (port < 6660 || port > 6669) && port != 6697 && port != 7000;
}

bool raw_flow_is_mismatch(const struct fact *fact)
{
	const struct fact_names *names = &fact->ended.names;
	uint16_t port = fact->flow.server_port;

	if (names->is_guess || fact->flow.protocol != IP_TCP)
		return false;
	if (raw_flow_is_hidden_chat(fact))
		return true;
	if (strcmp(names->protocol, "HTTP") == 0)
		return port == 443 || port == 53 || port == 25 || port == 22;
	return strcmp(names->protocol, "SSH") == 0 && (port == 443 || port == 80 || port == 53);
}
