#include "dissectors/mld.h"

enum {
	RESPONSE_TIME_LEN = 2,
	RESERVED_LEN = 2,
	V2_QUERY_FLAGS_LEN = 2, /* S, QRV, QQIC */
	AUX_UNIT = 4,
};

static bool is_unspecified(const uint8_t *address)
{
	static const uint8_t unspecified[MLD_IP_LEN];

	return memcmp(address, unspecified, MLD_IP_LEN) == 0;
}

static void keep(const struct mld_group *group, struct mld *msg)
{
	if (msg->group_count < MLD_GROUPS_MAX)
		msg->groups[msg->group_count++] = *group;
}

static void read_query(struct cursor *in, struct mld *msg)
{
	struct mld_group group = { 0 };

	msg->is_query = true;
	msg->version = 1;
	cursor_skip(in, RESPONSE_TIME_LEN + RESERVED_LEN);
	cursor_copy(in, group.address, MLD_IP_LEN);
	if (cursor_left(in) >= V2_QUERY_FLAGS_LEN + sizeof(uint16_t)) { /* RFC 3810 8.1 */
		msg->version = 2;
		cursor_skip(in, V2_QUERY_FLAGS_LEN);
		group.source_count = cursor_be16(in);
		cursor_skip(in, (size_t)group.source_count * MLD_IP_LEN);
	}
	if (!is_unspecified(group.address))
		keep(&group, msg);
}

static void read_group(struct cursor *in, struct mld *msg)
{
	struct mld_group group = { 0 };

	msg->version = 1;
	cursor_skip(in, RESPONSE_TIME_LEN + RESERVED_LEN);
	cursor_copy(in, group.address, MLD_IP_LEN);
	keep(&group, msg);
}

static void read_records(struct cursor *in, struct mld *msg)
{
	msg->version = 2;
	cursor_skip(in, RESERVED_LEN);
	uint16_t count = cursor_be16(in);

	for (uint16_t i = 0; i < count && cursor_ok(in); i++) {
		struct mld_group group = { .record_type = cursor_u8(in) };
		size_t aux_len = (size_t)cursor_u8(in) * AUX_UNIT;

		group.source_count = cursor_be16(in);
		cursor_copy(in, group.address, MLD_IP_LEN);
		cursor_skip(in, (size_t)group.source_count * MLD_IP_LEN);
		cursor_skip(in, aux_len);
		keep(&group, msg);
	}
}

enum dissect dissect_mld(uint8_t type, struct cursor in, struct mld *out)
{
	struct mld msg = { 0 };

	switch (type) {
	case MLD_QUERY:
		read_query(&in, &msg);
		break;
	case MLD_V1_REPORT:
	case MLD_V1_DONE:
		read_group(&in, &msg);
		break;
	case MLD_V2_REPORT:
		read_records(&in, &msg);
		break;
	default:
		return DISSECT_OTHER;
	}
	if (!cursor_ok(&in))
		return DISSECT_TRUNCATED;

	msg.type = (enum mld_message)type;
	*out = msg;
	return DISSECT_OK;
}
