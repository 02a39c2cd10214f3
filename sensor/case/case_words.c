#include "sensor/case/case_words.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { COUNTED_EXACTLY = 64 };

enum step { STEP_NONE, STEP_ASK_SOFTWARE, STEP_ASK_SCAN, STEP_UNPLUG, STEP_CALL, STEPS };

/* Of some kinds there are two stories; story_of() tells them apart by what was measured. */
enum story { STORY_USUAL, STORY_OTHER, STORIES };

struct kind_words {
	const char *title[LANGUAGES];
	/* With %D the device, %O the object, %N the count, %P the period, %T "within ...". */
	const char *sentence[STORIES][LANGUAGES];
	const char *benign[LANGUAGES];  /* goes on from "can be harmless if" */
	uint8_t steps[WORDS_STEPS_MAX]; /* enum step */
};

static const char *const steps[STEPS][LANGUAGES] = {
	[STEP_ASK_SOFTWARE] = {
		"Ask the user of this device whether new software was installed shortly before "
		"this began.",
		"この機器の利用者に、この通信が始まる直前に新しいソフトを入れたかどうか確認してください。",
	},
	[STEP_ASK_SCAN] = {
		"Ask the user and your IT vendor whether somebody is checking the network with "
		"this device right now.",
		"この機器でネットワークの調査や点検をしていないか、利用者と保守業者に確認してください。",
	},
	[STEP_UNPLUG] = {
		"If nobody can explain it: unplug the network cable of this device or disconnect "
		"it from the Wi-Fi, and keep it switched on.",
		"心当たりがなければ、この機器の電源は入れたまま、LANケーブルを抜くか、"
		"この機器のWi-Fi接続をオフにしてください。",
	},
	[STEP_CALL] = {
		"Note the time, change nothing else, and call the help desk.",
		"時刻を控え、ほかの操作はせずに、サポート窓口へご連絡ください。",
	},
};

