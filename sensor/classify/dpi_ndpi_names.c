#include "sensor/classify/dpi_module.h"

#include <stdio.h>
#include <string.h>

enum { PORT_SMTPS = 465, PORT_SUBMISSION = 587, PORT_IMAPS = 993, PORT_POPS = 995 };

/* nDPI's names of what needs no module. */
static const struct service {
	uint16_t number;
	const char *name;
} services[DPI_SERVICES] = {
	[DPI_NO_SERVICE] = { NDPI_PROTOCOL_UNKNOWN, "Unknown" },
	[DPI_DNS] = { NDPI_PROTOCOL_DNS, "DNS" },
	[DPI_MDNS] = { NDPI_PROTOCOL_MDNS, "MDNS" },
	[DPI_LLMNR] = { NDPI_PROTOCOL_LLMNR, "LLMNR" },
	[DPI_DHCP] = { NDPI_PROTOCOL_DHCP, "DHCP" },
	[DPI_DHCPV6] = { NDPI_PROTOCOL_DHCPV6, "DHCPV6" },
	[DPI_NETBIOS] = { NDPI_PROTOCOL_NETBIOS, "NetBIOS" },
	[DPI_SSDP] = { NDPI_PROTOCOL_SSDP, "SSDP" },
	[DPI_SNMP] = { NDPI_PROTOCOL_SNMP, "SNMP" },
	[DPI_NTP] = { NDPI_PROTOCOL_NTP, "NTP" },
	[DPI_KERBEROS] = { NDPI_PROTOCOL_KERBEROS, "Kerberos" },
	[DPI_LDAP] = { NDPI_PROTOCOL_LDAP, "LDAP" },
	[DPI_TLS] = { NDPI_PROTOCOL_TLS, "TLS" },
	[DPI_QUIC] = { NDPI_PROTOCOL_QUIC, "QUIC" },
	[DPI_IPSEC] = { NDPI_PROTOCOL_IP_IPSEC, "IPsec" },
	[DPI_OPENVPN] = { NDPI_PROTOCOL_OPENVPN, "OpenVPN" },
	[DPI_WIREGUARD] = { NDPI_PROTOCOL_WIREGUARD, "WireGuard" },
};

struct dpi_protocol dpi_protocol_of(enum dpi_service service)
{
	return (struct dpi_protocol){ .app = services[service].number };
}

bool dpi_protocol_is_tls(struct dpi_protocol protocol)
{
	return protocol.master == NDPI_PROTOCOL_TLS ||
	       (protocol.master == 0 && protocol.app == NDPI_PROTOCOL_TLS);
}

static const char *name_of(struct dpi *dpi, uint16_t number)
{
	for (size_t i = 0; i < DPI_SERVICES; i++) {
		if (services[i].number == number)
			return services[i].name;
	}
	return dpi_module(dpi) ? ndpi_get_proto_name(dpi->module, number) : "Unknown";
}

static void make_text(struct dpi *dpi, struct dpi_protocol p, char out[static DPI_NAME_LEN])
{
	if (p.master == 0 || p.app == 0 || p.master == p.app) {
		(void)snprintf(out, DPI_NAME_LEN, "%.31s",
			       name_of(dpi, p.app != 0 ? p.app : p.master));
		return;
	}
	(void)snprintf(out, DPI_NAME_LEN, "%.15s.%.15s", name_of(dpi, p.master),
		       name_of(dpi, p.app));
}

void dpi_protocol_text(struct dpi *dpi, struct dpi_protocol protocol, char out[DPI_NAME_LEN])
{
	size_t slot = ((size_t)protocol.master * 31 + protocol.app) % DPI_TEXTS;
	struct dpi_text *kept = &dpi->texts[slot];

	if (!kept->is_set || kept->protocol.master != protocol.master ||
	    kept->protocol.app != protocol.app) {
		make_text(dpi, protocol, kept->text);
		kept->protocol = protocol;
		kept->is_set = true;
	}
	memcpy(out, kept->text, DPI_NAME_LEN);
}

/* A host name as nDPI's table wants it: lower case, and of a long one the end. */
struct host_text {
	char chars[DPI_HOST_LEN];
	size_t len;
};

