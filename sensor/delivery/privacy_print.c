#include "sensor/delivery/privacy.h"

#include <string.h>

enum { PATH_WIDTH = 36 };

static const char *const concerns[PRIVACY_CONCERNS][LANGUAGES] = {
	[PRIVACY_DEVICE] = { "device", "機器" },     [PRIVACY_PERSON] = { "person", "人" },
	[PRIVACY_PEER] = { "peer", "通信相手" },     [PRIVACY_MEASURE] = { "measure", "測定値" },
	[PRIVACY_SENTENCE] = { "sentence", "文章" },
};

static const char *const titles[PARCEL_KINDS][LANGUAGES] = {
	[PARCEL_CASE] = { "case: what a device did", "case：機器に関する案件" },
	[PARCEL_HEALTH] = { "health: what keeps the sensor from seeing",
			    "health：センサーの観測を妨げるもの" },
	[PARCEL_HEARTBEAT] = { "heartbeat: that the sensor lives, and what it sees",
			       "heartbeat：センサーの稼働と観測の状態" },
	[PARCEL_CANARY] = { "canary: a harmless lookup that must come back",
			    "canary：経路を確かめるための無害な問い合わせ" },
	[PARCEL_CAPSULE] = { "capsule: the packets of a case, only on request or for P1 with "
			     "consent",
			     "capsule：案件のパケット（要請時、または同意のあるP1のみ）" },
	[PARCEL_ANSWER] = { "answer: what became of an order", "answer：指示への回答" },
	[PARCEL_SET_ASIDE] = { "set_aside: what could not be delivered",
			       "set_aside：配送できなかったもの" },
};

static const char *const heads[LANGUAGES] = {
	"What leaves the office. Nothing else does.",
	"事業所の外へ送られる項目です。これ以外は送られません。",
};

void privacy_print(FILE *out, enum language language)
{
	enum parcel_kind kind = PARCEL_KINDS;

	(void)fprintf(out, "%s\n", heads[language]);
	for (size_t i = 0; i < privacy_rows_count; i++) {
		const struct privacy_row *row = &privacy_rows[i];

		if (row->kind != kind)
			(void)fprintf(out, "\n%s\n", titles[row->kind][language]);
		kind = row->kind;
		(void)fprintf(out, "  %-*s  %s: %s\n", PATH_WIDTH, row->path,
			      concerns[row->concern][language], row->reason[language]);
	}
}
