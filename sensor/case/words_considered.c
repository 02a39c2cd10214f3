#include "sensor/case/words.h"

/* Of each harmless explanation that the gate tries: see the tables of gate.c and stories.c. */
static const struct consideration_words words[] = {
	{ GATE_KNOWN_SERVICE,
	  { "The other side is not a service that devices are known to use by themselves.",
	    "相手は、機器が自動的に利用することが知られているサービスではありません。" },
	  { "The other side has no name by which a well-known service could be recognised.",
	    "相手の名前が分からないため、よく知られたサービスかどうか判断できません。" } },
	{ GATE_REGULAR_PROTOCOL,
	  { "The protocol is not one that is regular by nature, such as time or telephony.",
	    "時刻合わせや電話のように、もともと規則的な通信方式ではありません。" },
	  { "The protocol is not known.", "通信方式は分かりません。" } },
	{ GATE_FORWARDED,
	  { "The device does not ask on behalf of another one.",
	    "ほかの機器に代わって問い合わせているのではありません。" },
	  { "Whether the device asks on behalf of another one is not known.",
	    "ほかの機器に代わって問い合わせているかどうかは分かりません。" } },
	{ GATE_PEER_TO_PEER,
	  { "No file-sharing program was recognised on the device.",
	    "この機器でファイル共有ソフトの通信は確認されていません。" },
	  { "Whether the device shares files is not known.",
	    "この機器でファイル共有ソフトを使っているかどうかは分かりません。" } },
	{ GATE_LOCAL_NAME,
	  { "The other side is not one of the office's own names.",
	    "相手は事務所内の名前ではありません。" },
	  { "The other side's name is not known.", "相手の名前は分かりません。" } },
	{ GATE_COMMON_IN_OFFICE,
	  { "No other device in the office does the same.",
	    "事務所のほかの機器は同じ通信をしていません。" },
	  { "Whether other devices in the office do the same is not known.",
	    "事務所のほかの機器も同じ通信をしているかどうかは分かりません。" } },
	{ GATE_LEARNING,
	  { "The office has been watched for long enough to know what is new.",
	    "この事務所は、新しいものを見分けられるだけの期間、見守られています。" },
	  { "The office has not been watched for long: it may be new to the sensor alone.",
	    "見守りの期間が短いため、センサーにとって新しいだけかもしれません。" } },
	{ GATE_SUPPRESSED,
	  { "The office has decided not to be told of this, but it is too urgent to be held back.",
	    "事務所はこの通信を通知しないと決めていますが、緊急度が最も高いためお知らせします。" },
	  { "Whether the office wants to be told of this is not known.",
	    "事務所がこの通信の通知を望むかどうかは分かりません。" } },
	{ GATE_UNANSWERED,
	  { "The other side answers.", "相手は応答しています。" },
	  { "Whether the other side answers is not known.",
	    "相手が応答しているかどうかは分かりません。" } },
};

const struct consideration_words *consideration_words_of(enum gate gate)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (words[i].gate == gate)
			return &words[i];
	}
	return NULL;
}
