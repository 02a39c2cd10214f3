#include "sensor/decode/layers.h"

/* What stands at the end: one IP header more, or ARP and the like, behind which nothing is. */
static enum decode_result read_network(struct layers *layers)
{
	struct network_layer *next = &layers->networks[layers->count];
	const struct layers_end *end = &layers->end;
	enum decode_result result;

	if (layers_end_without_ip(layers))
		return DECODE_OK;
	if (end->link.protocol == NETWORK_IPV4)
		result = network_layer_read_v4(end->link.payload, end->link_payload_len, next);
	else
		result = network_layer_read_v6(end->link.payload, end->link_payload_len, next);
	if (result == DECODE_OK)
		layers->contexts[layers->count++] = end->context;
	return result;
}

static bool is_bare_ip(uint16_t content)
{
	return content == NETWORK_IPV4 || content == NETWORK_IPV6;
}

static enum decode_result enter(struct layers *layers, const struct tunnel *tunnel)
{
	struct layers_end *end = &layers->end;
	enum decode_result result =
		link_layer_read_content(tunnel->content, tunnel->payload, &end->link);

	layers->tunnels[layers->tunnel_count++] = tunnel->kind;
	if (result != DECODE_OK)
		return result;
	if (end->link.vlan == 0)
		end->link.vlan = tunnel->vlan;
	if (!is_bare_ip(tunnel->content))
		end->inner_frame_at = layers->count;
	end->context = tunnel_context(tunnel, end->context);
	end->link_payload_len =
		tunnel->payload_len - (uint32_t)(tunnel->payload.len - end->link.payload.len);
	return read_network(layers);
}

static bool is_truncation(enum decode_result result)
{
	return result == DECODE_TRUNCATED_LINK || result == DECODE_TRUNCATED_NETWORK;
}

/*
 * Whether a packet stays what it is without the tunnel in it: one that was known by its port alone
 * and then holds nonsense, and one that steers its tunnel or keeps to itself what it carries (PPP's
 * own protocols, encryption). Else a false header would hide it from us.
 */
static bool outer_stands(const struct tunnel *tunnel, enum decode_result content)
{
	bool is_cut = tunnel->payload.len < tunnel->payload_len;

	if (content == DECODE_OK || content == DECODE_TOO_DEEP)
		return false;
	if (content == DECODE_OTHER_PROTOCOL)
		return !tunnel->carries_frames;
	return tunnel->is_guess && !(is_cut && is_truncation(content));
}

static bool is_tunnel(const struct layers *layers, struct tunnel *out)
{
	return !layers_end_without_ip(layers) &&
	       !network_layer_is_fragment_rest(layers_innermost(layers)) &&
	       tunnel_read(layers_innermost(layers), out);
}

enum decode_result layers_read(struct layers *layers, uint32_t wire_len, uint16_t context)
{
	struct tunnel tunnel;

	layers->end.link_payload_len = wire_len;
	layers->end.inner_frame_at = 0;
	layers->end.context = context;
	layers->count = 0;
	layers->tunnel_count = 0;

	enum decode_result result = read_network(layers);

	while (result == DECODE_OK && is_tunnel(layers, &tunnel)) {
		struct layers_end before = layers->end;

		if (layers->tunnel_count == TUNNELS_MAX)
			return DECODE_TOO_DEEP;
		result = enter(layers, &tunnel);
		if (outer_stands(&tunnel, result)) {
			layers->end = before;
			layers->tunnel_count--;
			return DECODE_OK;
		}
	}
	return result;
}
