#include "dissectors/igmp.h"

#include "tests/support/message_cases.h"

static enum dissect run(struct cursor in, void *out)
{
	return dissect_igmp(in, out);
}

static const struct message_kind message = { run, sizeof(struct igmp), false };

#define GROUP        "\xef\1\2\3"
#define RECORD       "\4\0\0\0" GROUP
#define FOUR_RECORDS RECORD RECORD RECORD RECORD

static void check_general_query(const void *out)
{
	const struct igmp *msg = out;

	assert_int_equal(msg->type, IGMP_QUERY);
	assert_true(msg->is_query);
	assert_int_equal(msg->version, 2);
	assert_int_equal(msg->group_count, 0);
}

static void check_v1_query(const void *out)
{
	assert_int_equal(((const struct igmp *)out)->version, 1);
}

static void check_v3_query(const void *out)
{
	const struct igmp *msg = out;

	assert_int_equal(msg->version, 3);
	assert_int_equal(msg->group_count, 1);
	assert_memory_equal(msg->groups[0].address, GROUP, IGMP_IP_LEN);
	assert_int_equal(msg->groups[0].source_count, 1);
}

static void check_v1_report(const void *out)
{
	const struct igmp *msg = out;

	assert_int_equal(msg->version, 1);
	assert_false(msg->is_query);
	assert_int_equal(msg->group_count, 1);
}

static void check_leave(const void *out)
{
	const struct igmp *msg = out;

	assert_int_equal(msg->type, IGMP_V2_LEAVE);
	assert_int_equal(msg->version, 2);
	assert_memory_equal(msg->groups[0].address, GROUP, IGMP_IP_LEN);
	assert_int_equal(msg->groups[0].record_type, 0);
}

static void check_join(const void *out)
{
	const struct igmp *msg = out;

	assert_int_equal(msg->type, IGMP_V3_REPORT);
	assert_int_equal(msg->version, 3);
	assert_int_equal(msg->group_count, 1);
	assert_int_equal(msg->groups[0].record_type, IGMP_TO_EXCLUDE);
	assert_memory_equal(msg->groups[0].address, GROUP, IGMP_IP_LEN);
}

static void check_two_records(const void *out)
{
	const struct igmp *msg = out;

	assert_int_equal(msg->group_count, 2);
	assert_int_equal(msg->groups[0].record_type, IGMP_ALLOW_SOURCES);
	assert_int_equal(msg->groups[0].source_count, 1);
	assert_int_equal(msg->groups[1].record_type, IGMP_TO_EXCLUDE);
}

static void check_sixteen(const void *out)
{
	assert_int_equal(((const struct igmp *)out)->group_count, IGMP_GROUPS_MAX);
}

static struct message_case cases[] = {
	{ "a query for all groups", &message, BYTES("\x11\x64\xee\x9b\0\0\0\0"), DISSECT_OK,
	  check_general_query },
	{ "a query of version 1", &message, BYTES("\x11\0\xee\xff\0\0\0\0"), DISSECT_OK,
	  check_v1_query },
	{ "a query of version 3 for a group and source", &message,
	  BYTES("\x11\x0a\0\0" GROUP "\2\x7d\0\1\xc0\0\2\1"), DISSECT_OK, check_v3_query },
	{ "a report of version 1", &message, BYTES("\x12\0\0\0" GROUP), DISSECT_OK,
	  check_v1_report },
	{ "a report of version 2", &message, BYTES("\x16\0\0\0" GROUP), DISSECT_OK, NULL },
	{ "a leave", &message, BYTES("\x17\0\0\0" GROUP), DISSECT_OK, check_leave },
	{ "a join, by Linux", &message,
	  BYTES("\x22\x00\xe8\xf9\x00\x00\x00\x01\x04\x00\x00\x00\xef\x01\x02\x03"), DISSECT_OK,
	  check_join },
	{ "sources and auxiliary data are skipped", &message,
	  BYTES("\x22\0\0\0\0\0\0\2\5\1\0\1" GROUP "\xc0\0\2\1\1\2\3\4" RECORD), DISSECT_OK,
	  check_two_records },
	{ "seventeen groups", &message,
	  BYTES("\x22\0\0\0\0\0\0\x11" FOUR_RECORDS FOUR_RECORDS FOUR_RECORDS FOUR_RECORDS RECORD),
	  DISSECT_OK, check_sixteen },
	{ "fewer records than promised", &message, BYTES("\x22\0\0\0\0\0\0\2" RECORD),
	  DISSECT_TRUNCATED, NULL },
	{ "DVMRP", &message, BYTES("\x13\1\0\0\0\0\0\0"), DISSECT_OTHER, NULL },
	{ "nothing", &message, BYTES(""), DISSECT_TRUNCATED, NULL },
};

int main(void)
{
	return run_message_cases("igmp", cases, ARRAY_LEN(cases));
}
