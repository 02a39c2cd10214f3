#include "sensor/case/case_words.h"

#include "tests/support/cmocka.h"
#include "tests/support/facts.h"

#include <stdio.h>
#include <string.h>

enum { STEPS_LEAST = 2 };

/* What no text may claim, or ask for: the evidence does not carry it, or it destroys evidence. */
static const char *const forbidden[] = {
	"infected",       "infection",    "hacked",         "compromised",  "switch off",
	"switch it off",  "turn off",     "turn it off",    "shut down",    "power off",
	"reboot",         "restart",      "delete",         "reinstall",    "virus",
	"感染してい",     "感染しました", "感染が確認",     "電源を切って", "電源を切る",
	"電源を落と",     "再起動",       "シャットダウン", "初期化",       "削除して",
	"乗っ取られてい", "ウイルスに",
};

static void assert_clean(const char *text)
{
	for (size_t i = 0; i < ARRAY_LEN(forbidden); i++) {
		if (strstr(text, forbidden[i]))
			fail_msg("\"%s\" in: %s", forbidden[i], text);
	}
}

/* Whole characters of UTF-8, no control bytes. */
static void assert_readable(const char *text)
{
	unsigned rest = 0;

	for (const char *c = text; *c; c++) {
		unsigned char byte = (unsigned char)*c;

		if (rest > 0) {
			assert_int_equal(byte & 0xc0, 0x80);
			rest--;
			continue;
		}
		assert_true(byte >= 0x20 && byte != 0x7f);
		rest = byte < 0x80 ? 0 : byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
		assert_true(byte < 0x80 || byte >= 0xc2);
	}
	assert_int_equal(rest, 0);
}

static void assert_good(const char *text)
{
	assert_non_null(text);
	assert_true(text[0] != '\0');
	assert_clean(text);
	assert_readable(text);
}

static struct finding finding_of(enum signal_kind kind)
{
	struct finding f = { .signal = { .kind = (uint8_t)kind,
					 .first = test_start,
					 .last = test_after_seconds(600),
					 .count = 41,
					 .object = { .kind = OBJECT_HOST } } };

	(void)snprintf(f.signal.object.text, FACT_NAME_LEN, "c2.example.net");
	signal_reason(&f.signal, REASON_PERIOD, 60, COMPARE_NONE, 0);
	return f;
}

static struct device device_named(const char *name)
{
	struct device d = { .number = 1, .address_count = 1 };

	d.addresses[0] = test_address("192.168.1.10");
	(void)snprintf(d.names[DEVICE_NAME_DHCP], FACT_HOST_LEN, "%s", name);
	return d;
}

static void every_kind_has_words(void **state)
{
	(void)state;
	for (int k = 0; k < SIGNAL_KINDS; k++) {
		enum signal_kind kind = (enum signal_kind)k;

		for (int l = 0; l < LANGUAGES; l++) {
			enum language language = (enum language)l;
			size_t steps = 0;

			assert_good(words_title(kind, language));
			assert_good(words_benign(kind, language));
			while (words_step(kind, steps, language))
				assert_good(words_step(kind, steps++, language));
			assert_true(steps >= STEPS_LEAST && steps <= WORDS_STEPS_MAX);
			assert_null(words_step(kind, WORDS_STEPS_MAX, language));
			assert_null(words_step(kind, SIZE_MAX, language));
		}
		assert_string_not_equal(words_title(kind, LANGUAGE_EN),
					words_title(kind, LANGUAGE_JA));
	}
}

static void every_sentence_is_filled_in(void **state)
{
	struct device device = device_named("reception");

	(void)state;
	for (int k = 0; k < SIGNAL_KINDS; k++) {
		struct finding f = finding_of((enum signal_kind)k);

		for (int l = 0; l < LANGUAGES; l++) {
			char chars[WORDS_TEXT_LEN];
			struct text text = text_over(chars, sizeof(chars));

			words_sentence(&f, &device, (enum language)l, &text);
			assert_good(chars);
			assert_null(strchr(chars, '%'));
			assert_non_null(strstr(chars, "reception"));
			assert_false(text.is_cut);
		}
	}
}

