#include "sensor/case/words.h"

/* Words about programs that an office may or may not want. */

static const struct kind_words kinds[] = {
	{
		SIGNAL_MINING,
		{ "Computing power used to mine coins", "暗号資産の採掘（マイニング）の疑い" },
		{ { "%D is working for a mining pool (%O): its computing power "
		    "is "
		    "turned into coins, mostly for somebody else. Such programs often come in "
		    "together "
		    "with others that do more harm.",
		    "%Dは事務所の外の採掘サーバー（%"
		    "O）とやり取りし、計算能力を暗号資産の採掘に使ってい"
		    "るようです。多くの場合、利益は他人のものになります。"
		    "こうしたプログラムは、より有害なものと一緒に入り込むことがあります。" } },
		{ "somebody in the office mines on purpose.",
		  "利用者が意図して採掘を行っている場合。" },
		{ STEP_ASK_SOFTWARE, STEP_UNPLUG, STEP_CALL },
		{ "contact", "contacts" },
		.is_exact = true,
	},
	{
		SIGNAL_TOR,
		{ "Use of the Tor network", "Tor（匿名通信）の利用" },
		{ { "%D has been connected to %N {server|servers} %T that {looks like an "
		    "entrance|look like entrances} to Tor, a "
		    "network "
		    "that hides who talks to whom. Some people use it for their privacy; malware "
		    "uses it "
		    "to hide its server.",
		    "%Dは%Tに、通信相手を隠す仕組み（Tor）の入口と見られる%"
		    "N台のサーバーに接続しました。"
		    "プライバシーのために使う人もいますが、"
		    "不正プログラムが接続先を隠すために使うこともあります。" } },
		{ "the user runs the Tor Browser or a program that contains it.",
		  "利用者がTor Browserや、Torを含むソフトを使っている場合。" },
		{ STEP_ASK_SOFTWARE, STEP_CALL },
		{ "server", "servers" },
		.is_exact = true,
	},
	{
		SIGNAL_REMOTE_TOOL,
		{ "A program for remote support", "遠隔操作（リモートサポート）ソフトの利用" },
		{ { "%D uses a program with which others can operate it from elsewhere (%X). IT "
		    "vendors work "
		    "like this; so do people who pretend to be one.",
		    "%Dで、外部からこの機器を操作できるソフト（%X）が使われています。"
		    "保守業者が使うソフトですが、保守業者を装った者が使うこともあります。" } },
		{ "your IT vendor uses this program for its work.",
		  "保守業者が作業のために使っている場合。" },
		{ STEP_ASK_SOFTWARE, STEP_CALL },
		{ "contact", "contacts" },
		.is_exact = true,
	},
	{
		SIGNAL_PRIVATE_TUNNEL,
		{ "A private tunnel out of the office", "事務所の外への専用の暗号化通信" },
		{ { "%D has a tunnel or proxy (%X) to %O: what goes through it cannot be seen. "
		    "Teleworkers "
		    "and phones do this every day.",
		    "%Dは%Oとの間で、中身の見えない通信（%X）を行いました。"
		    "テレワークやスマートフォンでは日常的な通信です。" } },
		{ "it is the office's VPN, or a phone's protection.",
		  "事務所のVPNや、スマートフォンの保護機能の場合。" },
		{ STEP_ASK_SOFTWARE, STEP_CALL },
		{ "contact", "contacts" },
		.is_exact = true,
	},
	{
		SIGNAL_HIDDEN_LOOKUPS,
		{ "Name lookups that cannot be seen", "内容の見えない名前の問い合わせ" },
		{ { "%D looks up names over an encrypted connection to %O, so that this sensor "
		    "does not "
		    "see whom it asks for. Browsers do this by themselves.",
		    "%Dは、暗号化された通信で%Oに名前を問い合わせています。"
		    "そのため、このセンサーからは問い合わせた名前が見えません。"
		    "ブラウザーが自動的に行うこともあります。" } },
		{ "a browser or phone does so by itself.",
		  "ブラウザーやスマートフォンが自動的に行っている場合。" },
		{ STEP_ASK_SOFTWARE, STEP_CALL },
		{ "contact", "contacts" },
		.is_exact = true,
	},
};

static const struct reason_words reasons[] = {
	{ REASON_POOLS, "pools", { "mining servers", "採掘サーバー" }, .unit = { "", "台" } },
	{ REASON_RELAYS,
	  "relays",
	  { "servers of invented names", "でたらめな名前のサーバー" },
	  .unit = { "", "台" } },
};

const struct word_family words_tools = {
	.kinds = kinds,
	.kind_count = sizeof(kinds) / sizeof(kinds[0]),
	.reasons = reasons,
	.reason_count = sizeof(reasons) / sizeof(reasons[0]),
};
