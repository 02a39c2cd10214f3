#include "sensor/base/json.h"
#include "sensor/courier/cef_line.h"
#include "sensor/courier/eve_line.h"
#include "sensor/courier/syslog_frame.h"

#include "tests/support/cmocka.h"
#include "tests/unit/courier/case_body.h"

#include <stdlib.h>

struct number_case {
	const char *name;
	const char *rule;
	uint32_t want;
};

static struct number_case numbers[] = {
	{ "the first letters", "AAA-1", 101011 },
	{ "a rule", "BCN-1", 203141 },
	{ "the last letters", "ZZZ-9", 2626269 },
	{ "no rule", "", 0 },
	{ "two letters", "BC-12", 0 },
	{ "small letters", "bcn-1", 0 },
	{ "no digit", "BCN-x", 0 },
	{ "more behind", "BCN-12", 0 },
};

static void run_number(void **state)
{
	const struct number_case *c = *state;

	assert_int_equal(eve_signature_id(c->rule), c->want);
}

static void protocols_are_named_as_suricata_does(void **state)
{
	char name[EVE_PROTO_LEN];

	(void)state;
	eve_proto(6, name);
	assert_string_equal(name, "TCP");
	eve_proto(58, name);
	assert_string_equal(name, "IPv6-ICMP");
	eve_proto(4, name);
	assert_string_equal(name, "004");
}

static struct case_view view_of(const char *body)
{
	struct case_view view;

	assert_int_equal(case_view_read(body, strlen(body), &view), ERR_OK);
	return view;
}

struct line_case {
	const char *name;
	const char *body;
	const char *eve[4]; /* stand in the line */
	const char *cef[4];
	const char *no_cef; /* does not */
};

#define BODY(device, findings) CASE_BODY_OF("1", "Title", "What.", device, findings)

static struct line_case lines[] = {
	{ "a case with a flow",
	  CASE_BODY,
	  { "{\"timestamp\":\"2026-11-22T10:00:00.250000+0000\",\"flow_id\":7,\"event_type\":",
	    "\"src_port\":50000,\"dest_port\":443,\"proto\":\"TCP\",\"community_id\":\"1:abc=\"",
	    "\"alert\":{\"action\":\"allowed\",\"gid\":4850,\"signature_id\":203141,\"rev\":1,",
	    "\"severity\":2" },
	  { "CEF:0|Hinomi|hinomi|" HINOMI_VERSION "|BCN-1|Title|6|externalId=5cf94984-",
	    " rt=1795341600250 start=1795338000000 ",
	    " src=192.168.1.5 dst=203.0.113.9 spt=50000 dpt=443 proto=TCP shost=PC-1 ",
	    " cs6Label=do_first cs6=Ask.\\nNote. cn1Label=revision cn1=3 " },
	  "dhost" },
	{ "a case without a flow",
	  BODY(CASE_DEVICE, CASE_FINDING("BCN-1", "1", "3", "0.9", "")),
	  { "\"src_ip\":\"192.168.1.5\",\"dest_ip\":\"203.0.113.9\",\"dest_port\":443,\"proto\":"
	    "\"TCP\",\"alert\"" },
	  { "|BCN-1|Title|9|", " src=192.168.1.5 dst=203.0.113.9 shost=PC-1 " },
	  "community_id" },
	{ "a device of which only the name is told",
	  BODY("{\"name\":\"PC-1\"}", "{\"rule\":\"LAT-6\"}"),
	  { "\"host\":\"s\",\"alert\"", "\"device\":{\"name\":\"PC-1\"}" },
	  { "|LAT-6|Title|9|", " shost=PC-1 " },
	  "src=" },
	{ "IPv6 has fields of its own in CEF",
	  BODY("{\"ip\":[\"2001:db8::5\"]}", CASE_FINDING("BCN-1", "1", "3", "0.9", "")),
	  { "\"src_ip\":\"2001:db8::5\"" },
	  { " c6a2Label=Source IPv6 Address c6a2=2001:db8::5 dst=203.0.113.9 " },
	  " src=" },
	{ "what would end a field is escaped",
	  CASE_BODY_OF("3", "a|b\\\\c=d\\n", "x=1\\ny|z\\\\", "{\"name\":\"n dst=1\"}",
		       "{\"rule\":\"BCN-1\"}"),
	  { "\"signature\":\"a|b\\\\c=d\\u000a\"" },
	  { "|a\\|b\\\\c=d |3|", " shost=n dst\\=1 ", " msg=x\\=1\\ny|z\\\\" },
	  "\n" },
};

