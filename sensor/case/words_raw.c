#include "sensor/case/words.h"

/* Words about connections that nobody knows: raw channels, shells, tunnels in pings. */

static enum telling of_place(const struct signal *s)
{
	return s->direction == DIRECTION_OUTBOUND ? TELLING_USUAL : TELLING_OTHER;
}

static const struct kind_words kinds[] = {
	{
		SIGNAL_RAW_CHANNEL,
		{ "Connection to a stranger's server in an unknown language",
		  "知られていない通信方式による、見知らぬサーバーとの通信" },
		{ { "%D exchanges data with %O in a way that no program known to this sensor uses "
		    "(connections: %N, %T). Programs that let somebody control a computer from far "
		    "away "
		    "often talk like this; a game, or a special program of the office, can too.",
		    "%Dは%Tに%N回、このセンサーが知るどのソフトとも違う方式で%Oとデータを"
		    "やり取りしています。"
		    "パソコンを遠隔操作するための不正プログラムによく見られる通信ですが、"
		    "ゲームや業務用の特殊なソフトの場合もあります。" },
		  { "%D exchanges data with %O, another device in the office, in a way that no "
		    "program known to this sensor uses (connections: %N, %T). Malware that passes "
		    "on "
		    "orders "
		    "inside an office can talk like this; machines and special programs often do.",
		    "%Dは%Tに%N回、このセンサーが知るどのソフトとも違う方式で、"
		    "事務所内の別の機器（%O）とデータをやり取りしています。"
		    "不正プログラムが事務所内で指示を中継するときに見られる動きですが、"
		    "専用機器や業務用の特殊なソフトでもよくあります。" } },
		{ "it is a program that the office knows: a game, a camera or recorder, remote "
		  "help "
		  "by your IT vendor, a tool of your trade.",
		  "ゲーム、カメラや録画機、保守業者の遠隔サポート、業務専用ソフトなど、"
		  "事務所で把握しているソフトの通信である場合。" },
		{ STEP_ASK_SOFTWARE, STEP_UNPLUG, STEP_CALL },
		{ "connection", "connections" },
		.telling = of_place,
		.is_exact = true,
	},
	{
		SIGNAL_PORT_MISMATCH,
		{ "Traffic behind another service's port", "別のサービス用の接続口を使った通信" },
		{ { "%D talks to %O through a port that is meant for something else (connections: "
		    "%N, %T). "
		    "Malware does so to slip past filters; carelessly made programs do so too.",
		    "%Dは%Tに%N回、本来は別の用途に使うポート（接続口）で%Oと通信しています。"
		    "不正プログラムがフィルターを避けるときに見られる動きですが、"
		    "作りの粗いソフトの場合もあります。" } },
		{ "somebody set up this server in that way on purpose.",
		  "相手のサーバーを、意図してそのように設定している場合。" },
		{ STEP_ASK_SOFTWARE, STEP_UNPLUG, STEP_CALL },
		{ "connection", "connections" },
		.is_exact = true,
	},
	{
		SIGNAL_REVERSE_SHELL,
		{ "Somebody types commands on this device from afar",
		  "離れた場所からこの機器に命令が入力されている可能性" },
		{ { "%D opened a connection to %O and answers what the other side sends, as if "
		    "somebody typed commands there (turns: %N, %T). Intruders work like this. "
		    "Remote help by an IT vendor can look alike.",
		    "%Dは自分から%Oに接続し、%Tに%N回、"
		    "相手が入力した命令に答えるような通信をしています。"
		    "侵入者が機器を操作するときの動きです。"
		    "保守業者による遠隔サポートでも似た動きになることがあります。" },
		  { "Between %D and %O a connection carries commands and their answers, as if "
		    "somebody worked on one of them from the other (turns: %N, %T). Intruders work "
		    "like this; an administrator's own tool can look alike.",
		    "%Dと%Oの間で、%Tに%N回、"
		    "片方からもう片方に命令を入力して操作しているような通信がありました。"
		    "侵入者が機器を操作するときの動きですが、"
		    "管理者自身の作業でも似た動きになることがあります。" } },
		{ "your IT vendor or administrator was working on this device at that time.",
		  "その時刻に、保守業者や管理者がこの機器で作業していた場合。" },
		{ STEP_UNPLUG, STEP_CALL },
		{ "turn", "turns" },
		.telling = of_place,
		.is_exact = true,
	},
	{
		SIGNAL_RECONNECT,
		{ "Endless tries to reach a server that gives nothing",
		  "応答のないサーバーへの際限ない接続の試み" },
		{ { "%D has tried to reach %O %N {time|times} %T, one try about every %P, and was "
		    "never "
		    "given anything. A program for remote control whose server is switched off "
		    "behaves like this; so does an abandoned or broken program.",
		    "%Dは%Tに%N回、約%Pごとに%Oへの接続を繰り返していますが、"
		    "何も受け取れていません。"
		    "遠隔操作用の不正プログラムが、止まっている指令サーバーを探すときの動きですが、"
		    "使われなくなったソフトや故障したソフトの場合もあります。" } },
		{ "a program of the office is set to a server that does not exist any more.",
		  "業務で使うソフトに、今は存在しないサーバーが設定されたままの場合。" },
		{ STEP_ASK_SOFTWARE, STEP_UNPLUG, STEP_CALL },
		{ "try", "tries" },
		.is_exact = true,
	},
	{
		SIGNAL_LONG_SESSION,
		{ "Connected to one outside place for hours", "外部の同じ相手との長時間の接続" },
		{ { "%D stayed connected to %O for many hours of a day. Programs for remote "
		    "control "
		    "keep such a line open; chats, cameras and televisions do too.",
		    "%Dは一日のうち長い時間、%Oとつながったままになっています。"
		    "遠隔操作の不正プログラムは接続を保ち続けますが、"
		    "チャット、カメラ、テレビなどでも同じことがあります。" } },
		{ "it is a service that the office uses all day.",
		  "事務所で一日中使っているサービスの場合。" },
		{ STEP_ASK_SOFTWARE, STEP_CALL },
		{ "session", "sessions" },
		.is_exact = true,
	},
	{
		SIGNAL_ICMP_TUNNEL,
		{ "Pings that carry data", "データを運ぶ「ping」" },
		{ { "%D exchanges pings with %O that are no ordinary pings: they carry data of "
		    "their "
		    "own. Intruders hide their orders in this way; some measuring tools also send "
		    "unusual pings.",
		    "%Dは%Oと、通常とは違う「ping」（到達確認の通信）をやり取りしており、"
		    "その中でデータが運ばれています。"
		    "侵入者が命令を隠す手口ですが、測定ツールが特殊なpingを送る場合もあります"
		    "。" } },
		{ "somebody is measuring the network with a special tool.",
		  "特殊なツールでネットワークを測定している場合。" },
		{ STEP_ASK_SCAN, STEP_UNPLUG, STEP_CALL },
		{ "ping", "pings" },
		.is_exact = true,
	},
};

