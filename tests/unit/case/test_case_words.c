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
	signal_tell(&f.signal, REASON_PERIOD, 60);
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

static void assert_sentences(const struct finding *f)
{
	struct device device = device_named("reception");

	for (int l = 0; l < LANGUAGES; l++) {
		char chars[WORDS_TEXT_LEN];
		struct text text = text_over(chars, sizeof(chars));

		words_sentence(f, &device, (enum language)l, &text);
		assert_good(chars);
		assert_null(strpbrk(chars, "%{|}"));
		assert_non_null(strstr(chars, "reception"));
		assert_false(text.is_cut);
		if (f->signal.direction == DIRECTION_LATERAL)
			assert_null(strstr(chars, "outside"));
	}
}

static void every_sentence_is_filled_in(void **state)
{
	(void)state;
	for (int k = 0; k < SIGNAL_KINDS; k++) {
		for (int d = DIRECTION_UNKNOWN; d <= DIRECTION_LATERAL; d++) {
			for (int o = OUTCOME_ATTEMPT; o <= OUTCOME_DATA; o++) {
				struct finding f = finding_of((enum signal_kind)k);

				f.signal.direction = (uint8_t)d;
				f.signal.outcome = (uint8_t)o;
				assert_sentences(&f);
			}
		}
	}
}

/* Whether `word` begins `text` and ends there. */
static bool is_word(const char *text, const char *word)
{
	size_t len = strlen(word);

	return strncmp(text, word, len) == 0 &&
	       (text[len] == '\0' || strchr(" .,;:)", text[len]) != NULL);
}

/* What is counted anywhere, beside each kind's own unit. */
static bool is_plural(const char *text)
{
	static const char *const nouns[] = {
		"times",      "machines", "accounts", "others",    "bytes",   "bits",
		"characters", "services", "requests", "entrances", "pieces",  "addresses",
		"minutes",    "hours",    "seconds",  "frames",    "devices",
	};

	for (size_t i = 0; i < ARRAY_LEN(nouns); i++) {
		if (is_word(text, nouns[i]))
			return true;
	}
	for (int k = 0; k < SIGNAL_KINDS; k++) {
		const struct signal many = { .kind = (uint8_t)k, .count = 2 };

		if (is_word(text, words_unit(&many)))
			return true;
	}
	return false;
}

/* No "1 other machines": up to two words may stand between. */
static void assert_one_is_one(const char *text)
{
	enum { WORDS_BETWEEN = 2 };

	for (const char *at = strstr(text, "1 "); at; at = strstr(at + 1, "1 ")) {
		const char *word = at + 2;

		if (at > text && !strchr(" (", at[-1]))
			continue;
		for (int i = 0; i <= WORDS_BETWEEN; i++) {
			size_t len = strcspn(word, " .,;:()");

			if (is_plural(word))
				fail_msg("one is not many: %s", text);
			if (word[len] != ' ')
				break;
			word += len + 1;
		}
	}
}

static void assert_one_in_sentences(struct finding *f)
{
	struct device device = device_named("reception");

	f->signal.count = 1;
	for (int d = DIRECTION_UNKNOWN; d <= DIRECTION_LATERAL; d++) {
		for (int o = OUTCOME_ATTEMPT; o <= OUTCOME_DATA; o++) {
			char chars[WORDS_TEXT_LEN];
			struct text text = text_over(chars, sizeof(chars));

			f->signal.direction = (uint8_t)d;
			f->signal.outcome = (uint8_t)o;
			words_sentence(f, &device, LANGUAGE_EN, &text);
			assert_one_is_one(chars);
		}
	}
}

/* Each story, and the other one that some reasons lead to, told of a single thing. */
static void one_is_told_as_one(void **state)
{
	(void)state;
	for (int k = 0; k < SIGNAL_KINDS; k++) {
		for (int code = 0; code < REASON_CODES; code++) {
			struct finding f = finding_of((enum signal_kind)k);

			signal_tell(&f.signal, (enum reason_code)code, 1);
			assert_one_in_sentences(&f);
		}
	}
	for (int code = 0; code < REASON_CODES; code++) {
		const struct reason one = { .code = (uint8_t)code,
					    .comparison = COMPARE_AT_LEAST,
					    .value = 1,
					    .threshold = 1 };
		char chars[WORDS_TEXT_LEN];
		struct text text = text_over(chars, sizeof(chars));

		words_reason(&one, LANGUAGE_EN, &text);
		assert_one_is_one(chars);
		text = text_over(chars, sizeof(chars));
		words_opposite(&one, LANGUAGE_EN, &text);
		assert_one_is_one(chars);
	}
}

