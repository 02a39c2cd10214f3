#include "dissectors/icmp_echo.h"
#include "sensor/base/hash.h"
#include "sensor/dialogue/packet_readers.h"
#include "sensor/dialogue/session_desk.h"

enum mirror {
	MIRROR_UNKNOWN, /* a request; one that was not seen; bytes that were not captured */
	MIRROR_TRUE,
	MIRROR_ALTERED,
};

enum {
	ECHO_HEAD_LEN = 4, /* id and sequence */
	/* Before what a ping program fills up with: times, and numbers of its own. */
	FILLER_AFTER = 32,
	FILLER_LEAST = 8,
	FILLER_BREAKS = 4,  /* where a pattern begins anew */
	PATTERN_MOST = 16,  /* bytes that a user may give, repeated */
	DIFFERENT_TOLD = 4, /* and again when there are four times as many */
};

static uint64_t hash_of(struct span payload)
{
	static const struct hash_key key = { 0 };

	return hash_bytes(&key, payload.data, payload.len);
}

static uint32_t id_and_sequence(const struct icmp_echo *echo)
{
	return (uint32_t)echo->id << 16 | echo->sequence;
}

/* Whether what stands behind the head is `period` bytes over and over. */
static bool is_repeated(struct span payload, size_t period)
{
	struct cursor in = cursor_over(payload.data, payload.len);
	struct cursor earlier = in;

	cursor_skip(&in, FILLER_AFTER);
	cursor_skip(&earlier, FILLER_AFTER - period);
	while (cursor_left(&in) > 0) {
		if (cursor_u8(&in) != cursor_u8(&earlier))
			return false;
	}
	return true;
}

/* Whether it counts up, 08 09 0a … or "abc…", with few new beginnings. */
static bool counts_up(struct span payload)
{
	struct cursor in = cursor_over(payload.data, payload.len);
	size_t most = FILLER_BREAKS + payload.len / UINT8_MAX;
	uint8_t before;
	size_t breaks = 0;

	cursor_skip(&in, FILLER_AFTER);
	before = cursor_u8(&in);
	while (cursor_left(&in) > 0 && breaks <= most) {
		uint8_t byte = cursor_u8(&in);

		breaks += byte != before && byte != (uint8_t)(before + 1);
		before = byte;
	}
	return breaks <= most;
}

/* Ping programs fill up with what counts up, or is repeated. Data is neither. */
static bool carries_data(struct span payload)
{
	if (payload.len < FILLER_AFTER + FILLER_LEAST || counts_up(payload))
		return false;
	for (size_t period = 1; period <= PATTERN_MOST; period++) {
		if (is_repeated(payload, period))
			return false;
	}
	return true;
}

/* The latest request of that number; NULL when it is not known. */
static struct echo_request *request_of(struct echo_flow *flow, uint32_t id_and_sequence)
{
	uint32_t kept = flow->request_count < ECHO_REQUESTS ? flow->request_count : ECHO_REQUESTS;

	for (uint32_t i = 0; i < kept; i++) {
		if (flow->requests[i].id_and_sequence == id_and_sequence)
			return &flow->requests[i];
	}
	return NULL;
}

/* Keeps it, and says whether its number was spent before for other data: ping counts up. */
static bool keep_request(struct echo_flow *flow, const struct icmp_echo *echo)
{
	const struct echo_request now = { .payload_hash = hash_of(echo->payload),
					  .id_and_sequence = id_and_sequence(echo) };
	struct echo_request *before = request_of(flow, now.id_and_sequence);
	bool is_reused = before && before->payload_hash != now.payload_hash;

	if (!before)
		before = &flow->requests[flow->request_count++ % ECHO_REQUESTS];
	*before = now;
	return is_reused;
}

/* A reply to an earlier request, as of a flood of pings, is not judged. */
static enum mirror mirror_of(struct echo_flow *flow, const struct icmp_echo *echo)
{
	const struct echo_request *request = request_of(flow, id_and_sequence(echo));

