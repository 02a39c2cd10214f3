#include "sensor/lane/lane_record.h"

#define UP_TO(member) \
	(offsetof(struct lane_record, member) + sizeof(((struct lane_record *)0)->member))

size_t lane_record_size(enum lane_record_kind kind)
{
	switch (kind) {
	case LANE_PACKET:
	case LANE_LINK:
	case LANE_SYN:
		return UP_TO(packet);
	case LANE_SIGHTING:
		return UP_TO(sighting);
	case LANE_ATTEMPTS:
		return UP_TO(attempts);
	case LANE_FLOW_END:
		return UP_TO(end);
	case LANE_FLOW_NEWS:
		return UP_TO(news);
	case LANE_EPOCH:
	case LANE_WATERMARK:
		break;
	}
	return offsetof(struct lane_record, packet);
}

struct packet lane_record_packet(const struct lane_record *record, struct span copy)
{
	struct packet p = record->packet.packet;
	struct cursor in = cursor_over(copy.data, copy.len);

	p.ip = in.rest;
	cursor_skip(&in, record->packet.payload_at);
	p.payload = in.rest;
	return p;
}
