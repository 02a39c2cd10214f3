#include "sensor/case/words.h"

/* Words about the devices themselves: how old, whose, where from. */

static const struct kind_words kinds[] = {
	{
		SIGNAL_OLD_SYSTEM,
		{ "Device with a system that gets no more updates",
		  "更新が終了したシステムの機器" },
		{ { "%D seems to run %X, which no longer gets security updates, and it reaches "
		    "the internet. Attackers look for such devices first. If your office has paid "
		    "for longer updates, this is no surprise.",
		    "%Dは、セキュリティ更新の提供が終わった%Xで動いているとみられ、"
		    "インターネットに接続しています。"
		    "このような機器は攻撃で真っ先に狙われます。"
		    "有償の延長サポートを契約している場合は問題ありません。" } },
		{ "your office pays for longer updates, or a program only claims to run on that "
		  "system.",
		  "有償の延長サポートを契約している場合や、ソフトがそのシステムを名乗っているだけの"
		  "場合。" },
		{ STEP_ASK_OWNER, STEP_PLAN_UPDATE, STEP_KEEP_INSIDE },
		{ "system", "systems" },
		.is_exact = true,
	},
	{
		SIGNAL_OLD_SMB,
		{ "Old kind of file sharing in use", "古い方式のファイル共有の利用" },
		{ { "%D shared files with %O by SMB 1, an old method that many "
		    "attacks have spread by. Old scanners and printers often need it.",
		    "%Dは%Oとの間で、SMB 1という古い方式でファイルを共有しました。"
		    "多くの攻撃がこの方式を通じて広がりました。"
		    "古い複合機やスキャナーが必要としていることがよくあります。" } },
		{ "an old scanner, printer or machine cannot do it in another way.",
		  "古い複合機や機械が、ほかの方式に対応していない場合。" },
		{ STEP_ASK_OWNER, STEP_NEWER_SMB },
		{ "connection", "connections" },
		.is_exact = true,
	},
	{
		SIGNAL_CLEAR_PASSWORD,
		{ "Password sent to the internet without encryption",
		  "暗号化されていないパスワードの送信" },
		{ { "A program on %D sent a password to %O (%X) without encryption. Whoever is on "
		    "the way can read it.",
		    "%D上のプログラムが、%O（%X）へパスワードを暗号化せずに送信しました。"
		    "通信の途中で他人に読み取られるおそれがあります。" } },
		{ "the login protects nothing, as on a device for tests.",
		  "試験用の機器など、守るものがないログインの場合。" },
		{ STEP_ENCRYPT_LOGIN, STEP_CHANGE_PASSWORD },
		{ "login", "logins" },
		.is_exact = true,
	},
	{
		SIGNAL_UNKNOWN_DEVICE,
		{ "New device in the office network", "事務所のネットワークに新しい機器" },
		{ { "%D has not been seen in the office before and stayed %T. It may have been "
		    "bought, be a guest's, or have been plugged in by a stranger.",
		    "%Dは、これまで事務所で見られたことのない機器で、%T接続していました。"
		    "購入した機器や来客の機器のほか、"
		    "第三者が無断で接続した機器の可能性もあります。" } },
		{ "somebody in the office knows the device.",
		  "事務所の誰かがその機器を知っている場合。" },
		{ STEP_ASK_OWNER, STEP_GUEST_WIFI, STEP_CALL },
		{ "device", "devices" },
		.is_exact = true,
	},
	{
		SIGNAL_PRIVATE_DEVICE,
		{ "Private device in the office network",
		  "事務所のネットワークに私物とみられる機器" },
		{ { "%D, probably a phone, tablet or other private device, used the office network "
		    "and stayed %T.",
		    "スマートフォンなど私物とみられる%Dが、事務所のネットワークに%T"
		    "接続していました。" } },
		{ "the device belongs to the office, or its owner may use this network.",
		  "会社の機器である場合や、このネットワークの利用が認められている場合。" },
		{ STEP_ASK_OWNER, STEP_GUEST_WIFI },
		{ "device", "devices" },
		.is_exact = true,
	},
	{
		SIGNAL_RETURNED_DEVICE,
		{ "Device back after an absence", "しばらくぶりに接続された機器" },
		{ { "%D is back after some days away. Devices sometimes bring something along from "
		    "other networks, such as a hotel's Wi-Fi; mostly they were just switched "
		    "off.",
		    "%Dが数日ぶりに接続されました。"
		    "ホテルのWi-Fiなど社外のネットワークから問題が持ち込まれることがありますが、"
		    "多くは電源が切られていただけです。" } },
		{ "its user was on leave, or the device was switched off.",
		  "利用者が休暇中だった場合や、電源が切られていた場合。" },
		{ STEP_ASK_OWNER, STEP_SCAN_VIRUS },
		{ "device", "devices" },
		.is_exact = true,
	},
	{
		SIGNAL_OUT_OF_CLASS,
		{ "A printer, camera or the like that acts like a computer",
		  "プリンターやカメラなどのパソコンのような動き" },
		{ { "%D, by its own words or name a printer, camera or similar device, reached "
		    "into "
		    "%N other {machine|machines} at %O %T. Its kind does not do that by itself; "
		    "somebody may "
		    "use it as a way to the others. A maker's service program can look alike.",
		    "プリンターやカメラなどとみられる%Dが、%Tに、%N台の機器の%Oに接続しました。"
		    "この種の機器が自分から行う動きではなく、"
		    "ほかの機器への足がかりにされているおそれがあります。"
		    "メーカーの保守用ソフトの場合もあります。" } },
		{ "the device is a computer with the name of a printer or camera, or its maker "
		  "looks "
		  "after it.",
		  "名前がプリンターやカメラに似ているだけのパソコンの場合や、"
		  "メーカーによる保守の場合。" },
		{ STEP_ASK_OWNER, STEP_UNPLUG, STEP_CALL },
		{ "machine", "machines" },
		.is_exact = true,
	},
	{
		SIGNAL_PARTNER_CONTACT,
		{ "A trading partner is concerned", "取引先に関わる通信" },
		{ { "%D dealt with %O, which your office lists as a trading partner (%X). Attacks "
		    "sometimes come by way of a partner whose own computers were broken into.",
		    "%Dが通信した%Oは、取引先として登録されています（%X）。"
		    "取引先のパソコンが乗っ取られ、そこを経由して攻撃されることがあります。" } },
		{ "it was ordinary business.", "通常の業務上のやり取りの場合。" },
		{ STEP_CALL_PARTNER, STEP_CALL },
		{ "contact", "contacts" },
		.is_exact = true,
	},
};