static const struct reason_words reasons[] = {
	{ REASON_DYNAMIC_NAME,
	  "dynamic_name",
	  { "a name that anybody gets for nothing and that can move any time",
	    "誰でも無料で取得でき、いつでも移せる名前" },
	  .is_fact = true },
	{ REASON_PORT_OF_ANOTHER,
	  "port_of_another",
	  { "port of another service", "別のサービス用のポート" },
	  .unit = { "", "番" } },
	{ REASON_SERVER_FIRST,
	  "server_first",
	  { "the other side speaks first", "相手側が先に送信" },
	  .is_fact = true },
	{ REASON_CONNECTIONS, "connections", { "connections", "接続回数" }, .unit = { "", "回" } },
	{ REASON_CLEAR_TEXT,
	  "clear_text",
	  { "sends readable text without encryption", "暗号化されていない文字を送信" },
	  .is_fact = true },
	{ REASON_DURATION,
	  "duration_seconds",
	  { "time connected", "接続していた時間" },
	  .unit = { " s", "秒" } },
	{ REASON_SERVER_OPENED,
	  "server_opened",
	  { "times that the other side spoke first after a pause",
	    "間を置いて相手側から話し始めた回数" },
	  .unit = { "", "回" } },
	{ REASON_SERVER_SHARE,
	  "server_share",
	  { "turns that the other side began", "相手側から始まったやり取り" },
	  .is_share = true },
	{ REASON_ANSWER_RATIO,
	  "answer_ratio",
	  { "bytes answered for each byte received", "受信量に対する返信量の比" },
	  .is_technical = true },
	{ REASON_SHELL_TEXT,
	  "shell_text",
	  { "the words of a command window", "コマンド入力画面の文字" },
	  .is_fact = true },
	{ REASON_SYSTEM_TOLD,
	  "system_told",
	  { "tells the other side which Windows it runs", "Windowsの版を相手に知らせている" },
	  .is_fact = true },
	{ REASON_OTHER_SERVERS,
	  "other_servers",
	  { "servers that it talks to in the same way", "同じ方式で通信している相手" },
	  .unit = { "", "か所" } },
	{ REASON_TLS_SERVERS,
	  "tls_servers",
	  { "servers that speak no encrypted web protocol on its port",
	    "暗号化Web通信用のポートで別の通信を行うサーバー" },
	  .unit = { "", "台" } },
	{ REASON_PING_BYTES,
	  "ping_bytes",
	  { "data in the largest ping", "最大のpingに入るデータ" },
	  .unit = { " {byte|bytes}", "バイト" } },
	{ REASON_PING_SIZES,
	  "ping_sizes",
	  { "difference between large and small pings", "pingの大きさの差" },
	  .unit = { " {byte|bytes}", "バイト" } },
	{ REASON_PINGS_ALTERED,
	  "pings_altered",
	  { "answers that differ from what was asked", "問いと異なる応答" },
	  .unit = { "", "回" } },
	{ REASON_PINGS_REUSED,
	  "pings_reused",
	  { "numbers used again for other data", "番号を使い回した別のデータ" },
	  .unit = { "", "回" } },
	{ REASON_PINGS_CARRY,
	  "pings_carry",
	  { "pings filled with data", "データの入ったping" },
	  .unit = { "", "回" } },
	{ REASON_PINGS_DIFFER,
	  "pings_differ",
	  { "pings whose data differs each time", "毎回データの異なるping" },
	  .unit = { "", "回" } },
};

const struct word_family words_raw = {
	.kinds = kinds,
	.kind_count = sizeof(kinds) / sizeof(kinds[0]),
	.reasons = reasons,
	.reason_count = sizeof(reasons) / sizeof(reasons[0]),
};
