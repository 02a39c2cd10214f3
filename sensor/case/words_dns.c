#include "sensor/case/words.h"

/* Words about name lookups. */

static enum telling of_tunnel(const struct signal *s)
{
	return signal_find_reason(s, REASON_BULK_ANSWERS) &&
			       !signal_find_reason(s, REASON_NAME_BYTES)
		       ? TELLING_OTHER
		       : TELLING_USUAL;
}

static enum telling of_failing(const struct signal *s)
{
	return signal_find_reason(s, REASON_ALTERNATIVE_ROOT) ? TELLING_OTHER : TELLING_USUAL;
}

static const struct kind_words kinds[] = {
	{
		SIGNAL_DNS_TUNNEL,
		{ "Possible data transfer in name lookups",
		  "名前の問い合わせを使ったデータ通信の疑い" },
		{ { "%D asked for %N different {name|names} below %O %T. The names look like data, "
		    "not "
		    "like names: this is a way to carry data past a firewall; some security "
		    "products do it too.",
		    "%Dは%Tに、%Oで終わる%N個の異なる名前を問い合わせました。"
		    "名前というよりデータのような文字列です。"
		    "ファイアウォールをすり抜けてデータを運ぶ手口に見られますが、"
		    "一部のセキュリティ製品の場合もあります。" },
		  { "%D asked for %N different {name|names} below %O %T, and many of the answers "
		    "were of "
		    "kinds that can carry data. This is a way to carry data past a firewall; some "
		    "security products do it too.",
		    "%Dは%Tに、%Oで終わる%N個の異なる名前を問い合わせました。"
		    "応答には、データを運べる種類のものが多く含まれていました。"
		    "ファイアウォールをすり抜けてデータを運ぶ手口に見られますが、"
		    "一部のセキュリティ製品の場合もあります。" } },
		{ "it is a security product that sends fingerprints of files in names.",
		  "セキュリティ製品が、ファイルの識別情報（ハッシュ値）を名前に入れて照会している場"
		  "合。" },
		{ STEP_ASK_SOFTWARE, STEP_UNPLUG, STEP_CALL },
		{ "name", "names" },
		.telling = of_tunnel,
	},
	{
		SIGNAL_DNS_DATA,
		{ "Data hidden in name lookups", "名前の問い合わせに隠されたデータの疑い" },
		{ { "%D asked for %N {name|names} at %O %T that {looks like a piece|look like "
		    "pieces} of data, not like names "
		    "of "
		    "servers. Programs that want to get past a firewall talk like this; some "
		    "security "
		    "products do too.",
		    "%Dは%Tに、%Oに対して、サーバー名というよりデータの断片のような名前を%N個"
		    "問い合わせました。ファイアウォールをすり抜けて通信する手口に見られますが、"
		    "一部のセキュリティ製品の場合もあります。" } },
		{ "it is a security product that sends fingerprints of files in names.",
		  "セキュリティ製品が、ファイルの識別情報（ハッシュ値）を名前に入れて照会している場"
		  "合。" },
		{ STEP_ASK_SOFTWARE, STEP_UNPLUG, STEP_CALL },
		{ "name", "names" },
		.is_exact = true,
	},
	{
		SIGNAL_DNS_BEACON,
		{ "Regular reports in name lookups", "名前の問い合わせを使った規則的な通信" },
		{ { "%D asked for names below %O about every %P, %N {time|times} %T, and hardly "
		    "used the "
		    "answers. "
		    "Programs that report to a stranger in this way get past most firewalls; "
		    "monitoring "
		    "and security programs can look alike.",
		    "%Dは%Tに%N回、約%Pごとに%Oで終わる名前を問い合わせましたが、"
		    "答えはほとんど使われていません。"
		    "ファイアウォールをすり抜けて報告する不正プログラムに見られる動きですが、"
		    "監視ソフトやセキュリティ製品の場合もあります。" } },
		{ "it is a monitoring or security program that checks something by name lookups.",
		  "監視ソフトやセキュリティ製品が、名前の問い合わせで何かを確認している場合。" },
		{ STEP_ASK_SOFTWARE, STEP_UNPLUG, STEP_CALL },
		{ "lookup", "lookups" },
		.is_exact = true,
	},
	{
		SIGNAL_DGA,
		{ "Search for a server under many invented names",
		  "でたらめな名前でサーバーを探し続ける動き" },
		{ { "%D asked for %N {domain|domains} %T that {does|do} not exist and whose "
		    "letters look drawn at "
		    "random. "
		    "Malware that has lost its server looks for it like this.",
		    "%Dは%Tに、存在しないドメイン名を%N個問い合わせました。"
		    "文字の並びが、でたらめに作られたように見えます。"
		    "接続先を見失った不正プログラムによく見られる動きです。" } },
		{ "it is a mail server or a filter that checks strangers' domains, or a test "
		  "program.",
		  "メールサーバーやフィルターが外部のドメインを確認している場合や、検査用のソフトの"
		  "場"
		  "合。" },
		{ STEP_ASK_SOFTWARE, STEP_UNPLUG, STEP_CALL },
		{ "domain", "domains" },
		.outcomes = { [OUTCOME_ATTEMPT] = "none exists" },
		.is_exact = true,
	},
	{
		SIGNAL_FAILING_NAMES,
		{ "Lookups of names that do not exist", "存在しない名前への問い合わせの繰り返し" },
		{ { "%D keeps asking for %O and the like, %N {time|times} %T, although there is no "
		    "such "
		    "name. "
		    "A program whose server has been taken away behaves like this: malware, or "
		    "only "
		    "old software.",
		    "%Dは%Tに、存在しない名前（%Oなど）を%N回問い合わせ続けています。"
		    "接続先のサーバーがなくなったプログラムに見られる動きで、"
		    "不正プログラムの場合も、単に古いソフトの場合もあります。" },
		  { "%D asked %N {time|times} %T for names like %O, which the internet's name "
		    "system does "
		    "not "
		    "have: only special name servers know them. Some malware keeps its servers "
		    "under "
		    "such names, because nobody can take them away.",
		    "%Dは%Tに、%Oのような、インターネットの通常の仕組みにはない名前を%N回"
		    "問い合わせました。特別な名前サーバーだけが知っている名前です。"
		    "取り消されにくいため、接続先に使う不正プログラムがあります。" } },
		{ "it is old software whose maker is gone, or somebody tries out such names on "
		  "purpose.",
		  "提供元がなくなった古いソフトの場合や、利用者がそのような名前をわざと試している場"
		  "合。" },
		{ STEP_ASK_SOFTWARE, STEP_CALL },
		{ "lookup", "lookups" },
		.telling = of_failing,
		.outcomes = { [OUTCOME_ATTEMPT] = "no such name" },
		.is_exact = true,
	},
	{
		SIGNAL_MACHINE_NAME,
		{ "Contact with a server of a random-looking name",
		  "でたらめな名前のサーバーとの通信" },
		{ { "%D was in contact with %O, whose name looks drawn at random. Servers of "
		    "malware often "
		    "have such names; a few services of advertisers and makers do too.",
		    "%Dは、でたらめに作られたような名前のサーバー（%O）と通信しました。"
		    "不正プログラムのサーバーによく見られますが、広告やメーカーのサービスの場合もあ"
		    "ります。" } },
		{ "it is an abbreviation, or the server of an advertiser.",
		  "略称の場合や、広告配信のサーバーの場合。" },
		{ STEP_ASK_SOFTWARE, STEP_CALL },
		{ "contact", "contacts" },
		.is_exact = true,
	},
	{
		SIGNAL_FOREIGN_RESOLVER,
		{ "A name server that the office does not use",
		  "事務所で使っていない名前サーバーの利用" },
		{ { "%D asked %O for names, %N {time|times} %T, although the office uses another "
		    "name "
		    "server and "
		    "this one is not a well-known public one. Malware does so to reach names that "
		    "others "
		    "do not know, or to send people to wrong places.",
		    "%Dは%"
		    "Tに、事務所で使っている名前サーバーではなく、よく知られた公開サーバーでもない"
		    "%Oに%N回問い合わせました。ほかでは分からない名前を調べたり、"
		    "利用者を偽の接続先に誘導したりする不正プログラムに見られる動きです。" } },
		{ "somebody set this name server on the device on purpose, or it is the "
		  "provider's.",
		  "この機器にその名前サーバーをわざと設定した場合や、通信会社のサーバーの場合。" },
		{ STEP_ASK_SOFTWARE, STEP_CALL },
		{ "question", "questions" },
		.is_exact = true,
	},
	{
		SIGNAL_FAST_FLUX,
		{ "A name behind which ever other machines stand",
		  "接続先が次々に入れ替わる名前の利用" },
		{ { "%D asked for %O %T, and the answers named %N {machine|machines} in many "
		    "different "
		    "networks, ever new ones. Criminals hide their servers behind taken-over "
		    "machines in this way; some networks of volunteers and large services look "
		    "alike.",
		    "%Dが%Tに問い合わせた%Oの接続先は、さまざまなネットワークにある%N台の"
		    "機器に次々と入れ替わりました。乗っ取った機器の陰にサーバーを隠す手口に"
		    "見られますが、有志による共同サービスや大規模なサービスの場合もあります。" } },
		{ "it is a service of volunteers, such as time servers, or a program that shares "
		  "files or digital money.",
		  "時刻合わせなど有志による共同サービスの場合や、"
		  "ファイル共有・暗号資産のソフトの場合。" },
		{ STEP_ASK_SOFTWARE, STEP_UNPLUG, STEP_CALL },
		{ "address", "addresses" },
		.outcomes = { [OUTCOME_ATTEMPT] = "looked up only" },
	},
	{
		SIGNAL_REBINDING,
		{ "A name from outside that came to lead into the office",
		  "外部の名前が事務所内の機器を指すように変わった" },
		{ { "%D asked for %O, which led to a server on the internet at first and soon "
		    "after to %X, a machine in the office. A web page can use this to speak to "
		    "machines in the "
		    "office; a name that was corrected, or a network's login page, looks alike.",
		    "%Dが問い合わせた%Oは、はじめ外部のサーバーを指していましたが、まもなく内部の"
		    "%Xを指すように変わりました。Webページが事務所内の機器と通信するための手口に"
		    "見られますが、登録内容の修正や、ネットワークのログイン画面の場合もあります"
		    "。" } },
		{ "the name is the office's own, or it belongs to a router, network storage or "
		  "filter that answers for it.",
		  "その名前が事務所のものである場合や、ルーター・NAS・フィルターが答えている場合"
		  "。" },
		{ STEP_ASK_SITE, STEP_ASK_ROUTER, STEP_CALL },
		{ "turn", "turns" },
		.outcomes = { [OUTCOME_ATTEMPT] = "not seen to be used" },
		.is_exact = true,
	},
};

