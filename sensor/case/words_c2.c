#include "sensor/case/words.h"

/* Words about contacts with the outside. */

static enum telling of_beacon(const struct signal *s)
{
	return s->direction == DIRECTION_LATERAL ? TELLING_OTHER : TELLING_USUAL;
}

static enum telling of_contact(const struct signal *s)
{
	return s->outcome == OUTCOME_DATA ? TELLING_OTHER : TELLING_USUAL;
}

static const struct kind_words kinds[] = {
	{
		SIGNAL_BEACON,
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
		{ "contact", "contacts" },
		.telling = of_beacon,
		.is_exact = true,
	},
	{
		SIGNAL_LISTED_CONTACT,
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
		{ "contact", "contacts" },
		.telling = of_contact,
	},
	{
		SIGNAL_LISTED_LOOKUP,
		{ "Lookup of a name that is on a warning list",
		  "警告リストに載っている名前の問い合わせ" },
		{ { "%D looked up the address of %O, a name on the warning list that this sensor "
		    "was given. No exchange of data with it was seen.",
		    "%Dは、警告リストに載っている%Oの接続先（IPアドレス）を調べました。"
		    "データのやり取りは確認されていません。" } },
		{ "it is a link in a mail or page that was fetched ahead and never opened.",
		  "メールやページ内のリンクが、開かれずに先読みされただけの場合。" },
		{ STEP_ASK_SOFTWARE, STEP_CALL },
		{ "lookup", "lookups" },
		.outcomes = { [OUTCOME_ATTEMPT] = "lookup alone" }, /* answered, but no contact */
	},
};

static const struct reason_words reasons[] = {
	{ REASON_CHECK_INS, "check_ins", { "contacts", "通信回数" }, .unit = { "", "回" } },
	{ REASON_PERIOD,
	  "period_seconds",
	  { "time between contacts", "通信の間隔" },
	  .unit = { " s", "秒" } },
	{ REASON_SPREAD,
	  "interval_spread",
	  { "spread of that time", "間隔のばらつき" },
	  .is_share = true,
	  .is_technical = true },
	{ REASON_TAILS,
	  "interval_tails",
	  { "longest against shortest, logarithm", "最長と最短の比の対数" },
	  .is_technical = true },
	{ REASON_SAME_SIZE,
	  "same_size_share",
	  { "contacts of the usual size", "データ量がほぼ同じ通信" },
	  .is_share = true },
	{ REASON_SCORE,
	  "score",
	  { "score of rhythm and size", "規則性の点数" },
	  .is_technical = true },
	{ REASON_NO_NAME,
	  "no_name",
	  { "the address was used without a name", "名前を使わずアドレスに直接通信" },
	  .is_fact = true },
	{ REASON_ODD_PORT,
	  "odd_port",
	  { "unusual port", "通常使われないポート" },
	  .unit = { "", "番" } },
	{ REASON_UNKNOWN_PROTOCOL,
	  "unknown_protocol",
	  { "no known protocol", "既知のプロトコルではない" },
	  .is_fact = true },
	{ REASON_PLAIN_UPLOAD,
	  "plain_upload",
	  { "sends data in unencrypted web requests", "暗号化されていないWeb通信でデータを送信" },
	  .is_fact = true },
	{ REASON_JITTER,
	  "jitter",
	  { "the time between contacts varies, the amount of data hardly does",
	    "間隔は揺らぐがデータ量はほぼ一定" },
	  .is_fact = true },
	{ REASON_DEVICES,
	  "devices_using_it",
	  { "devices in the office that use it", "利用している機器" },
	  .unit = { "", "台" } },
	{ REASON_BYTES_UP, "bytes_up", { "sent", "送信量" }, .unit = { " bytes", "バイト" } },
	{ REASON_BYTES_DOWN,
	  "bytes_down",
	  { "received", "受信量" },
	  .unit = { " bytes", "バイト" } },
	{ REASON_PLACE_DEVICES,
	  "place_devices",
	  { "devices in the office that use this place", "この宛先を利用している機器" },
	  .unit = { "", "台" } },
	{ REASON_PLACE_AGE,
	  "place_days",
	  { "this place has been in use for", "この宛先を利用してきた期間" },
	  .unit = { " days", "日" } },
	{ REASON_LISTED,
	  "listed",
	  { "named in the warning list", "警告リストに記載" },
	  .is_fact = true },
};

const struct word_family words_c2 = {
	.kinds = kinds,
	.kind_count = sizeof(kinds) / sizeof(kinds[0]),
	.reasons = reasons,
	.reason_count = sizeof(reasons) / sizeof(reasons[0]),
};
