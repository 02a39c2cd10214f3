#include "dissectors/icmp_echo.h"
#include "sensor/base/hash.h"
#include "sensor/dialogue/packet_readers.h"
#include "sensor/dialogue/session_desk.h"

enum mirror {
	MIRROR_UNKNOWN, /* a request; one that was not seen; bytes that were not captured */
	MIRROR_TRUE,
	MIRROR_ALTERED,
};

enum { ECHO_HEAD_LEN = 4 }; /* id and sequence */

static uint64_t hash_of(struct span payload)
{
	static const struct hash_key key = { 0 };

	return hash_bytes(&key, payload.data, payload.len);
}

static uint32_t id_and_sequence(const struct icmp_echo *echo)
{
	return (uint32_t)echo->id << 16 | echo->sequence;
}

static void keep_request(struct echo_flow *flow, const struct icmp_echo *echo, bool is_cut)
{
	flow->has_request = !is_cut;
	flow->id_and_sequence = id_and_sequence(echo);
	flow->payload_hash = is_cut ? 0 : hash_of(echo->payload);
}

/* A reply to an earlier request, as of a flood of pings, is not judged. */
static enum mirror mirror_of(const struct echo_flow *flow, const struct icmp_echo *echo,
			     bool is_cut)
{
	if (is_cut || !flow->has_request || flow->id_and_sequence != id_and_sequence(echo))
		return MIRROR_UNKNOWN;
	return flow->payload_hash == hash_of(echo->payload) ? MIRROR_TRUE : MIRROR_ALTERED;
}

static bool is_news(struct echo_flow *flow, bool is_reply, enum mirror mirror)
{
	bool *told = is_reply ? &flow->told_reply : &flow->told_request;
	bool is_first = !*told || (mirror == MIRROR_ALTERED && !flow->told_altered);

	*told = true;
	flow->told_altered |= mirror == MIRROR_ALTERED;
	return is_first;
}

static void tell(struct hearing *hearing, const struct icmp_echo *echo, uint32_t payload_len,
		 enum mirror mirror)
{
	struct attributes *said = hearing_message(hearing, MESSAGE_ICMP_ECHO);

	attributes_add_text(said, ATTRIBUTE_TYPE, echo->is_reply ? "reply" : "request");
	attributes_add_number(said, ATTRIBUTE_ECHO_ID, echo->id);
	attributes_add_number(said, ATTRIBUTE_PAYLOAD_BYTES, payload_len - ECHO_HEAD_LEN);
	if (mirror == MIRROR_TRUE)
		attributes_add_flag(said, ATTRIBUTE_MIRRORED);
	else if (mirror == MIRROR_ALTERED)
		attributes_add_flag(said, ATTRIBUTE_ALTERED);
	hearing_tell(hearing);
}

void read_icmp_echo(struct hearing *hearing, struct session_desk *desk,
		    const struct icmp_message *message)
{
	bool is_cut = cursor_left(&message->in) < message->payload_len;
	enum mirror mirror = MIRROR_UNKNOWN;
	struct echo_flow *flow;
	struct icmp_echo echo;

	if (!hearing_is_readable(hearing, dissect_icmp_echo(message->protocol, message->type,
							    message->in, &echo)))
		return;
	flow = echo_requests_of(&desk->echo_requests, hearing->flow.id);
	if (echo.is_reply)
		mirror = mirror_of(flow, &echo, is_cut);
	else
		keep_request(flow, &echo, is_cut);
	if (is_news(flow, echo.is_reply, mirror))
		tell(hearing, &echo, message->payload_len, mirror);
}
