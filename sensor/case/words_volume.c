#include "sensor/case/words.h"

/* Words about data that leaves the office. */

static const struct kind_words kinds[] = {
	{
		SIGNAL_MAIL_OUT,
		{ "A program is sending mail by itself",
		  "プログラムが自動で送っているとみられるメール" },
		{ { "%D sent mail through %O (%B) %T, in a way that mail programs usually do not. "
		    "Programs that steal passwords send what they find like this; a printer, a "
		    "backup or business software that mails its reports can look the same.",
		    "%Dは%Tに、%Oを通じてメールを送りました（送信量%B）。"
		    "通常のメールソフトとは異なる送り方です。"
		    "パスワードなどを盗むプログラムが盗んだ情報を送るときに見られる動きですが、"
		    "複合機やバックアップ、業務ソフトが報告メールを送っている場合もあります。" } },
		{ "it is a device or program of the office that sends reports or scans by mail.",
		  "社内の機器やソフトが、報告やスキャンした書類をメールで送っている場合。" },
		{ STEP_ASK_SOFTWARE, STEP_UNPLUG, STEP_CALL },
		{ "mail", "mails" },
		.is_exact = true,
	},
	{
		SIGNAL_FTP_OUT,
		{ "A program is storing files on a server outside",
		  "プログラムによる外部サーバーへのファイル送信" },
		{ { "%D logged in to %O by FTP and stored %N {file|files} there %T. Programs that "
		    "steal "
		    "passwords and screenshots hand them over like this; work on a web site, a "
		    "camera or a backup can look the same.",
		    "%Dは%Tに、%OへFTP（ファイル転送）でログインし、%N個のファイルを送りました。"
		    "パスワードや画面の画像を盗むプログラムが、盗んだ情報を送るときに見られる"
		    "動きですが、ホームページの更新やカメラ、バックアップの場合もあります。" } },
		{ "somebody maintains a web site, or a camera or backup keeps its files there.",
		  "ホームページの更新や、カメラ、バックアップのファイルを保存している場合。" },
		{ STEP_ASK_SOFTWARE, STEP_UNPLUG, STEP_CALL },
		{ "file", "files" },
		.is_exact = true,
	},
	{
		SIGNAL_UPLOAD_NEW_PLACE,
		{ "Much data sent to a new place", "新しい宛先への多量のデータ送信" },
		{ { "%D sent %B to %O %T and received little in return. The device has not used "
		    "this place for long. Somebody who takes data out of an office does this; a "
		    "new backup, a shared file or a video that somebody sends look the same.",
		    "%Dは%Tに、最近使い始めた宛先である%Oへ%"
		    "Bのデータを送りました。受信はわずかです。データを外部へ持ち出すときに見られる"
		    "動きですが、新しいバックアップや、大きなファイル・動画の送付の場合もあります"
		    "。" } },
		{ "somebody sends large files on purpose, or a new backup has been set up.",
		  "大きなファイルを意図して送った場合や、新しいバックアップを設定した場合。" },
		{ STEP_ASK_SOFTWARE, STEP_UNPLUG, STEP_CALL },
		{ "upload", "uploads" },
		.is_exact = true,
	},
	{
		SIGNAL_UPLOAD_SERVICE,
		{ "Data sent to a service for passing on files",
		  "ファイル受け渡しサービスへのデータ送信" },
		{ { "%D sent %B to %O %T, a service through which anybody passes on files or "
		    "messages. Programs that steal data like to use such services; people send "
		    "large files this way, too.",
		    "%Dは%Tに、誰でもファイルやメッセージを受け渡しできるサービスである%Oへ%"
		    "Bのデータを送りました。データを盗むプログラムもこうしたサービスをよく使います"
		    "が、利用者が大きなファイルを送った場合もあります。" } },
		{ "the user sends a file or a message through this service on purpose.",
		  "利用者が、このサービスで意図してファイルやメッセージを送った場合。" },
		{ STEP_ASK_SOFTWARE, STEP_UNPLUG, STEP_CALL },
		{ "upload", "uploads" },
		.is_exact = true,
	},
	{
		SIGNAL_SLOW_DRIP,
		{ "Data sent to one place day after day", "同じ宛先への連日のデータ送信" },
		{ { "%D has sent data to %O on %N {day|days}, one after another (%B today), and "
		    "received "
		    "less than it sent. Somebody who takes data out slowly does this so that it is "
		    "not noticed; cameras and monitoring programs do it, too.",
		    "%Dは%N日続けて、受信を上回る量のデータを%Oへ送っています（本日%"
		    "B）。目立たないように少しずつデータを持ち出すときに見られる動きですが、カメラ"
		    "や監視ソフトの場合もあります。" } },
		{ "it is a camera, a backup or a monitoring program that keeps its data there.",
		  "カメラやバックアップ、監視ソフトが、そこにデータを保存している場合。" },
		{ STEP_ASK_SOFTWARE, STEP_UNPLUG, STEP_CALL },
		{ "day", "days" },
		.is_exact = true,
	},
	{
		SIGNAL_UPLOAD_BASELINE,
		{ "One device sends far more than usual", "普段を大きく上回るデータ送信" },
		{ { "%D sent %B within an hour, far more than it usually does; %O was among the "
		    "places. Somebody who takes data out of an office does this; a first backup or "
		    "a large file looks the same.",
		    "%Dは1時間に%"
		    "Bのデータを送りました。普段の量を大きく上回っています（宛先の一つは%"
		    "O）。データを外部へ持ち出すときに見られる動きですが、初回のバックアップや大き"
		    "なファイルの送付の場合もあります。" } },
		{ "it is a first backup, a move to another service, or a large file.",
		  "初回のバックアップやサービスの移行、大きなファイルの送付の場合。" },
		{ STEP_ASK_SOFTWARE, STEP_UNPLUG, STEP_CALL },
		{ "hour", "hours" },
		.is_exact = true,
	},
	{
		SIGNAL_STAGED_UPLOAD,
		{ "Much read from the file server, then sent out",
		  "ファイルサーバーから多量に読み出した後の外部送信" },
		{ { "%D read much from the office file server and then sent %B to %O, a place that "
		    "it has not used for long. This is how data is gathered and taken out before "
		    "it is held to ransom; a new backup of the file server looks the same.",
		    "%Dは、事務所のファイルサーバーから多量のデータを読み出した後、最近使い始めた宛"
		    "先である%Oへ%"
		    "Bのデータを送りました。身代金を要求する前にデータを集めて持ち出すときに見られ"
		    "る動きですが、ファイルサーバーの新しいバックアップの場合もあります。" } },
		{ "a new backup of the file server has been set up on this device.",
		  "この機器に、ファイルサーバーの新しいバックアップを設定した場合。" },
		{ STEP_ASK_SOFTWARE, STEP_UNPLUG, STEP_CALL },
		{ "upload", "uploads" },
		.is_exact = true,
	},
	{
		SIGNAL_MAIL_BOT,
		{ "One device hands mail to many mail servers",
		  "多数のメールサーバーへの直接のメール送信" },
		{ { "%D contacted %N mail {server|servers} on the internet %T to hand mail to "
		    "{it|them}. PCs and "
		    "printers send through one server of the provider; programs that send spam "
		    "from somebody else's device do it like this, and so does a mail server.",
		    "%Dは%Tに、インターネット上の%N台のメールサーバーへ、メールを直接送ろうと"
		    "しました。通常のパソコンや複合機は契約先のサーバー1台を通じて送ります。"
		    "他人の機器から迷惑メールを送るプログラムに見られる動きですが、"
		    "メールサーバーの場合もあります。" } },
		{ "this device is the office's own mail server.",
		  "この機器が、事務所のメールサーバーの場合。" },
		{ STEP_ASK_SOFTWARE, STEP_UNPLUG, STEP_CALL },
		{ "mail server", "mail servers" },
		.is_exact = true,
	},
};

