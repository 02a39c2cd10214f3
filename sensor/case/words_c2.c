#include "sensor/case/words.h"

/* Words about contacts with the outside. */

static enum telling of_beacon(const struct signal *s)
{
	return s->direction == DIRECTION_LATERAL ? TELLING_OTHER : TELLING_USUAL;
}

static const struct kind_words kinds[] = {
	{
		SIGNAL_BEACON,
		{ "Regular contact with one server", "特定の相手との規則的な通信" },
		{ { "%D has contacted %O about every %P, %N {time|times} %T, mostly with the same "
		    "amount "
		    "of data. Remote-controlled malware often behaves like this; an uncommon "
		    "update or monitoring program can too.",
		    "%Dは%Tに%N回、約%Pごとに、多くの場合ほぼ同じ量のデータを%Oへ送りました。"
		    "遠隔操作される不正プログラムによく見られる動きですが、"
		    "更新の確認や監視を行うソフトの場合もあります。" },
		  { "%D has contacted %O, another device in the office, about every %P, %N "
		    "{time|times} "
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
		SIGNAL_WIDE_BEACON,
		{ "Contact with one place all day long, at times meant to look random",
		  "不規則に見せかけて一日中続く、特定の相手との通信" },
		{ { "%D has contacted %O %N {time|times} %T, about every %P but at changing times "
		    "or "
		    "under changing names, nearly always with the same small amount of data. "
		    "Malware does so to keep its rhythm from being seen; chats and programs that "
		    "look for news can come near it.",
		    "%Dは%Tに%N回、平均すると約%Pごとに、時刻や接続先の名前を変えながら、"
		    "ほぼ同じ少量のデータを%Oへ送りました。"
		    "不正プログラムが規則性を隠すときに見られる動きですが、"
		    "チャットや新着確認を行うソフトでも似た動きになることがあります。" } },
		{ "it is a program that the office runs all day, such as a chat or a monitoring "
		  "program.",
		  "チャットや監視ソフトなど、事務所で一日中動かしているソフトの場合。" },
		{ STEP_ASK_SOFTWARE, STEP_UNPLUG, STEP_CALL },
		{ "contact", "contacts" },
		.is_exact = true,
	},
	{
		SIGNAL_SHARED_BEACON,
		{ "Several devices report to one server in the same rhythm",
		  "複数の機器が同じ間隔で同じ相手と通信" },
		{ { "%D and at least one other device in the office have contacted %O about every "
		    "%P, %N {time|times} %T by this device alone, with the same amount of data. "
		    "Malware "
		    "that has spread in an office behaves like this; a program that was set up on "
		    "several devices does too.",
		    "%Dを含む事務所内の複数の機器が、約%Pごとに同じ量のデータを%Oへ送っています"
		    "（この機器だけで%Tに%N回）。"
		    "事務所内に広がった不正プログラムに見られる動きですが、"
		    "複数の機器に同じソフトを入れた場合も同じ動きになります。" } },
		{ "the same program was set up on these devices on purpose.",
		  "これらの機器に、意図して同じソフトを入れている場合。" },
		{ STEP_ASK_SOFTWARE, STEP_UNPLUG, STEP_CALL },
		{ "contact", "contacts" },
		.is_exact = true,
	},
	{
		SIGNAL_STROBE,
		{ "Endless short connections to one server", "特定の相手への際限ない短い接続" },
		{ { "%D has connected to %O %N {time|times} %T, about every %P, and sent nearly "
		    "the same "
		    "each time. Programs that were not made with care behave like this, malware "
		    "among them.",
		    "%Dは%Tに%N回、約%Pごとに%Oへ接続し、毎回ほぼ同じ量のデータを送りました。"
		    "作りの粗いソフトに見られる動きで、不正プログラムもその一つです。" } },
		{ "it is a program that watches or measures something, or one with a fault.",
		  "監視や測定を行うソフトの場合や、ソフトの不具合の場合。" },
		{ STEP_ASK_SOFTWARE, STEP_CALL },
		{ "connection", "connections" },
		.is_exact = true,
	},
	{
		SIGNAL_HIDDEN_MINING,
		{ "An encrypted connection like that of coin mining",
		  "暗号資産の採掘（マイニング）に似た暗号化通信" },
		{ { "%D keeps an encrypted connection to %O open, on which small messages come and "
		    "go in a steady rhythm, as between a coin mining program and its server. "
		    "Programs that show prices or messages as they come can look alike.",
		    "%Dは%Oとの暗号化された接続を保ち、"
		    "小さなデータを一定の調子でやり取りし続けています。"
		    "暗号資産の採掘ソフトとそのサーバーの間で見られる動きですが、"
		    "相場やメッセージを随時表示するソフトでも似た動きになることがあります。" } },
		{ "it is a program that shows news, prices or messages all day.",
		  "ニュースや相場、メッセージを一日中表示するソフトの場合。" },
		{ STEP_ASK_SOFTWARE, STEP_CALL },
		{ "connection", "connections" },
		.is_exact = true,
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
	{ REASON_BYTES_UP,
	  "bytes_up",
	  { "sent", "送信量" },
	  .unit = { " {byte|bytes}", "バイト" } },
	{ REASON_BYTES_DOWN,
	  "bytes_down",
	  { "received", "受信量" },
	  .unit = { " {byte|bytes}", "バイト" } },
	{ REASON_PLACE_DEVICES,
	  "place_devices",
	  { "devices in the office that use this place", "この宛先を利用している機器" },
	  .unit = { "", "台" } },
	{ REASON_PLACE_AGE,
	  "place_days",
	  { "this place has been in use for", "この宛先を利用してきた期間" },
	  .unit = { " {day|days}", "日" } },
	{ REASON_VERDICTS,
	  "verdicts",
	  { "cases of this rule that the help desk found right so far",
	    "この検知ルールの通知のうち、これまでに正しいと判定された割合" },
	  .is_share = true,
	  .is_technical = true },
	{ REASON_HOURS,
	  "hours",
	  { "hours with such contacts", "この通信があった時間帯" },
	  .unit = { " h", "時間分" } },
	{ REASON_HOURS_SHARE,
	  "hours_share",
	  { "of the hours in which the device was in use", "機器の稼働時間に占める割合" },
	  .is_share = true },
	{ REASON_HOURS_OF_DAY,
	  "hours_of_day",
	  { "hours of the day, nights among them", "夜間を含む、通信のあった時刻の幅" },
	  .unit = { " h", "時間" } },
	{ REASON_NAMES_OF_DOMAIN,
	  "names_of_domain",
	  { "names of one owner that take turns", "交互に使われた、同じ持ち主の名前" },
	  .unit = { "", "個" } },
	{ REASON_TOGETHER,
	  "devices_together",
	  { "devices in this rhythm", "同じ間隔で通信する機器" },
	  .unit = { "", "台" } },
	{ REASON_RATE,
	  "bytes_per_second",
	  { "data each second", "1秒あたりの通信量" },
	  .unit = { " {byte|bytes}", "バイト" } },
	{ REASON_JOBS,
	  "jobs_per_minute",
	  { "times a minute that the other side speaks first", "1分間に相手側から話し始める回数" },
	  .unit = { "", "回" } },
	{ REASON_SHARES,
	  "shares_per_minute",
	  { "times a minute that the device speaks first", "1分間に機器側から話し始める回数" },
	  .unit = { "", "回" } },
	{ REASON_POOL_NAME,
	  "pool_name",
	  { "named as servers for coin mining are", "採掘用サーバーによくある名前" },
	  .is_fact = true },
	{ REASON_POOL_PORT,
	  "pool_port",
	  { "a port that coin mining uses", "採掘でよく使われるポート" },
	  .unit = { "", "番" } },
	{ REASON_RARE_CLIENT,
	  "rare_client",
	  { "by a program that speaks to no other place", "この相手とだけ通信するソフト" },
	  .is_fact = true },
	{ REASON_SAME_OPENING,
	  "same_opening",
	  { "servers to which it says the same, and that say nothing",
	    "同じデータを送ったが何も返さなかった相手" },
	  .unit = { "", "か所" } },
	{ REASON_ONE_LINE,
	  "within_connection",
	  { "contacts within one lasting connection", "一つの接続の中での通信回数" },
	  .unit = { "", "回" } },
	{ REASON_HOME_FRAME,
	  "home_frame",
	  { "packed in a way that programs for remote control have in common",
	    "遠隔操作プログラムに共通するデータの組み立て方" },
	  .is_fact = true },
	{ REASON_QUIET_LINE,
	  "quiet_seconds",
	  { "kept open with hardly a word", "ほとんどやり取りなく接続を維持した時間" },
	  .unit = { " s", "秒" } },
};

const struct word_family words_c2 = {
	.kinds = kinds,
	.kind_count = sizeof(kinds) / sizeof(kinds[0]),
	.reasons = reasons,
	.reason_count = sizeof(reasons) / sizeof(reasons[0]),
};
