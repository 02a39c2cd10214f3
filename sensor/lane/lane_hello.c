#include "dissectors/http.h"
#include "sensor/base/text.h"
#include "sensor/lane/lane_flow.h"

#include <string.h>

/* What one look at the client's words gave. */
enum look {
	LOOK_NOTHING, /* none of ours */
	LOOK_MORE,    /* ours, and not whole yet */
	LOOK_NAMED,
	LOOK_NAMELESS, /* ours, whole, and without a name */
};

static bool set_host(struct lane_names *names, struct span host, enum host_source source)
{
	char text[FACT_NAME_LEN];

	(void)text_host_from_wire(host, text, sizeof(text));
	if (source == HOST_HTTP)
		text[strcspn(text, ":")] = '\0';
	if (!lane_is_name(text))
		return false;
	text_host_copy(text, names->host, sizeof(names->host));
	names->host_source = (uint8_t)source;
	return true;
}

static enum look look_for_tls(struct lane *lane, const struct lane_flow *flow, struct cursor stream)
{
	struct tls_client_hello hello;
	struct lane_names names;

	switch (dissect_tls_client_hello(stream, lane->scratch, &hello)) {
	case DISSECT_OK:
		lane_name_tls(lane, flow, hello.sni);
		names = flow->slot->names;
		if (!set_host(&names, hello.sni, HOST_TLS))
			return LOOK_NAMELESS;
		lane_slot_name(flow->slot, &names);
		return LOOK_NAMED;
	case DISSECT_TRUNCATED:
		flow->slot->tls = LANE_TLS_BEGUN;
		return LOOK_MORE;
	case DISSECT_MALFORMED:
		lane->stats.malformed++;
		break;
	case DISSECT_OTHER:
		break;
	}
	return LOOK_NOTHING;
}

static void note_agent(struct lane *lane, struct lane_slot *slot, struct span told)
{
	char agent[FACT_AGENT_LEN] = "";

	(void)text_from_wire(told, agent, sizeof(agent));
	memset(agent + strlen(agent), 0, sizeof(agent) - strlen(agent));
	agents_give_back(lane->agents, slot->agent);
	slot->agent = agents_take(lane->agents, agent);
}

static enum look look_for_http(struct lane *lane, struct lane_slot *slot, struct cursor stream)
{
	struct lane_names names = slot->names;
	struct http_request request;
	bool is_named;

	switch (dissect_http_request(stream, &request)) {
	case DISSECT_OK:
		note_agent(lane, slot, request.user_agent);
		is_named = set_host(&names, request.host, HOST_HTTP);
		names.host_source = HOST_HTTP;
		names.is_upload = request.method == HTTP_POST || request.method == HTTP_PUT ||
				  request.method == HTTP_PATCH;
		lane_slot_name(slot, &names);
		return is_named ? LOOK_NAMED : LOOK_NAMELESS;
	case DISSECT_TRUNCATED:
		return LOOK_MORE;
	case DISSECT_MALFORMED:
	case DISSECT_OTHER:
		break;
	}
	return LOOK_NOTHING;
}

static enum look look(struct lane *lane, const struct lane_flow *flow, struct cursor stream)
{
	enum look tls = look_for_tls(lane, flow, stream);

	return tls != LOOK_NOTHING ? tls : look_for_http(lane, flow->slot, stream);
}

void lane_drop_window(struct lane *lane, struct lane_slot *slot)
{
	if (slot->window == 0)
		return;

	struct lane_window *window = slab_at(lane->windows, slot->window);

	lane->stats.conflicting += stream_window_conflicts(&window->stream);
	slab_give_back(lane->windows, slot->window);
	slot->window = 0;
}

static struct lane_window *window_of(struct lane *lane, const struct lane_flow *flow,
				     uint32_t first)
{
	struct lane_slot *slot = flow->slot;

	if (slot->window != 0)
		return slab_at(lane->windows, slot->window);

	slot->window = slab_take(lane->windows);
	if (slot->window == 0) {
		const struct lane_window *oldest =
			slab_at(lane->windows, slab_oldest(lane->windows));
		struct lane_slot *owner = &lane->slots[oldest->owner];

		owner->hello = HELLO_SETTLED;
		lane_drop_window(lane, owner);
		lane->stats.windows_evicted++;
		slot->window = slab_take(lane->windows);
	}

	struct lane_window *window = slab_at(lane->windows, slot->window);

	window->owner = flow->index;
	stream_window_start(&window->stream, first);
	return window;
}

/* Of the payload: a SYN takes up a number of its own before it (RFC 7413). */
static uint32_t sequence_of(const struct packet *p)
{
	return p->tcp_sequence + ((p->tcp_flags & TCP_SYN) != 0 ? 1U : 0U);
}

/* Where the client's words begin: the low half is known, and the window is far below 32 KiB. */
static uint32_t first_of(const struct packet *p, const struct lane_packet *record)
{
	uint32_t sequence = sequence_of(p);
	uint32_t beyond = (sequence - record->client_first) & UINT16_MAX;

	return beyond <= INT16_MAX ? sequence - beyond : sequence + (UINT16_MAX + 1U - beyond);
}

/*
 * The client's words from their beginning: the packet's own bytes when it begins them and they
 * are whole in it, else what the window has put together.
 */
static enum look read_stream(struct lane *lane, const struct lane_flow *flow,
			     const struct packet *p, const struct lane_packet *record)
{
	struct cursor own = cursor_over(p->payload.data, p->payload.len);
	uint32_t first = first_of(p, record);
	bool is_beginning = !record->has_client_first || sequence_of(p) == first;

	if (flow->slot->window == 0) {
		enum look seen = look(lane, flow, own);

		/* A whole hello is one wherever it stands: numbers of a SYN may be forged. */
		if (seen == LOOK_NAMED || (is_beginning && seen != LOOK_MORE) ||
		    !record->has_client_first)
			return seen;
	}
	if (!record->has_client_first)
		return LOOK_NOTHING; /* no SYN, no place to put the pieces */

	struct lane_window *window = window_of(lane, flow, first);

	if (!stream_window_add(&window->stream, sequence_of(p), p->payload))
		return LOOK_MORE;

	struct span prefix = stream_window_prefix(&window->stream);

	return look(lane, flow, cursor_over(prefix.data, prefix.len));
}

bool lane_read_hello(struct lane *lane, const struct lane_flow *flow, const struct packet *packet,
		     const struct lane_packet *record)
{
	struct lane_slot *slot = flow->slot;

	if (packet->key.protocol != IP_TCP || slot->hello == HELLO_SETTLED)
		return false;

	enum look seen = read_stream(lane, flow, packet, record);

	if (seen == LOOK_MORE) {
		slot->hello = HELLO_PARTIAL;
		return false;
	}
	slot->hello = HELLO_SETTLED;
	lane_drop_window(lane, slot);
	return seen == LOOK_NAMED;
}
