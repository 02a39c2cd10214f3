/*
 * What nDPI says of a flow. The only folder that knows nDPI; its versions differ (flow.md of the
 * design: 4.2 to 5.x), and what differs stays in dpi_ndpi.c.
 *
 * A `struct dpi` is one detection module. It keeps state across flows, so each lane has its own
 * and no other thread may touch it. dpi_new() calls must not run at the same time.
 */
#pragma once

#include "dissectors/cursor.h"
#include "sensor/base/err.h"
#include "sensor/base/nanotime.h"

#include <stdbool.h>
#include <stdint.h>

struct dpi;
struct dpi_flow;

enum { DPI_NAME_LEN = 32, DPI_HOST_LEN = 80 };

struct dpi_verdict {
	uint16_t master; /* nDPI's numbers; 0 is unknown */
	uint16_t app;
	char protocol[DPI_NAME_LEN]; /* "TLS.Microsoft", "DNS", "Unknown" */
	char host[DPI_HOST_LEN];     /* from SNI, Host, QUIC … as nDPI saw it; "" is none */
	uint64_t risks;              /* nDPI's bitmap, evidence only */
	bool is_final;               /* no further packet will change it */
	bool is_guess;               /* from port or address alone */
};

/* ERR_MEMORY; ERR_MISSING when the library loaded is not the one compiled for. */
MUST_USE enum err dpi_new(struct dpi **out);
void dpi_free(struct dpi *dpi);

/* Bytes that one flow's state needs; the caller gives zeroed memory of that size. */
size_t dpi_flow_size(void);

/* `ip` starts with the IP header. `out` is the verdict so far. */
void dpi_packet(struct dpi *dpi, struct dpi_flow *flow, struct span ip, nanotime time,
		bool from_client, struct dpi_verdict *out);

/* No more packets will come: the best verdict that can be had, by guess where need be. */
void dpi_finish(struct dpi *dpi, struct dpi_flow *flow, struct dpi_verdict *out);

/* Frees what nDPI hung onto the flow's state; the memory itself is the caller's. */
void dpi_flow_release(struct dpi_flow *flow);
