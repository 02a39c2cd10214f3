#include "sensor/classify/dpi_module.h"

#include <malloc.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* From 4.12 on (its development called itself 4.11) the two ids are a struct of their own. */
#if VERSION >= 411
#define MASTER(p) ((p).proto.master_protocol)
#define APP(p)    ((p).proto.app_protocol)
#else
#define MASTER(p) ((p).master_protocol)
#define APP(p)    ((p).app_protocol)
#endif

struct dpi_flow {
	struct ndpi_flow_struct flow;
	int64_t heap_bytes;
	bool is_begun;
};

_Static_assert(sizeof(((struct ndpi_flow_struct *)0)->host_server_name) >= DPI_HOST_LEN,
	       "nDPI keeps a shorter host name than we copy");

/* nDPI's start touches what all modules share, and its header forbids two at a time. */
static pthread_mutex_t building = PTHREAD_MUTEX_INITIALIZER;

/* What nDPI took less what it gave back in this thread; differences around a call are a flow's. */
static _Thread_local int64_t heap_balance;

#if VERSION < 500
static void *take_memory(size_t size)
{
	void *memory = malloc(size);

	if (memory)
		heap_balance += (int64_t)malloc_usable_size(memory);
	return memory;
}

static void give_memory(void *memory)
{
	if (memory)
		heap_balance -= (int64_t)malloc_usable_size(memory);
	free(memory);
}

/* nDPI's allocator is the process's: set before the first module, to the same for all. */
static void count_memory(void)
{
	set_ndpi_malloc(take_memory);
	set_ndpi_free(give_memory);
	set_ndpi_flow_malloc(take_memory);
	set_ndpi_flow_free(give_memory);
}
#else
static void count_memory(void)
{
}
#endif

/* A library built with other options has another flow struct: using it would corrupt memory. */
static bool library_matches(void)
{
	return ndpi_get_api_version() == (u_int16_t)NDPI_API_VERSION &&
	       ndpi_detection_get_sizeof_ndpi_flow_struct() == sizeof(struct ndpi_flow_struct);
}

static bool prepare(struct ndpi_detection_module_struct *module)
{
#if VERSION < 500
	NDPI_PROTOCOL_BITMASK all;

	NDPI_BITMASK_SET_ALL(all);
	(void)ndpi_set_protocol_detection_bitmask2(module, &all);
#endif
#if VERSION >= 410
	return ndpi_finalize_initialization(module) == 0;
#else
	ndpi_finalize_initialization(module);
	return true;
#endif
}

static struct ndpi_detection_module_struct *build(void)
{
	struct ndpi_detection_module_struct *module;

	count_memory();
#if VERSION >= 410
	module = ndpi_init_detection_module(NULL);
#else
	module = ndpi_init_detection_module(ndpi_no_prefs);
#endif
	if (module && !prepare(module)) {
		ndpi_exit_detection_module(module);
		return NULL;
	}
	return module;
}

struct ndpi_detection_module_struct *dpi_module(struct dpi *dpi)
{
	if (dpi->module || dpi->stats.is_off)
		return dpi->module;
	(void)pthread_mutex_lock(&building);
	dpi->module = build();
	(void)pthread_mutex_unlock(&building);
	dpi->stats.is_off = !dpi->module;
	return dpi->module;
}

enum err dpi_new(struct dpi **out)
{
	if (!library_matches())
		return ERR_MISSING;

	struct dpi *dpi = calloc(1, sizeof(*dpi));

