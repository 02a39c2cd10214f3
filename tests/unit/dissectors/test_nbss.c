#include "dissectors/nbss.h"

#include "tests/support/exact.h"

static enum dissect dissect(struct cursor in, void *out)
{
	return dissect_nbss(&in, out);
}

static const struct exact nbss = { dissect, sizeof(struct nbss) };

static const char session_request[] =
	"81000044204547454a454d454646444643464743414341434143414341434143414341434100204547454a45"
	"4d454646444643464743414341434143414341434143414341414100";

static const char scope[] =
	"81000048204547454a454d4546464446434647434143414341434143414341434143414341036c616e002043"
	"4143414341434143414341434143414341434143414341434143414341505000";

static const char bad_letter[] =
	"810000442045474551454d454646444643464743414341434143414341434143414341434100204547454a45"
	"4d454646444643464743414341434143414341434143414341414100";

static const char bad_suffix[] =
	"81000044204547454a454d454646444643464743414341434143414341434143414341435a00204547454a45"
	"4d454646444643464743414341434143414341434143414341414100";

static const char bad_label[] =
	"810000441f4547454a454d454646444643464743414341434143414341434143414341434100204547454a45"
	"4d454646444643464743414341434143414341434143414341414100";

static const char bad_scope[] =
	"81000044204547454a454d454646444643464743414341434143414341434143414341434100204547454a45"
	"4d454646444643464743414341434143414341434143414341414109";
static void check_session_request(const void *out)
{
	const struct nbss *frame = out;

	assert_int_equal(frame->kind, NBSS_SESSION_REQUEST);
	assert_int_equal(frame->length, 68);
	assert_int_equal(frame->missing, 0);
	assert_string_equal(frame->called.text, "FILESRV");
	assert_int_equal(frame->called.suffix, 0x20);
	assert_string_equal(frame->calling.text, "FILESRV");
	assert_int_equal(frame->calling.suffix, 0x00);
}

static void check_scope(const void *out)
{
	const struct nbss *frame = out;

	assert_string_equal(frame->called.text, "FILESRV");
	assert_string_equal(frame->calling.text, "");
	assert_int_equal(frame->calling.suffix, 0xff);
}

static void check_empty(const void *out)
{
	const struct nbss *frame = out;

	assert_int_equal(frame->length, 0);
	assert_int_equal(cursor_left(&frame->message), 0);
}

static void check_refusal(const void *out)
{
	const struct nbss *frame = out;

	assert_int_equal(frame->kind, NBSS_NEGATIVE_RESPONSE);
	assert_int_equal(frame->error, 0x82);
}

static void check_cut(const void *out)
{
	const struct nbss *frame = out;

	assert_int_equal(frame->kind, NBSS_MESSAGE);
	assert_int_equal(frame->length, 0x800050);
	assert_int_equal(frame->missing, 0x800050 - 2);
	assert_int_equal(cursor_left(&frame->message), 2);
}

static struct exact_case cases[] = {
	{ "a session request", &nbss, session_request, DISSECT_OK, check_session_request },
	{ "a session request with a scope", &nbss, scope, DISSECT_OK, check_scope },
	{ "a positive response", &nbss, "82000000", DISSECT_OK, check_empty },
	{ "a refusal", &nbss, "8300000182", DISSECT_OK, check_refusal },
	{ "a retarget", &nbss, "84000006c0000207008b", DISSECT_OK, NULL },
	{ "a keep-alive", &nbss, "85000000", DISSECT_OK, check_empty },
	{ "eight megabytes to come", &nbss, "00800050fe53", DISSECT_OK, check_cut },
	{ "an empty message", &nbss, "00000000", DISSECT_OK, check_empty },
	{ "a letter that is no half of a byte", &nbss, bad_letter, DISSECT_MALFORMED, NULL },
	{ "a suffix that is none", &nbss, bad_suffix, DISSECT_MALFORMED, NULL },
	{ "a label of another length", &nbss, bad_label, DISSECT_MALFORMED, NULL },
	{ "a scope past the end", &nbss, bad_scope, DISSECT_MALFORMED, NULL },
	{ "a session request that is too short", &nbss, "8100000100", DISSECT_OTHER, NULL },
	{ "a session request that is too long", &nbss, "8100ffff00", DISSECT_OTHER, NULL },
	{ "a keep-alive with something in it", &nbss, "8500000100", DISSECT_OTHER, NULL },
	{ "a refusal of two bytes", &nbss, "830000020000", DISSECT_OTHER, NULL },
	{ "a retarget of five", &nbss, "840000050000", DISSECT_OTHER, NULL },
	{ "a TLS record", &nbss, "16030100", DISSECT_OTHER, NULL },
	{ "an unknown type above", &nbss, "86000000", DISSECT_OTHER, NULL },
	{ "an unknown type below", &nbss, "80", DISSECT_OTHER, NULL },
};

static void frames_follow_one_another(void **state)
{
	static const uint8_t stream[] = { 0x85, 0, 0, 0, 0, 0, 0, 1, 'x', 0x85, 0 };
	struct cursor in = cursor_over(stream, sizeof(stream));
	struct nbss frame;

	(void)state;
	assert_int_equal(dissect_nbss(&in, &frame), DISSECT_OK);
	assert_int_equal(frame.kind, NBSS_KEEP_ALIVE);
	assert_int_equal(dissect_nbss(&in, &frame), DISSECT_OK);
	assert_int_equal(frame.kind, NBSS_MESSAGE);
	exact_assert_text(frame.message.rest, "x");
	assert_int_equal(dissect_nbss(&in, &frame), DISSECT_TRUNCATED);
	assert_int_equal(cursor_left(&in), 2);
}

int main(void)
{
	static const struct CMUnitTest more[] = { cmocka_unit_test(frames_follow_one_another) };

	return exact_run_all("nbss", cases, ARRAY_LEN(cases), more, ARRAY_LEN(more));
}
