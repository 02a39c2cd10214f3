#include "dissectors/ntp.h"

#include "tests/support/message_cases.h"

static enum dissect run(struct cursor in, void *out)
{
	return dissect_ntp(in, out);
}

static const struct message_kind datagram = { run, sizeof(struct ntp), false };

#define ROOT      "\6\xec\0\0\1\2\0\0\3\4"
#define TIMES     "\xe4\1\2\3\0\0\0\1\xe4\1\2\4\0\0\0\2\xe4\1\2\5\0\0\0\3\xe4\1\2\6\x80\0\0\0"
#define EXTENSION "\1\4\0\x10\0\0\0\0\0\0\0\0\0\0\0\0"

static void check_server(const void *out)
{
	const struct ntp *msg = out;

	assert_int_equal(msg->mode, NTP_SERVER);
	assert_int_equal(msg->version, 4);
	assert_int_equal(msg->leap, 0);
	assert_int_equal(msg->stratum, 1);
	assert_memory_equal(msg->reference, "GPS\0", NTP_REFERENCE_LEN);
	assert_int_equal(msg->transmit_seconds, 0xe4010206);
	assert_int_equal(msg->transmit_fraction, 0x80000000);
}

static void check_client(const void *out)
{
	const struct ntp *msg = out;

	assert_int_equal(msg->mode, NTP_CLIENT);
	assert_int_equal(msg->version, 3);
	assert_int_equal(msg->leap, 3);
	assert_int_equal(msg->stratum, 0);
}

static struct message_case cases[] = {
	{ "a server of stratum 1", &datagram, BYTES("\x24\1" ROOT "GPS\0" TIMES), DISSECT_OK,
	  check_server },
	{ "a client of version 3", &datagram, BYTES("\xdb\0" ROOT "\0\0\0\0" TIMES), DISSECT_OK,
	  check_client },
	{ "extensions are ignored", &datagram, BYTES("\x24\1" ROOT "GPS\0" TIMES EXTENSION),
	  DISSECT_OK, check_server },
	{ "a broadcast", &datagram, BYTES("\x25\1" ROOT "GPS\0" TIMES), DISSECT_OK, NULL },
	{ "a control message", &datagram, BYTES("\x16\2\0\1\0\0\0\0\0\0\0\0"), DISSECT_OTHER,
	  NULL },
	{ "mode 0", &datagram, BYTES("\x20\1" ROOT "GPS\0" TIMES), DISSECT_OTHER, NULL },
	{ "version 0", &datagram, BYTES("\x03\1" ROOT "GPS\0" TIMES), DISSECT_OTHER, NULL },
	{ "version 5", &datagram, BYTES("\x2b\1" ROOT "GPS\0" TIMES), DISSECT_OTHER, NULL },
	{ "nothing", &datagram, BYTES(""), DISSECT_TRUNCATED, NULL },
};

static void timestamps_cross_2036(void **state)
{
	(void)state;
	assert_int_equal(ntp_unix_seconds(0x83aa7e80), 0);
	assert_int_equal(ntp_unix_seconds(UINT32_MAX), 2085978495);
	assert_int_equal(ntp_unix_seconds(0), 2085978496);
}

int main(void)
{
	const struct CMUnitTest more[] = { cmocka_unit_test(timestamps_cross_2036) };
	int failed = run_message_cases("ntp", cases, ARRAY_LEN(cases));

	return failed + cmocka_run_group_tests_name("ntp's time", more, NULL, NULL);
}
