#include "sensor/case/words.h"

/* Words about what the sensor remembers. */

static enum telling of_lookup(const struct signal *s)
{
	return s->outcome == OUTCOME_ATTEMPT ? TELLING_OTHER : TELLING_USUAL;
}

static const struct kind_words kinds[] = {
	{
		SIGNAL_LISTED_BEFORE,
		{ "Earlier contact with a server that has been put on a warning list since",
		  "のちに警告リストへ載ったサーバーとの過去の通信" },
		{ { "%D was first in contact with %O %A before that was put on the warning list: "
		    "%N {contact|contacts} in all, %B sent there. At that time nobody could be "
		    "warned.",
		    "%Dは、%Oが警告リストに載る%A前から%N回、これと通信し、"
		    "合計%Bを送っていました。通信した時点では、まだ警告できませんでした。" },
		  { "%D first looked up the address of %O %A before that name was put on the "
		    "warning list: %N {lookup|lookups} in all. No exchange of data with it was "
		    "seen.",
		    "%Dは、%Oが警告リストに載る%A前から%N回、"
		    "その接続先（IPアドレス）を調べていました。"
		    "データのやり取りは確認されていません。" } },
		{ "the server was harmless at that time and was taken over later, or others share "
		  "it.",
		  "当時は問題のないサーバーで、その後に悪用されるようになった場合や、"
		  "同じサーバーをほかの利用者も使っている場合。" },
		{ STEP_ASK_SOFTWARE, STEP_SCAN_VIRUS, STEP_CALL },
		{ "contact", "contacts" },
		.telling = of_lookup,
		.outcomes = { [OUTCOME_ATTEMPT] = "lookup alone" },
		.is_exact = true,
	},
};

static const struct reason_words reasons[] = {
	{ REASON_DAYS_BEFORE,
	  "days_before_listed",
	  { "first contact before it was listed", "掲載前の最初の通信" },
	  .unit = { " {day|days}", "日前" } },
	{ REASON_CONTACT_AGE,
	  "days_since_contact",
	  { "since the last contact", "最後の通信から" },
	  .unit = { " {day|days}", "日" } },
};

const struct word_family words_remembered = {
	.kinds = kinds,
	.kind_count = sizeof(kinds) / sizeof(kinds[0]),
	.reasons = reasons,
	.reason_count = sizeof(reasons) / sizeof(reasons[0]),
};
