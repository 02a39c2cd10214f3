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

static bool set_host(struct fact_names *names, struct span host, enum host_source source)
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

static enum look look_for_tls(struct lane *lane, struct lane_flow *flow, struct cursor stream)
{
	struct tls_client_hello hello;

	switch (dissect_tls_client_hello(stream, lane->scratch, &hello)) {
	case DISSECT_OK:
		return set_host(lane_names(lane, flow), hello.sni, HOST_TLS) ? LOOK_NAMED
									     : LOOK_NAMELESS;
	case DISSECT_TRUNCATED:
		return LOOK_MORE;
	case DISSECT_MALFORMED:
		lane->stats.malformed++;
		break;
	case DISSECT_OTHER:
		break;
	}
	return LOOK_NOTHING;
}

static enum look look_for_http(struct lane *lane, struct lane_flow *flow, struct cursor stream)
{
	struct http_request request;
	struct fact_names *names;

	switch (dissect_http_request(stream, &request)) {
	case DISSECT_OK:
		names = lane_names(lane, flow);
		(void)text_from_wire(request.user_agent, names->agent, sizeof(names->agent));
		names->host_source = HOST_HTTP;
		names->is_upload = request.method == HTTP_POST || request.method == HTTP_PUT ||
				   request.method == HTTP_PATCH;
		return set_host(names, request.host, HOST_HTTP) ? LOOK_NAMED : LOOK_NAMELESS;
	case DISSECT_TRUNCATED:
		return LOOK_MORE;
	case DISSECT_MALFORMED:
	case DISSECT_OTHER:
		break;
	}
	return LOOK_NOTHING;
}

static enum look look(struct lane *lane, struct lane_flow *flow, struct cursor stream)
{
	enum look tls = look_for_tls(lane, flow, stream);

	return tls != LOOK_NOTHING ? tls : look_for_http(lane, flow, stream);
}

void lane_drop_window(struct lane *lane, struct lane_flow *flow)
{
	if (flow->window == 0)
		return;

	struct lane_window *window = slab_at(lane->windows, flow->window);

	lane->stats.conflicting += stream_window_conflicts(&window->stream);
	slab_give_back(lane->windows, flow->window);
	flow->window = 0;
}

static struct lane_window *window_of(struct lane *lane, struct lane_flow *flow)
{
	if (flow->window != 0)
		return slab_at(lane->windows, flow->window);

	flow->window = slab_take(lane->windows);
	if (flow->window == 0) {
		struct lane_window *oldest = slab_at(lane->windows, slab_oldest(lane->windows));
		struct lane_flow *owner = slab_at(lane->flows, oldest->owner);

		owner->hello = HELLO_SETTLED;
		lane_drop_window(lane, owner);
		lane->stats.windows_evicted++;
		flow->window = slab_take(lane->windows);
	}

	struct lane_window *window = slab_at(lane->windows, flow->window);

	window->owner = lane->flow_of[flow->ref.index];
	stream_window_start(&window->stream, flow->client_first_sequence);
	return window;
}

/*
 * The client's words from their beginning: the packet's own bytes when it begins them and they
 * are whole in it, else what the window has put together.
 */
static enum look read_stream(struct lane *lane, struct lane_flow *flow, const struct packet *p)
{
	struct cursor own = cursor_over(p->payload.data, p->payload.len);
	bool is_beginning =
		!flow->has_first_sequence || p->tcp_sequence == flow->client_first_sequence;

	if (flow->window == 0 && is_beginning) {
		enum look seen = look(lane, flow, own);

		if (seen != LOOK_MORE || !flow->has_first_sequence)
			return seen;
	}
	if (!flow->has_first_sequence)
		return LOOK_NOTHING; /* no SYN, no place to put the pieces */

	struct lane_window *window = window_of(lane, flow);

	if (!stream_window_add(&window->stream, p->tcp_sequence, p->payload))
		return LOOK_MORE;

	struct span prefix = stream_window_prefix(&window->stream);

	return look(lane, flow, cursor_over(prefix.data, prefix.len));
}

bool lane_read_hello(struct lane *lane, struct lane_flow *flow, const struct packet *packet)
{
	if (packet->key.protocol != IP_TCP || flow->hello == HELLO_SETTLED)
		return false;

	enum look seen = read_stream(lane, flow, packet);

	if (seen == LOOK_MORE) {
		flow->hello = HELLO_PARTIAL;
		return false;
	}
	flow->hello = HELLO_SETTLED;
	lane_drop_window(lane, flow);
	return seen == LOOK_NAMED;
}
