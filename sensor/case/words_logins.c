#include "sensor/case/words.h"

/* Words about logins. */

static enum telling by_direction(const struct signal *s)
{
	return s->direction == DIRECTION_INBOUND ? TELLING_OTHER : TELLING_USUAL;
}

static const struct kind_words kinds[] = {
	{
		SIGNAL_LOGIN_GUESSING,
		{ "Many refused logins in a row", "続けて何度も拒否されたログイン" },
		{ { "%D tried to log in at %O (%X) %N {time|times} %T and was refused nearly every "
		    "time. "
		    "Somebody who tries out passwords causes this; a program with an old password "
		    "can too.",
		    "%Dは%Tに%N回、%Oへのログイン（%X）を試み、そのほとんどが拒否されました。"
		    "パスワードを次々に試すときに見られる動きですが、"
		    "古いパスワードが残っているソフトの場合もあります。" },
		  { "%O on the internet tried to log in at %D (%X) %N {time|times} %T and was "
		    "refused "
		    "nearly every time. Somebody who tries out passwords causes this; a member of "
		    "staff with an old password on a phone or laptop can too.",
		    "インターネット上の%Oが%Tに%N回、%Dへのログイン（%"
		    "X）を試み、そのほとんどが拒否されました。"
		    "パスワードを次々に試すときに見られる動きですが、"
		    "社外にいる社員の端末に古いパスワードが残っている場合もあります。" } },
		{ "a program, scanner or camera still uses an old password.",
		  "ソフトや複合機、カメラなどに古いパスワードが残っている場合。" },
		{ STEP_ASK_PASSWORD, STEP_UNPLUG, STEP_CALL },
		{ "refused login", "refused logins" },
		.telling = by_direction,
		.is_exact = true,
	},
	{
		SIGNAL_LOGIN_SPRAYING,
		{ "Refused logins at many places or for many accounts",
		  "多数の機器やアカウントで拒否されたログイン" },
		{ { "%D was refused %N {login|logins} (%X, %O) %T, at many devices or for many "
		    "accounts "
		    "with few tries each. Somebody who tries out common passwords causes this; an "
		    "inventory program with an old password can too.",
		    "%Dは%Tに%N回、%Oへのログイン（%X）を拒否されました。"
		    "多数の機器またはアカウントを少しずつ試しています。"
		    "よくあるパスワードを広く試すときに見られる動きですが、"
		    "古いパスワードが残っている資産管理ソフトの場合もあります。" },
		  { "%O on the internet was refused %N {login|logins} (%X) at %D %T, for many "
		    "accounts "
		    "with few tries each. Somebody who tries out common passwords causes this; "
		    "several people behind one address can too.",
		    "インターネット上の%Oが%Tに%N回、%Dへのログイン（%X）を拒否されました。"
		    "多数のアカウントを少しずつ試しています。"
		    "よくあるパスワードを広く試すときに見られる動きですが、"
		    "同じ場所から複数の社員がログインしようとした場合もあります。" } },
		{ "an inventory or backup program logs in everywhere with an old password, or the "
		  "device checks the logins of many people for another service.",
		  "資産管理やバックアップのソフトに古いパスワードが残っている場合や、"
		  "この機器が多くの利用者のログインを代わりに確認している場合。" },
		{ STEP_ASK_PASSWORD, STEP_UNPLUG, STEP_CALL },
		{ "refused login", "refused logins" },
		.telling = by_direction,
		.is_exact = true,
	},
	{
		SIGNAL_LOGIN_GUESSED,
		{ "A login succeeded after many refused ones",
		  "何度も拒否された後に成功したログイン" },
		{ { "%D was let in at %O (%X) after it had been refused many times %T. Somebody "
		    "may have found the password; a person who remembered it, or put a program "
		    "right, looks the same.",
		    "%Dは%Tに、%Oへのログイン（%X）を何度も拒否された後、ログインに成功しました。"
		    "パスワードを探り当てられた可能性がありますが、"
		    "利用者が正しいパスワードを入れ直した場合もあります。" },
		  { "%O on the internet was let in at %D (%X) after it had been refused many times "
		    "%T. Somebody may have found the password; a member of staff who remembered it "
		    "looks the same.",
		    "インターネット上の%Oが、%Dへのログイン（%X）を%"
		    "Tに何度も拒否された後、ログインに成功しました。"
		    "パスワードを探り当てられた可能性がありますが、"
		    "社員が正しいパスワードを入れ直した場合もあります。" } },
		{ "somebody of the office had forgotten the password, or corrected an old one in a "
		  "program.",
		  "社員がパスワードを忘れていた場合や、ソフトに残った古いパスワードを直した場合"
		  "。" },
		{ STEP_ASK_PASSWORD, STEP_UNPLUG, STEP_CALL },
		{ "refused login", "refused logins" },
		.telling = by_direction,
		.is_exact = true,
	},
	{
		SIGNAL_EXPOSED_SERVICE,
		{ "A device can be reached from the internet", "インターネットから接続できる機器" },
		{ { "%D answered somebody on the internet who reached it by %X (%O). Passwords of "
		    "such services are tried out from all over the world; your IT vendor may have "
		    "set it up for remote support.",
		    "%Dは、インターネットからの接続（%X、%O）に応答しました。"
		    "こうした接続口は世界中からパスワードを試されますが、"
		    "保守業者が遠隔サポートのために設定した場合もあります。" } },
		{ "your IT vendor uses it for remote support and only their addresses are let in.",
		  "保守業者が遠隔サポートに使い、接続元を業者だけに限っている場合。" },
		{ STEP_ASK_REMOTE, STEP_CLOSE_PORT, STEP_CALL },
		{ "contact", "contacts" },
		.is_exact = true,
	},
};

