#include "sensor/case/case_words.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { COUNTED_EXACTLY = 64 };

struct kind_words {
	const char *title[LANGUAGES];
	/* With %D the device, %O the object, %N the count, %P the period, %T the time it took. */
	const char *sentence[LANGUAGES];
	const char *benign[LANGUAGES];
	const char *steps[WORDS_STEPS_MAX][LANGUAGES];
};

#define STEP_ASK_SOFTWARE                                                                                                              \
	{                                                                                                                              \
		"Ask the user of this device whether new software was installed shortly before "                                       \
		"this began.",                                                                                                         \
			"この機器の利用者に、この通信が始まる直前に新しいソフトを入れたか確認して" \
			"ください。"                                                                                              \
	}
#define STEP_UNPLUG                                                                                            \
	{                                                                                                      \
		"If nobody can explain it: unplug its network cable or leave its Wi-Fi, and keep "             \
		"it switched on.",                                                                             \
			"心当たりがなければ、電源は切らずに、LANケーブルを抜くかWi-" \
			"Fiを切ってください。"                                                        \
	}
#define STEP_CALL                                                                                           \
	{                                                                                                   \
		"Note the time, change nothing else, and call the help desk.",                              \
			"時刻を控え、ほかの操作はせずに、窓口へご連絡ください。" \
	}
#define STEP_ASK_SCAN                                                                                                                  \
	{                                                                                                                              \
		"Ask the user and your IT vendor whether somebody is checking the network with "                                       \
		"this device right now.",                                                                                              \
			"この機器でネットワークの調査や点検をしている人がいないか、利用者と保守業" \
			"者に確認してください。"                                                                            \
	}