static const struct reason_words reasons[] = {
	{ REASON_MAIL_SERVERS,
	  "mail_servers",
	  { "mail servers outside that it uses", "利用している外部のメールサーバー" },
	  .unit = { "", "台" } },
	{ REASON_BARE_GREETING,
	  "bare_greeting",
	  { "it greets the mail server with the bare name of a computer",
	    "メールサーバーへの名乗りが機器名のみ" },
	  .is_fact = true },
	{ REASON_CLEAR_LOGIN,
	  "clear_login",
	  { "it logs in without encryption although the server offers it",
	    "サーバーが暗号化に対応しているのに暗号化せずにログイン" },
	  .is_fact = true },
	{ REASON_TO_ITSELF,
	  "mail_to_itself",
	  { "sender and recipient are the same", "差出人と宛先が同じ" },
	  .is_fact = true },
	{ REASON_OLD_TLS,
	  "old_tls",
	  { "it uses an outdated kind of encryption", "古い方式の暗号化を使用" },
	  .is_fact = true },
	{ REASON_READS_MAIL,
	  "reads_mail",
	  { "this device also receives mail, as mail programs do",
	    "メールソフトのようにメールの受信もしている" },
	  .is_fact = true },
	{ REASON_SERVES_OFFICE,
	  "serves_office",
	  { "other devices print on this one or keep files there",
	    "ほかの機器の印刷先やファイルの保存先になっている" },
	  .is_fact = true },
	{ REASON_OWN_ADDRESS,
	  "own_address_lookup",
	  { "at about the same time it asked for the office's public address",
	    "前後に事務所のグローバルIPアドレスを調べている" },
	  .is_fact = true },
	{ REASON_FILES_STORED,
	  "files_stored",
	  { "files stored", "送ったファイル" },
	  .unit = { "", "個" } },
	{ REASON_TIMED_NAMES,
	  "timed_file_names",
	  { "files named by date and time", "名前に日時を含むファイル" },
	  .unit = { "", "個" } },
	{ REASON_NO_LISTING,
	  "no_listing",
	  { "it stored them without looking what is there", "保存先の内容を確認せずに送信" },
	  .is_fact = true },
	{ REASON_LEAN,
	  "upload_lean",
	  { "how much sending outweighs receiving (-1 to 1)", "送信の偏り（-1～1）" },
	  .is_technical = true },
	{ REASON_KNOWN_FOR,
	  "known_for_seconds",
	  { "known for", "初めて見てからの時間" },
	  .unit = { " s", "秒" } },
	{ REASON_PULLED,
	  "pulled_bytes",
	  { "read from file servers before", "事前にファイルサーバーから読み出した量" },
	  .unit = { " {byte|bytes}", "バイト" } },
	{ REASON_DRIP_DAYS,
	  "drip_days",
	  { "days one after another", "続いている日数" },
	  .unit = { "", "日" } },
	{ REASON_EXCESS,
	  "above_usual",
	  { "deviations above the usual hour", "普段の1時間からの偏差" },
	  .is_technical = true },
	{ REASON_USUAL_MOST,
	  "usual_most",
	  { "most in any hour before", "これまでの1時間の最大" },
	  .unit = { " {byte|bytes}", "バイト" } },
	{ REASON_LARGE_UPLOAD,
	  "large_upload",
	  { "the amount is large", "送信量が大きい" },
	  .is_fact = true },
	{ REASON_RENTED_PLACE,
	  "rented_place",
	  { "the name is of a kind that anybody gets in a minute",
	    "誰でもすぐに取得できる種類の名前" },
	  .is_fact = true },
	{ REASON_PORTRAIT,
	  "machine_portrait",
	  { "things about the computer that the mail tells (user, system, passwords and the like)",
	    "メールに書かれた機器の情報の種類（利用者名、OS、パスワードなど）" },
	  .unit = { "", "種類" } },
	{ REASON_TAKES_MAIL,
	  "takes_mail",
	  { "others hand mail to this device, as to a mail server",
	    "メールサーバーのように、ほかからのメールを受け取っている" },
	  .is_fact = true },
};

const struct word_family words_volume = {
	.kinds = kinds,
	.kind_count = sizeof(kinds) / sizeof(kinds[0]),
	.reasons = reasons,
	.reason_count = sizeof(reasons) / sizeof(reasons[0]),
};
