/*
 * bench_floor null|flow|ndpi CAPTURE
 *
 * What a program that reads captures through libpcap must at least do for each packet: nothing
 * (null), parse and count in a flow table (flow), or also ask nDPI about the first packets of each
 * flow (ndpi): lazily, that is not before there is payload. Nothing is logged but one line at the
 * end; no verdict is reached. The figures of Hinomi stand beside these.
 */
#include "tests/bench/floor_parse.h"
#include "tests/bench/floor_table.h"

#include <ndpi/ndpi_api.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DPI_PACKETS_MAX = 16, MILLISECONDS = 1000, TCP_FIN_OR_RST = 5 };

static struct {
	struct ndpi_detection_module_struct *module;
	uint64_t packets;
	uint64_t named;
} run;

static bool is_named(const struct floor_flow *flow)
{
	const struct ndpi_flow_struct *dpi = flow->dpi;

	return dpi && dpi->detected_protocol_stack[0] != NDPI_PROTOCOL_UNKNOWN;
}

static void dpi_finish(struct floor_flow *flow)
{
	uint8_t guessed = 0;

	if (flow->dpi && !is_named(flow))
		(void)ndpi_detection_giveup(run.module, flow->dpi, 1, &guessed);
	run.named += is_named(flow);
	if (flow->dpi)
		ndpi_free_flow(flow->dpi);
	flow->dpi = NULL;
	flow->dpi_done = true;
}

static void dpi_show(struct floor_flow *flow, const struct floor_parsed *parsed)
{
	bool is_bare = flow->key.protocol == IPPROTO_TCP && parsed->payload_len == 0;

	if (is_bare) {
		if ((parsed->packet.tcp_flags & TCP_FIN_OR_RST) && is_named(flow))
			dpi_finish(flow);
		return;
	}
	if (!flow->dpi) {
		flow->dpi = ndpi_flow_malloc(sizeof(struct ndpi_flow_struct));
		if (!flow->dpi)
			return;
		memset(flow->dpi, 0, sizeof(struct ndpi_flow_struct));
	}

	ndpi_protocol found = ndpi_detection_process_packet(run.module, flow->dpi, parsed->ip.data,
							    (unsigned short)parsed->ip.len,
							    parsed->packet.now_ms);

	flow->dpi_packets++;
	if (flow->dpi_packets >= DPI_PACKETS_MAX ||
	    (found.app_protocol != NDPI_PROTOCOL_UNKNOWN &&
	     !ndpi_extra_dissection_possible(run.module, flow->dpi)))
		dpi_finish(flow);
}

/* libpcap's pcap_handler says what these take.
 * NOLINTBEGIN(readability-non-const-parameter) */
static void see_nothing(u_char *unused, const struct pcap_pkthdr *header, const u_char *bytes)
{
	(void)unused;
	(void)header;
	(void)bytes;
	run.packets++;
}

static inline void see(const struct pcap_pkthdr *header, const u_char *bytes, bool asks_ndpi)
{
	struct floor_parsed parsed;

	run.packets++;
	if (!floor_parse(bytes, header->caplen, &parsed))
		return;
	parsed.packet.wire_len = header->len;
	parsed.packet.now_ms = (uint32_t)header->ts.tv_sec * MILLISECONDS +
			       (uint32_t)header->ts.tv_usec / MILLISECONDS;

	struct floor_flow *flow = floor_table_touch(&parsed.packet);

	if (asks_ndpi && !flow->dpi_done)
		dpi_show(flow, &parsed);
	floor_table_step(parsed.packet.now_ms);
}

static void see_flow(u_char *unused, const struct pcap_pkthdr *header, const u_char *bytes)
{
	(void)unused;
	see(header, bytes, false);
}

static void see_flow_and_ndpi(u_char *unused, const struct pcap_pkthdr *header, const u_char *bytes)
{
	(void)unused;
	see(header, bytes, true);
}
/* NOLINTEND(readability-non-const-parameter) */

static void forget(struct floor_flow *flow)
{
	(void)flow;
}

static void finish_if_asked(struct floor_flow *flow)
{
	if (!flow->dpi_done)
		dpi_finish(flow);
}

static bool start_ndpi(void)
{
	NDPI_PROTOCOL_BITMASK all;

	run.module = ndpi_init_detection_module(ndpi_no_prefs);
	if (!run.module)
		return false;
	NDPI_BITMASK_SET_ALL(all);
	ndpi_set_protocol_detection_bitmask2(run.module, &all);
	ndpi_finalize_initialization(run.module);
	return true;
}

static const struct mode {
	const char *name;
	pcap_handler see;
	floor_ended_fn *ended; /* NULL: no table */
	bool asks_ndpi;
} modes[] = {
	{ "null", see_nothing, NULL, false },
	{ "flow", see_flow, forget, false },
	{ "ndpi", see_flow_and_ndpi, finish_if_asked, true },
};

static int read_capture(const struct mode *mode, const char *path)
{
	char error[PCAP_ERRBUF_SIZE];
	pcap_t *capture = pcap_open_offline(path, error);

	if (!capture) {
		(void)fprintf(stderr, "%s\n", error);
		return 1;
	}
	if (mode->ended)
		floor_table_start(mode->ended);
	if (mode->asks_ndpi && !start_ndpi())
		return 1;
	(void)pcap_loop(capture, -1, mode->see, NULL);
	pcap_close(capture);

	uint64_t flows = mode->ended ? floor_table_finish() : 0;

	printf("%llu packets, %llu flows, %llu named\n", (unsigned long long)run.packets,
	       (unsigned long long)flows, (unsigned long long)run.named);
	return 0;
}

int main(int argc, char **argv)
{
	for (size_t i = 0; argc == 3 && i < sizeof(modes) / sizeof(modes[0]); i++) {
		if (strcmp(modes[i].name, argv[1]) == 0)
			return read_capture(&modes[i], argv[2]);
	}
	(void)fprintf(stderr, "usage: bench_floor null|flow|ndpi CAPTURE\n");
	return 2;
}