static const struct kind_words kinds[SIGNAL_KINDS] = {
	[SIGNAL_BEACON] = {
		{ "Regular contact with an unfamiliar server",
		  "見慣れないサーバーへの規則的な通信" },
		{ "%D has contacted %O about every %P, %N times in %T, nearly always with the same "
		  "small amount of data. Remote-controlled malware often behaves like this; an "
		  "unusual update or monitoring program can too.",
		  "%Dが%Oへ約%Pごとに、%Tの間に%N回、ほぼ同じ量の小さなデータを送っています。遠隔操作される"
		  "不正プログラムによく見られる動きですが、珍しい更新確認・監視ソフトの可能性もあります。" },
		{ "A program of the office that reports to its maker at fixed times.",
		  "業務ソフトが決まった間隔で提供元に接続している場合は無害です。" },
		{ STEP_ASK_SOFTWARE, STEP_UNPLUG, STEP_CALL },
	},
	[SIGNAL_SCAN_INSIDE] = {
		{ "One device is trying many others in the office",
		  "事務所内の多数の機器への接続の試み" },
		{ "%D tried %N addresses in the office on %O within %T, and most did not answer. "
		  "Malware that looks for its next victim does this; so does a network check by "
		  "your IT vendor.",
		  "%Dが%Tの間に、事務所内の%N個のアドレスへ%Oで接続を試み、そのほとんどが失敗しました。"
		  "次の感染先を探す不正プログラムの動きですが、保守業者による点検でも同じことが起きます。" },
		{ "An inventory or monitoring program, or a search for printers.",
		  "資産管理・監視ソフト、プリンターの検索であれば無害です。" },
		{ STEP_ASK_SCAN, STEP_UNPLUG, STEP_CALL },
	},
	[SIGNAL_SCAN_OUTSIDE] = {
		{ "One device is trying many addresses on the internet",
		  "インターネット上の多数の宛先への接続の試み" },
		{ "%D tried %N addresses on the internet on %O within %T, and nearly none answered. "
		  "Devices under somebody else's control do this to find more victims.",
		  "%Dが%Tの間に、インターネット上の%N個のアドレスへ%Oで接続を試み、ほとんど応答がありませ"
		  "んでした。他人に操られた機器が次の標的を探すときに見られる動きです。" },
		{ "A file-sharing or game program that looks for partners.",
		  "ファイル共有ソフトやゲームが相手を探している場合は無害です。" },
		{ STEP_ASK_SOFTWARE, STEP_UNPLUG, STEP_CALL },
	},
	[SIGNAL_SCAN_PORTS] = {
		{ "One device is trying the doors of another",
		  "ひとつの機器への多数のポートの探索" },
		{ "%D tried %N different ports of %O within %T, and most were closed. This is how "
		  "somebody looks for a way into a machine; a check by your IT vendor looks the "
		  "same.",
		  "%Dが%Tの間に、%Oの%N個のポートへ接続を試み、そのほとんどが閉じていました。侵入口を探す"
		  "ときの動きですが、保守業者による点検でも同じことが起きます。" },
		{ "A security check that somebody ordered.",
		  "依頼済みのセキュリティ診断であれば無害です。" },
		{ STEP_ASK_SCAN, STEP_UNPLUG, STEP_CALL },
	},
	[SIGNAL_SCAN_ARP] = {
		{ "One device is asking for every address in the office",
		  "事務所内の全アドレスの探索" },
		{ "%D asked for %N different addresses of the office network within %T, far more "
		  "than its work needs. This is the first step of a search for other machines; "
		  "inventory programs do it too.",
		  "%Dが%Tの間に、事務所のネットワークの%N個のアドレスを探しました。通常の利用では考えにく"
		  "い数です。ほかの機器を探す最初の段階で見られる動きですが、資産管理ソフトでも同じことが"
		  "起きます。" },
		{ "An inventory program, or a phone app that shows what is on the network.",
		  "資産管理ソフトや、ネットワーク上の機器を表示するアプリであれば無害です。" },
		{ STEP_ASK_SCAN, STEP_UNPLUG, STEP_CALL },
	},
	[SIGNAL_DNS_TUNNEL] = {
		{ "Data hidden in name lookups", "名前の問い合わせに隠されたデータ通信" },
		{ "%D asked for %N different names below %O within %T. The names look like data, "
		  "not like names: this is a way to carry data past a firewall.",
		  "%Dが%Tの間に、%Oの下の%N個の異なる名前を問い合わせました。名前というよりデータの形をしてお"
		  "り、ファイアウォールを抜けてデータを運ぶ手口に見られます。" },
		{ "A security product that sends fingerprints of files in names.",
		  "ウイルス対策製品がファイルの指紋を名前に入れて照会している場合は無害です。" },
		{ STEP_ASK_SOFTWARE, STEP_UNPLUG, STEP_CALL },
	},
	[SIGNAL_LISTED_CONTACT] = {
		{ "Contact with a server that is on a warning list",
		  "警告リストに載っているサーバーとの通信" },
		{ "%D exchanged data with %O, which is on the warning list that this sensor was "
		  "given.",
		  "%Dが、警告リストに載っている%Oとデータをやり取りしました。" },
		{ "The entry is out of date, or others share the same server.",
		  "リストの情報が古い場合や、同じサーバーを他者も使っている場合は無害です。" },
		{ STEP_ASK_SOFTWARE, STEP_UNPLUG, STEP_CALL },
	},
	[SIGNAL_LISTED_LOOKUP] = {
		{ "Lookup of a name that is on a warning list",
		  "警告リストに載っている名前の問い合わせ" },
		{ "%D asked where %O is, a name on the warning list that this sensor was given. No "
		  "exchange of data was seen.",
		  "%Dが、警告リストに載っている%Oの場所を問い合わせました。データのやり取りは見られていません。" },
		{ "A link in a mail or page that was fetched ahead and never opened.",
		  "メールやページ内のリンクが先読みされただけの場合は無害です。" },
		{ STEP_ASK_SOFTWARE, STEP_CALL },
	},
};

struct reason_words {
	const char *text[LANGUAGES];
	const char *unit[LANGUAGES];
	bool is_share; /* shown in per cent */
	bool is_fact;  /* holds or does not: no value to show */
};