	if (!dpi)
		return ERR_MEMORY;
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

void dpi_prepare(struct dpi *dpi)
{
	(void)dpi_module(dpi);
}

struct dpi_stats dpi_stats(const struct dpi *dpi)
{
	return dpi->stats;
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

static void fill(const struct dpi_flow *flow, ndpi_protocol p, struct dpi_verdict *out)
{
	out->protocol = (struct dpi_protocol){ .master = MASTER(p), .app = APP(p) };
	out->risks = (uint64_t)flow->flow.risk;
	out->is_final = false;
	out->is_guess = false;
	copy_host(flow, out->host);
}

/* Nothing was learned and nothing will be. */
static void fill_unknown(struct dpi_verdict *out)
{
	memset(out, 0, sizeof(*out));
	out->is_final = true;
}

static void book_memory(struct dpi *dpi, struct dpi_flow *flow, int64_t before)
{
	int64_t taken = heap_balance - before;

	flow->heap_bytes += taken;
	dpi->stats.heap_bytes += (uint64_t)taken;
	if (dpi->stats.heap_bytes > dpi->stats.heap_peak_bytes)
		dpi->stats.heap_peak_bytes = dpi->stats.heap_bytes;
}

/*
 * HTTP's first words name it; in 27,000 flows its answer never changed a name, and reading on for
 * it costs 40 instructions a packet of an office's traffic.
 */
static bool is_named_for_good(struct dpi_protocol p)
{
	return p.master == NDPI_PROTOCOL_HTTP || (p.master == 0 && p.app == NDPI_PROTOCOL_HTTP);
}

static bool is_final(struct dpi *dpi, struct dpi_flow *flow, struct dpi_protocol protocol,
		     ndpi_protocol p)
{
	if (is_named_for_good(protocol))
		return true;
#if VERSION >= 500
	(void)dpi;
	return (p.state == NDPI_STATE_CLASSIFIED || p.state == NDPI_STATE_MONITORING) &&
	       flow->flow.extra_packets_func == NULL;
#else
	(void)p;
	return dpi_protocol_is_known(protocol) &&
	       !ndpi_extra_dissection_possible(dpi->module, &flow->flow);
#endif
}

/*
 * RTSP and FTP begin in text. nDPI splits each first packet into lines to look for them, which
 * costs 130 instructions a packet of an office's traffic; a first byte that is no text says no.
 */
static void exclude_text_protocols(struct dpi_flow *flow, struct span payload)
{
	struct cursor in = cursor_over(payload.data, payload.len);
	uint8_t first = cursor_u8(&in);

	flow->is_begun = true;
	if (!cursor_ok(&in) || (first >= 0x20 && first < 0x7f))
		return;
#if VERSION < 500
	NDPI_ADD_PROTOCOL_TO_BITMASK(flow->flow.excluded_protocol_bitmask, NDPI_PROTOCOL_RTSP);
	NDPI_ADD_PROTOCOL_TO_BITMASK(flow->flow.excluded_protocol_bitmask,
				     NDPI_PROTOCOL_FTP_CONTROL);
#endif
}

static ndpi_protocol show(struct dpi *dpi, struct dpi_flow *flow, const struct dpi_input *in)
{
	uint64_t milliseconds = in->time / NANOTIME_MILLISECOND;
	unsigned short len = in->ip.len > UINT16_MAX ? UINT16_MAX : (unsigned short)in->ip.len;
#if VERSION >= 406
	struct ndpi_flow_input_info info;

	memset(&info, 0, sizeof(info));
	info.in_pkt_dir = in->from_client ? NDPI_IN_PKT_DIR_C_TO_S : NDPI_IN_PKT_DIR_S_TO_C;
	info.seen_flow_beginning = NDPI_FLOW_BEGINNING_UNKNOWN;
	return ndpi_detection_process_packet(dpi->module, &flow->flow, in->ip.data, len,
					     milliseconds, &info);
#else
	/* 4.2 works the direction out by itself. */
	return ndpi_detection_process_packet(dpi->module, &flow->flow, in->ip.data, len,
					     milliseconds);
#endif
}

void dpi_packet(struct dpi *dpi, struct dpi_flow *flow, const struct dpi_input *input,
		struct dpi_verdict *out)
{
	if (!dpi_module(dpi)) {
		fill_unknown(out);
		return;
	}
	if (!flow->is_begun)
		exclude_text_protocols(flow, input->payload);

	int64_t before = heap_balance;
	ndpi_protocol p = show(dpi, flow, input);

	book_memory(dpi, flow, before);
	fill(flow, p, out);
	out->is_final = is_final(dpi, flow, out->protocol, p);
	if (flow->heap_bytes > DPI_FLOW_HEAP_MAX && !out->is_final) {
		dpi->stats.heap_exceeded++;
		dpi_finish(dpi, flow, out);
	}
}

void dpi_finish(struct dpi *dpi, struct dpi_flow *flow, struct dpi_verdict *out)
{
	uint8_t guessed = 0;

	if (!dpi_module(dpi)) {
		fill_unknown(out);
		return;
	}

	int64_t before = heap_balance;
#if VERSION >= 500
	ndpi_protocol p = ndpi_detection_giveup(dpi->module, &flow->flow);
#elif VERSION >= 410
	ndpi_protocol p = ndpi_detection_giveup(dpi->module, &flow->flow, &guessed);
#else
	ndpi_protocol p = ndpi_detection_giveup(dpi->module, &flow->flow, 1, &guessed);
#endif

	book_memory(dpi, flow, before);
	fill(flow, p, out);
	out->is_final = true;
	out->is_guess = guessed != 0;
}

void dpi_flow_release(struct dpi *dpi, struct dpi_flow *flow)
{
	ndpi_free_flow_data(&flow->flow);
	dpi->stats.heap_bytes -= (uint64_t)flow->heap_bytes;
	flow->heap_bytes = 0;
}