static const struct reason_words reasons[] = {
	{ REASON_SUPPORT_ENDED,
	  "support_ended",
	  { "days since its last security updates", "セキュリティ更新の終了からの日数" },
	  .unit = { "", "日" } },
	{ REASON_OWN_WORDS,
	  "own_words",
	  { "the system itself tells its version", "システム自身が版を伝えている" },
	  .is_fact = true },
	{ REASON_SOURCES,
	  "sources",
	  { "ways in which this was told", "確認できた手がかりの数" },
	  .unit = { "", "個" } },
	{ REASON_PRESENT_DAYS,
	  "present_days",
	  { "days on which the device was seen", "機器が見られた日数" },
	  .unit = { "", "日" } },
	{ REASON_WATCHED_DAYS,
	  "watched_days",
	  { "days on which the office was watched before", "それまでに事務所を見守った日数" },
	  .unit = { "", "日" } },
	{ REASON_OLD_SMB,
	  "old_smb_chosen",
	  { "the device itself chose the old method", "機器自身が古い方式を選んだ" },
	  .is_fact = true },
	{ REASON_CLEAR_PASSWORD,
	  "password_in_clear",
	  { "the password could be read", "パスワードが読み取れる状態だった" },
	  .is_fact = true },
	{ REASON_PRESENT_MINUTES,
	  "present_minutes",
	  { "minutes that it stayed", "接続していた時間" },
	  .unit = { "", "分" } },
	{ REASON_RANDOM_MAC,
	  "random_mac",
	  { "it hides which device it is, as phones do",
	    "スマートフォンなどと同様に、機器固有の番号を隠している" },
	  .is_fact = true },
	{ REASON_ABSENT_DAYS,
	  "absent_days",
	  { "days for which it was away", "接続されていなかった日数" },
	  .unit = { "", "日" } },
	{ REASON_LOGIN_TARGETS,
	  "login_targets",
	  { "machines at which it tried to log in", "ログインしようとした機器" },
	  .unit = { "", "台" } },
	{ REASON_FILE_TARGETS,
	  "file_targets",
	  { "machines whose files it opened", "ファイルを開こうとした機器" },
	  .unit = { "", "台" } },
	{ REASON_OUTSIDE_TARGETS,
	  "outside_targets",
	  { "of these on the internet", "うちインターネット上の機器" },
	  .unit = { "", "台" } },
	{ REASON_NEVER_BEFORE,
	  "never_before",
	  { "it has been here for a week and more without doing so",
	    "1週間以上、そのような動きはなかった" },
	  .is_fact = true },
	{ REASON_OWN_KIND,
	  "own_kind",
	  { "it says itself what kind of device it is", "機器自身が種類を伝えている" },
	  .is_fact = true },
	{ REASON_PARTNER,
	  "listed_partner",
	  { "stands in the office's list of partners", "取引先の一覧に登録されている" },
	  .is_fact = true },
};

const struct word_family words_assets = {
	.kinds = kinds,
	.kind_count = sizeof(kinds) / sizeof(kinds[0]),
	.reasons = reasons,
	.reason_count = sizeof(reasons) / sizeof(reasons[0]),
};
