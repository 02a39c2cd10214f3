#include "sensor/case/words.h"

/* Words about what stands in indicator sets. %X is the entry, with who lists it since when. */

static enum telling of_contact(const struct signal *s)
{
	return s->outcome == OUTCOME_DATA ? TELLING_OTHER : TELLING_USUAL;
}

static const struct kind_words kinds[] = {
	{
		SIGNAL_LISTED_CONTACT,
		{ "Contact with a server that is on a warning list",
		  "警告リストに載っているサーバーとの通信" },
		{ { "%D was in contact with %O, which is on the warning list that this sensor was "
		    "given. The entry: %X.",
		    "%Dは、警告リストに載っている%Oと通信しました（リストの記載：%X）。" },
		  { "%D exchanged data with %O, which is on the warning list that this sensor was "
		    "given. The entry: %X.",
		    "%Dは、警告リストに載っている%Oとデータをやり取りしました（リストの記載："
		    "%X）。" } },
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
		    "was given. No exchange of data with it was seen. The entry: %X.",
		    "%Dは、警告リストに載っている%Oの接続先（IPアドレス）を調べました。"
		    "データのやり取りは確認されていません（リストの記載：%X）。" } },
		{ "it is a link in a mail or page that was fetched ahead and never opened.",
		  "メールやページ内のリンクが、開かれずに先読みされただけの場合。" },
		{ STEP_ASK_SOFTWARE, STEP_CALL },
		{ "lookup", "lookups" },
		/* Answered, but no contact; or held back on the way. */
		.outcomes = { [OUTCOME_ATTEMPT] = "lookup alone",
			      [OUTCOME_REFUSED] = "the name was held back" },
	},
	{
		SIGNAL_LISTED_CLIENT,
		{ "A program that speaks like one on a warning list",
		  "警告リストに載っているソフトに似た通信" },
		{ { "A program on %D opened a connection to %O in the very way of software that is "
		    "on the warning list. Other programs that are built alike can open theirs the "
		    "same way. The entry: %X.",
		    "%Dのソフトが、警告リストに載っているソフトと同じやり方で%Oへ接続しました。"
		    "作りの似た別のソフトの場合もあります（リストの記載：%X）。" } },
		{ "it is another program built with the same parts.",
		  "同じ部品で作られた別のソフトの場合。" },
		{ STEP_ASK_SOFTWARE, STEP_CALL },
		{ "connection", "connections" },
		.telling = NULL,
	},
};

static const struct reason_words reasons[] = {
	{ REASON_LISTED,
	  "listed",
	  { "how sure the warning list is of this entry", "警告リストの記載の確かさ" },
	  .unit = { "%", "%" } },
	{ REASON_LISTED_DAYS,
	  "listed_days",
	  { "on the warning list for", "警告リストに載ってからの日数" },
	  .unit = { " {day|days}", "日" } },
	{ REASON_LISTED_SHARED,
	  "listed_shared",
	  { "an address that many others use too", "ほかの多くの利用者も使う接続先" },
	  .is_fact = true },
	{ REASON_KNOWN_NAME,
	  "known_name",
	  { "reached by the name of a well-known service", "よく知られたサービスの名前で接続" },
	  .is_fact = true },
	{ REASON_OFFICES,
	  "offices",
	  { "offices in which this place is in use", "この宛先を利用している事業所" },
	  .unit = { "", "か所" } },
	{ REASON_LISTED_PRINT,
	  "listed_print",
	  { "opened as software on the warning list opens its connections",
	    "警告リストに載っているソフトと同じ接続の始め方" },
	  .is_fact = true },
	{ REASON_LISTED_PATH,
	  "listed_path",
	  { "only the path is on the warning list, not this server",
	    "警告リストにあるのはパスだけで、このサーバーではない" },
	  .is_fact = true },
};

const struct word_family words_listed = {
	.kinds = kinds,
	.kind_count = sizeof(kinds) / sizeof(kinds[0]),
	.reasons = reasons,
	.reason_count = sizeof(reasons) / sizeof(reasons[0]),
};
