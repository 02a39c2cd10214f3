#include "sensor/case/words.h"

/* Words about one machine of the office ruling, attacking or deceiving another. */

/* What a host outside does to the office's is told from the other end. */
static enum telling by_direction(const struct signal *s)
{
	return s->direction == DIRECTION_LATERAL ? TELLING_USUAL : TELLING_OTHER;
}

static const struct kind_words kinds[] = {
	{
		SIGNAL_REMOTE_EXECUTION,
		{ "One device starts programs on another", "ほかの機器でのプログラムの遠隔実行" },
		{ { "%D started programs on %O from afar (%X) %T. Intruders move on like this with "
		    "a stolen password; an administrator who looks after machines does it too.",
		    "%Dは%Tに、%Oの上でプログラムを遠隔から実行しました（%X）。"
		    "盗んだパスワードで侵入を広げるときに見られる動きですが、"
		    "管理者が機器を保守している場合もあります。" } },
		{ "your IT vendor or an administrator looks after machines from this device.",
		  "保守業者や管理者が、この機器からほかの機器を保守している場合。" },
		{ STEP_ASK_ADMIN, STEP_UNPLUG, STEP_CALL },
		{ "target", "targets" },
		.is_exact = true,
	},
	{
		SIGNAL_ADMIN_SESSION,
		{ "A session as administrator on another device",
		  "ほかの機器への管理者としての接続" },
		{ { "%D opened a session as administrator on %O (%X) %T. On its own this is "
		    "everyday work; it matters beside other signs.",
		    "%Dは%Tに、%Oへ管理者として接続しました（%X）。"
		    "単独では通常の業務でも見られる動きですが、ほかの兆候と重なるときは確認が必要で"
		    "す"
		    "。" } },
		{ "somebody works on their own machine from here, or looks after it.",
		  "利用者が自分の機器を遠隔で使っている場合や、保守作業の場合。" },
		{ STEP_ASK_ADMIN, STEP_UNPLUG, STEP_CALL },
		{ "session", "sessions" },
		.is_exact = true,
	},
	{
		SIGNAL_DIRECTORY_THEFT,
		{ "One device asks another for its passwords", "ほかの機器のパスワード情報の取得" },
		{ { "%D asked %O for the data in which it keeps passwords (%X) %T. Only domain "
		    "controllers and backups do this among each other; somebody who wants to be "
		    "every user does it too.",
		    "%Dは%Tに、%Oがパスワードを保管しているデータを求めました（%X）。"
		    "通常はドメインコントローラー同士やバックアップだけが行う動きで、"
		    "全利用者になりすまそうとするときにも見られます。" } },
		{ "the device is a new domain controller, or makes backups of one.",
		  "この機器が新しいドメインコントローラー、またはそのバックアップ装置の場合。" },
		{ STEP_ASK_ADMIN, STEP_UNPLUG, STEP_CALL },
		{ "request", "requests" },
		.is_exact = true,
	},
	{
		SIGNAL_TICKET_THEFT,
		{ "Many tickets of accounts are collected", "アカウントの認証チケットの収集" },
		{ { "%D asked %O %T for tickets of %N different {account or service|accounts and "
		    "services}, of a kind "
		    "whose passwords can be guessed afterwards. Somebody who looks for weak "
		    "passwords does this; an old program can look alike.",
		    "%Dは%Tに、%Oへ、%N件のアカウントやサービスの認証チケットを求めました。"
		    "あとからパスワードを推測できる種類のものです。"
		    "弱いパスワードを探すときに見られる動きですが、古いソフトの場合もあります"
		    "。" } },
		{ "it is a security check, or an old program that knows no better cipher.",
		  "セキュリティ診断や、新しい暗号方式に対応していない古いソフトの場合。" },
		{ STEP_ASK_ADMIN, STEP_UNPLUG, STEP_CALL },
		{ "ticket", "tickets" },
		.is_exact = true,
	},
	{
		SIGNAL_ACCOUNT_SEARCH,
		{ "One device asks many others who is logged in", "ログイン中の利用者の調査" },
		{ { "%D asked %N other {machine which users and groups it knows|machines which "
		    "users and groups they know}, or who is logged "
		    "in, %T. This maps an office before the next step; inventory programs ask "
		    "alike.",
		    "%Dは%Tに、ほかの%"
		    "N台の機器へ、登録されている利用者やログイン中の利用者を問い合わせ"
		    "ました。"
		    "侵入の下調べに見られる動きですが、資産管理ソフトの場合もあります。" } },
		{ "it is an inventory or audit program.", "資産管理や監査のソフトの場合。" },
		{ STEP_ASK_ADMIN, STEP_UNPLUG, STEP_CALL },
		{ "machine", "machines" },
		.is_exact = true,
	},
	{
		SIGNAL_LOGON_BYPASS,
		{ "Attempts to log in to a domain controller without a password",
		  "パスワードなしでのドメインコントローラーへのログインの試み" },
		{ { "%D tried %T to log in to %O as a machine of the domain in a way that needs no "
		    "password on systems without updates. No program does this by itself; a test "
		    "of security does.",
		    "%Dは%Tに、%Oへドメインの機器としてログインを試みました。"
		    "更新されていないシステムではパスワードなしで成功する方法です。"
		    "通常のソフトは行いませんが、セキュリティ診断の場合はあります。" },
		  { "%O tried %T to log in to %D as a machine of the domain in a way that needs no "
		    "password on systems without updates. No program does this by itself; a test "
		    "of security does.",
		    "%Oは%Tに、%Dへドメインの機器としてログインを試みました。"
		    "更新されていないシステムではパスワードなしで成功する方法です。"
		    "通常のソフトは行いませんが、セキュリティ診断の場合はあります。" } },
		{ "it is a security check that somebody ordered.",
		  "依頼済みのセキュリティ診断の場合。" },
		{ STEP_ASK_SCAN, STEP_UNPLUG, STEP_CALL },
		{ "attempt", "attempts" },
		.telling = by_direction,
		.is_exact = true,
	},
	{
		SIGNAL_EXPLOIT,
		{ "An attack by a known weakness", "既知の弱点を突く攻撃" },
		{ { "%D sent %O what only attacks on a known weakness send (%X) %T. This can take "
		    "over a machine that lacks updates; a security check can look the same.",
		    "%Dは%Tに、%Oへ、既知の弱点を突く攻撃でしか使われない通信を送りました（%X）。"
		    "更新されていない機器を操られるおそれがありますが、"
		    "セキュリティ診断の場合もあります。" },
		  { "%D and %O did %T what is only seen in attacks by a known weakness (%X). A "
		    "machine that lacks updates can be taken over like this; a security check can "
		    "look the same.",
		    "%Dと%Oの間で%Tに、既知の弱点を突く攻撃でしか見られない通信がありました（%X）。"
		    "更新されていない機器を操られるおそれがありますが、"
		    "セキュリティ診断の場合もあります。" } },
		{ "it is a security check that somebody ordered.",
		  "依頼済みのセキュリティ診断の場合。" },
		{ STEP_ASK_SCAN, STEP_UNPLUG, STEP_CALL },
		{ "time", "times" },
		.telling = by_direction,
		.is_exact = true,
	},
	{
		SIGNAL_WEB_ATTACK,
		{ "Requests that carry an attack", "攻撃を含むWebの要求" },
		{ { "%D sent %O requests %T that carry commands. Such requests try to make a "
		    "server obey a stranger; a security check sends them too.",
		    "%Dは%Tに、命令を含む要求を%Oへ送りました。"
		    "サーバーを外部から操ろうとするときに見られますが、"
		    "セキュリティ診断の場合もあります。" },
		  { "%O sent %D requests %T that carry commands, and %D answered. Such requests "
		    "come from the internet every day; what counts is whether they succeed.",
		    "%Oは%Tに、命令を含む要求を%Dへ送り、%Dが応答しました。"
		    "こうした要求はインターネットから毎日届きますが、成功したかどうかが重要です"
		    "。" } },
		{ "it is a security check, or the server does not heed such requests.",
		  "セキュリティ診断の場合や、サーバーがこうした要求を無視する場合。" },
		{ STEP_ASK_SCAN, STEP_UNPLUG, STEP_CALL },
		{ "request", "requests" },
		.telling = by_direction,
		.is_exact = true,
	},
	{
		SIGNAL_WEB_SCAN,
		{ "A web server is searched", "Webサーバーの探索" },
		{ { "%D asked %O %T for %N {page that is|pages that are} not there. Programs that "
		    "look for a way "
		    "in try "
		    "names one after the other like this; a security check or a faulty program "
		    "does it too.",
		    "%Dは%Tに、%Oへ、存在しないページへの要求を%N件送りました。"
		    "侵入口を探すソフトはこのように名前を次々に試しますが、"
		    "セキュリティ診断や、設定を誤ったソフトの場合もあります。" } },
		{ "it is a security check, or a program that asks for the wrong names.",
		  "セキュリティ診断や、誤った名前を求めるソフトの場合。" },
		{ STEP_ASK_SCAN, STEP_UNPLUG, STEP_CALL },
		{ "page", "pages" },
		.is_exact = true,
	},
	{
		SIGNAL_WORM,
		{ "One device passes on what was done to it", "受けた接続の広がり" },
		{ { "Soon after %X had reached %D (%O), %D tried %N {other|others} the same way "
		    "%T. "
		    "Programs that spread by themselves do this; administration passed from "
		    "machine to machine is rare.",
		    "%Xが%Dへ接続した（%O）すぐ後、%Dは%Tに、同じ方法でほかの%"
		    "N台への接続を試みました"
		    "。"
		    "自分で広がる不正プログラムに見られる動きで、通常の管理作業では稀です。" } },
		{ "an administrator works from machine to machine.",
		  "管理者が機器を順に渡り歩いて作業している場合。" },
		{ STEP_ASK_ADMIN, STEP_UNPLUG, STEP_CALL },
		{ "target", "targets" },
		.is_exact = true,
	},
	{
		SIGNAL_LATERAL_FANOUT,
		{ "One device reaches many others as administrators do",
		  "管理用の接続が多数の機器へ" },
		{ { "%D reached %N other {machine|machines} where administrators log in (%O) %T. "
		    "Intruders "
		    "look for a machine that lets them in like this; backups and "
		    "servers for administration do it by habit.",
		    "%Dは%Tに、ほかの%N台の機器の管理用の接続口（%O）へ接続しました。"
		    "侵入できる機器を探すときに見られる動きですが、"
		    "バックアップや管理用サーバーは普段から行います。" } },
		{ "it is a server for backups or administration.",
		  "バックアップや管理用のサーバーの場合。" },
		{ STEP_ASK_ADMIN, STEP_UNPLUG, STEP_CALL },
		{ "machine", "machines" },
		.is_exact = true,
	},
	{
		SIGNAL_NAME_POISONING,
		{ "One device answers for the names of others", "ほかの機器の名前を名乗る応答" },
		{ { "%D answered for %N different {name|names} %T, the latest of them %X. Who "
		    "answers for "
		    "names that are not its own receives logins that are meant for others; no "
		    "usual program does that.",
		    "%Dは%Tに、%N個の異なる名前（直近は%X）に対して応答しました。"
		    "他人の名前を名乗って応答すると、ほかの機器あてのログイン情報を受け取れます。"
		    "通常のソフトには見られない動きです。" } },
		{ "it is a device that stands in for others by design, such as a file server with "
		  "several names.",
		  "複数の名前を持つファイルサーバーなど、ほかの機器の代わりに応答する設定の場合"
		  "。" },
		{ STEP_ASK_SCAN, STEP_UNPLUG, STEP_CALL },
		{ "name", "names" },
		.is_exact = true,
	},
	{
		SIGNAL_ROGUE_DHCP,
		{ "A second device gives out addresses", "アドレスを配る機器が二つ" },
		{ { "%D began to give out addresses in the office network beside the device that "
		    "did it before. Who gives out addresses also says where everybody's traffic "
		    "goes; mostly it is a router that somebody plugged in the wrong way round.",
		    "%Dが、これまでの機器とは別に、事務所のネットワークでアドレスを配り始めました。"
		    "アドレスを配る機器は全員の通信の行き先も決められます。"
		    "多くは、ルーターの差し込み口を間違えたことが原因です。" } },
		{ "a router or access point was replaced or added on purpose.",
		  "ルーターや無線機器を意図して交換・追加した場合。" },
		{ STEP_ASK_ROUTER, STEP_UNPLUG, STEP_CALL },
		{ "server", "servers" },
		.is_exact = true,
	},
	{
		SIGNAL_ROGUE_ROUTER,
		{ "One device makes itself the way to the internet", "ルーターを名乗る機器" },
		{ { "%D told everybody in the office network %T that traffic of the newer kind "
		    "(IPv6) should go through it, although it is no router as far as is known. Who "
		    "does this can read and change what others send; a PC that shares its "
		    "connection does it by mistake.",
		    "%Dは%Tに、新しい方式（IPv6）の通信は自分を通すよう、"
		    "事務所のネットワーク全体に知らせました。"
		    "ほかの機器の通信を盗み見たり書き換えたりする手口に見られますが、"
		    "インターネット接続の共有がパソコンで誤って有効になっている場合もあります"
		    "。" } },
		{ "a router or access point was replaced or added on purpose, or the sharing of a "
		  "connection was switched on in a PC.",
		  "ルーターや無線機器を意図して交換・追加した場合や、"
		  "パソコンで接続の共有を有効にした場合。" },
		{ STEP_ASK_ROUTER, STEP_UNPLUG, STEP_CALL },
		{ "message", "messages" },
		.is_exact = true,
	},
	{
		SIGNAL_ROGUE_DHCPV6,
		{ "One device gives out addresses of the newer kind",
		  "新しい方式（IPv6）のアドレスを配る機器" },
		{ { "%D answered others' requests for settings of the newer kind (IPv6) %T, "
		    "although it is no router as far as is known. Who does this can make others "
		    "ask him where every server is, and send them to wrong ones.",
		    "%Dは%Tに、ほかの機器からの設定の要求（IPv6）に答えました。"
		    "ルーターとして知られている機器ではありません。"
		    "接続先の問い合わせを自分に向けさせ、偽の相手に誘導する手口に見られる動きです"
		    "。" } },
		{ "a router or server was set up on purpose to give out these settings, or the "
		  "sharing of a connection was switched on in a PC.",
		  "この設定を配るルーターやサーバーを意図して用意した場合や、"
		  "パソコンで接続の共有を有効にした場合。" },
		{ STEP_ASK_ROUTER, STEP_UNPLUG, STEP_CALL },
		{ "answer", "answers" },
		.is_exact = true,
	},
	{
		SIGNAL_GATEWAY_SPOOFING,
		{ "One device takes the address of another", "ほかの機器のアドレスの横取り" },
		{ { "%D said %T that %O is its own address, while the machine that holds it is "
		    "still there. Who does this can read what others send; two machines with the "
		    "same fixed address look similar.",
		    "%Dは%Tに、%Oを自分のアドレスだと名乗りましたが、本来の機器も動いています。"
		    "ほかの機器の通信を盗み見るときに見られる動きですが、"
		    "同じ固定アドレスを二台に設定した場合もあります。" } },
		{ "two machines were given the same address by mistake.",
		  "誤って二台の機器に同じアドレスを設定した場合。" },
		{ STEP_ASK_ROUTER, STEP_UNPLUG, STEP_CALL },
		{ "address", "addresses" },
		.is_exact = true,
	},
};

