#include "sensor/classify/dpi.h"

#include <ndpi/ndpi_api.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VERSION (NDPI_MAJOR * 100 + NDPI_MINOR)

/* From 4.12 on (its development called itself 4.11) the two ids are a struct of their own. */
#if VERSION >= 411
#define MASTER(p) ((p).proto.master_protocol)
#define APP(p)    ((p).proto.app_protocol)
#else
#define MASTER(p) ((p).master_protocol)
#define APP(p)    ((p).app_protocol)
#endif

struct dpi {
	struct ndpi_detection_module_struct *module;
};

struct dpi_flow {
	struct ndpi_flow_struct flow;
};

_Static_assert(sizeof(((struct ndpi_flow_struct *)0)->host_server_name) >= DPI_HOST_LEN,
	       "nDPI keeps a shorter host name than we copy");

/* A library built with other options has another flow struct: using it would corrupt memory. */
static bool library_matches(void)
{
	return ndpi_get_api_version() == (u_int16_t)NDPI_API_VERSION &&
	       ndpi_detection_get_sizeof_ndpi_flow_struct() == sizeof(struct ndpi_flow_struct);
}

static bool prepare(struct dpi *dpi)
{
#if VERSION < 500
	NDPI_PROTOCOL_BITMASK all;

	NDPI_BITMASK_SET_ALL(all);
	(void)ndpi_set_protocol_detection_bitmask2(dpi->module, &all);
#endif
#if VERSION >= 410
	return ndpi_finalize_initialization(dpi->module) == 0;
#else
	ndpi_finalize_initialization(dpi->module);
	return true;
#endif
}

enum err dpi_new(struct dpi **out)
{
	if (!library_matches())
		return ERR_MISSING;

	struct dpi *dpi = calloc(1, sizeof(*dpi));

	if (!dpi)
		return ERR_MEMORY;
#if VERSION >= 410
	dpi->module = ndpi_init_detection_module(NULL);
#else
	dpi->module = ndpi_init_detection_module(ndpi_no_prefs);
#endif
	if (!dpi->module || !prepare(dpi)) {
		dpi_free(dpi);
		return ERR_MEMORY;
	}
	*out = dpi;
	return ERR_OK;
}

void dpi_free(struct dpi *dpi)
{
	if (!dpi)
		return;
	if (dpi->module)
		ndpi_exit_detection_module(dpi->module);
	free(dpi);
}

size_t dpi_flow_size(void)
{
	return sizeof(struct dpi_flow);
}

static void copy_host(const struct dpi_flow *flow, char out[static DPI_HOST_LEN])
{
	struct span host = { .data = (const uint8_t *)flow->flow.host_server_name };

	while (host.len < DPI_HOST_LEN - 1 && host.data[host.len] != '\0')
		host.len++;
	for (size_t i = 0; i < host.len; i++) {
		bool is_printable = host.data[i] > 0x20 && host.data[i] < 0x7f;

		out[i] = '?';
		if (is_printable)
			out[i] = (char)host.data[i];
	}
	out[host.len] = '\0';
}

static void name_protocol(struct dpi *dpi, struct dpi_verdict *verdict)
{
	const char *app = ndpi_get_proto_name(dpi->module, verdict->app);

	if (verdict->master == 0 || verdict->master == verdict->app || verdict->app == 0) {
		const char *one =
			verdict->app == 0 ? ndpi_get_proto_name(dpi->module, verdict->master) : app;

		(void)snprintf(verdict->protocol, sizeof(verdict->protocol), "%.31s", one);
		return;
	}
	(void)snprintf(verdict->protocol, sizeof(verdict->protocol), "%.15s.%.15s",
		       ndpi_get_proto_name(dpi->module, verdict->master), app);
}

static void fill(struct dpi *dpi, const struct dpi_flow *flow, ndpi_protocol p,
		 struct dpi_verdict *out)
{
	*out = (struct dpi_verdict){ .master = MASTER(p),
				     .app = APP(p),
				     .risks = (uint64_t)flow->flow.risk };
	name_protocol(dpi, out);
	copy_host(flow, out->host);
}

void dpi_packet(struct dpi *dpi, struct dpi_flow *flow, struct span ip, nanotime time,
		bool from_client, struct dpi_verdict *out)
{
	uint64_t milliseconds = time / NANOTIME_MILLISECOND;
	unsigned short len = ip.len > UINT16_MAX ? UINT16_MAX : (unsigned short)ip.len;
#if VERSION >= 406
	struct ndpi_flow_input_info input;

	memset(&input, 0, sizeof(input));
	input.in_pkt_dir = from_client ? NDPI_IN_PKT_DIR_C_TO_S : NDPI_IN_PKT_DIR_S_TO_C;
	input.seen_flow_beginning = NDPI_FLOW_BEGINNING_UNKNOWN;

	ndpi_protocol p = ndpi_detection_process_packet(dpi->module, &flow->flow, ip.data, len,
							milliseconds, &input);
#else
	(void)from_client; /* 4.2 works it out by itself */

	ndpi_protocol p =
		ndpi_detection_process_packet(dpi->module, &flow->flow, ip.data, len, milliseconds);
#endif
	fill(dpi, flow, p, out);
#if VERSION >= 500
	out->is_final = (p.state == NDPI_STATE_CLASSIFIED || p.state == NDPI_STATE_MONITORING) &&
			flow->flow.extra_packets_func == NULL;
#else
	out->is_final = (out->master || out->app) &&
			!ndpi_extra_dissection_possible(dpi->module, &flow->flow);
#endif
}

void dpi_finish(struct dpi *dpi, struct dpi_flow *flow, struct dpi_verdict *out)
{
	uint8_t guessed = 0;
#if VERSION >= 500
	ndpi_protocol p = ndpi_detection_giveup(dpi->module, &flow->flow);
#elif VERSION >= 410
	ndpi_protocol p = ndpi_detection_giveup(dpi->module, &flow->flow, &guessed);
#else
	ndpi_protocol p = ndpi_detection_giveup(dpi->module, &flow->flow, 1, &guessed);
#endif

	fill(dpi, flow, p, out);
	out->is_final = true;
	out->is_guess = guessed != 0;
}

void dpi_flow_release(struct dpi_flow *flow)
{
	ndpi_free_flow_data(&flow->flow);
}
