#include "sensor/case/words.h"

/* Words about the web: requests, downloads, encrypted connections. */

static enum telling of_place(const struct signal *s)
{
	return s->direction == DIRECTION_LATERAL ? TELLING_OTHER : TELLING_USUAL;
}

static const struct kind_words kinds[] = {
	{
		SIGNAL_ODD_HTTP,
		{ "Unusual web requests to one server", "特定のサーバーへの不自然なWeb通信" },
		{ { "A program on %D sent %N web {request|requests} to %O %T, in a way that "
		    "browsers and "
		    "ordinary programs do not. Programs that let strangers control a computer "
		    "often do this; old or home-made business software can too.",
		    "%D上のプログラムが%Tに%N回、ブラウザーや一般的なソフトとは異なる不自然な"
		    "形で%OとWeb通信を行いました。"
		    "外部から操作される不正プログラムによく見られる動きですが、"
		    "古い業務ソフトや独自に作られたソフトの場合もあります。" },
		  { "A program on %D sent %N web {request|requests} to %O, another device in the "
		    "office, "
		    "%T, and disguised itself as a browser. Programs that pass on a stranger's "
		    "orders inside an office do this; home-made monitoring programs can too.",
		    "%D上のプログラムが、ブラウザーを装って%Tに%N回、"
		    "事務所内の別の機器（%O）とWeb通信を行いました。"
		    "事務所内で指示を中継する不正プログラムに見られる動きですが、"
		    "独自に作られた監視ソフトの場合もあります。" } },
		{ "it is business software or a device that fetches its data from its maker in an "
		  "old-fashioned way.",
		  "業務ソフトや機器が、古い方式で提供元からデータを取得している場合。" },
		{ STEP_ASK_SOFTWARE, STEP_UNPLUG, STEP_CALL },
		{ "request", "requests" },
		.telling = of_place,
		.is_exact = true,
	},
	{
		SIGNAL_HTTP_FAN,
		{ "The same odd request to many web servers",
		  "多数のWebサーバーへの同じ不自然な要求" },
		{ { "A program on %D asked %N unrelated web {server|servers} for the same page %T, "
		    "the last "
		    "of them %O. Malware does this to hide its own server among others; "
		    "monitoring of web sites can look alike.",
		    "%D上のプログラムが%Tに、互いに関係のない%N個のWebサーバー（最後は%O）へ同じ"
		    "ページを要求しました。"
		    "不正プログラムが本当の接続先を隠すときに見られる動きですが、"
		    "Webサイトの監視の場合もあります。" } },
		{ "the office watches web sites of its own or of its customers.",
		  "自社や顧客のWebサイトの動作を監視している場合。" },
		{ STEP_ASK_SOFTWARE, STEP_UNPLUG, STEP_CALL },
		{ "server", "servers" },
		.is_exact = true,
	},
	{
		SIGNAL_DOWNLOAD,
		{ "Doubtful download", "不審なファイルの取得" },
		{ { "A program on %D fetched a file from %O that looks like a program or hides "
		    "what it is. Attacks bring their tools to a computer in this way; "
		    "updates of uncommon software can look alike.",
		    "%D上のプログラムが、プログラムとみられるファイル、または正体を隠した"
		    "ファイルを%Oから取得しました。"
		    "攻撃者が道具を持ち込むときに見られる動きですが、"
		    "あまり使われていないソフトの更新の場合もあります。" },
		  { "A program on %D fetched a file from %O, another device in the office, that "
		    "looks like a program or hides what it is. Attacks spread in this way; "
		    "software distribution inside the office can look alike.",
		    "%D上のプログラムが、プログラムとみられるファイル、または正体を隠した"
		    "ファイルを事務所内の別の機器（%O）から取得しました。"
		    "攻撃が広がるときに見られる動きですが、"
		    "事務所内でソフトを配布している場合もあります。" } },
		{ "somebody installed or updated software at that time.",
		  "その時刻にソフトのインストールや更新を行った場合。" },
		{ STEP_ASK_SOFTWARE, STEP_UNPLUG, STEP_CALL },
		{ "download", "downloads" },
		.telling = of_place,
		.is_exact = true,
	},
	{
		SIGNAL_ODD_TLS,
		{ "Encrypted connection to a makeshift server",
		  "急ごしらえのサーバーとの暗号化通信" },
		{ { "%D has had encrypted connections to %O, whose proof of identity was made by "
		    "the server itself or does not fit. Servers that control malware often look "
		    "like this; cheap gadgets and home-made programs can too.",
		    "%Dは%Oと暗号化通信を行いましたが、相手の証明書は自作のものか、"
		    "内容が相手と合っていません。"
		    "不正プログラムを操作するサーバーによく見られますが、"
		    "安価な機器や独自に作られたソフトの場合もあります。" } },
		{ "it is a device or program whose maker runs servers of this kind.",
		  "そのような作りのサーバーを使う機器やソフトの場合。" },
		{ STEP_ASK_SOFTWARE, STEP_UNPLUG, STEP_CALL },
		{ "connection", "connections" },
		.is_exact = true,
	},
	{
		SIGNAL_ADDRESS_LOOKUP,
		{ "A program asked for the office's public address",
		  "事務所の公開アドレスを調べる通信" },
		{ { "A program on %D asked %O under which address the office is seen on the "
		    "internet. Malware often does this first; VPN programs, games and routers do "
		    "it too.",
		    "%D上のプログラムが、事務所がインターネット上でどのアドレスで見えているかを"
		    "%Oに問い合わせました。"
		    "不正プログラムが最初に行うことの多い動きですが、"
		    "VPNソフトやゲーム、ルーターの場合もあります。" } },
		{ "it is a VPN program, a game, or a router that keeps its name up to date.",
		  "VPNソフトやゲームのほか、ルーターが自分の名前を更新している場合。" },
		{ STEP_ASK_SOFTWARE, STEP_CALL },
		{ "question", "questions" },
		.is_exact = true,
	},
};