static void set_host(struct host_text *text, struct span host)
{
	struct cursor in = cursor_over(host.data, host.len);
	uint8_t chars[DPI_HOST_LEN] = { 0 };

	if (host.len > DPI_HOST_LEN - 1)
		cursor_skip(&in, host.len - (DPI_HOST_LEN - 1));
	text->len = cursor_left(&in);
	cursor_copy(&in, chars, text->len);
	/* All of them, for then the compiler does sixteen at a time. */
	for (size_t i = 0; i < sizeof(chars); i++)
		text->chars[i] = (char)(chars[i] | ((uint8_t)(chars[i] - 'A') < 26) << 5);
}

static uint16_t match(struct dpi *dpi, struct host_text *host)
{
	ndpi_protocol_match_result result;
	int app;

	memset(&result, 0, sizeof(result));
	app = ndpi_match_string_subprotocol(dpi->module, host->chars, (u_int)host->len, &result);
	return app > 0 && app <= UINT16_MAX ? (uint16_t)app : 0;
}

/*
 * By both ends and the length. Who fills a slot on purpose makes us look up again, and changes no
 * answer.
 */
static struct dpi_host *host_slot(struct dpi_host *memo, const struct host_text *host)
{
	uint64_t first;
	uint64_t last;

	memcpy(&first, host->chars, sizeof(first));
	memcpy(&last, host->chars + (host->len < sizeof(last) ? 0 : host->len - sizeof(last)),
	       sizeof(last));
	first = (first ^ host->len) * UINT64_C(0x9e3779b97f4a7c15);
	last = (last ^ first >> 32) * UINT64_C(0xc2b2ae3d27d4eb4f);
	return &memo[(first ^ last) >> 32 & (DPI_HOSTS - 1)];
}

_Static_assert((DPI_HOSTS & (DPI_HOSTS - 1)) == 0, "taken from a hash by its low bits");

static bool is_kept(const struct dpi_host *kept, const struct host_text *host)
{
	return kept->len == host->len && memcmp(kept->name, host->chars, host->len) == 0;
}

static void keep(struct dpi_host *kept, const struct host_text *host, uint16_t app)
{
	if (host->len > sizeof(kept->name))
		return;
	memcpy(kept->name, host->chars, host->len);
	kept->len = (uint8_t)host->len;
	kept->app = app;
}

/* Whose network the address is in by nDPI's table, which knows IPv4 alone. */
static uint16_t owner(struct dpi *dpi, const struct address *address)
{
	struct in_addr in;

	if (!address_is_v4(address))
		return 0;
	memcpy(&in.s_addr, address->bytes + ADDRESS_LEN - sizeof(in.s_addr), sizeof(in.s_addr));

	struct dpi_address *kept = &dpi->addresses[(in.s_addr * UINT32_C(2654435761)) >> 24];

	if (!kept->is_set || kept->address != in.s_addr) {
		kept->app = ndpi_network_port_ptree_match(dpi->module, &in, 0);
		kept->address = in.s_addr;
		kept->is_set = true;
	}
	return kept->app;
}

static uint16_t owner_of_end(struct dpi *dpi, const struct dpi_ends *ends)
{
	uint16_t app = owner(dpi, ends->source);

	return app != 0 ? app : owner(dpi, ends->destination);
}

struct dpi_protocol dpi_protocol_of_dns(struct dpi *dpi, struct span host,
					const struct dpi_ends *ends)
{
	struct host_text text;
	uint16_t app = 0;

	set_host(&text, host);
	if (!dpi_module(dpi))
		return dpi_protocol_of(DPI_DNS);
	if (text.len > 0) {
		struct dpi_host *kept = host_slot(dpi->hosts, &text);

		app = is_kept(kept, &text) ? kept->app : match(dpi, &text);
		keep(kept, &text, app);
	}
	if (app == 0)
		app = owner_of_end(dpi, ends);
	if (app == 0)
		return dpi_protocol_of(DPI_DNS);
	return (struct dpi_protocol){ .master = NDPI_PROTOCOL_DNS, .app = app };
}

static bool ends_in(const struct host_text *host, const char *end)
{
	size_t len = strlen(end);

	return host->len >= len && memcmp(host->chars + (host->len - len), end, len) == 0;
}