	if (!request)
		return MIRROR_UNKNOWN;
	return request->payload_hash == hash_of(echo->payload) ? MIRROR_TRUE : MIRROR_ALTERED;
}

struct oddity {
	enum mirror mirror;
	uint32_t different; /* that many requests carried other data than before; 0 is no news */
	bool is_reused;
	bool carries;
};

/* Ping fills all its packets with the same, whatever it is. The count where it is worth telling. */
static uint32_t count_different(struct echo_flow *flow, struct span payload)
{
	struct cursor in = cursor_at(cursor_over(payload.data, payload.len), FILLER_AFTER);
	uint64_t hash = hash_of(in.rest);
	bool differs = flow->data_hash != 0 && flow->data_hash != hash;

	flow->data_hash = hash;
	if (!differs || flow->different == UINT32_MAX)
		return 0;
	flow->different++;
	return flow->different == DIFFERENT_TOLD ||
			       flow->different == DIFFERENT_TOLD * DIFFERENT_TOLD
		       ? flow->different
		       : 0;
}

static bool is_news(struct echo_flow *flow, bool is_reply, const struct oddity *odd)
{
	bool *told = is_reply ? &flow->told_reply : &flow->told_request;
	bool is_first = !*told || (odd->mirror == MIRROR_ALTERED && !flow->told_altered) ||
			(odd->is_reused && !flow->told_reused) ||
			(odd->carries && !flow->told_data) || odd->different > 0;

	*told = true;
	flow->told_altered |= odd->mirror == MIRROR_ALTERED;
	flow->told_reused |= odd->is_reused;
	flow->told_data |= odd->carries;
	return is_first;
}

static void tell(struct hearing *hearing, const struct icmp_echo *echo, uint32_t payload_len,
		 const struct oddity *odd)
{
	struct attributes *said = hearing_message(hearing, MESSAGE_ICMP_ECHO);

	attributes_add_text(said, ATTRIBUTE_TYPE, echo->is_reply ? "reply" : "request");
	attributes_add_number(said, ATTRIBUTE_ECHO_ID, echo->id);
	attributes_add_number(said, ATTRIBUTE_PAYLOAD_BYTES, payload_len - ECHO_HEAD_LEN);
	if (odd->mirror == MIRROR_TRUE)
		attributes_add_flag(said, ATTRIBUTE_MIRRORED);
	else if (odd->mirror == MIRROR_ALTERED)
		attributes_add_flag(said, ATTRIBUTE_ALTERED);
	if (odd->is_reused)
		attributes_add_flag(said, ATTRIBUTE_REUSED);
	if (odd->carries)
		attributes_add_flag(said, ATTRIBUTE_CARRIES);
	if (odd->different > 0)
		attributes_add_number(said, ATTRIBUTE_DIFFERENT, odd->different);
	hearing_tell(hearing);
}

void read_icmp_echo(struct hearing *hearing, struct session_desk *desk,
		    const struct icmp_message *message)
{
	bool is_cut = cursor_left(&message->in) < message->payload_len;
	struct oddity odd = { .mirror = MIRROR_UNKNOWN };
	struct echo_flow *flow;
	struct icmp_echo echo;

	if (!hearing_is_readable(hearing, dissect_icmp_echo(message->protocol, message->type,
							    message->in, &echo)))
		return;
	flow = echo_requests_of(&desk->echo_requests, hearing->flow.id);
	if (!is_cut) {
		odd.carries = carries_data(echo.payload);
		if (echo.is_reply)
			odd.mirror = mirror_of(flow, &echo);
		else
			odd.is_reused = keep_request(flow, &echo);
		if (odd.carries && !echo.is_reply)
			odd.different = count_different(flow, echo.payload);
	}
	if (is_news(flow, echo.is_reply, &odd))
		tell(hearing, &echo, message->payload_len, &odd);
}