#define FACT(code, name, en, ja)                        \
	{                                               \
		code, name, { en, ja }, .is_fact = true \
	}

static const struct reason_words reasons[] = {
	{ REASON_STARTS,
	  "remote_starts",
	  { "machines on which programs were started", "プログラムを実行された機器" },
	  .unit = { "", "台" } },
	{ REASON_SESSIONS, "sessions", { "sessions", "接続" }, .unit = { "", "件" } },
	FACT(REASON_PROGRAM_COPIED, "program_copied",
	     "a program was copied to a folder for administrators",
	     "管理者用のフォルダーへプログラムがコピーされた"),
	{ REASON_ADMIN_FILES,
	  "admin_files",
	  { "files opened in folders for administrators", "管理者用フォルダーで開かれたファイル" },
	  .unit = { "", "個" } },
	FACT(REASON_FOREIGN_TOOL, "foreign_tool", "logs in as no Windows machine does",
	     "Windowsとは異なる方法でログインしている"),
	FACT(REASON_BY_ADDRESS, "by_address", "names the machine by its bare address",
	     "相手を名前ではなくアドレスで指定している"),
	FACT(REASON_FROM_CONTROLLER, "from_controller", "comes from a domain controller",
	     "ドメインコントローラーからの操作"),
	FACT(REASON_BETWEEN_CLIENTS, "between_clients", "the other machine is no known server",
	     "相手は既知のサーバーではない"),
	{ REASON_ADMIN_DAYS,
	  "admin_days",
	  { "days on which it has looked after others", "ほかの機器を管理した日数" },
	  .unit = { "", "日" } },
	{ REASON_SECRETS,
	  "secrets",
	  { "kinds of secrets asked for", "求められた秘密の種類" },
	  .unit = { "", "種" } },
	FACT(REASON_NTLM_LOGIN, "ntlm_login", "logged in by a way that controllers do not use",
	     "ドメインコントローラー同士では使わない方法でログインした"),
	FACT(REASON_IS_MEMBER, "is_member", "is an ordinary member of the domain",
	     "ドメインの一般の機器である"),
	{ REASON_LOGON_CALLS,
	  "logon_calls",
	  { "repeated attempts", "繰り返された試み" },
	  .unit = { "", "回" } },
	FACT(REASON_ZERO_CHALLENGE, "zero_challenge",
	     "the login carries nothing but zeroes where chance should be",
	     "本来は乱数であるべき値がすべてゼロだった"),
	{ REASON_VERY_MANY,
	  "very_many",
	  { "and very many of them", "その数の多さ" },
	  .unit = { "", "" } },
	FACT(REASON_EXPLOIT_SIGNS, "exploit_signs", "what only an attack sends was seen",
	     "攻撃でしか使われない通信が見られた"),
	FACT(REASON_FETCHED, "fetched", "a program was fetched right after it",
	     "その直後にプログラムが取り込まれた"),
	FACT(REASON_ATTACK_TEXT, "attack_text", "the request carries commands",
	     "要求に命令が含まれている"),
	FACT(REASON_ANSWERED, "answered", "the server took it", "サーバーが受け付けた"),
	{ REASON_TICKETS,
	  "tickets",
	  { "different accounts and services", "対象となったアカウントやサービスの数" },
	  .unit = { "", "件" } },
	FACT(REASON_WEAK_CIPHER, "weak_cipher", "only an old cipher was asked for",
	     "古い暗号方式だけを求めた"),
	FACT(REASON_COMMAND_OUTPUT, "command_output", "the answer shows what a command prints",
	     "応答に命令の実行結果が含まれている"),
	{ REASON_NOT_FOUND,
	  "not_found",
	  { "pages asked for that are not there", "存在しないページへの要求" },
	  .unit = { "", "件" } },
	FACT(REASON_CALLED_BACK, "called_back", "the other machine then came back by itself",
	     "その後、相手の機器が自ら接続してきた"),
	{ REASON_AGAIN, "again", { "times it was seen", "見られた回数" }, .unit = { "", "回" } },
	{ REASON_USUAL,
	  "usual",
	  { "most that it reached before", "これまでの最大数" },
	  .unit = { "", "台" } },
	{ REASON_PASSED_ON_AFTER,
	  "passed_on_after_seconds",
	  { "time until it was passed on", "広がるまでの時間" },
	  .unit = { " s", "秒" } },
	{ REASON_FALSE_NAMES,
	  "answered_names",
	  { "names answered for", "応答した名前" },
	  .unit = { "", "個" } },
	{ REASON_GIVEN,
	  "given",
	  { "messages of that kind", "そのような知らせ" },
	  .unit = { "", "回" } },
	{ REASON_ASKED_FOR_LEASE,
	  "asked_for_lease",
	  { "it asked for an address itself, as PCs do", "自身はパソコンのようにアドレスを要求" },
	  .is_fact = true },
	{ REASON_NAMES_ITSELF,
	  "names_itself",
	  { "it tells others to ask it for names", "名前の問い合わせ先として自身を指定" },
	  .is_fact = true },
	{ REASON_PREFERRED,
	  "preferred",
	  { "it asks to be preferred to other routers", "ほかのルーターより優先するよう要求" },
	  .is_fact = true },
	{ REASON_BY_MULTICAST,
	  "by_multicast",
	  { "asked for by multicast DNS alone, in which one machine may have several names",
	    "1台が複数の名前を持つこともある方式（mDNS）だけでの問い合わせ" },
	  .is_fact = true },
	{ REASON_NAMES_OF_OTHERS,
	  "names_of_others",
	  { "names that other machines have", "ほかの機器が使っている名前" },
	  .unit = { "", "個" } },
	{ REASON_BAIT_NAMES,
	  "bait_names",
	  { "of them names that machines look for by themselves",
	    "そのうち機器が自動的に探す名前" },
	  .unit = { "", "個" } },
	{ REASON_DHCP_SERVERS,
	  "address_servers",
	  { "devices that give out addresses", "アドレスを配る機器" },
	  .unit = { "", "台" } },
	FACT(REASON_OTHER_ROUTER, "other_router", "it names another way to the internet",
	     "インターネットへの出口として別の機器を案内している"),
	FACT(REASON_STILL_THERE, "still_there", "the device that did it before still does",
	     "これまでの機器も動き続けている"),
	{ REASON_CLAIM_TURNS,
	  "claim_turns",
	  { "times the address changed hands", "アドレスの持ち主が入れ替わった回数" },
	  .unit = { "", "回" } },
	FACT(REASON_IS_GATEWAY, "is_gateway", "the address is that of the way to the internet",
	     "インターネットへの出口のアドレスである"),
	{ REASON_CLAIMS,
	  "claims",
	  { "addresses of others that it took", "横取りしたアドレス" },
	  .unit = { "", "個" } },
};

const struct word_family words_lateral = {
	.kinds = kinds,
	.kind_count = sizeof(kinds) / sizeof(kinds[0]),
	.reasons = reasons,
	.reason_count = sizeof(reasons) / sizeof(reasons[0]),
};
