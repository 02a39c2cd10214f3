#include "tools/desk/desk_words.h"

static const char *const words[DESK_WORDS][LANGUAGES] = {
	[DESK_WORD_TITLE] = { "Desk", "受付" },
	[DESK_WORD_NEEDS_YOU] = { "Look at these first", "先に確認が必要なもの" },
	[DESK_WORD_ALL_WELL] = { "All sensors report.", "すべてのセンサーから報告があります。" },
	[DESK_WORD_SENSORS] = { "Sensors", "センサー" },
	[DESK_WORD_OFFICE] = { "Office", "事務所" },
	[DESK_WORD_SENSOR] = { "Sensor", "センサー" },
	[DESK_WORD_LAST_WORD] = { "Last word", "最後の報告" },
	[DESK_WORD_STATE] = { "State", "状態" },
	[DESK_WORD_MISSING] = { "Missing parcels", "未着の報告" },
	[DESK_WORD_PACKETS] = { "Packets seen", "観測パケット数" },
	[DESK_WORD_DROPPED] = { "Packets lost", "取りこぼし" },
	[DESK_WORD_FEEDS] = { "Oldest list, days", "最も古いリスト（日数）" },
	[DESK_WORD_CASES] = { "Open cases", "未完了の案件" },
	[DESK_WORD_NO_CASES] = { "None.", "ありません。" },
	[DESK_WORD_PRIORITY] = { "Priority", "優先度" },
	[DESK_WORD_DO_FIRST] = { "Do first", "最初にすること" },
	[DESK_WORD_HARMLESS_IF] = { "Harmless if", "問題ない場合" },
	[DESK_WORD_NOT_KNOWN] = { "Not known", "分かっていないこと" },
	[DESK_WORD_WHY] = { "Why", "根拠" },
	[DESK_WORD_CONSIDERED] = { "Harmless explanations that were tried", "検討した無害な説明" },
	[DESK_WORD_BACK] = { "All cases", "一覧へ" },
};

static const char *const troubles[DESK_TROUBLES + 1][LANGUAGES] = {
	[DESK_REVOKED] = { "revoked by the rangers", "失効済み" },
	[DESK_SILENT] = { "silent: nothing has come for 15 minutes or longer",
			  "沈黙：15分以上何も届いていません" },
	[DESK_SENSOR_DEAD] = { "its courier speaks, but the sensor does not run",
			       "配送は動いていますが、センサーが動いていません" },
	[DESK_CANARY_LOST] = { "it does not see its own test lookup: it may be watching nothing",
			       "試験用の名前検索が見えていません：監視できていない可能性がありま"
			       "す" },
	[DESK_HOLES] = { "parcels are missing", "届いていない報告があります" },
	[DESK_UNHEALTHY] = { "the sensor reports a fault of its own",
			     "センサーが自身の不具合を報告しています" },
	[DESK_SET_ASIDE] = { "some parcels could not be delivered",
			     "配送できなかった報告があります" },
	[DESK_TROUBLES] = { "good", "正常" },
};

const char *desk_word(enum desk_word word, enum language language)
{
	return words[word][language];
}

const char *desk_word_of_trouble(enum desk_trouble trouble, enum language language)
{
	return troubles[trouble][language];
}
