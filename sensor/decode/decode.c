#include "sensor/decode/decode.h"

#include "sensor/decode/fragment_cache.h"
#include "sensor/decode/link_layer.h"
#include "sensor/decode/network_layer.h"
#include "sensor/decode/plain_packet.h"
#include "sensor/decode/transport_layer.h"
#include "sensor/decode/wire_header.h"

#include <assert.h>
#include <stdlib.h>

enum {
	TUNNELS_MAX = 4,
	NETWORKS_MAX = TUNNELS_MAX + 1,
	QUOTE_SKIPPED = 4 /* unused, MTU or gateway */
};

struct decoder {
	struct decode_stats stats;
	struct fragment_cache fragments;
};

/* The IP headers of a frame, outermost first. */
struct networks {
	unsigned count;
	struct network_layer layers[NETWORKS_MAX];
};

static const char *const result_names[DECODE_RESULTS] = {
	[DECODE_OK] = "ok",
	[DECODE_OTHER_PROTOCOL] = "other_protocol",
	[DECODE_UNKNOWN_LINK] = "unknown_link",
	[DECODE_TRUNCATED_LINK] = "truncated_link",
	[DECODE_TRUNCATED_NETWORK] = "truncated_network",
	[DECODE_BAD_NETWORK] = "bad_network",
	[DECODE_JUMBOGRAM] = "jumbogram",
	[DECODE_TOO_MANY_EXTENSIONS] = "too_many_extensions",
	[DECODE_TOO_DEEP] = "too_deep",
	[DECODE_FRAGMENT_ORPHAN] = "fragment_orphan",
	[DECODE_FRAGMENT_BAD] = "fragment_bad",
	[DECODE_TRUNCATED_TRANSPORT] = "truncated_transport",
	[DECODE_BAD_TRANSPORT] = "bad_transport",
};

const char *decode_result_name(enum decode_result result)
{
	assert(result < DECODE_RESULTS);
	return result_names[result];
}

enum err decoder_new(struct decoder **out)
{
	struct decoder *decoder = calloc(1, sizeof(*decoder));

	if (!decoder)
		return ERR_MEMORY;
	fragment_cache_init(&decoder->fragments);
	*out = decoder;
	return ERR_OK;
}

void decoder_free(struct decoder *decoder)
{
	free(decoder);
}

const struct decode_stats *decoder_stats(const struct decoder *decoder)
{
	return &decoder->stats;
}

static bool is_tunnel(const struct network_layer *network)
{
	return (network->protocol == IP_IPIP || network->protocol == IP_IPV6) &&
	       !network_layer_is_fragment_rest(network);
}

static const struct network_layer *innermost(const struct networks *networks)
{
	return &networks->layers[networks->count - 1];
}

static enum decode_result read_network(enum network_protocol protocol, struct span bytes,
				       uint32_t wire_len, struct network_layer *out)
{
	return protocol == NETWORK_IPV4 ? network_layer_read_v4(bytes, wire_len, out)
					: network_layer_read_v6(bytes, wire_len, out);
}

/* IP in IP (RFC 2003, 2473, 4213): from the last header that was read down to the innermost. */
static enum decode_result peel(struct networks *networks)
{
	while (is_tunnel(innermost(networks))) {
		const struct network_layer *outer = innermost(networks);

		if (networks->count == NETWORKS_MAX)
			return DECODE_TOO_DEEP;

		enum decode_result result = read_network(
			outer->protocol == IP_IPIP ? NETWORK_IPV4 : NETWORK_IPV6, outer->payload,
			outer->payload_len, &networks->layers[networks->count]);

		if (result != DECODE_OK)
			return result;
		networks->count++;
	}
	return DECODE_OK;
}

/*
 * The context stays 0 in a tunnel too: the traffic of a DS-Lite or MAP-E office is to look like
 * that of any other, on whichever side of the tunnel's end we are.
 */
static struct flow_key key_of(const struct network_layer *network, struct ports ports,
			      bool *source_is_low)
{
	struct flow_key key = flow_key_of(&network->source, ports.source, &network->destination,
					  ports.destination, source_is_low);

	key.protocol = network->protocol;
	key.ip_version = network->ip_version;
	return key;
}

static struct fragment_key fragment_key_of(const struct network_layer *network)
{
	return (struct fragment_key){
		.source = network->source,
		.destination = network->destination,
		.id = network->fragment_id,
		.ip_version = network->ip_version,
		.protocol = network->fragment_protocol,
	};
}

/* A fragmented tunnel counts as well: the rest of its packet belongs to the flow inside. */
static void remember_fragments(struct decoder *decoder, const struct networks *networks,
			       nanotime now, const struct packet *p)
{
	for (unsigned i = 0; i < networks->count; i++) {
		const struct network_layer *layer = &networks->layers[i];

		if (!layer->is_fragment || layer->fragment_offset > 0)
			continue;

		struct fragment_key name = fragment_key_of(layer);
		struct first_fragment first = { .key = p->key,
						.len = layer->fragment_len,
						.source_is_low = p->source_is_low };

		fragment_cache_add(&decoder->fragments, &name, now, &first);
	}
}

static void fill_link(const struct link_layer *link, struct packet *out)
{
	out->source_mac = link->source;
	out->destination_mac = link->destination;
	out->vlan = link->vlan;
}

static void fill_network(const struct network_layer *network, struct packet *out)
{
	out->kind = PACKET_IP;
	out->ttl = network->ttl;
	out->ip = network->ip;
	out->ip_len = network->ip_len;
}