/* Names come from the wire: what looks like a placeholder in them stays what it is. */
static void names_are_not_filled_in(void **state)
{
	struct device device = device_named("%N%s%O");
	struct finding f = finding_of(SIGNAL_BEACON);
	char chars[WORDS_TEXT_LEN];
	struct text text = text_over(chars, sizeof(chars));

	(void)state;
	(void)snprintf(f.signal.object.text, FACT_NAME_LEN, "%%D.example.net");
	words_sentence(&f, &device, LANGUAGE_EN, &text);
	assert_int_equal(strncmp(chars, "%N%s%O has contacted %D.example.net about", 41), 0);
}

static void extreme_values_are_not_cut(void **state)
{
	char name[FACT_HOST_LEN];
	struct device device;

	(void)state;
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	device = device_named(name);
	for (int k = 0; k < SIGNAL_KINDS; k++) {
		for (int l = 0; l < LANGUAGES; l++) {
			struct finding f = finding_of((enum signal_kind)k);
			char chars[WORDS_TEXT_LEN];
			struct text text = text_over(chars, sizeof(chars));

			f.signal.first = 0;
			f.signal.last = UINT64_MAX;
			f.signal.count = UINT64_MAX;
			f.signal.object.kind = OBJECT_PORT;
			f.signal.reasons[0].value = 1e15;
			memset(f.signal.object.text, 'o', FACT_NAME_LEN - 1);
			words_sentence(&f, &device, (enum language)l, &text);
			assert_false(text.is_cut);
			assert_readable(chars);
		}
	}
}

struct duration_case {
	const char *name;
	double seconds;
	const char *en;
	const char *ja;
};

static struct duration_case durations[] = {
	{ "no time at all", 0, "within one second,", "1秒の間に" },
	{ "a few seconds", 5.04, "within 5.0 seconds,", "5.0秒の間に" },
	{ "a minute", 60, "within 60 seconds,", "60秒の間に" },
	{ "ten minutes", 600, "within 10 minutes,", "10分の間に" },
	{ "two hours", 7200, "within 2.0 hours,", "2.0時間の間に" },
	{ "two days", 2 * 86400, "within 48.0 hours,", "48.0時間の間に" },
};

static void run_duration(void **state)
{
	const struct duration_case *c = *state;
	const char *const wants[LANGUAGES] = { c->en, c->ja };
	struct device device = device_named("reception");
	struct finding f = finding_of(SIGNAL_SCAN_INSIDE);

	f.signal.last = test_after_seconds(c->seconds);
	for (int l = 0; l < LANGUAGES; l++) {
		char chars[WORDS_TEXT_LEN];
		struct text text = text_over(chars, sizeof(chars));

		words_sentence(&f, &device, (enum language)l, &text);
		if (!strstr(chars, wants[l]))
			fail_msg("no \"%s\" in: %s", wants[l], chars);
	}
}

static void every_reason_has_words(void **state)
{
	static const double values[] = { 0, 0.5, 1, 16, 1e6, 1.8446744073709552e19, -1.5 };

	(void)state;
	for (int code = 0; code < REASON_CODES; code++) {
		for (size_t v = 0; v < ARRAY_LEN(values); v++) {
			for (int l = 0; l < 3 * LANGUAGES; l++) {
				const struct reason r = { .code = (uint8_t)code,
							  .comparison = (uint8_t)(l / LANGUAGES),
							  .value = values[v],
							  .threshold = values[v] };
				char chars[WORDS_TEXT_LEN];
				struct text text = text_over(chars, sizeof(chars));

				words_reason(&r, (enum language)(l % LANGUAGES), &text);
				assert_good(chars);
				assert_false(text.is_cut);
			}
		}
	}
}

struct reason_case {
	const char *name;
	struct reason reason;
	const char *en;
	const char *ja;
};

static struct reason_case reasons[] = {
	{ "a count with its threshold",
	  { REASON_CHECK_INS, COMPARE_AT_LEAST, 41, 16 },
	  "contacts: 41 (at least 16)",
	  "通信回数：41回（16回以上）" },
	{ "a share in per cent",
	  { REASON_SPREAD, COMPARE_AT_MOST, 0.123, 0.35 },
	  "spread of that time: 12 % (at most 35 %)",
	  "間隔のばらつき：12 %（35 %以下）" },
	{ "a measure without a threshold",
	  { REASON_PERIOD, COMPARE_NONE, 60.25, 0 },
	  "time between contacts: 60.25 s",
	  "通信の間隔：60.25秒" },
	{ "a fact without a value",
	  { REASON_NO_NAME, COMPARE_NONE, 1, 0 },
	  "the address was used without a name",
	  "名前を使わずアドレスに直接通信" },
	{ "bytes beyond any counter",
	  { REASON_BYTES_UP, COMPARE_NONE, 18446744073709551616.0, 0 },
	  "sent: 18446744073709551616 bytes",
	  "送信量：18446744073709551616バイト" },
};

