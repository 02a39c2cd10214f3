#include "sensor/decode/decode.h"

#include "sensor/decode/fragment_cache.h"
#include "sensor/decode/layers.h"
#include "sensor/decode/plain_packet.h"
#include "sensor/decode/transport_layer.h"
#include "sensor/decode/wire_header.h"

#include <assert.h>
#include <stdlib.h>

enum { QUOTE_SKIPPED = 4 }; /* unused, MTU or gateway */

struct decoder {
	struct decode_stats stats;
	struct fragment_cache fragments;
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

/* Of the innermost packet. */
static struct flow_key key_of(const struct layers *layers, struct ports ports, bool *source_is_low)
{
	const struct network_layer *network = layers_innermost(layers);
	struct flow_key key = flow_key_of(&network->source, ports.source, &network->destination,
					  ports.destination, source_is_low);

	key.context = layers->end.context;
	key.protocol = network->protocol;
	key.ip_version = network->ip_version;
	return key;
}

static struct fragment_key fragment_key_of(const struct layers *layers, unsigned at)
{
	const struct network_layer *network = &layers->networks[at];

	return (struct fragment_key){
		.source = network->source,
		.destination = network->destination,
		.id = network->fragment_id,
		.context = layers->contexts[at],
		.ip_version = network->ip_version,
		.protocol = network->fragment_protocol,
	};
}

/* A fragmented tunnel counts as well: the rest of its packet belongs to the flow inside. */
static void remember_fragments(struct decoder *decoder, const struct layers *layers, nanotime now,
			       const struct packet *p)
{
	for (unsigned i = 0; i < layers->count; i++) {
		const struct network_layer *network = &layers->networks[i];

		if (!network->is_fragment || network->fragment_offset > 0)
			continue;

		struct fragment_key name = fragment_key_of(layers, i);
		struct first_fragment first = { .key = p->key,
						.len = network->fragment_len,
						.source_is_low = p->source_is_low,
						.is_in_frame = i < layers->end.inner_frame_at };

		fragment_cache_add(&decoder->fragments, &name, now, &first);
	}
}

static void count_tunnels(struct decoder *decoder, const struct layers *layers)
{
	for (unsigned i = 0; i < layers->tunnel_count; i++)
		decoder->stats.tunnels[layers->tunnels[i]]++;
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
	struct layers layers;
	struct ports ports;
	bool source_is_low;

	cursor_skip(&in, QUOTE_SKIPPED);
	layers.end.link = (struct link_layer){
		.protocol = p->key.protocol == IP_ICMP ? NETWORK_IPV4 : NETWORK_IPV6,
		.payload = in.rest,
	};
	if (layers_read(&layers, (uint32_t)cursor_left(&in), p->key.context) != DECODE_OK ||
	    layers_end_without_ip(&layers))
		return;

	const struct network_layer *network = layers_innermost(&layers);

	if (network_layer_is_fragment_rest(network) ||
	    !transport_layer_quoted_ports(network, &ports))
		return;
	p->quoted = key_of(&layers, ports, &source_is_low);
	p->has_quoted = true;
}

static enum decode_result finish_fragment_rest(const struct decoder *decoder, struct layers *layers,
					       nanotime now, struct packet *out)
{
	const struct network_layer *network = layers_innermost(layers);
	struct fragment_key name = fragment_key_of(layers, layers->count - 1);
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
	/* The addresses of that frame are not here, and those here not of hosts inside. */
	if (first->is_in_frame)
		layers->end.link = (struct link_layer){ 0 };
	return DECODE_OK;
}

/* Bytes behind a datagram's own end, which hosts pass over (RFC 9868), are no part of it. */
static void cut_surplus(const struct network_layer *network, struct packet *out)
{
	if (network->protocol == IP_UDP)
		out->ip.len -= network->payload.len - UDP_HEADER_LEN - out->payload.len;
}

static enum decode_result finish_whole(const struct layers *layers, struct packet *out)
{
	const struct network_layer *network = layers_innermost(layers);
	struct ports ports;
	enum decode_result result = transport_layer_read(network, out, &ports);

	/* Too small for the header: made to slip past filters (RFC 1858). */
	if (result == DECODE_BAD_TRANSPORT && network->is_fragment)
		return DECODE_FRAGMENT_BAD;
	if (result != DECODE_OK)
		return result;

	fill_network(network, out);
	cut_surplus(network, out);
	out->key = key_of(layers, ports, &out->source_is_low);
	out->is_fragment_rest = false;
	out->has_quoted = false;
	if (transport_layer_is_icmp_error(network->protocol, out->icmp_type))
		read_quote(out);
	return DECODE_OK;
}

static enum decode_result finish_ip(struct decoder *decoder, struct layers *layers, nanotime now,
				    struct packet *out)
{
	enum decode_result result;

	if (network_layer_is_fragment_rest(layers_innermost(layers)))
		result = finish_fragment_rest(decoder, layers, now, out);
	else
		result = finish_whole(layers, out);
	if (result == DECODE_OK)
		remember_fragments(decoder, layers, now, out);
	return result;
}

static enum packet_kind kind_of(enum network_protocol protocol)
{
	if (protocol == NETWORK_LLDP)
		return PACKET_LLDP;
	return protocol == NETWORK_CDP ? PACKET_CDP : PACKET_ARP;
}

static void finish_without_ip(const struct layers_end *end, struct packet *out)
{
	*out = (struct packet){ .kind = kind_of(end->link.protocol),
				.key.context = end->context,
				.payload = end->link.payload,
				.payload_len = end->link_payload_len };
}

/* Layer by layer. Out of line: the plain packet does not pay for its registers. */
static __attribute__((noinline)) enum decode_result decode(struct decoder *decoder,
							   const struct frame *frame,
							   uint64_t number, struct packet *out)
{
	struct layers layers;
	struct link_layer *link = &layers.end.link;
	enum decode_result result = link_layer_read(frame, link);

	if (result != DECODE_OK)
		return result;

	size_t uncaptured = frame->wire_len - frame->bytes.len;

	result = layers_read(&layers, (uint32_t)(link->payload.len + uncaptured), 0);
	count_tunnels(decoder, &layers);
	if (result != DECODE_OK)
		return result;
	if (layers_end_without_ip(&layers)) {
		finish_without_ip(&layers.end, out);
	} else {
		result = finish_ip(decoder, &layers, frame->time, out);
		if (result != DECODE_OK)
			return result;
	}
	out->number = number;
	out->time = frame->time;
	fill_link(link, out);
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
