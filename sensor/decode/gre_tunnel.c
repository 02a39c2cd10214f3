#include "sensor/decode/gre_tunnel.h"

#include "sensor/decode/ethertype.h"
#include "sensor/decode/link_layer.h"

enum {
	GRE_CHECKSUM = 0x8000,
	GRE_ROUTING = 0x4000,
	GRE_KEY = 0x2000,
	GRE_SEQUENCE = 0x1000,
	GRE_ACKNOWLEDGED = 0x0080,
	GRE_VERSION = 0x0007,
	GRE_VERSION_PPTP = 1,

	TYPE_ERSPAN = 0x88be, /* I and II */
	TYPE_ERSPAN_III = 0x22eb,

	ERSPAN_II = 1, /* the header's version; I has no header */
	ERSPAN_III = 2,
	ERSPAN_VLAN = 0x0fff,
	ERSPAN_II_INDEX_LEN = 4,
	ERSPAN_III_TIME_AND_GROUP_LEN = 6,
	ERSPAN_III_SUBHEADER = 0x0001, /* the O bit */
	ERSPAN_III_SUBHEADER_LEN = 8,
	ERSPAN_III_FRAME_TYPE = 0x7c00,
};

struct gre {
	uint16_t flags;
	uint16_t type;
	uint32_t key;
};

/* RFC 2637 4.1: the key holds a length and a call. Without a sequence number it only says "got". */
static bool read_pptp(const struct gre *gre, struct cursor in, struct tunnel *out)
{
	if (gre->type != ETHERTYPE_PPP || (gre->flags & GRE_KEY) == 0 ||
	    (gre->flags & GRE_SEQUENCE) == 0)
		return false;
	if ((gre->flags & GRE_ACKNOWLEDGED) != 0)
		cursor_skip(&in, 4);
	out->kind = TUNNEL_PPTP;
	out->content = ETHERTYPE_PPP;
	out->payload = in.rest;
	return cursor_ok(&in);
}

static bool read_erspan_ii(struct cursor in, struct tunnel *out)
{
	cursor_skip(&in, ERSPAN_II_INDEX_LEN);
	out->content = NETWORK_FRAME;
	out->payload = in.rest;
	return cursor_ok(&in);
}

static bool read_erspan_iii(struct cursor in, struct tunnel *out)
{
	cursor_skip(&in, ERSPAN_III_TIME_AND_GROUP_LEN);

	uint16_t flags = cursor_be16(&in);

	if ((flags & ERSPAN_III_SUBHEADER) != 0)
		cursor_skip(&in, ERSPAN_III_SUBHEADER_LEN);
	/* 0 is Ethernet; others are raw IP and what only their maker knows. */
	out->content = (flags & ERSPAN_III_FRAME_TYPE) == 0 ? NETWORK_FRAME : TUNNEL_UNREADABLE;
	out->payload = in.rest;
	return cursor_ok(&in);
}

/* The version counts more than the type, as senders mix these up. */
static bool read_erspan(const struct gre *gre, struct cursor in, struct tunnel *out)
{
	struct cursor frame = in;

	out->kind = TUNNEL_ERSPAN;
	out->carries_frames = true;
	if (gre->type == TYPE_ERSPAN_III || (gre->flags & GRE_SEQUENCE) != 0) {
		uint16_t version_and_vlan = cursor_be16(&in);

		cursor_skip(&in, 2); /* class of service, truncated, session */
		out->vlan = version_and_vlan & ERSPAN_VLAN;
		if (version_and_vlan >> 12 == ERSPAN_II)
			return read_erspan_ii(in, out);
		if (version_and_vlan >> 12 == ERSPAN_III)
			return read_erspan_iii(in, out);
		out->vlan = 0;
	}
	out->content = NETWORK_FRAME;
	out->payload = frame.rest;
	return gre->type == TYPE_ERSPAN;
}

static bool read_version_0(const struct gre *gre, struct cursor in, struct tunnel *out)
{
	if (gre->type == TYPE_ERSPAN || gre->type == TYPE_ERSPAN_III)
		return read_erspan(gre, in, out);
	/* 0 asks the other end whether it is there. */
	if (gre->type < ETHERTYPE_FIRST)
		return false;
	out->kind = TUNNEL_GRE;
	out->content = gre->type;
	out->carries_frames = gre->type == NETWORK_FRAME;
	out->has_network_id = (gre->flags & GRE_KEY) != 0;
	out->network_id = gre->key;
	out->payload = in.rest;
	return true;
}

bool gre_tunnel_read(struct cursor in, struct tunnel *out)
{
	struct gre gre = { 0 };

	gre.flags = cursor_be16(&in);
	gre.type = cursor_be16(&in);
	if ((gre.flags & GRE_CHECKSUM) != 0)
		cursor_skip(&in, 4);
	if ((gre.flags & GRE_KEY) != 0)
		gre.key = cursor_be32(&in);
	if ((gre.flags & GRE_SEQUENCE) != 0)
		cursor_skip(&in, 4);
	if (!cursor_ok(&in) || (gre.flags & GRE_ROUTING) != 0)
		return false;
	switch (gre.flags & GRE_VERSION) {
	case 0:
		return read_version_0(&gre, in, out);
	case GRE_VERSION_PPTP:
		return read_pptp(&gre, in, out);
	default:
		return false;
	}
}