static void run_reason(void **state)
{
	const struct reason_case *c = *state;
	char chars[WORDS_TEXT_LEN];
	struct text text = text_over(chars, sizeof(chars));

	words_reason(&c->reason, LANGUAGE_EN, &text);
	assert_string_equal(chars, c->en);
	text = text_over(chars, sizeof(chars));
	words_reason(&c->reason, LANGUAGE_JA, &text);
	assert_string_equal(chars, c->ja);
}

struct unknown_case {
	const char *name;
	struct case_view view;
	const char *en;
	const char *ja;
};

#define HOURS_SEEN .first = 0, .last = 2 * NANOTIME_HOUR

static struct unknown_case unknowns[] = {
	{ "nothing is unknown", { HOURS_SEEN, .dns_seen = true, .has_history = true }, "", "" },
	{ "a short capture",
	  { HOURS_SEEN, .dns_seen = true },
	  "Only 2.0 hours were recorded: what is usual for this device is not known.",
	  "この記録の2.0時間のみが対象で、この機器の普段の動きは分かりません。" },
	{ "no name lookups",
	  { HOURS_SEEN, .has_history = true },
	  "No name lookups were seen, so addresses may lack names.",
	  "名前の問い合わせが見えていないため、宛先の名前が欠けることがあります。" },
	{ "frames refused",
	  { HOURS_SEEN, .dns_seen = true, .has_history = true, .refused = 7 },
	  "7 frames could not be read.",
	  "読み取れないフレームが7個ありました。" },
	{ "all of them",
	  { HOURS_SEEN, .refused = UINT64_MAX },
	  "Only 2.0 hours were recorded: what is usual for this device is not known. No name "
	  "lookups were seen, so addresses may lack names. 18446744073709551615 frames could not "
	  "be read.",
	  "この記録の2."
	  "0時間のみが対象で、この機器の普段の動きは分かりません。名前の問い合わせが見えて"
	  "いないため、宛先の名前が欠けることがあります。読み取れないフレームが18446744073709551615"
	  "個"
	  "ありました。" },
};

static void run_unknown(void **state)
{
	const struct unknown_case *c = *state;
	char chars[WORDS_TEXT_LEN];
	struct text text = text_over(chars, sizeof(chars));

	words_unknown(&c->view, LANGUAGE_EN, &text);
	assert_string_equal(chars, c->en);
	assert_clean(chars);
	text = text_over(chars, sizeof(chars));
	words_unknown(&c->view, LANGUAGE_JA, &text);
	assert_string_equal(chars, c->ja);
	assert_clean(chars);
}

#define TABLES (ARRAY_LEN(durations) + ARRAY_LEN(reasons) + ARRAY_LEN(unknowns))

int main(void)
{
	const struct CMUnitTest plain[] = {
		cmocka_unit_test(every_kind_has_words),
		cmocka_unit_test(every_sentence_is_filled_in),
		cmocka_unit_test(names_are_not_filled_in),
		cmocka_unit_test(extreme_values_are_not_cut),
		cmocka_unit_test(every_reason_has_words),
	};
	struct CMUnitTest tests[TABLES + ARRAY_LEN(plain)];
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(durations); i++)
		tests[n++] = (struct CMUnitTest){ .name = durations[i].name,
						  .test_func = run_duration,
						  .initial_state = &durations[i] };
	for (size_t i = 0; i < ARRAY_LEN(reasons); i++)
		tests[n++] = (struct CMUnitTest){ .name = reasons[i].name,
						  .test_func = run_reason,
						  .initial_state = &reasons[i] };
	for (size_t i = 0; i < ARRAY_LEN(unknowns); i++)
		tests[n++] = (struct CMUnitTest){ .name = unknowns[i].name,
						  .test_func = run_unknown,
						  .initial_state = &unknowns[i] };
	memcpy(&tests[n], plain, sizeof(plain));
	return cmocka_run_group_tests_name("case_words", tests, NULL, NULL);
}
