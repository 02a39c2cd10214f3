/* Words for what is out of date: see health_phrases.c, whose form they have. */
#include "sensor/health/health_phrases.h"

#define NEW_LIST_EN                                                                     \
	"Build or fetch a newer one, and put it in place: 'hinomi intel install --key " \
	"PUBLIC SET FOLDER', with the folder of intel.folder. Where it should come by " \
	"itself, see why it does not."
#define NEW_LIST_JA                                                                                                  \
	"新しいリストを作成または取得し、'hinomi intel install --key 公開鍵 リスト "           \
	"フォルダー'でintel.folderのフォルダーに入れてください。自動で届くはずの場合" \
	"は、届かない理由を確認してください。"
#define SEE_WHY_EN                                                                          \
	"'journalctl -u hinomi-sensor' says which file, and why. Then install it anew, or " \
	"put its maker's public key into intel.key."
#define SEE_WHY_JA                                                                                                 \
	"'journalctl -u hinomi-sensor'で対象のファイルと理由を確認し、入れ直すか、作成者" \
	"の公開鍵をintel.keyに設定してください。"
#define NEW_DATABASE_EN                                                                   \
	"Fetch it anew, put it where places.databases says by renaming ('mv'), and then " \
	"'systemctl reload hinomi-sensor'."
#define NEW_DATABASE_JA                                                                                           \
	"データベースを取得し直し、places.databasesの場所に'mv'で置いてから、'systemctl " \
	"reload hinomi-sensor'を実行してください。"

static const struct health_phrases phrases[HEALTH_CODES] = {
	[HEALTH_LIST_EXPIRED] = {
		{
			"A list of known bad places that the sensor uses expired %0 days ago: "
			"it still tells of what is in it, and knows nothing newer.",
			"センサーが使っている危険な接続先のリストは、%0日前に有効期限が切れま"
			"した。載っている接続先は検知しますが、その後に見つかったものは分かり"
			"ません。",
		},
		{ NEW_LIST_EN, NEW_LIST_JA },
	},
	[HEALTH_LIST_REFUSED] = {
		{
			"A list of known bad places was refused (it is damaged, not readable, or "
			"not signed by a trusted key): the sensor goes on with the one before.",
			"危険な接続先のリストが、破損している、読めない、または信頼できる鍵で署"
			"名されていないため使えません。センサーは以前のリストを使い続けていま"
			"す。",
		},
		{ SEE_WHY_EN, SEE_WHY_JA },
	},
	[HEALTH_LIST_OLD] = {
		{
			"The oldest list that the sensor uses was made %0 days ago: what has "
			"become known since then is not in it.",
			"センサーが使っている最も古いリストは%0日前に作られたもので、その後に"
			"分かったものは含まれていません。",
		},
		{ NEW_LIST_EN, NEW_LIST_JA },
	},
	[HEALTH_DATABASE_REFUSED] = {
		{
			"Databases of countries and networks that cannot be used: %0 (missing, "
			"damaged or cut short). What they alone know is missing in cases.",
			"国とネットワークのデータベースのうち%0個が使えません（ファイルがない、"
			"破損している、または途中で切れている）。その情報は検知内容に表示され"
			"ません。",
		},
		{ NEW_DATABASE_EN, NEW_DATABASE_JA },
	},
	[HEALTH_DATABASE_OLD] = {
		{
			"A database of countries and networks was built %0 days ago, longer than "
			"places.oldest, and is not asked any more.",
			"国とネットワークのデータベースが%0日前に作られたもので、places.oldest"
			"より古いため使われていません。",
		},
		{ NEW_DATABASE_EN, NEW_DATABASE_JA },
	},
};

static const struct health_phrases without_list = {
	{
		"The list of known bad places was refused (it is damaged, not readable, or not "
		"signed by a trusted key), and there is none before it: the sensor does not know "
		"listed places.",
		"危険な接続先のリストが、破損している、読めない、または信頼できる鍵で署名されて"
		"いないため使えず、以前のリストもありません。センサーはリストに載った接続先を知"
		"らないまま監視しています。",
	},
	{ SEE_WHY_EN, SEE_WHY_JA },
};

const struct health_phrases *health_dated_phrases_of(const struct health_finding *finding)
{
	if (finding->code == HEALTH_LIST_REFUSED && finding->story == HEALTH_STORY_WITHOUT)
		return &without_list;
	return &phrases[finding->code];
}