static const struct reason_words reasons[] = {
	{ REASON_ODD_SIGNS,
	  "odd_signs",
	  { "oddities of its requests", "不自然な点の数" },
	  .unit = { "", "個" },
	  .is_technical = true },
	{ REASON_FALSE_BROWSER,
	  "false_browser",
	  { "calls itself a browser, but does not speak like one",
	    "ブラウザーと名乗るが、ブラウザーの動きではない" },
	  .is_fact = true },
	{ REASON_AGENT_TELLS,
	  "agent_tells_machine",
	  { "tells the server which computer it runs on",
	    "どのパソコンで動いているかを相手に知らせている" },
	  .is_fact = true },
	{ REASON_NO_AGENT,
	  "no_agent",
	  { "the program does not say what it is", "プログラムが名前を名乗らない" },
	  .is_fact = true },
	{ REASON_TOOL_AGENT,
	  "tool_agent",
	  { "fetched by a script or tool, not by a browser",
	    "ブラウザーではなくスクリプトやツールによる取得" },
	  .is_fact = true },
	{ REASON_PLAIN_ON_TLS_PORT,
	  "plain_on_tls_port",
	  { "unencrypted on a port for encrypted traffic",
	    "暗号化通信用のポートでの暗号化されていない通信" },
	  .unit = { "", "番" } },
	{ REASON_RENTED_NAME,
	  "rented_name",
	  { "a server name that anybody can get for free", "誰でも無料で取得できるサーバー名" },
	  .is_fact = true },
	{ REASON_BARE_POSTS,
	  "bare_posts",
	  { "data sent without opening a page first", "ページを開かずにデータを送信した回数" },
	  .unit = { "", "回" } },
	{ REASON_SHORT_ANSWERS,
	  "short_answers",
	  { "answers with next to nothing in them", "ほとんど中身のない応答" },
	  .unit = { "", "回" } },
	{ REASON_DISGUISED,
	  "disguised",
	  { "the content is not what it claims to be", "内容が表示された種類と異なる" },
	  .is_fact = true },
	{ REASON_WRITTEN_OUT,
	  "written_out",
	  { "a program written out as text", "文字として書き出されたプログラム" },
	  .is_fact = true },
	{ REASON_SCRAMBLED,
	  "scrambled",
	  { "called a program, but made unreadable",
	    "プログラムとされているが、読めない形に変えられている" },
	  .is_fact = true },
	{ REASON_OWN_CERTIFICATE,
	  "own_certificate",
	  { "nobody vouches for the server's identity", "サーバーの身元を証明する第三者がいない" },
	  .is_fact = true },
	{ REASON_PLACEHOLDER,
	  "placeholder",
	  { "its certificate does not say whose it is", "証明書に持ち主が書かれていない" },
	  .is_fact = true },
	{ REASON_DRAWN_NAME,
	  "drawn_name",
	  { "names made of random letters", "でたらめな文字でできた名前" },
	  .is_fact = true },
	{ REASON_OTHER_NAME,
	  "other_name",
	  { "the certificate is for another name", "証明書が別の名前のもの" },
	  .is_fact = true },
	{ REASON_VALIDITY,
	  "validity",
	  { "the certificate has run out or is valid for far too long",
	    "証明書の期限が切れているか、有効期間が極端に長い" },
	  .is_fact = true },
	{ REASON_NO_SNI,
	  "no_sni",
	  { "the program does not say which name it wants", "接続先の名前を伝えていない" },
	  .is_fact = true },
	{ REASON_SHARING,
	  "file_sharing",
	  { "the device shares files with strangers, as those programs do",
	    "この機器ではファイル共有ソフトの通信も見られる" },
	  .is_fact = true },
	{ REASON_TWO_FACES,
	  "two_faces",
	  { "the same program calls itself a browser at times and nothing at others",
	    "同じプログラムがブラウザーと名乗ったり名乗らなかったりする" },
	  .is_fact = true },
	{ REASON_FALSE_REFERER,
	  "false_referer",
	  { "says it comes from a page that was never opened",
	    "開かれていないページから来たように装っている" },
	  .is_fact = true },
	{ REASON_PROGRAM_TOO,
	  "program_too",
	  { "the same server takes reports and hands out programs",
	    "同じサーバーがデータを受け取り、プログラムも渡している" },
	  .is_fact = true },
};

const struct word_family words_web = {
	.kinds = kinds,
	.kind_count = sizeof(kinds) / sizeof(kinds[0]),
	.reasons = reasons,
	.reason_count = sizeof(reasons) / sizeof(reasons[0]),
};
