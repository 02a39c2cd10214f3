/*
 * What nDPI names each flow of a capture when it is given the flow's first 16 packets, from its
 * first payload on, and nothing else decides: the floor that compare_names.py holds ours against.
 * Decoding and flows are the sensor's own, so that a flow has the same number in both.
 *
 * Usage: floor_names CAPTURE   prints a line for each flow: number, name, how ("dpi" or "guess").
 */
#include "sensor/capture/capture_file.h"
#include "sensor/config/config.h"
#include "sensor/decode/decode.h"
#include "sensor/digest/community_id.h"
#include "sensor/flow/flow_table.h"

#include <inttypes.h>
#include <ndpi/ndpi_api.h>
#include <stdio.h>
#include <stdlib.h>

#if NDPI_MAJOR * 100 + NDPI_MINOR >= 406
#error "compare_names.py is written for nDPI 4.2 and 4.4"
#endif

enum { PACKETS_SHOWN = 16 };

struct seen {
	struct ndpi_flow_struct *flow; /* while nDPI is still looking */
	ndpi_protocol protocol;
	unsigned shown;
	bool is_guess;
};

static struct ndpi_detection_module_struct *module;
static struct seen *seen; /* by index of the flow table */

static void end(struct seen *s, bool is_done)
{
	uint8_t guessed = 0;

	if (!s->flow)
		return;
	if (!is_done)
		s->protocol = ndpi_detection_giveup(module, s->flow, 1, &guessed);
	s->is_guess = guessed != 0;
	ndpi_free_flow(s->flow);
	s->flow = NULL;
}

/* A flow is known by its community ID and the microsecond in which it began. */
static void print(const struct seen *s, const struct flow_record *flow)
{
	uint16_t master = s->protocol.master_protocol;
	uint16_t app = s->protocol.app_protocol;
	const char *one = ndpi_get_proto_name(module, app ? app : master);

	char id[COMMUNITY_ID_LEN];

	community_id(&flow->key, flow->client_side == FLOW_SIDE_LOW, id);
	printf("%s %" PRIu64 "\t", id, flow->first / (NANOTIME_MILLISECOND / 1000));
	if (master == 0 || app == 0 || master == app)
		printf("%.31s", one);
	else
		printf("%.15s.%.15s", ndpi_get_proto_name(module, master), one);
	printf("\t%s\n", s->is_guess ? "guess" : "dpi");
}

static void flow_ended(void *arg, struct flow_ref ref, const struct flow_record *flow,
		       nanotime when, enum flow_end reason)
{
	(void)arg;
	(void)when;
	(void)reason;
	end(&seen[ref.index], false);
	print(&seen[ref.index], flow);
	seen[ref.index] = (struct seen){ 0 };
}

static void show(struct seen *s, const struct packet *packet)
{
	unsigned short len =
		packet->ip.len > UINT16_MAX ? UINT16_MAX : (unsigned short)packet->ip.len;

	if (s->shown >= PACKETS_SHOWN || (s->shown > 0 && !s->flow))
		return;
	if (!s->flow)
		s->flow = ndpi_flow_malloc(sizeof(*s->flow));
	if (!s->flow)
		abort();
	if (s->shown == 0)
		memset(s->flow, 0, sizeof(*s->flow));
	s->shown++;
	s->protocol = ndpi_detection_process_packet(module, s->flow, packet->ip.data, len,
						    packet->time / NANOTIME_MILLISECOND);
	if (s->protocol.app_protocol != NDPI_PROTOCOL_UNKNOWN &&
	    !ndpi_extra_dissection_possible(module, s->flow))
		end(s, true);
	else if (s->shown == PACKETS_SHOWN)
		end(s, s->protocol.app_protocol != NDPI_PROTOCOL_UNKNOWN);
}

static void take(struct flow_table *flows, const struct packet *packet)
{
	struct flow_ref ignored;

	if (packet->has_quoted)
		(void)flow_table_note_icmp_error(flows, &packet->quoted, packet->icmp_type,
						 &ignored);

	struct flow_touch touch =
		flow_table_touch(flows, packet, flow_table_hash(flows, &packet->key));
	struct seen *s = &seen[touch.ref.index];

	if (packet->payload.len > 0 && !packet->is_fragment_rest)
		show(s, packet);
}

static bool make_module(void)
{
	NDPI_PROTOCOL_BITMASK all;

	module = ndpi_init_detection_module(ndpi_no_prefs);
	if (!module)
		return false;
	NDPI_BITMASK_SET_ALL(all);
	ndpi_set_protocol_detection_bitmask2(module, &all);
	ndpi_finalize_initialization(module);
	return true;
}

/* Times as pipeline.c has them: never backwards, and a jump of an hour ends all flows. */
static void read_all(struct capture_file *file, struct decoder *decoder, struct flow_table *flows)
{
	nanotime clock = 0;
	uint64_t number = 0;
	struct packet packet;
	struct frame frame;

	while (capture_file_next(file, &frame) == CAPTURE_FRAME) {
		number++;
		if (clock != 0 && (nanotime_between(clock, frame.time) > NANOTIME_HOUR ||
				   nanotime_between(frame.time, clock) > NANOTIME_HOUR)) {
			flow_table_end_all(flows, FLOW_END_EPOCH);
			clock = 0;
		}
		if (frame.time > clock)
			clock = frame.time;
		flow_table_advance(flows, clock);
		if (decoder_decode(decoder, &frame, number, &packet) != DECODE_OK ||
		    packet.kind != PACKET_IP)
			continue;
		packet.time = clock;
		take(flows, &packet);
	}
}

int main(int argc, char **argv)
{
	static const struct hash_key key;
	struct capture_file *file;
	struct decoder *decoder;
	struct flow_table *flows;
	struct config config;

	config_defaults(&config);
	if (argc != 2 || !make_module() || capture_file_new(&file, argv[1]) != ERR_OK ||
	    decoder_new(&decoder) != ERR_OK ||
	    flow_table_new(&flows, &config.flow, 0, &key, flow_ended, NULL) != ERR_OK)
		return EXIT_FAILURE;
	seen = calloc(flow_table_stats(flows).capacity, sizeof(*seen));
	if (!seen)
		return EXIT_FAILURE;
	read_all(file, decoder, flows);
	flow_table_end_all(flows, FLOW_END_CAPTURE);
	free(seen);
	flow_table_free(flows);
	decoder_free(decoder);
	capture_file_free(file);
	ndpi_exit_detection_module(module);
	return EXIT_SUCCESS;
}