static const struct reason_words reasons[REASON_CODES] = {
	[REASON_CHECK_INS] = { { "contacts", "通信回数" }, { "", "回" } },
	[REASON_PERIOD] = { { "time between contacts", "通信の間隔" }, { " s", "秒" } },
	[REASON_SPREAD] = { { "spread of that time", "間隔のばらつき" }, { "", "" }, true },
	[REASON_TAILS] = { { "longest against shortest, logarithm", "最長と最短の比の対数" },
			   { "", "" } },
	[REASON_SAME_SIZE] = { { "contacts of the usual size", "同じ大きさの通信" },
			       { "", "" },
			       true },
	[REASON_SCORE] = { { "score of rhythm and size", "規則性の点数" }, { "", "" } },
	[REASON_NO_NAME] = { { "the address was used without a name",
			       "名前を使わずアドレスに直接通信" },
			     { "", "" },
			     false,
			     true },
	[REASON_ODD_PORT] = { { "unusual port", "通常使われないポート" }, { "", "番" } },
	[REASON_UNKNOWN_PROTOCOL] = { { "no known protocol", "既知のプロトコルではない" },
				      { "", "" },
				      false,
				      true },
	[REASON_PLAIN_UPLOAD] = { { "sends data in unencrypted web requests",
				    "暗号化されていないWeb通信でデータを送信" },
				  { "", "" },
				  false,
				  true },
	[REASON_JITTER] = { { "the times vary as if on purpose, the content does not",
			      "内容は同じまま、間隔だけが意図的に揺らいでいる" },
			    { "", "" },
			    false,
			    true },
	[REASON_DEVICES] = { { "devices that use it", "利用している機器" }, { "", "台" } },
	[REASON_TARGETS] = { { "addresses tried", "試した宛先" }, { "", "個" } },
	[REASON_PORTS] = { { "ports tried", "試したポート" }, { "", "個" } },
	[REASON_FAILED] = { { "in vain", "失敗の割合" }, { "", "" }, true },
	[REASON_SCAN_ODDS] = { { "odds for a scanner", "探索である見込み(倍)" }, { "", "" } },
	[REASON_WINDOW] = { { "time it took", "かかった時間" }, { " s", "秒" } },
	[REASON_DISTINCT_NAMES] = { { "different names", "異なる名前" }, { "", "個" } },
	[REASON_NAME_BYTES] = { { "data that fits into them", "名前に入るデータ量" },
				{ " bytes", "バイト" } },
	[REASON_NAME_LENGTH] = { { "mean length of the names", "名前の平均の長さ" },
				 { " characters", "文字" } },
	[REASON_NAME_ENTROPY] = { { "randomness of the names", "名前の不規則さ" },
				  { " bits a character", "ビット/文字" } },
	[REASON_BULK_ANSWERS] = { { "answers of kinds that carry data", "データを運ぶ種類の応答" },
				  { "", "" },
				  true },
	[REASON_BYTES_UP] = { { "sent", "送信量" }, { " bytes", "バイト" } },
	[REASON_BYTES_DOWN] = { { "received", "受信量" }, { " bytes", "バイト" } },
	[REASON_LISTED] = { { "named in the warning list", "警告リストに記載" },
			    { "", "" },
			    false,
			    true },
};

static const char *const unit_seconds[LANGUAGES] = { " seconds", "秒" };
static const char *const unit_minutes[LANGUAGES] = { " minutes", "分" };
static const char *const unit_hours[LANGUAGES] = { " hours", "時間" };

static void add_duration(struct text *out, double seconds, enum language language)
{
	if (seconds < 0.95)
		text_format(out, "%s", language == LANGUAGE_EN ? "one second" : "1秒");
	else if (seconds < 9.95)
		text_format(out, "%.1f%s", seconds, unit_seconds[language]);
	else if (seconds < 120)
		text_format(out, "%.0f%s", seconds, unit_seconds[language]);
	else if (seconds < 2 * 3600)
		text_format(out, "%.0f%s", seconds / 60, unit_minutes[language]);
	else
		text_format(out, "%.1f%s", seconds / 3600, unit_hours[language]);
}

static double reason_value(const struct signal *s, enum reason_code code)
{
	for (uint8_t i = 0; i < s->reason_count; i++) {
		if (s->reasons[i].code == code)
			return s->reasons[i].value;
	}
	return 0;
}

static void add_object(struct text *out, const struct signal *s, enum language language)
{
	const struct signal_object *o = &s->object;

	if (o->kind == OBJECT_PORT && language == LANGUAGE_EN && strcmp(o->text, "ping") != 0)
		text_add(out, "port ");
	else if (o->kind == OBJECT_PORT && strcmp(o->text, "ping") != 0)
		text_add(out, "ポート");
	text_add(out, o->text);
}