static void holds(const char *line, const char *const *want)
{
	for (size_t i = 0; i < 4 && want[i]; i++) {
		if (!strstr(line, want[i]))
			fail_msg("`%s` is not in %s", want[i], line);
	}
}

static void run_line(void **state)
{
	const struct line_case *c = *state;
	struct case_view view = view_of(c->body);
	char cef[CEF_LINE_MAX];
	size_t len;
	char *eve = eve_line_case(&view, "s", true, &len);

	assert_non_null(eve);
	assert_int_equal(strlen(eve), len);
	assert_ptr_equal(strchr(eve, '\n'), eve + len - 1);
	holds(eve, c->eve);
	free(eve);
	len = cef_line_case(&view, "s", cef);
	assert_int_equal(len, strlen(cef));
	holds(cef, c->cef);
	assert_null(strstr(cef, c->no_cef));
	case_view_free(&view);
}

static void words_can_be_left_out(void **state)
{
	struct case_view view = view_of(CASE_BODY);
	size_t len;
	char *eve = eve_line_case(&view, "s", false, &len);

	(void)state;
	assert_non_null(eve);
	assert_null(strstr(eve, "\"text\""));
	free(eve);
	case_view_free(&view);
}

/* Longer than any field may be: cut, and the message stays below what collectors take. */
static void long_words_are_cut(void **state)
{
	enum { LONG = 20000 };
	struct case_view view = view_of(CASE_BODY);
	char *words = malloc(LONG);
	char cef[CEF_LINE_MAX];

	(void)state;
	assert_non_null(words);
	memset(words, '=', LONG);
	words[LONG - 1] = '\0';
	view.words[LANGUAGE_EN].title = words;
	view.words[LANGUAGE_EN].what = words;
	view.device.name = words;
	view.lead.object_value = words;
	assert_true(cef_line_case(&view, "s", cef) < CEF_LINE_MAX);
	assert_non_null(strstr(cef, " dst=203.0.113.9 "));
	free(words);
	case_view_free(&view);
}

struct head_case {
	const char *name;
	const char *text;
	const char *want;
};

static struct head_case heads[] = {
	{ "ASCII", "hello",
	  "78 <132>1 2026-11-22T09:00:00.000000Z s hinomi - case [meta sequenceId=\"9\"] " },
	{ "UTF-8 is marked", "é",
	  "78 <132>1 2026-11-22T09:00:00.000000Z s hinomi - case [meta sequenceId=\"9\"] "
	  "\xef\xbb\xbf" },
};

static void run_head(void **state)
{
	const struct head_case *c = *state;
	const struct syslog_message message = {
		.severity = SYSLOG_WARNING,
		.sensor = "s",
		.id = "case",
		.made = UINT64_C(1795338000) * NANOTIME_SECOND,
		.sequence = 9,
		.text = c->text,
		.text_len = strlen(c->text),
	};
	char head[SYSLOG_HEAD_MAX];
	size_t len = syslog_head(&message, head);

	assert_string_equal(head, c->want);
	assert_int_equal(len, strlen(head));
	/* What is counted: all behind the blank. */
	assert_int_equal(strtoul(head, NULL, 10), strlen(strchr(head, ' ') + 1) + strlen(c->text));
}

int main(void)
{
	struct CMUnitTest tests[3 + ARRAY_LEN(numbers) + ARRAY_LEN(lines) + ARRAY_LEN(heads)] = {
		cmocka_unit_test(protocols_are_named_as_suricata_does),
		cmocka_unit_test(words_can_be_left_out),
		cmocka_unit_test(long_words_are_cut),
	};
	size_t count = 3;

	count += ADD_ROWS(tests + count, numbers, run_number);
	count += ADD_ROWS(tests + count, lines, run_line);
	ADD_ROWS(tests + count, heads, run_head);
	return cmocka_run_group_tests_name("lines", tests, NULL, NULL);
}
