#include "dissectors/mld.h"

#include "tests/support/message_cases.h"

static enum dissect run_query(struct cursor in, void *out)
{
	return dissect_mld(MLD_QUERY, in, out);
}

static enum dissect run_v1_report(struct cursor in, void *out)
{
	return dissect_mld(MLD_V1_REPORT, in, out);
}

static enum dissect run_done(struct cursor in, void *out)
{
	return dissect_mld(MLD_V1_DONE, in, out);
}

static enum dissect run_v2_report(struct cursor in, void *out)
{
	return dissect_mld(MLD_V2_REPORT, in, out);
}

static enum dissect run_neighbour(struct cursor in, void *out)
{
	return dissect_mld(135, in, out);
}

static const struct message_kind query = { run_query, sizeof(struct mld), false };
static const struct message_kind v1_report = { run_v1_report, sizeof(struct mld), false };
static const struct message_kind done = { run_done, sizeof(struct mld), false };
static const struct message_kind v2_report = { run_v2_report, sizeof(struct mld), false };
static const struct message_kind neighbour = { run_neighbour, sizeof(struct mld), false };

#define ANY          "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
#define GROUP        "\xff\5\0\0\0\0\0\0\0\0\0\0\0\1\0\3"
#define RECORD       "\4\0\0\0" GROUP
#define FOUR_RECORDS RECORD RECORD RECORD RECORD

static void check_general_query(const void *out)
{
	const struct mld *msg = out;

	assert_int_equal(msg->type, MLD_QUERY);
	assert_true(msg->is_query);
	assert_int_equal(msg->version, 1);
	assert_int_equal(msg->group_count, 0);
}

static void check_v2_query(const void *out)
{
	const struct mld *msg = out;

	assert_int_equal(msg->version, 2);
	assert_int_equal(msg->group_count, 1);
	assert_int_equal(msg->groups[0].source_count, 1);
	assert_memory_equal(msg->groups[0].address, GROUP, MLD_IP_LEN);
}

static void check_v1_report(const void *out)
{
	const struct mld *msg = out;

	assert_int_equal(msg->type, MLD_V1_REPORT);
	assert_int_equal(msg->version, 1);
	assert_false(msg->is_query);
	assert_memory_equal(msg->groups[0].address, GROUP, MLD_IP_LEN);
}

static void check_done(const void *out)
{
	assert_int_equal(((const struct mld *)out)->type, MLD_V1_DONE);
}

static void check_linux(const void *out)
{
	const struct mld *msg = out;

	assert_int_equal(msg->type, MLD_V2_REPORT);
	assert_int_equal(msg->version, 2);
	assert_int_equal(msg->group_count, 3);
	assert_int_equal(msg->groups[1].record_type, MLD_TO_EXCLUDE);
	assert_memory_equal(msg->groups[1].address, GROUP, MLD_IP_LEN);
}

static void check_two_records(const void *out)
{
	const struct mld *msg = out;

	assert_int_equal(msg->group_count, 2);
	assert_int_equal(msg->groups[0].record_type, MLD_BLOCK_SOURCES);
	assert_int_equal(msg->groups[1].record_type, MLD_TO_EXCLUDE);
}

static void check_sixteen(const void *out)
{
	assert_int_equal(((const struct mld *)out)->group_count, MLD_GROUPS_MAX);
}

static struct message_case cases[] = {
	{ "a query for all groups", &query, BYTES("\x27\x10\0\0" ANY), DISSECT_OK,
	  check_general_query },
	{ "a query of version 2 for a group and source", &query,
	  BYTES("\x27\x10\0\0" GROUP "\2\x7d\0\1" GROUP), DISSECT_OK, check_v2_query },
	{ "a report of version 1", &v1_report, BYTES("\0\0\0\0" GROUP), DISSECT_OK,
	  check_v1_report },
	{ "done", &done, BYTES("\0\0\0\0" GROUP), DISSECT_OK, check_done },
	{ "a report, by Linux", &v2_report,
	  BYTES("\x00\x00\x00\x03\x04\x00\x00\x00\xff\x02\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01"
		"\xff\x01\x00\x03\x04\x00\x00\x00\xff\x05\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
		"\x00\x01\x00\x03\x04\x00\x00\x00\xff\x02\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01"
		"\xff\x77\x06\x92"),
	  DISSECT_OK, check_linux },
	{ "sources and auxiliary data are skipped", &v2_report,
	  BYTES("\0\0\0\2\6\1\0\1" GROUP GROUP "\1\2\3\4" RECORD), DISSECT_OK, check_two_records },
	{ "seventeen groups", &v2_report,
	  BYTES("\0\0\0\x11" FOUR_RECORDS FOUR_RECORDS FOUR_RECORDS FOUR_RECORDS RECORD),
	  DISSECT_OK, check_sixteen },
	{ "fewer records than promised", &v2_report, BYTES("\0\0\0\2" RECORD), DISSECT_TRUNCATED,
	  NULL },
	{ "a neighbour's solicitation", &neighbour, BYTES("\0\0\0\0" GROUP), DISSECT_OTHER, NULL },
};

int main(void)
{
	return run_message_cases("mld", cases, ARRAY_LEN(cases));
}
