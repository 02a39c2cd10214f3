/*
 * What nDPI says of a flow. The only folder that knows nDPI; its versions differ (flow.md of the
 * design: 4.2 to 5.x), and what differs stays here.
 *
 * A `struct dpi` owns one detection module, built at the first call that needs it: 62 M
 * instructions and 5.4 MB that a lane without payload never pays. It keeps state across flows, so
 * each lane has its own and one thread uses it at a time. Building is serialised inside.
 *
 * Memory: the module (5.4 MB with 4.2); nDPI's caches across flows, each of a size fixed when it
 * is first used and overwritten in place (4.2: BitTorrent 32,768 entries, six more of 512 or 1,024,
 * together 0.3 MB); two memos of this adapter (under 32 KiB); and what nDPI hangs onto flows,
 * counted, of which one flow has DPI_FLOW_HEAP_MAX at most before it is settled.
 */
#pragma once

#include "dissectors/cursor.h"
#include "sensor/base/address.h"
#include "sensor/base/err.h"
#include "sensor/base/nanotime.h"

#include <stdbool.h>
#include <stdint.h>

struct dpi;
struct dpi_flow;

enum {
	DPI_NAME_LEN = 32,
	DPI_HOST_LEN = 80,
	DPI_FLOW_HEAP_MAX = 64 * 1024,
};

/* nDPI's numbers; 0 is unknown. "TLS.Microsoft" has both, "DNS" and "Unknown" only `app`. */
struct dpi_protocol {
	uint16_t master;
	uint16_t app;
};

struct dpi_verdict {
	struct dpi_protocol protocol;
	char host[DPI_HOST_LEN]; /* from SNI, Host, QUIC … as nDPI saw it; "" is none */
	uint64_t risks;          /* nDPI's bitmap, evidence only */
	bool is_final;           /* no further packet will change the protocol */
	bool is_guess;           /* from port or address alone */
};

/* What our own dissectors name without nDPI. */
enum dpi_service {
	DPI_NO_SERVICE,
	DPI_DNS,
	DPI_MDNS,
	DPI_LLMNR,
	DPI_DHCP,
	DPI_DHCPV6,
	DPI_NETBIOS,
	DPI_SSDP,
	DPI_SNMP,
	DPI_NTP,
	DPI_KERBEROS,
	DPI_LDAP,
	DPI_TLS,
	DPI_QUIC,
	DPI_IPSEC,
	DPI_OPENVPN,
	DPI_WIREGUARD,
	DPI_SERVICES,
};

/* What of a TLS handshake nDPI should still see, once our own dissector has read the hello. */
enum dpi_rest {
	DPI_REST_NOTHING, /* the name settles it */
	DPI_REST_SERVER,  /* the certificate may say more, if it can be seen */
	DPI_REST_ALL,     /* other flows are named by what nDPI learns from this one */
};

struct dpi_stats {
	uint64_t heap_bytes; /* that nDPI holds for flows now; 0 with 5.x, which counts itself */
	uint64_t heap_peak_bytes; /* the most it held */
	uint64_t heap_exceeded;   /* flows settled early for more than DPI_FLOW_HEAP_MAX */
	bool is_off;              /* no memory for the module: all further flows stay unknown */
};

/* ERR_MEMORY; ERR_MISSING when the library loaded is not the one compiled for. */
MUST_USE enum err dpi_new(struct dpi **out);

/* All flows' states are released. NULL is fine. */
void dpi_free(struct dpi *dpi);

/* Builds the module now: a live sensor would rather wait 27 ms before its first packet. */
void dpi_prepare(struct dpi *dpi);

struct dpi_stats dpi_stats(const struct dpi *dpi);

/* Bytes that one flow's state needs; the caller gives zeroed memory of that size. */
size_t dpi_flow_size(void);

struct dpi_input {
	struct span ip;      /* starts with the IP header */
	struct span payload; /* the part of `ip` beyond the transport header */
	nanotime time;
	bool from_client;
};

/* `out` is the verdict so far. */
void dpi_packet(struct dpi *dpi, struct dpi_flow *flow, const struct dpi_input *input,
		struct dpi_verdict *out);

/* No more packets will come: the best verdict that can be had, by guess where need be. */
void dpi_finish(struct dpi *dpi, struct dpi_flow *flow, struct dpi_verdict *out);

/* Frees what nDPI hung onto the flow's state; the memory itself is the caller's. */
void dpi_flow_release(struct dpi *dpi, struct dpi_flow *flow);

/* Needs no module. */
struct dpi_protocol dpi_protocol_of(enum dpi_service service);
bool dpi_protocol_is_tls(struct dpi_protocol protocol);
static inline bool dpi_protocol_is_known(struct dpi_protocol protocol)
{
	return protocol.master != 0 || protocol.app != 0;
}

/* "TLS.Microsoft", "DNS", "Unknown". */
void dpi_protocol_text(struct dpi *dpi, struct dpi_protocol protocol, char out[DPI_NAME_LEN]);

/* Who sent a flow's first message to whom; borrowed for the call. */
struct dpi_ends {
	const struct address *source;
	const struct address *destination;
	uint16_t server_port;
};

/*
 * DNS as told apart by the name that is asked for ("DNS.Google"), else by whose address one of its
 * ends is, both by nDPI's own tables; alone when neither is in them. `host` is any bytes.
 */
struct dpi_protocol dpi_protocol_of_dns(struct dpi *dpi, struct span host,
					const struct dpi_ends *ends);

/*
 * What nDPI would make of a ClientHello with this server name (empty is none), without showing it:
 * a matching costs a fraction of the 80,000 instructions that a hello costs nDPI, most of them for
 * printing JA3. Lost are its risks (JA3, ALPN, suspicious extensions, missing SNI, expired or
 * mismatching certificate of a server whose name is in the table).
 */
enum dpi_rest dpi_read_sni(struct dpi *dpi, struct span sni, const struct dpi_ends *ends,
			   struct dpi_protocol *out);

/*
 * The same of a hello over QUIC, of which nDPI need not see anything more. `alpn` is the first
 * protocol that is offered.
 */
struct dpi_protocol dpi_protocol_of_quic(struct dpi *dpi, struct span sni, struct span alpn,
					 const struct dpi_ends *ends);
