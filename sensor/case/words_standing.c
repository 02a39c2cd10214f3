#include "sensor/case/words.h"

static const struct {
	const char *name;
	const char *text[LANGUAGES];
} words[STANDINGS] = {
	[STANDING_SERVES] = { "serves_office",
			      { "Others in the office use files, data or logins of this device, so "
				"harm to it reaches them.",
				"この機器のファイルやデータ、ログイン機能を事務所のほかの機器も使っ"
				"ているた"
				"め、影響が広がるおそれがあります。" } },
	[STANDING_IMPORTANT] = { "important",
				 { "The office has listed this device as important.",
				   "この機器は、事務所が重要な機器として登録しています。" } },
	[STANDING_UNIMPORTANT] = { "unimportant",
				   { "The office has listed this device as less important.",
				     "この機器は、事務所が重要度の低い機器として登録しています"
				     "。" } },
	[STANDING_UNSUPPORTED] = { "unsupported_system",
				   { "The system of this device gets no more updates, so it is "
				     "easier to take over.",
				     "この機器のシステムは更新の提供が終わっているため、攻撃を受け"
				     "やす"
				     "い状態です。" } },
	[STANDING_PRIVATE] = { "private_device",
			       { "This device is a private one, or nobody has told yet whose it "
				 "is.",
				 "この機器は私物か、持ち主がまだ確認されていない機器です。" } },
	[STANDING_RETURNED] = { "returned_device",
				{ "This device has come back after days in another network.",
				  "この機器は、数日間ほかのネットワークで使われてから戻ってきました"
				  "。" } },
	[STANDING_PARTNER] = { "partner",
			       { "The other side is a trading partner of the office, who may be "
				 "concerned too.",
				 "相手は取引先のため、取引先にも関わる可能性があります。" } },
};

const char *standing_text(enum standing bit)
{
	return words[bit].name;
}

const char *words_standing(enum standing bit, enum language language)
{
	return words[bit].text[language];
}

void words_suppression(const struct finding *finding, enum language language, struct text *out)
{
	const char *id = finding->considered.suppression;

	if (id[0] == '\0')
		return;
	if (language == LANGUAGE_EN)
		text_format(out, "Suppressed by \"%s\", shown because it is P1.", id);
	else
		text_format(out,
			    "「%s」により通知しない対象ですが、緊急度がP1のためお知らせします。",
			    id);
}

const char *words_digest(enum language language)
{
	static const char *const texts[LANGUAGES] = {
		"In the digest: more cases came than the office is told of one by one.",
		"まとめ（ダイジェスト）に入れました：個別にお知らせする件数の上限を超えています。",
	};

	return texts[language];
}

const char *words_quiet(enum language language)
{
	static const char *const texts[LANGUAGES] = {
		"Nothing more of this was seen for days. That alone does not mean that it is over.",
		"その後、数日間は同じ動きを観測していません。ただし、それだけで解決したとは言えませ"
		"ん。",
	};

	return texts[language];
}