static const struct reason_words reasons[] = {
	{ REASON_DISTINCT_NAMES,
	  "distinct_names",
	  { "different names", "異なる名前" },
	  .unit = { "", "個" } },
	{ REASON_NAME_BYTES,
	  "name_bytes",
	  { "data that fits into them", "名前に入るデータ量" },
	  .unit = { " {byte|bytes}", "バイト" } },
	{ REASON_NAME_LENGTH,
	  "name_length",
	  { "mean length of the names", "名前の平均の長さ" },
	  .unit = { " {character|characters}", "文字" } },
	{ REASON_NAME_ENTROPY,
	  "name_entropy",
	  { "randomness of the names", "名前の不規則さ" },
	  .unit = { " {bit|bits} a character", "ビット/文字" },
	  .is_technical = true },
	{ REASON_BULK_ANSWERS,
	  "bulk_answer_share",
	  { "answers of kinds that carry data", "データを運ぶ種類の応答" },
	  .is_share = true },
	{ REASON_EMPTY_ANSWERS,
	  "empty_answers_share",
	  { "answers without an address to go to", "接続先のない応答" },
	  .is_share = true },
	{ REASON_DATA_NAMES,
	  "data_names",
	  { "names that look like data", "データのような名前" },
	  .unit = { "", "個" } },
	{ REASON_CARRIER_TYPES,
	  "carrier_types_share",
	  { "asked for kinds that carry data", "データを運ぶ種類の問い合わせ" },
	  .is_share = true },
	{ REASON_FULL_LABELS,
	  "full_labels_share",
	  { "names as long as names can be", "長さの上限に近い名前" },
	  .is_share = true },
	{ REASON_COUNTS_UP,
	  "counts_up",
	  { "names with a number one higher than before", "通し番号が増えていく名前" },
	  .unit = { "", "個" } },
	{ REASON_WIDE_LETTERS,
	  "wide_letters_share",
	  { "of the names: long series of letters and digits that are no number",
	    "名前のうち、意味のない長い英数字の列" },
	  .is_share = true },
	{ REASON_LONG_NAMES,
	  "long_names",
	  { "characters of a name, on average", "名前1つ当たりの平均文字数" },
	  .unit = { "", "文字" } },
	{ REASON_SCATTERED_ANSWERS,
	  "scattered_answers",
	  { "networks named in the answers", "応答に含まれるネットワークの数" },
	  .unit = { "", "個" } },
	{ REASON_NO_ZONE,
	  "no_zone",
	  { "the names belong to no domain", "どのドメインにも属さない名前" },
	  .is_fact = true },
	{ REASON_FAILED_DOMAINS,
	  "failed_domains",
	  { "domains that do not exist", "存在しないドメイン" },
	  .unit = { "", "個" } },
	{ REASON_NAME_COST,
	  "name_cost",
	  { "how unusual their letters are", "文字の並びの不自然さ" },
	  .unit = { " {bit|bits} a letter", "ビット/文字" },
	  .is_technical = true },
	{ REASON_ALIKE,
	  "alike_share",
	  { "names of the same length or ending", "長さか末尾が同じ名前" },
	  .is_share = true },
	{ REASON_ALTERNATIVE_ROOT,
	  "alternative_root",
	  { "names outside the internet's name system", "通常の仕組みにはない名前" },
	  .unit = { "", "個" } },
	{ REASON_OUTSIDE_RESOLVER,
	  "outside_resolver",
	  { "asked of a name server outside the office", "事務所の外の名前サーバーに問い合わせ" },
	  .is_fact = true },
	{ REASON_RHYTHM,
	  "rhythm_seconds",
	  { "time between the lookups, nearly always the same", "ほぼ一定の問い合わせ間隔" },
	  .unit = { " s", "秒" } },
	{ REASON_LOOKUPS, "lookups", { "lookups", "問い合わせ" }, .unit = { "", "回" } },
	{ REASON_NAMES_APART,
	  "names_apart",
	  { "names that the usual name server was not asked for",
	    "いつもの名前サーバーには問い合わせていない名前" },
	  .unit = { "", "個" } },
	{ REASON_RESOLVERS,
	  "resolvers",
	  { "such name servers", "そのような名前サーバー" },
	  .unit = { "", "台" } },
	{ REASON_OVER_TCP,
	  "over_tcp",
	  { "over TCP, which devices seldom use for this", "通常は使わないTCPでの問い合わせ" },
	  .is_fact = true },
	{ REASON_NAME_ADDRESSES,
	  "name_addresses",
	  { "addresses of the name", "その名前の接続先" },
	  .unit = { "", "個" } },
	{ REASON_NAME_NETWORKS,
	  "name_networks",
	  { "networks in which they lie", "接続先があるネットワーク" },
	  .unit = { "", "個" } },
	{ REASON_NEW_ANSWERS,
	  "new_answers",
	  { "answers with new addresses", "新しい接続先を含む答え" },
	  .unit = { "", "回" } },
	{ REASON_ANSWER_LASTS,
	  "answer_lasts_seconds",
	  { "time for which the answers may be kept", "答えの有効時間" },
	  .unit = { " s", "秒" } },
	{ REASON_FRESH,
	  "fresh_share",
	  { "addresses in later answers that were new", "その後の答えのうち新しい接続先" },
	  .is_share = true },
	{ REASON_SCATTERED,
	  "scattered_share",
	  { "addresses in a network of their own", "それぞれ別のネットワークにある接続先" },
	  .is_share = true },
	{ REASON_NAME_USED,
	  "name_used",
	  { "the device went there by that name", "実際にその名前で接続" },
	  .is_fact = true },
	{ REASON_ALIAS,
	  "alias",
	  { "the name stands for another one", "別の名前への転送" },
	  .is_fact = true },
	{ REASON_INSIDE_AFTER,
	  "inside_after_seconds",
	  { "time from the answer outside to the one inside", "外部から内部に変わるまでの時間" },
	  .unit = { " s", "秒" } },
	{ REASON_NAME_TURNS,
	  "name_turns",
	  { "times that the name turned inside", "内部を指すように変わった回数" },
	  .unit = { "", "回" } },
	{ REASON_IS_NAME_SERVER,
	  "is_name_server",
	  { "it leads to the office's own name server", "事務所の名前サーバー自身を指す" },
	  .is_fact = true },
	{ REASON_TO_NOWHERE,
	  "to_nowhere",
	  { "it leads to no other machine", "ほかの機器を指していない" },
	  .is_fact = true },
	{ REASON_NAMES_TURNED,
	  "names_turned",
	  { "domains turned to the same machine", "同じ機器を指すように変わったドメイン" },
	  .unit = { "", "個" } },
};

const struct word_family words_dns = {
	.kinds = kinds,
	.kind_count = sizeof(kinds) / sizeof(kinds[0]),
	.reasons = reasons,
	.reason_count = sizeof(reasons) / sizeof(reasons[0]),
};
