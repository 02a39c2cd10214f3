#include "sensor/lane/lane_shape.h"

#include "dissectors/first_words.h"
#include "dissectors/shell_text.h"
#include "sensor/lane/lane.h"

#include <string.h>

enum { PRINTABLE_OVER = 64, PERCENT = 100 };

struct lane_shape {
	uint32_t owner;         /* index of its slot */
	uint32_t said_up;       /* by the client, up to and with the last opening */
	bool is_servers_turn;   /* the server opened last */
	bool is_last_of_server; /* the last of the first packets */
	bool has_spoken_up;
	bool has_spoken_down;
	struct fact_shape told;
};

_Static_assert(LANE_SHAPES <= UINT16_MAX, "a slot holds the handle in 16 bits");

enum err lane_shapes_start(struct lane_shapes *shapes, struct lane_slot *slots)
{
	shapes->slots = slots;
	return slab_new(&shapes->all, LANE_SHAPES, sizeof(struct lane_shape));
}

void lane_shapes_release(struct lane_shapes *shapes)
{
	slab_free(shapes->all);
}

static uint16_t capped(uint32_t value)
{
	return value < UINT16_MAX ? (uint16_t)value : UINT16_MAX;
}

static void count_up(uint16_t *count)
{
	*count = capped(*count + UINT32_C(1));
}

/* Over a whole number of blocks, in bytes: the compiler takes sixteen at a time. */
static uint8_t printable_share(struct span payload)
{
	size_t len = payload.len < PRINTABLE_OVER ? payload.len : PRINTABLE_OVER;
	uint8_t bytes[PRINTABLE_OVER] = { 0 };
	uint8_t printable = 0;

	if (len == 0)
		return 0;
	memcpy(bytes, payload.data, len);
	for (size_t i = 0; i < PRINTABLE_OVER; i++) {
		uint8_t is_text = (uint8_t)(bytes[i] - ' ') <= '~' - ' ';
		uint8_t is_space =
			(uint8_t)((bytes[i] == '\t') | (bytes[i] == '\n') | (bytes[i] == '\r'));

		printable = (uint8_t)(printable + (is_text | is_space));
	}
	return (uint8_t)(printable * (size_t)PERCENT / len);
}

/* The client's words since the server opened the last turn. */
static uint32_t answered_since(const struct lane_shape *shape, uint32_t said_up)
{
	return shape->is_servers_turn ? said_up - shape->said_up : 0;
}

static void add_answered(struct fact_shape *told, uint32_t bytes)
{
	bool is_too_much = bytes > UINT32_MAX - told->bytes_answered;

	told->bytes_answered = is_too_much ? UINT32_MAX : told->bytes_answered + bytes;
}

/* `said_up` counts the packet at hand, which is of `len` bytes. */
static void open_turn(struct lane_shape *shape, bool from_client, uint32_t len, uint32_t said_up)
{
	struct fact_shape *told = &shape->told;

	add_answered(told, answered_since(shape, from_client ? said_up - len : said_up));
	shape->said_up = said_up;
	shape->is_servers_turn = !from_client;
	if (from_client) {
		count_up(&told->client_opened);
		return;
	}
	count_up(&told->server_opened);
	if (len <= FACT_SMALL_PAYLOAD)
		count_up(&told->server_small);
	told->bytes_opened += capped(len); /* 65,535 times at most: no overflow */
}

static void note_first_words(struct lane_shape *shape, const struct packet *packet,
			     bool from_client)
{
	bool *has_spoken = from_client ? &shape->has_spoken_up : &shape->has_spoken_down;
	struct fact_shape *told = &shape->told;

	if (*has_spoken)
		return;
	*has_spoken = true;
	*(from_client ? &told->printable_up : &told->printable_down) =
		printable_share(packet->payload);
	if (from_client)
		told->first_words_up = (uint8_t)first_words_signs(packet->payload);
}

/* One of the first packets of its flow. */
static void note_early(struct lane_shape *shape, const struct packet *packet, bool from_client,
		       bool is_first)
{
	struct fact_shape *told = &shape->told;

	if (is_first)
		told->first_from_server = !from_client;
	else
		told->turns = (uint8_t)(told->turns + (shape->is_last_of_server == from_client));
	shape->is_last_of_server = !from_client;
	if (told->packet_count < FACT_SHAPE_PACKETS) {
		told->packet_sides |= (uint8_t)(!from_client << told->packet_count);
		told->packet_sizes[told->packet_count++] = capped(packet->payload_len);
	}
}

/* Begun only with a flow: later it would not be of its beginning. */
static struct lane_shape *begin(struct lane_shapes *shapes, uint32_t index)
{
	uint32_t handle = slab_take(shapes->all);

	if (handle == 0) {
		const struct lane_shape *oldest = slab_at(shapes->all, slab_oldest(shapes->all));

		lane_shapes_drop(shapes, &shapes->slots[oldest->owner]);
		handle = slab_take(shapes->all);
	}
	shapes->slots[index].shape = (uint16_t)handle;

	struct lane_shape *shape = slab_at(shapes->all, handle);

	shape->owner = index;
	shape->told.is_known = true;
	return shape;
}

void lane_shapes_packet(struct lane_shapes *shapes, const struct packet *packet,
			const struct lane_packet *record)
{
	const struct lane_slot *slot = &shapes->slots[record->ref.index];
	const struct flow_touch *touch = &record->touch;
	struct lane_shape *shape;

	if (record->is_told_now)
		shape = begin(shapes, record->ref.index);
	else if (slot->shape != 0)
		shape = slab_at(shapes->all, slot->shape);
	else
		return;
	if (touch->is_retransmission)
		return;
	note_first_words(shape, packet, touch->from_client);
	if (touch->payload_packets_before < LANE_HANDSHAKE_PACKETS)
		note_early(shape, packet, touch->from_client, record->is_told_now);
	if (touch->payload_packets_before < UINT8_MAX &&
	    lane_is_after_silence(touch, packet->time)) {
		open_turn(shape, touch->from_client, packet->payload_len, record->said_up);
		slab_renew(shapes->all, slot->shape);
	}
}

void lane_shapes_listen(struct lane_shapes *shapes, const struct lane_slot *slot,
			struct span payload, bool from_client)
{
	struct fact_shape *told;
	unsigned signs;

	if (slot->shape == 0)
		return;
	signs = shell_text_signs(payload);
	if (signs == 0)
		return;
	told = &((struct lane_shape *)slab_at(shapes->all, slot->shape))->told;
	*(from_client ? &told->shell_up : &told->shell_down) |= (uint8_t)signs;
}

void lane_shapes_opening(struct lane_shapes *shapes, const struct lane_flow_news *news)
{
	uint16_t handle = shapes->slots[news->ref.index].shape;

	if (handle == 0)
		return;
	open_turn(slab_at(shapes->all, handle), news->from_client, news->payload_len,
		  flow_said_up(&news->flow));
	slab_renew(shapes->all, handle);
}

void lane_shapes_tell(const struct lane_shapes *shapes, const struct lane_slot *slot,
		      const struct flow_record *flow, struct fact_shape *out)
{
	const struct lane_shape *shape;

	if (slot->shape == 0)
		return;
	shape = slab_at(shapes->all, slot->shape);
	*out = shape->told;
	add_answered(out, answered_since(shape, flow_said_up(flow)));
}

void lane_shapes_drop(struct lane_shapes *shapes, struct lane_slot *slot)
{
	if (slot->shape != 0)
		slab_give_back(shapes->all, slot->shape);
	slot->shape = 0;
}