/* The flow that an ICMP error is about. When that does not parse the error itself still stands. */
static void read_quote(struct packet *p)
{
	struct cursor in = cursor_over(p->payload.data, p->payload.len);
	enum network_protocol quoted = p->key.protocol == IP_ICMP ? NETWORK_IPV4 : NETWORK_IPV6;
	struct networks networks = { .count = 1 };
	struct ports ports;
	bool source_is_low;

	cursor_skip(&in, QUOTE_SKIPPED);
	if (read_network(quoted, in.rest, (uint32_t)cursor_left(&in), &networks.layers[0]) !=
		    DECODE_OK ||
	    peel(&networks) != DECODE_OK)
		return;

	const struct network_layer *network = innermost(&networks);

	if (network_layer_is_fragment_rest(network) ||
	    !transport_layer_quoted_ports(network, &ports))
		return;
	p->quoted = key_of(network, ports, &source_is_low);
	p->has_quoted = true;
}

static enum decode_result finish_fragment_rest(const struct decoder *decoder,
					       const struct network_layer *network, nanotime now,
					       struct packet *out)
{
	struct fragment_key name = fragment_key_of(network);
	const struct first_fragment *first = fragment_cache_find(&decoder->fragments, &name, now);

	if (!first)
		return DECODE_FRAGMENT_ORPHAN;
	/* Would write over the header that we have judged the packet by: RFC 1858, RFC 5722. */
	if (network->fragment_offset < first->len)
		return DECODE_FRAGMENT_BAD;

	*out = (struct packet){ .key = first->key,
				.source_is_low = first->source_is_low,
				.is_fragment_rest = true,
				.identity = packet_identity(network->id_and_fragment, 0,
							    network->ip_len),
				.payload = network->payload,
				.payload_len = network->payload_len };
	fill_network(network, out);
	return DECODE_OK;
}

/* Bytes behind a datagram's own end, which hosts pass over (RFC 9868), are no part of it. */
static void cut_surplus(const struct network_layer *network, struct packet *out)
{
	if (network->protocol == IP_UDP)
		out->ip.len -= network->payload.len - UDP_HEADER_LEN - out->payload.len;
}

static enum decode_result finish_whole(const struct network_layer *network, struct packet *out)
{
	struct ports ports;
	enum decode_result result = transport_layer_read(network, out, &ports);

	/* Too small for the header: made to slip past filters (RFC 1858). */
	if (result == DECODE_BAD_TRANSPORT && network->is_fragment)
		return DECODE_FRAGMENT_BAD;
	if (result != DECODE_OK)
		return result;

	fill_network(network, out);
	cut_surplus(network, out);
	out->key = key_of(network, ports, &out->source_is_low);
	out->is_fragment_rest = false;
	out->has_quoted = false;
	if (transport_layer_is_icmp_error(network->protocol, out->icmp_type))
		read_quote(out);
	return DECODE_OK;
}

static enum decode_result decode_network(struct decoder *decoder, const struct link_layer *link,
					 nanotime now, uint32_t wire_len, struct packet *out)
{
	struct networks networks;
	const struct network_layer *network = &networks.layers[0];
	enum decode_result result =
		read_network(link->protocol, link->payload, wire_len, &networks.layers[0]);

	if (result != DECODE_OK)
		return result;

	bool is_plain = !network->is_fragment && !is_tunnel(network);

	if (!is_plain) {
		networks.count = 1;
		result = peel(&networks);
		network = innermost(&networks);
	}
	if (result != DECODE_OK)
		return result;
	if (network_layer_is_fragment_rest(network))
		result = finish_fragment_rest(decoder, network, now, out);
	else
		result = finish_whole(network, out);
	if (result == DECODE_OK && !is_plain)
		remember_fragments(decoder, &networks, now, out);
	return result;
}

static void finish_arp(const struct link_layer *link, uint32_t wire_len, struct packet *out)
{
	*out = (struct packet){ .kind = PACKET_ARP,
				.payload = link->payload,
				.payload_len = wire_len };
}

/* Layer by layer. Out of line: the plain packet does not pay for its registers. */
static __attribute__((noinline)) enum decode_result decode(struct decoder *decoder,
							   const struct frame *frame,
							   uint64_t number, struct packet *out)
{
	struct link_layer link;
	enum decode_result result = link_layer_read(frame, &link);

	if (result != DECODE_OK)
		return result;

	size_t uncaptured = frame->wire_len - frame->bytes.len;
	uint32_t wire_len = (uint32_t)(link.payload.len + uncaptured);

	if (link.protocol == NETWORK_ARP) {
		finish_arp(&link, wire_len, out);
	} else {
		result = decode_network(decoder, &link, frame->time, wire_len, out);
		if (result != DECODE_OK)
			return result;
	}
	out->number = number;
	out->time = frame->time;
	fill_link(&link, out);
	return DECODE_OK;
}

enum decode_result decoder_decode_layers(struct decoder *decoder, const struct frame *frame,
					 uint64_t number, struct packet *out)
{
	assert(frame->wire_len >= frame->bytes.len);

	enum decode_result result = decode(decoder, frame, number, out);

	decoder->stats.count[result]++;
	return result;
}

enum decode_result decoder_decode(struct decoder *decoder, const struct frame *frame,
				  uint64_t number, struct packet *out)
{
	assert(frame->wire_len >= frame->bytes.len);

	if (!plain_packet_read(frame, out))
		return decoder_decode_layers(decoder, frame, number, out);
	out->number = number;
	out->time = frame->time;
	decoder->stats.count[DECODE_OK]++;
	return DECODE_OK;
}
