#include "sensor/case/country_names.h"
#include "sensor/case/words.h"

/* Words about where in the world the other side is. */

/* Networks change hands: older than this, a database may be wrong about it. */
static const nanotime may_be_stale = 35 * NANOTIME_DAY;

static const struct reason_words reasons[] = {
	{ REASON_COUNTRY_NEW,
	  "country_new",
	  { "the device's first contact with this country in weeks of watching",
	    "この機器がこの国と通信したのは、観測を始めてから初めて" },
	  .is_fact = true },
	{ REASON_COUNTRY_NEW_HERE,
	  "country_new_in_office",
	  { "the office's first contact with this country in weeks of watching",
	    "事務所全体でもこの国との通信は、観測を始めてから初めて" },
	  .is_fact = true },
	{ REASON_COUNTRY_UNEXPECTED,
	  "country_unexpected",
	  { "a country with which the office said it has no business",
	    "事務所が業務で関わる国として登録していない国" },
	  .is_fact = true },
	{ REASON_NETWORK_NEW,
	  "network_new",
	  { "the office's first contact with this network in weeks of watching",
	    "事務所がこの事業者のネットワークと通信したのは、観測を始めてから初めて" },
	  .is_fact = true },
	{ REASON_HOSTING_RARE,
	  "hosting_rare",
	  { "rented servers of a company that the office hardly uses: share of its contacts",
	    "事務所がほとんど使わないレンタルサーバー事業者（通信に占める割合）" },
	  .is_share = true },
};

static void add_network(const struct place *place, enum language language, struct text *out)
{
	static const char *const between[LANGUAGES] = { ", ", "、" };

	if (place->asn == 0)
		return;
	text_format(out, "%sAS%u", out->len > 0 ? between[language] : "", place->asn);
	if (place->organisation[0] != '\0')
		text_format(out, " %s", place->organisation);
}

static void add_age(uint32_t day, nanotime when, enum language language, struct text *out)
{
	nanotime age = nanotime_between(day * NANOTIME_DAY, when);
	unsigned days = (unsigned)(age / NANOTIME_DAY);

	if (age <= may_be_stale)
		return;
	if (language == LANGUAGE_EN)
		text_format(out, ", %u days old then", days);
	else
		text_format(out, "、当時で%u日経過", days);
}

static void add_day(const char *before, uint32_t day, const char *behind, struct text *out)
{
	char text[PLACE_DAY_LEN];

	place_day_text(day, text);
	text_format(out, "%s%s%s", before, text, behind);
}

void words_place(const struct place *place, nanotime when, enum language language, struct text *out)
{
	static const char *const begins[LANGUAGES] = { " (database of ", "（" };
	static const char *const also[LANGUAGES] = { ", of networks of ", "、ネットワークは" };
	static const char *const of[LANGUAGES] = { "", "時点のデータベース" };
	static const char *const ends[LANGUAGES] = { ")", "）" };
	bool has_country = place->country[0] != '\0';
	uint32_t day = has_country ? place->country_day : place->network_day;
	uint32_t oldest = day;

	if (!place_is_known(place))
		return;
	if (has_country)
		text_add(out, country_name(place->country, language));
	add_network(place, language, out);
	add_day(begins[language], day, of[language], out);
	if (place->asn != 0 && place->network_day != day) {
		add_day(also[language], place->network_day, of[language], out);
		oldest = place->network_day < day ? place->network_day : day;
	}
	add_age(oldest, when, language, out);
	text_add(out, ends[language]);
}

const struct word_family words_places = {
	.reasons = reasons,
	.reason_count = sizeof(reasons) / sizeof(reasons[0]),
};