struct claim_case {
	const char *name;
	enum signal_kind kind;
	enum direction direction;
	enum outcome outcome;
	enum reason_code reason;
	const char *has[LANGUAGES];
	const char *lacks[LANGUAGES];
};

/* What was not measured is not said. */
static struct claim_case claims[] = {
	{ "a beacon to the outside",
	  SIGNAL_BEACON,
	  DIRECTION_OUTBOUND,
	  OUTCOME_DATA,
	  REASON_SAME_SIZE,
	  { "mostly with the same amount of data", "多くの場合ほぼ同じ量の" },
	  { "another device", "事務所内" } },
	{ "a beacon inside",
	  SIGNAL_BEACON,
	  DIRECTION_LATERAL,
	  OUTCOME_DATA,
	  REASON_SAME_SIZE,
	  { "c2.example.net, another device in the office,", "別の機器（c2.example.net）" },
	  { "server", "サーバー" } },
	{ "names that look like data",
	  SIGNAL_DNS_TUNNEL,
	  DIRECTION_OUTBOUND,
	  OUTCOME_DATA,
	  REASON_NAME_BYTES,
	  { "names look like data", "データのような文字列" },
	  { "answers", "応答" } },
	{ "answers that carry data",
	  SIGNAL_DNS_TUNNEL,
	  DIRECTION_OUTBOUND,
	  OUTCOME_DATA,
	  REASON_BULK_ANSWERS,
	  { "kinds that can carry data", "データを運べる種類" },
	  { "look like data", "文字列" } },
	{ "a listed server that answered",
	  SIGNAL_LISTED_CONTACT,
	  DIRECTION_OUTBOUND,
	  OUTCOME_ANSWERED,
	  REASON_LISTED,
	  { "was in contact with c2.example.net", "c2.example.netと通信しました" },
	  { "data", "データ" } },
	{ "a listed server and data",
	  SIGNAL_LISTED_CONTACT,
	  DIRECTION_OUTBOUND,
	  OUTCOME_DATA,
	  REASON_LISTED,
	  { "exchanged data with c2.example.net", "データをやり取りしました" },
	  { "was in contact", "通信しました" } },
};

static void run_claim(void **state)
{
	const struct claim_case *c = *state;
	struct device device = device_named("reception");
	struct finding f = finding_of(c->kind);

	f.signal.direction = (uint8_t)c->direction;
	f.signal.outcome = (uint8_t)c->outcome;
	signal_tell(&f.signal, c->reason, 1);
	for (int l = 0; l < LANGUAGES; l++) {
		char chars[WORDS_TEXT_LEN];
		struct text text = text_over(chars, sizeof(chars));

		words_sentence(&f, &device, (enum language)l, &text);
		if (!strstr(chars, c->has[l]))
			fail_msg("no \"%s\" in: %s", c->has[l], chars);
		if (strstr(chars, c->lacks[l]))
			fail_msg("\"%s\" in: %s", c->lacks[l], chars);
	}
}

struct object_case {
	const char *name;
	enum object_kind kind;
	const char *text;
	const char *en;
	const char *ja;
};

static struct object_case objects[] = {
	{ "a name as it is", OBJECT_HOST, "c2.example.net", "c2.example.net", "c2.example.net" },
	{ "a port", OBJECT_PORT, "445/tcp", "port 445/tcp", "ポート（接続口）445/tcp" },
	{ "no port at all", OBJECT_PORT, "ping", "ping", "ping" },
	{ "the network", OBJECT_NETWORK, "arp", "the office network", "事務所のネットワーク" },
};

static void run_object(void **state)
{
	const struct object_case *c = *state;
	const char *const wants[LANGUAGES] = { c->en, c->ja };
	struct finding f = finding_of(SIGNAL_SCAN_INSIDE);

	f.signal.object.kind = (uint8_t)c->kind;
	(void)snprintf(f.signal.object.text, FACT_NAME_LEN, "%s", c->text);
	for (int l = 0; l < LANGUAGES; l++) {
		char chars[WORDS_TEXT_LEN];
		struct text text = text_over(chars, sizeof(chars));

		words_object(&f.signal, (enum language)l, &text);
		assert_string_equal(chars, wants[l]);
	}
}