/* The one rule of nDPI for names in TLS alone: Tor's own are www.<random>.com or .net. */
static bool may_be_tor(const struct host_text *host)
{
	return strncmp(host->chars, "www.", 4) == 0 &&
	       (ends_in(host, ".com") || ends_in(host, ".net"));
}

static uint16_t match_sni(struct dpi *dpi, struct host_text *host)
{
	struct host_text bare = *host;
	uint16_t app;

	if (host->len > 2 && host->chars[0] == '*' && host->chars[1] == '.')
		set_host(&bare, (struct span){ .data = (const uint8_t *)host->chars + 1,
					       .len = host->len - 1 });
	app = match(dpi, &bare);
#if VERSION < 404
	/* Without a flow it only answers. */
	if (app == 0 && may_be_tor(host) && ndpi_check_dga_name(dpi->module, NULL, host->chars, 1))
		app = NDPI_PROTOCOL_TOR;
#endif
	return app;
}

/* Their names fill caches by which nDPI names the same host's calls. */
static bool is_told_to_others(uint16_t app)
{
	return app == NDPI_PROTOCOL_MSTEAMS || app == NDPI_PROTOCOL_ZOOM;
}

/* Mail over TLS has no name of its own in the hello. */
static uint16_t carrier_of_port(uint16_t port)
{
	switch (port) {
	case PORT_SMTPS:
	case PORT_SUBMISSION:
		return NDPI_PROTOCOL_MAIL_SMTPS;
	case PORT_IMAPS:
		return NDPI_PROTOCOL_MAIL_IMAPS;
	case PORT_POPS:
		return NDPI_PROTOCOL_MAIL_POPS;
	default:
		return NDPI_PROTOCOL_TLS;
	}
}

/* The application that goes by this server name, or 0. */
static uint16_t app_of_sni(struct dpi *dpi, struct host_text *host)
{
	struct dpi_host *kept = host_slot(dpi->tls_hosts, host);
	uint16_t app = is_kept(kept, host) ? kept->app : match_sni(dpi, host);

	keep(kept, host, app);
	return app;
}

/* RFC 9250, and its drafts: "doq", "doq-i03". */
static bool is_dns_over_quic(struct span alpn)
{
	static const char doq[] = { 'd', 'o', 'q' };

	return alpn.len >= sizeof(doq) && memcmp(alpn.data, doq, sizeof(doq)) == 0;
}

struct dpi_protocol dpi_protocol_of_quic(struct dpi *dpi, struct span sni, struct span alpn,
					 const struct dpi_ends *ends)
{
	struct host_text host;
	uint16_t app;

	set_host(&host, sni);
	if (!dpi_module(dpi))
		return dpi_protocol_of(DPI_QUIC);
	app = host.len > 0 ? app_of_sni(dpi, &host) : 0;
	if (app == 0 && is_dns_over_quic(alpn))
		app = NDPI_PROTOCOL_DOH_DOT;
	if (app == 0)
		app = owner_of_end(dpi, ends);
	if (app == 0)
		return dpi_protocol_of(DPI_QUIC);
	return (struct dpi_protocol){ .master = NDPI_PROTOCOL_QUIC, .app = app };
}

enum dpi_rest dpi_read_sni(struct dpi *dpi, struct span sni, const struct dpi_ends *ends,
			   struct dpi_protocol *out)
{
	struct host_text host;
	uint16_t app = 0;

	set_host(&host, sni);
	*out = (struct dpi_protocol){ .app = carrier_of_port(ends->server_port) };
	if (!dpi_module(dpi))
		return DPI_REST_NOTHING;
	if (host.len > 0)
		app = app_of_sni(dpi, &host);
	if (app == 0) {
		app = out->app == NDPI_PROTOCOL_TLS ? owner_of_end(dpi, ends) : 0;
		if (app != 0)
			*out = (struct dpi_protocol){ .master = NDPI_PROTOCOL_TLS, .app = app };
		return VERSION >= 404 && may_be_tor(&host) ? DPI_REST_ALL : DPI_REST_SERVER;
	}
	*out = (struct dpi_protocol){ .master = NDPI_PROTOCOL_TLS, .app = app };
	return is_told_to_others(app) ? DPI_REST_ALL : DPI_REST_NOTHING;
}