static const struct kind_words kinds[SIGNAL_KINDS] = {
	[SIGNAL_BEACON] = {
		{ "Regular contact with one server", "特定の相手との規則的な通信" },
		{ { "%D has contacted %O about every %P, %N times %T, mostly with the same amount "
		    "of data. Remote-controlled malware often behaves like this; an uncommon "
		    "update or monitoring program can too.",
		    "%Dは%Tに%N回、約%Pごとに、多くの場合ほぼ同じ量のデータを%Oへ送りました。"
		    "遠隔操作される不正プログラムによく見られる動きですが、"
		    "更新の確認や監視を行うソフトの場合もあります。" },
		  { "%D has contacted %O, another device in the office, about every %P, %N times "
		    "%T, mostly with the same amount of data. Malware that passes on orders "
		    "inside an office can behave like this; backup, printing and monitoring "
		    "programs can too.",
		    "%Dは%Tに%N回、約%Pごとに、多くの場合ほぼ同じ量のデータを"
		    "事務所内の別の機器（%O）へ送りました。"
		    "不正プログラムが事務所内で指示を中継するときに見られる動きですが、"
		    "バックアップや印刷、監視のソフトの場合もあります。" } },
		{ "it is a program of the office that reports to its maker or to an office server "
		  "at fixed times.",
		  "業務で使うソフトが、決まった間隔で提供元や社内サーバーに接続している場合。" },
		{ STEP_ASK_SOFTWARE, STEP_UNPLUG, STEP_CALL },
	},
	[SIGNAL_SCAN_INSIDE] = {
		{ "One device is trying many addresses in the office",
		  "事務所内の多数のアドレスへの接続の試み" },
		{ { "%D tried %N addresses in the office (%O) %T, and most attempts failed. "
		    "Malware that looks for its next victim does this; so does a network check by "
		    "your IT vendor.",
		    "%Dは%Tに、事務所内の%N個のアドレスへ%Oで接続を試み、その多くが失敗しました。"
		    "次の感染先を探す不正プログラムに見られる動きですが、"
		    "保守業者による点検の場合もあります。" } },
		{ "it is an inventory or monitoring program, or a search for printers.",
		  "資産管理や監視のソフト、またはプリンターの検索の場合。" },
		{ STEP_ASK_SCAN, STEP_UNPLUG, STEP_CALL },
	},
	[SIGNAL_SCAN_OUTSIDE] = {
		{ "One device is trying many addresses on the internet",
		  "インターネット上の多数のアドレスへの接続の試み" },
		{ { "%D tried %N addresses on the internet (%O) %T, and nearly all attempts failed. "
		    "Devices under somebody else's control do this to find more victims; "
		    "file-sharing and game programs can look similar.",
		    "%Dは%Tに、インターネット上の%N個のアドレスへ%Oで接続を試み、そのほぼすべてが失敗しました。"
		    "外部から操られた機器が次の標的を探すときに見られる動きですが、"
		    "ファイル共有ソフトやゲームの場合もあります。" } },
		{ "it is a file-sharing or game program that looks for partners.",
		  "ファイル共有ソフトやゲームが通信相手を探している場合。" },
		{ STEP_ASK_SOFTWARE, STEP_UNPLUG, STEP_CALL },
	},
	[SIGNAL_SCAN_PORTS] = {
		{ "One device is trying many ports of another",
		  "ひとつの機器の多数のポートへの接続の試み" },
		{ { "%D tried %N different ports of %O %T, and most attempts failed. This is how "
		    "somebody looks for a way into a machine; a check by your IT vendor looks the "
		    "same.",
		    "%Dは%Tに、%Oの%N個のポート（接続口）へ接続を試み、その多くが失敗しました。"
		    "侵入口を探すときに見られる動きですが、保守業者による点検の場合もあります。" } },
		{ "it is a security check that somebody ordered.",
		  "依頼済みのセキュリティ診断の場合。" },
		{ STEP_ASK_SCAN, STEP_UNPLUG, STEP_CALL },
	},
	[SIGNAL_SCAN_ARP] = {
		{ "One device is looking for many addresses in the office",
		  "事務所内の多数のアドレスの探索" },
		{ { "%D looked for %N different addresses in the office network %T, more than "
		    "everyday work usually needs. This can be the first step of a search for other "
		    "machines; inventory programs do it too.",
		    "%Dは%Tに、事務所のネットワークで%N個のアドレスを探しました。"
		    "通常の業務ではあまり見られない数です。"
		    "ほかの機器を探す最初の段階で見られる動きですが、資産管理ソフトの場合もあります。" } },
		{ "it is an inventory program, or a phone app that shows what is on the network.",
		  "資産管理ソフトや、ネットワーク上の機器を表示するアプリの場合。" },
		{ STEP_ASK_SCAN, STEP_UNPLUG, STEP_CALL },
	},
	[SIGNAL_DNS_TUNNEL] = {
		{ "Possible data transfer in name lookups",
		  "名前の問い合わせを使ったデータ通信の疑い" },
		{ { "%D asked for %N different names below %O %T. The names look like data, not "
		    "like names: this is a way to carry data past a firewall; some security "
		    "products do it too.",
		    "%Dは%Tに、%Oで終わる%N個の異なる名前を問い合わせました。"
		    "名前というよりデータのような文字列です。"
		    "ファイアウォールをすり抜けてデータを運ぶ手口に見られますが、"
		    "一部のセキュリティ製品の場合もあります。" },
		  { "%D asked for %N different names below %O %T, and many of the answers were of "
		    "kinds that can carry data. This is a way to carry data past a firewall; some "
		    "security products do it too.",
		    "%Dは%Tに、%Oで終わる%N個の異なる名前を問い合わせました。"
		    "応答には、データを運べる種類のものが多く含まれていました。"
		    "ファイアウォールをすり抜けてデータを運ぶ手口に見られますが、"
		    "一部のセキュリティ製品の場合もあります。" } },
		{ "it is a security product that sends fingerprints of files in names.",
		  "セキュリティ製品が、ファイルの識別情報（ハッシュ値）を名前に入れて照会している場合。" },
		{ STEP_ASK_SOFTWARE, STEP_UNPLUG, STEP_CALL },
	},
	[SIGNAL_LISTED_CONTACT] = {
		{ "Contact with a server that is on a warning list",
		  "警告リストに載っているサーバーとの通信" },
		{ { "%D was in contact with %O, which is on the warning list that this sensor was "
		    "given.",
		    "%Dは、警告リストに載っている%Oと通信しました。" },
		  { "%D exchanged data with %O, which is on the warning list that this sensor was "
		    "given.",
		    "%Dは、警告リストに載っている%Oとデータをやり取りしました。" } },
		{ "the entry is out of date, or others share the same server.",
		  "リストの情報が古い場合や、同じサーバーをほかの利用者も使っている場合。" },
		{ STEP_ASK_SOFTWARE, STEP_UNPLUG, STEP_CALL },
	},
	[SIGNAL_LISTED_LOOKUP] = {
		{ "Lookup of a name that is on a warning list",
		  "警告リストに載っている名前の問い合わせ" },
		{ { "%D looked up the address of %O, a name on the warning list that this sensor "
		    "was given. No exchange of data with it was seen.",
		    "%Dは、警告リストに載っている%Oの接続先（IPアドレス）を調べました。"
		    "データのやり取りは確認されていません。" } },
		{ "it is a link in a mail or page that was fetched ahead and never opened.",
		  "メールやページ内のリンクが、開かれずに先読みされただけの場合。" },
		{ STEP_ASK_SOFTWARE, STEP_CALL },
	},
};