static const struct reason_words reasons[] = {
	{ REASON_LOGINS_REFUSED,
	  "logins_refused",
	  { "refused logins close together", "短い間に拒否されたログイン" },
	  .unit = { "", "回" } },
	{ REASON_ACCOUNTS,
	  "accounts",
	  { "accounts tried", "試したアカウント" },
	  .unit = { "", "件" } },
	{ REASON_TRIES_FOLLOW,
	  "tries_follow",
	  { "next try within a second", "1秒以内に次を試した割合" },
	  .is_share = true },
	{ REASON_TRIES_AT_ONCE,
	  "tries_at_once",
	  { "several tries at the same time", "同時に複数を試した割合" },
	  .is_share = true },
	{ REASON_TRIES_BY_CLOCK,
	  "tries_by_clock_seconds",
	  { "tried again at a fixed interval", "決まった間隔での再試行" },
	  .unit = { " s", "秒" } },
	{ REASON_TRIES_MANY,
	  "tries_many",
	  { "far more refused logins than by mistake", "うっかりでは考えにくい拒否の回数" },
	  .unit = { "", "回" } },
	{ REASON_TRIES_BY_SHAPE,
	  "tries_by_shape",
	  { "judged by length and size, as the login is encrypted",
	    "ログインは暗号化されているため、通信の長さと量から判断" },
	  .is_fact = true },
	{ REASON_TRIES_HASTY,
	  "tries_hasty",
	  { "refused within 15 seconds", "15秒以内の拒否" },
	  .unit = { "", "回" } },
	{ REASON_LOGIN_ACCEPTED,
	  "login_accepted",
	  { "a login succeeded", "ログインに成功" },
	  .is_fact = true },
	{ REASON_LOGINS_BEFORE,
	  "logins_before",
	  { "successful logins before", "以前に成功したログイン" },
	  .unit = { "", "回" } },
};

const struct word_family words_logins = {
	.kinds = kinds,
	.kind_count = sizeof(kinds) / sizeof(kinds[0]),
	.reasons = reasons,
	.reason_count = sizeof(reasons) / sizeof(reasons[0]),
};