/* Many different things are counted by a sketch (statistics.h): then the number is about right. */
static void add_count(struct text *out, const struct signal *s, enum language language)
{
	if (s->kind != SIGNAL_BEACON && s->count > COUNTED_EXACTLY)
		text_add(out, language == LANGUAGE_EN ? "about " : "約");
	text_format(out, "%" PRIu64, s->count);
}

const char *words_title(enum signal_kind kind, enum language language)
{
	return kinds[kind].title[language];
}

void words_sentence(const struct finding *finding, const struct device *device,
		    enum language language, struct text *out)
{
	const struct signal *s = &finding->signal;

	for (const char *c = kinds[s->kind].sentence[language]; *c; c++) {
		char words[WORDS_TEXT_LEN];
		size_t len = strcspn(c, "%");

		memcpy(words, c, len);
		words[len] = '\0';
		text_add(out, words);
		c += len;
		if (*c == '\0')
			break;
		c++;
		if (*c == 'D')
			case_device_name(device, out);
		else if (*c == 'O')
			add_object(out, s, language);
		else if (*c == 'N')
			add_count(out, s, language);
		else if (*c == 'P')
			add_duration(out, reason_value(s, REASON_PERIOD), language);
		else if (*c == 'T')
			add_duration(out, nanotime_seconds(nanotime_between(s->first, s->last)),
				     language);
	}
}

static void add_value(struct text *out, const struct reason_words *words, double value,
		      enum language language)
{
	if (words->is_share)
		text_format(out, "%.0f %%", value * 100);
	else if (value == floor(value))
		text_format(out, "%.0f%s", value, words->unit[language]);
	else
		text_format(out, "%.2f%s", value, words->unit[language]);
}

void words_reason(const struct reason *reason, enum language language, struct text *out)
{
	const struct reason_words *words = &reasons[reason->code];
	bool is_en = language == LANGUAGE_EN;

	text_add(out, words->text[language]);
	if (words->is_fact)
		return;
	text_add(out, is_en ? ": " : "：");
	add_value(out, words, reason->value, language);
	if (reason->comparison == COMPARE_NONE)
		return;
	text_add(out, is_en ? " (" : "（");
	if (is_en)
		text_add(out, reason->comparison == COMPARE_AT_LEAST ? "at least " : "at most ");
	add_value(out, words, reason->threshold, language);
	if (!is_en)
		text_add(out, reason->comparison == COMPARE_AT_LEAST ? "以上" : "以下");
	text_add(out, is_en ? ")" : "）");
}

bool words_is_plain(enum reason_code code)
{
	return code != REASON_SPREAD && code != REASON_TAILS && code != REASON_SCORE &&
	       code != REASON_SCAN_ODDS && code != REASON_NAME_ENTROPY;
}

const char *words_step(enum signal_kind kind, size_t i, enum language language)
{
	return i < WORDS_STEPS_MAX ? kinds[kind].steps[i][language] : NULL;
}

const char *words_benign(enum signal_kind kind, enum language language)
{
	return kinds[kind].benign[language];
}

void words_unknown(const struct case_view *view, enum language language, struct text *out)
{
	bool is_en = language == LANGUAGE_EN;

	if (!view->has_history) {
		text_add(out, is_en ? "Only " : "この記録の");
		add_duration(out, nanotime_seconds(nanotime_between(view->first, view->last)),
			     language);
		text_add(out, is_en ? " were recorded: what is usual for this device is not known."
				    : "のみが対象で、この機器の普段の動きは分かりません。");
	}
	if (is_en && out->len > 0 && !view->dns_seen)
		text_add_char(out, ' ');
	if (!view->dns_seen)
		text_add(out, is_en ? "No name lookups were seen, so addresses may lack names."
				    : "名前の問い合わせが見えていないため、宛先の名前が欠けることが"
				      "あります。");
	if (is_en && out->len > 0 && view->refused > 0)
		text_add_char(out, ' ');
	if (view->refused > 0) {
		text_format(out,
			    is_en ? "%" PRIu64 " frames could not be read."
				  : "読み取れないフレームが%" PRIu64 "個ありました。",
			    view->refused);
	}
}
