#include "sensor/lane/lane_record.h"

size_t lane_record_size(enum lane_record_kind kind)
{
	switch (kind) {
	case LANE_PACKET:
	case LANE_LINK:
		return offsetof(struct lane_record, packet) + sizeof(struct lane_packet);
	case LANE_FLOW_END:
		return offsetof(struct lane_record, end) + sizeof(struct lane_flow_end);
	case LANE_EPOCH:
	case LANE_WATERMARK:
		break;
	}
	return offsetof(struct lane_record, packet);
}

struct packet lane_record_packet(const struct lane_record *record)
{
	const struct lane_packet *lp = &record->packet;
	struct packet p = lp->packet;
	struct cursor copy =
		cursor_over((const uint8_t *)record + lane_record_size(LANE_PACKET), lp->captured);

	p.ip = copy.rest;
	cursor_skip(&copy, lp->payload_at);
	p.payload = copy.rest;
	return p;
}
