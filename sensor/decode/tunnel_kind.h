/* The tunnels that decode looks into (tunnel.h): what is counted apart. */
#pragma once

enum tunnel_kind {
	TUNNEL_IP_IN_IP, /* IPv4 and IPv6, each in each */
	TUNNEL_GRE,
	TUNNEL_PPTP,
	TUNNEL_ERSPAN,
	TUNNEL_VXLAN,
	TUNNEL_GENEVE,
	TUNNEL_TZSP,
	TUNNEL_TEREDO,
	TUNNEL_L2TP,
	TUNNEL_KINDS,
};

/* "ip_in_ip", "gre" ...: the name in reports. */
const char *tunnel_kind_name(enum tunnel_kind kind);