struct count_case {
	const char *name;
	enum signal_kind kind;
	uint64_t count;
	const char *en;
	const char *ja;
};

static struct count_case counts[] = {
	{ "few names", SIGNAL_DNS_TUNNEL, 64, "64", "64" },
	{ "many names", SIGNAL_DNS_TUNNEL, 65, "about 65", "約65" },
	{ "many contacts", SIGNAL_BEACON, 65, "65", "65" },
};

static void the_noun_goes_with_the_number(void **state)
{
	static const char *const wants[] = { "sent 1 web request to", "sent 2 web requests to" };
	struct device device = device_named("reception");
	struct finding f = finding_of(SIGNAL_ODD_HTTP);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wants); i++) {
		char chars[WORDS_TEXT_LEN];
		struct text text = text_over(chars, sizeof(chars));

		f.signal.count = i + 1;
		words_sentence(&f, &device, LANGUAGE_EN, &text);
		assert_non_null(strstr(chars, wants[i]));
	}
}

static void run_count(void **state)
{
	const struct count_case *c = *state;
	const char *const wants[LANGUAGES] = { c->en, c->ja };
	struct finding f = finding_of(c->kind);

	f.signal.count = c->count;
	for (int l = 0; l < LANGUAGES; l++) {
		char chars[WORDS_TEXT_LEN];
		struct text text = text_over(chars, sizeof(chars));

		words_count(&f.signal, (enum language)l, &text);
		assert_string_equal(chars, wants[l]);
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
		for (int l = 0; l < 2 * LANGUAGES; l++) {
			struct finding f = finding_of((enum signal_kind)k);
			char chars[WORDS_TEXT_LEN];
			struct text text = text_over(chars, sizeof(chars));

			f.signal.first = 0;
			f.signal.last = UINT64_MAX;
			f.signal.count = UINT64_MAX;
			f.signal.object.kind = OBJECT_PORT;
			f.signal.reasons[0].value = 1e15;
			if (l >= LANGUAGES) { /* the other story of those that have two */
				f.signal.direction = DIRECTION_LATERAL;
				f.signal.outcome = OUTCOME_DATA;
				signal_tell(&f.signal, REASON_BULK_ANSWERS, 1);
			}
			memset(f.signal.object.text, 'o', FACT_NAME_LEN - 1);
			words_sentence(&f, &device, (enum language)(l % LANGUAGES), &text);
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
	{ "no time at all", 0, " within a second, and", "は1秒以内に、" },
	{ "less than a second", 0.61, " within a second, and", "は1秒以内に、" },
	{ "one second", 1, " within 1 second, and", "は1秒の間に、" },
	{ "a second and a half", 1.5, "within 1.5 seconds,", "1.5秒の間に" },
	{ "a few seconds", 5.04, "within 5 seconds,", "5秒の間に" },
	{ "a minute", 60, "within 60 seconds,", "60秒の間に" },
	{ "some minutes", 150, "within 2.5 minutes,", "2.5分の間に" },
	{ "ten minutes", 600, "within 10 minutes,", "10分の間に" },
	{ "two hours", 7200, "within 2 hours,", "2時間の間に" },
	{ "two days", 2 * 86400, "within 48 hours,", "48時間の間に" },
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

static void every_explanation_has_words(void **state)
{
	(void)state;
	for (int k = 0; k < SIGNAL_KINDS; k++) {
		for (int g = 0; g < GATE_ANSWERS; g++) {
			if ((story_of((enum signal_kind)k)->tries & TRIES(g)) == 0)
				continue;
			for (int l = 0; l < 2 * LANGUAGES; l++) {
				const struct consideration c = { .gate = (uint8_t)g,
								 .is_known = l >= LANGUAGES };
				char chars[WORDS_TEXT_LEN];
				struct text text = text_over(chars, sizeof(chars));

				words_considered(&c, (enum language)(l % LANGUAGES), &text);
				assert_good(chars);
			}
		}
	}
}

static void every_reason_has_a_name_of_its_own(void **state)
{
	(void)state;
	for (int i = 0; i < REASON_CODES; i++) {
		for (int k = 0; k < i; k++)
			assert_string_not_equal(words_reason_name((enum reason_code)i),
						words_reason_name((enum reason_code)k));
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

#define REASON(c, how, v, t)                                                                 \
	{                                                                                    \
		.code = (c), .comparison = (how), .value = (v), .threshold = (t), .times = 1 \
	}

static struct reason_case reasons[] = {
	{ "a count with its threshold", REASON(REASON_CHECK_INS, COMPARE_AT_LEAST, 41, 16),
	  "contacts: 41 (at least 16)", "通信回数：41回（16回以上）" },
	{ "a share in per cent", REASON(REASON_SPREAD, COMPARE_AT_MOST, 0.123, 0.35),
	  "spread of that time: 12 % (at most 35 %)", "間隔のばらつき：12%（35%以下）" },
	{ "a measure without a threshold", REASON(REASON_PERIOD, COMPARE_NONE, 60.25, 0),
	  "time between contacts: 60.25 s", "通信の間隔：60.25秒" },
	{ "a fact without a value", REASON(REASON_NO_NAME, COMPARE_NONE, 1, 0),
	  "the address was used without a name", "名前を使わずアドレスに直接通信" },
	{ "bytes beyond any counter",
	  REASON(REASON_BYTES_UP, COMPARE_NONE, 18446744073709551616.0, 0),
	  "sent: 18446744073709551616 bytes", "送信量：18446744073709551616バイト" },
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
	  "The recording covers only 2 hours: what is usual for this device is not known.",
	  "記録されたのは2時間のみのため、この機器の普段の動きは分かりません。" },
	{ "a moment",
	  { .first = 0, .last = NANOTIME_SECOND / 2, .dns_seen = true },
	  "The recording covers only 1 second: what is usual for this device is not known.",
	  "記録されたのは1秒のみのため、この機器の普段の動きは分かりません。" },
	{ "no name lookups",
	  { HOURS_SEEN, .has_history = true },
	  "No name lookups were seen, so addresses may lack names.",
	  "名前の問い合わせが見えていないため、宛先の名前が欠けることがあります。" },
	{ "frames refused",
	  { HOURS_SEEN, .dns_seen = true, .has_history = true, .refused = 7 },
	  "7 frames could not be read.",
	  "読み取れなかったデータ（フレーム）が7個ありました。" },
	{ "one frame refused",
	  { HOURS_SEEN, .dns_seen = true, .has_history = true, .refused = 1 },
	  "1 frame could not be read.",
	  "読み取れなかったデータ（フレーム）が1個ありました。" },
	{ "all of them",
	  { HOURS_SEEN, .refused = UINT64_MAX },
	  "The recording covers only 2 hours: what is usual for this device is not known. No name "
	  "lookups were seen, so addresses may lack names. 18446744073709551615 frames could not "
	  "be read.",
	  "記録されたのは2時間のみのため、この機器の普段の動きは分かりません。"
	  "名前の問い合わせが見えていないため、宛先の名前が欠けることがあります。"
	  "読み取れなかったデータ（フレーム）が18446744073709551615個ありました。" },
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

#define TABLES                                                                               \
	(ARRAY_LEN(claims) + ARRAY_LEN(objects) + ARRAY_LEN(counts) + ARRAY_LEN(durations) + \
	 ARRAY_LEN(reasons) + ARRAY_LEN(unknowns))

/* One test for each row of a table; a row begins with its name. */
#define ADD_TABLE(rows, run)                                                                    \
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)                                            \
		tests[n++] = (struct CMUnitTest)                                                \
		{                                                                               \
			.name = (rows)[i].name, .test_func = (run), .initial_state = &(rows)[i] \
		}

int main(void)
{
	const struct CMUnitTest plain[] = {
		cmocka_unit_test(every_kind_has_words),
		cmocka_unit_test(every_sentence_is_filled_in),
		cmocka_unit_test(one_is_told_as_one),
		cmocka_unit_test(the_noun_goes_with_the_number),
		cmocka_unit_test(names_are_not_filled_in),
		cmocka_unit_test(extreme_values_are_not_cut),
		cmocka_unit_test(every_reason_has_words),
		cmocka_unit_test(every_explanation_has_words),
		cmocka_unit_test(every_reason_has_a_name_of_its_own),
	};
	struct CMUnitTest tests[TABLES + ARRAY_LEN(plain)];
	size_t n = 0;

	ADD_TABLE(claims, run_claim);
	ADD_TABLE(objects, run_object);
	ADD_TABLE(counts, run_count);
	ADD_TABLE(durations, run_duration);
	ADD_TABLE(reasons, run_reason);
	ADD_TABLE(unknowns, run_unknown);
	memcpy(&tests[n], plain, sizeof(plain));
	return cmocka_run_group_tests_name("case_words", tests, NULL, NULL);
}
