#include "dissectors/igmp.h"

enum {
	CHECKSUM_LEN = 2,
	V3_QUERY_FLAGS_LEN = 2, /* S, QRV, QQIC */
	AUX_UNIT = 4,
};

static bool is_unspecified(const uint8_t *address)
{
	static const uint8_t unspecified[IGMP_IP_LEN];

	return memcmp(address, unspecified, IGMP_IP_LEN) == 0;
}

static void keep(const struct igmp_group *group, struct igmp *msg)
{
	if (msg->group_count < IGMP_GROUPS_MAX)
		msg->groups[msg->group_count++] = *group;
}

/* RFC 3376 7.1: the length and the response time tell the versions apart. */
static void read_query(struct cursor *in, uint8_t response_time, struct igmp *msg)
{
	struct igmp_group group = { 0 };

	cursor_copy(in, group.address, IGMP_IP_LEN);
	msg->version = response_time == 0 ? 1 : 2;
	if (cursor_left(in) >= V3_QUERY_FLAGS_LEN + sizeof(uint16_t)) {
		msg->version = 3;
		cursor_skip(in, V3_QUERY_FLAGS_LEN);
		group.source_count = cursor_be16(in);
		cursor_skip(in, (size_t)group.source_count * IGMP_IP_LEN);
	}
	if (!is_unspecified(group.address))
		keep(&group, msg);
}

static void read_group(struct cursor *in, uint8_t version, struct igmp *msg)
{
	struct igmp_group group = { 0 };

	msg->version = version;
	cursor_copy(in, group.address, IGMP_IP_LEN);
	keep(&group, msg);
}

static void read_records(struct cursor *in, struct igmp *msg)
{
	msg->version = 3;
	cursor_skip(in, sizeof(uint16_t)); /* reserved */
	uint16_t count = cursor_be16(in);

	for (uint16_t i = 0; i < count && cursor_ok(in); i++) {
		struct igmp_group group = { .record_type = cursor_u8(in) };
		size_t aux_len = (size_t)cursor_u8(in) * AUX_UNIT;

		group.source_count = cursor_be16(in);
		cursor_copy(in, group.address, IGMP_IP_LEN);
		cursor_skip(in, (size_t)group.source_count * IGMP_IP_LEN);
		cursor_skip(in, aux_len);
		keep(&group, msg);
	}
}

enum dissect dissect_igmp(struct cursor in, struct igmp *out)
{
	struct igmp msg = { 0 };
	uint8_t type = cursor_u8(&in);
	uint8_t response_time = cursor_u8(&in);

	cursor_skip(&in, CHECKSUM_LEN);
	switch (type) {
	case IGMP_QUERY:
		msg.is_query = true;
		read_query(&in, response_time, &msg);
		break;
	case IGMP_V1_REPORT:
		read_group(&in, 1, &msg);
		break;
	case IGMP_V2_REPORT:
	case IGMP_V2_LEAVE:
		read_group(&in, 2, &msg);
		break;
	case IGMP_V3_REPORT:
		read_records(&in, &msg);
		break;
	default:
		return cursor_ok(&in) ? DISSECT_OTHER : DISSECT_TRUNCATED;
	}
	if (!cursor_ok(&in))
		return DISSECT_TRUNCATED;

	msg.type = (enum igmp_message)type;
	*out = msg;
	return DISSECT_OK;
}
