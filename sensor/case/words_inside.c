#include "sensor/case/words.h"

/* Words about what goes on inside the office. */

static const struct kind_words kinds[] = {
	{
		SIGNAL_SCAN_INSIDE,
		{ "One device is trying many addresses in the office",
		  "事務所内の多数のアドレスへの接続の試み" },
		{ { "%D tried %N {address|addresses} in the office (%O) %T, and most attempts "
		    "failed. "
		    "Malware that looks for its next victim does this; so does a network check by "
		    "your IT vendor.",
		    "%Dは%Tに、事務所内の%N個のアドレスへ%Oで接続を試み、その多くが失敗しました。"
		    "次の感染先を探す不正プログラムに見られる動きですが、"
		    "保守業者による点検の場合もあります。" } },
		{ "it is an inventory or monitoring program, or a search for printers.",
		  "資産管理や監視のソフト、またはプリンターの検索の場合。" },
		{ STEP_ASK_SCAN, STEP_UNPLUG, STEP_CALL },
		{ "address", "addresses" },
		.outcomes = { [OUTCOME_ANSWERED] = "some answered" },
	},
	{
		SIGNAL_SCAN_OUTSIDE,
		{ "One device is trying many addresses on the internet",
		  "インターネット上の多数のアドレスへの接続の試み" },
		{ { "%D tried %N {address|addresses} on the internet (%O) %T, and nearly all "
		    "attempts "
		    "failed. "
		    "Devices under somebody else's control do this to find more victims; "
		    "file-sharing and game programs can look similar.",
		    "%Dは%Tに、インターネット上の%N個のアドレスへ%"
		    "Oで接続を試み、そのほぼすべてが失敗しました。"
		    "外部から操られた機器が次の標的を探すときに見られる動きですが、"
		    "ファイル共有ソフトやゲームの場合もあります。" } },
		{ "it is a file-sharing or game program that looks for partners.",
		  "ファイル共有ソフトやゲームが通信相手を探している場合。" },
		{ STEP_ASK_SOFTWARE, STEP_UNPLUG, STEP_CALL },
		{ "address", "addresses" },
		.outcomes = { [OUTCOME_ANSWERED] = "some answered" },
	},
	{
		SIGNAL_SCAN_PORTS,
		{ "One device is trying many ports of another",
		  "ひとつの機器の多数のポートへの接続の試み" },
		{ { "%D tried %N different {port|ports} of %O %T, and most attempts failed. This "
		    "is how "
		    "somebody looks for a way into a machine; a check by your IT vendor looks the "
		    "same.",
		    "%Dは%Tに、%Oの%N個のポート（接続口）へ接続を試み、その多くが失敗しました。"
		    "侵入口を探すときに見られる動きですが、保守業者による点検の場合もあります"
		    "。" } },
		{ "it is a security check that somebody ordered.",
		  "依頼済みのセキュリティ診断の場合。" },
		{ STEP_ASK_SCAN, STEP_UNPLUG, STEP_CALL },
		{ "port", "ports" },
		.outcomes = { [OUTCOME_ANSWERED] = "some answered" },
	},
	{
		SIGNAL_SCAN_ARP,
		{ "One device is looking for many addresses in the office",
		  "事務所内の多数のアドレスの探索" },
		{ { "%D looked for %N different {address|addresses} in the office network %T, more "
		    "than "
		    "everyday work usually needs. This can be the first step of a search for other "
		    "machines; inventory programs do it too.",
		    "%Dは%Tに、事務所のネットワークで%N個のアドレスを探しました。"
		    "通常の業務ではあまり見られない数です。"
		    "ほかの機器を探す最初の段階で見られる動きですが、資産管理ソフトの場合もあります"
		    "。" } },
		{ "it is an inventory program, or a phone app that shows what is on the network.",
		  "資産管理ソフトや、ネットワーク上の機器を表示するアプリの場合。" },
		{ STEP_ASK_SCAN, STEP_UNPLUG, STEP_CALL },
		{ "address", "addresses" },
		.outcomes = { [OUTCOME_ANSWERED] = "some answered" },
	},
};

static const struct reason_words reasons[] = {
	{ REASON_TARGETS,
	  "targets",
	  { "addresses tried", "試したアドレス" },
	  .unit = { "", "個" } },
	{ REASON_PORTS, "ports", { "ports tried", "試したポート" }, .unit = { "", "個" } },
	{ REASON_FAILED, "failed_share", { "in vain", "失敗の割合" }, .is_share = true },
	{ REASON_SCAN_ODDS,
	  "scan_odds",
	  { "odds for a scanner", "探索と見なす根拠の強さ（倍）" },
	  .is_technical = true },
	{ REASON_WINDOW,
	  "window_seconds",
	  { "time it took", "かかった時間" },
	  .unit = { " s", "秒" } },
};

const struct word_family words_inside = {
	.kinds = kinds,
	.kind_count = sizeof(kinds) / sizeof(kinds[0]),
	.reasons = reasons,
	.reason_count = sizeof(reasons) / sizeof(reasons[0]),
};
