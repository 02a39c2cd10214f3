#include "sensor/case/words.h"

const char *const words_steps[STEPS][LANGUAGES] = {
	[STEP_ASK_SOFTWARE] = {
		"Ask the user of this device whether new software was installed shortly before "
		"this began.",
		"この機器の利用者に、この通信が始まる直前に新しいソフトを入れたかどうか確認してください。",
	},
	[STEP_ASK_SCAN] = {
		"Ask the user and your IT vendor whether somebody is checking the network with "
		"this device right now.",
		"この機器でネットワークの調査や点検をしていないか、利用者と保守業者に確認してください。",
	},
	[STEP_UNPLUG] = {
		"If nobody can explain it: unplug the network cable of this device or disconnect "
		"it from the Wi-Fi, and keep it switched on.",
		"心当たりがなければ、この機器の電源は入れたまま、LANケーブルを抜くか、"
		"この機器のWi-Fi接続をオフにしてください。",
	},
	[STEP_CALL] = {
		"Note the time, change nothing else, and call the help desk.",
		"時刻を控え、ほかの操作はせずに、サポート窓口へご連絡ください。",
	},
	[STEP_ASK_ADMIN] = {
		"Ask your IT vendor, or whoever looks after the machines, whether they were at work "
		"with this device at that time.",
		"その時刻にこの機器で作業をしていたか、保守業者や機器の管理担当者に確認してください。",
	},
	[STEP_ASK_ROUTER] = {
		"Ask whether somebody plugged in or set up a router, access point or other device "
		"at that time.",
		"その時刻にルーターや無線機器などを接続・設定した人がいないか確認してください。",
	},
	[STEP_ASK_OWNER] = {
		"Find out whose device it is and whether it may be in the office network.",
		"誰の機器か、事務所のネットワークで使ってよい機器かを確認してください。",
	},
	[STEP_PLAN_UPDATE] = {
		"Ask your IT vendor when this device can get a newer system or be replaced.",
		"新しいシステムへの更新や機器の入れ替えの時期を、保守業者と相談してください。",
	},
	[STEP_KEEP_INSIDE] = {
		"Until then do not read mail or visit web sites with it, if it is needed at all.",
		"それまでの間、この機器でのメールの閲覧やWebサイトの利用はできるだけ控えてください。",
	},
	[STEP_NEWER_SMB] = {
		"Ask your IT vendor whether the old kind of file sharing (SMB 1) can be switched off "
		"in this device's settings.",
		"この機器の設定で、古い方式のファイル共有（SMB 1）を無効にできるか、保守業者に確認してください。",
	},
	[STEP_ENCRYPT_LOGIN] = {
		"Switch on encryption (SSL/TLS) for this service in the program's settings, or ask "
		"its provider how.",
		"ソフトの設定で暗号化（SSL/TLS）を有効にするか、方法をサービスの提供元に確認してください。",
	},
	[STEP_CHANGE_PASSWORD] = {
		"Then change that password, everywhere it is used.",
		"そのうえで、そのパスワードを使っているすべての場所で変更してください。",
	},
	[STEP_GUEST_WIFI] = {
		"Let private devices use the guest Wi-Fi.",
		"私物の機器は来客用のWi-Fiにつないでください。",
	},
	[STEP_SCAN_VIRUS] = {
		"Have its protection software check the whole device.",
		"ウイルス対策ソフトで、この機器全体を検査してください。",
	},
	[STEP_ASK_PASSWORD] = {
		"Ask the user of this device and your IT vendor whether a program on it logs in "
		"with an old password, or somebody is checking passwords right now.",
		"この機器に古いパスワードが残ったソフトがないか、"
		"またはパスワードの点検中ではないか、利用者と保守業者に確認してください。",
	},
	[STEP_ASK_REMOTE] = {
		"Ask your IT vendor whether this device is meant to be reached from the internet, "
		"and by whom.",
		"この機器をインターネットから接続できるようにしているか、"
		"誰が使うためのものか、保守業者に確認してください。",
	},
	[STEP_CLOSE_PORT] = {
		"If it is not needed: have your IT vendor close it in the router, or let in only "
		"known addresses.",
		"不要であれば、ルーターの設定で閉じるか、"
		"接続元を限定するよう保守業者に依頼してください。",
	},
	[STEP_CALL_PARTNER] = {
		"Call the partner by a telephone number that you know, and ask whether they have "
		"noticed anything; do not answer by mail.",
		"取引先に、以前から知っている電話番号で連絡し、異常がないか確認してください。"
		"メールでの返信は避けてください。",
	},
	[STEP_ASK_SITE] = {
		"Ask the user of this device which web page was open at that time, and close it.",
		"その時刻に開いていたWebページを利用者に確認し、閉じてください。",
	},
};