struct reason_words {
	const char *text[LANGUAGES];
	const char *unit[LANGUAGES]; /* NULL is none */
	bool is_share;               /* shown in per cent */
	bool is_fact;                /* holds or does not: no value to show */
};

static const struct reason_words reasons[REASON_CODES] = {
	[REASON_CHECK_INS] = { { "contacts", "通信回数" }, .unit = { "", "回" } },
	[REASON_PERIOD] = { { "time between contacts", "通信の間隔" }, .unit = { " s", "秒" } },
	[REASON_SPREAD] = { { "spread of that time", "間隔のばらつき" }, .is_share = true },
	[REASON_TAILS] = { .text = { "longest against shortest, logarithm",
				     "最長と最短の比の対数" } },
	[REASON_SAME_SIZE] = { { "contacts of the usual size", "データ量がほぼ同じ通信" },
			       .is_share = true },
	[REASON_SCORE] = { .text = { "score of rhythm and size", "規則性の点数" } },
	[REASON_NO_NAME] = { { "the address was used without a name",
			       "名前を使わずアドレスに直接通信" },
			     .is_fact = true },
	[REASON_ODD_PORT] = { { "unusual port", "通常使われないポート" }, .unit = { "", "番" } },
	[REASON_UNKNOWN_PROTOCOL] = { { "no known protocol", "既知のプロトコルではない" },
				      .is_fact = true },
	[REASON_PLAIN_UPLOAD] = { { "sends data in unencrypted web requests",
				    "暗号化されていないWeb通信でデータを送信" },
				  .is_fact = true },
	[REASON_JITTER] = { { "the time between contacts varies, the amount of data hardly does",
			      "間隔は揺らぐがデータ量はほぼ一定" },
			    .is_fact = true },
	[REASON_DEVICES] = { { "devices in the office that use it", "利用している機器" },
			     .unit = { "", "台" } },
	[REASON_TARGETS] = { { "addresses tried", "試したアドレス" }, .unit = { "", "個" } },
	[REASON_PORTS] = { { "ports tried", "試したポート" }, .unit = { "", "個" } },
	[REASON_FAILED] = { { "in vain", "失敗の割合" }, .is_share = true },
	[REASON_SCAN_ODDS] = { .text = { "odds for a scanner", "探索と見なす根拠の強さ（倍）" } },
	[REASON_WINDOW] = { { "time it took", "かかった時間" }, .unit = { " s", "秒" } },
	[REASON_DISTINCT_NAMES] = { { "different names", "異なる名前" }, .unit = { "", "個" } },
	[REASON_NAME_BYTES] = { { "data that fits into them", "名前に入るデータ量" },
				.unit = { " bytes", "バイト" } },
	[REASON_NAME_LENGTH] = { { "mean length of the names", "名前の平均の長さ" },
				 .unit = { " characters", "文字" } },
	[REASON_NAME_ENTROPY] = { { "randomness of the names", "名前の不規則さ" },
				  .unit = { " bits a character", "ビット/文字" } },
	[REASON_BULK_ANSWERS] = { { "answers of kinds that carry data", "データを運ぶ種類の応答" },
				  .is_share = true },
	[REASON_BYTES_UP] = { { "sent", "送信量" }, .unit = { " bytes", "バイト" } },
	[REASON_BYTES_DOWN] = { { "received", "受信量" }, .unit = { " bytes", "バイト" } },
	[REASON_LISTED] = { { "named in the warning list", "警告リストに記載" }, .is_fact = true },
};

static void add_duration(struct text *out, double seconds, enum language language)
{
	static const char *const in_seconds[LANGUAGES] = { " seconds", "秒" };
	static const char *const in_minutes[LANGUAGES] = { " minutes", "分" };
	static const char *const in_hours[LANGUAGES] = { " hours", "時間" };
	bool is_hours = seconds >= 2 * 3600;
	bool is_minutes = !is_hours && seconds >= 120;
	double value = is_hours ? seconds / 3600 : is_minutes ? seconds / 60 : seconds;
	const char *const *unit = is_hours ? in_hours : is_minutes ? in_minutes : in_seconds;

	if (seconds < 1.05)
		text_add(out, language == LANGUAGE_EN ? "1 second" : "1秒");
	else
		text_format(out, value < 4.95 ? "%.2g%s" : "%.0f%s", value, unit[language]);
}

/* A span as part of a sentence: "within 10 minutes". */
static void add_within(struct text *out, double seconds, enum language language)
{
	bool is_en = language == LANGUAGE_EN;

	if (seconds < 1) {
		text_add(out, is_en ? "within a second" : "1秒以内");
		return;
	}
	if (is_en)
		text_add(out, "within ");
	add_duration(out, seconds, language);
	if (!is_en)
		text_add(out, "の間");
}

static enum story story_of(const struct signal *s)
{
	bool is_other = false;

	if (s->kind == SIGNAL_BEACON)
		is_other = s->direction == DIRECTION_LATERAL;
	else if (s->kind == SIGNAL_DNS_TUNNEL)
		is_other = signal_find_reason(s, REASON_BULK_ANSWERS) &&
			   !signal_find_reason(s, REASON_NAME_BYTES);
	else if (s->kind == SIGNAL_LISTED_CONTACT)
		is_other = s->outcome == OUTCOME_DATA;
	return is_other ? STORY_OTHER : STORY_USUAL;
}

void words_object(const struct signal *signal, enum language language, struct text *out)
{
	const struct signal_object *o = &signal->object;
	bool is_en = language == LANGUAGE_EN;

	if (o->kind == OBJECT_NETWORK) {
		text_add(out, is_en ? "the office network" : "事務所のネットワーク");
		return;
	}
	if (o->kind == OBJECT_PORT && strcmp(o->text, "ping") != 0)
		text_add(out, is_en ? "port " : "ポート（接続口）");
	text_add(out, o->text);
}

void words_count(const struct signal *signal, enum language language, struct text *out)
{
	if (signal->kind != SIGNAL_BEACON && signal->count > COUNTED_EXACTLY)
		text_add(out, language == LANGUAGE_EN ? "about " : "約");
	text_format(out, "%" PRIu64, signal->count);
}

const char *words_title(enum signal_kind kind, enum language language)
{
	return kinds[kind].title[language];
}

void words_sentence(const struct finding *finding, const struct device *device,
		    enum language language, struct text *out)
{
	const struct signal *s = &finding->signal;
	const struct reason *period = signal_find_reason(s, REASON_PERIOD);

	for (const char *c = kinds[s->kind].sentence[story_of(s)][language]; *c; c++) {
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
			words_object(s, language, out);
		else if (*c == 'N')
			words_count(s, language, out);
		else if (*c == 'P')
			add_duration(out, period ? period->value : 0, language);
		else if (*c == 'T')
			add_within(out, nanotime_seconds(nanotime_between(s->first, s->last)),
				   language);
	}
}

static void add_value(struct text *out, const struct reason_words *words, double value,
		      enum language language)
{
	if (words->is_share)
		text_format(out, language == LANGUAGE_EN ? "%.0f %%" : "%.0f%%", value * 100);
	else
		text_format(out, "%.*f%s", value == floor(value) ? 0 : 2, value,
			    words->unit[language] ? words->unit[language] : "");
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
	return i < WORDS_STEPS_MAX ? steps[kinds[kind].steps[i]][language] : NULL;
}

const char *words_benign(enum signal_kind kind, enum language language)
{
	return kinds[kind].benign[language];
}

void words_unknown(const struct case_view *view, enum language language, struct text *out)
{
	bool is_en = language == LANGUAGE_EN;

	if (!view->has_history) {
		text_add(out, is_en ? "The recording covers only " : "記録されたのは");
		add_duration(out, nanotime_seconds(nanotime_between(view->first, view->last)),
			     language);
		text_add(out, is_en ? ": what is usual for this device is not known."
				    : "のみのため、この機器の普段の動きは分かりません。");
	}
	if (is_en && out->len > 0 && !view->dns_seen)
		text_add_char(out, ' ');
	if (!view->dns_seen)
		text_add(out, is_en ? "No name lookups were seen, so addresses may lack names."
				    : "名前の問い合わせが見えていないため、宛先の名前が欠けることが"
				      "あります。");
	if (is_en && out->len > 0 && view->refused > 0)
		text_add_char(out, ' ');
	if (view->refused == 0)
		return;
	text_format(out, is_en ? "%" PRIu64 : "読み取れなかったデータ（フレーム）が%" PRIu64,
		    view->refused);
	if (is_en)
		text_add(out, view->refused == 1 ? " frame" : " frames");
	text_add(out, is_en ? " could not be read." : "個ありました。");
}
