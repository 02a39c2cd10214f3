#include "sensor/base/nanotime.h"

#include "sensor/base/digits.h"

enum {
	SECONDS_OF_DAY = 86400,
	DAYS_BEFORE_EPOCH = 135080, /* from the first of March 1600 */
	DAYS_OF_FOUR_CENTURIES = 146097,
	DAYS_OF_FOUR_YEARS = 1461,
	DAYS_OF_FIVE_MONTHS = 153, /* from March or August on: 31, 30, 31, 30, 31 */
};

/*
 * The proleptic Gregorian calendar, by years that begin in March: the leap day is then the last of
 * a year, a century or four of them, and every month but the last has its length from a rule.
 */
static struct nanotime_day day_of(uint32_t days_since_1970)
{
	uint32_t days = days_since_1970 + DAYS_BEFORE_EPOCH;
	uint32_t century = (4 * days + 3) / DAYS_OF_FOUR_CENTURIES;

	days -= century * DAYS_OF_FOUR_CENTURIES / 4;

	uint32_t year = (4 * days + 3) / DAYS_OF_FOUR_YEARS;

	days -= year * DAYS_OF_FOUR_YEARS / 4;

	uint32_t month = (5 * days + 2) / DAYS_OF_FIVE_MONTHS;
	uint32_t day = days - (DAYS_OF_FIVE_MONTHS * month + 2) / 5;
	struct nanotime_day out = { .number = days_since_1970 };

	/* The tenth and eleventh month since March are January and February. */
	if (month >= 10) {
		month -= 12;
		year++;
	}
	(void)digits_two(out.text, 16 + century + year / 100);
	(void)digits_two(out.text + 2, year % 100);
	out.text[4] = '-';
	(void)digits_two(out.text + 5, month + 3);
	out.text[7] = '-';
	(void)digits_two(out.text + 8, day + 1);
	return out;
}

void nanotime_texts_start(struct nanotime_texts *texts)
{
	texts->day = day_of(0);
	for (size_t i = 0; i < NANOTIME_TEXTS; i++)
		texts->seconds[i].number = UINT64_MAX; /* later than the last there is */
}

static void put_second(uint64_t second, struct nanotime_day *day,
		       char out[static NANOTIME_SECOND_LEN])
{
	uint32_t number = (uint32_t)(second / SECONDS_OF_DAY); /* ends in the year 2554 */
	uint32_t of_day = (uint32_t)(second % SECONDS_OF_DAY);

	if (number != day->number)
		*day = day_of(number);
	memcpy(out, day->text, sizeof(day->text));
	out[10] = 'T';
	(void)digits_two(out + 11, of_day / 3600);
	out[13] = ':';
	(void)digits_two(out + 14, of_day / 60 % 60);
	out[16] = ':';
	(void)digits_two(out + 17, of_day % 60);
	out[19] = '.';
}

/* Returns the length of the whole text. Inline, as are those below: calls were a third. */
static inline __attribute__((always_inline)) size_t put_fraction(uint32_t nanoseconds,
								 char out[static NANOTIME_TEXT_LEN])
{
	uint32_t microseconds = nanoseconds / 1000;

	(void)digits_two(out + 20, microseconds / 10000);
	(void)digits_two(out + 22, microseconds / 100 % 100);
	(void)digits_two(out + 24, microseconds % 100);
	memcpy(out + 26, "Z", 2);
	return 27;
}

static inline __attribute__((always_inline)) size_t put_kept(const struct nanotime_second *second,
							     nanotime t,
							     char out[static NANOTIME_TEXT_LEN])
{
	memcpy(out, second->text, sizeof(second->text));
	return put_fraction((uint32_t)(t - second->number * NANOTIME_SECOND), out);
}

static __attribute__((noinline)) size_t put_new(struct nanotime_texts *texts, nanotime t,
						char out[static NANOTIME_TEXT_LEN])
{
	uint64_t number = t / NANOTIME_SECOND;
	struct nanotime_second *second = &texts->seconds[number % NANOTIME_TEXTS];

	second->number = number;
	put_second(number, &texts->day, second->text);
	return put_kept(second, t, out);
}

size_t nanotime_text_kept(nanotime t, struct nanotime_texts *texts,
			  char out[static NANOTIME_TEXT_LEN])
{
	uint64_t number = t / NANOTIME_SECOND;
	const struct nanotime_second *second = &texts->seconds[number % NANOTIME_TEXTS];

	if (second->number != number)
		return put_new(texts, t, out);
	return put_kept(second, t, out);
}

size_t nanotime_text(nanotime t, char out[static NANOTIME_TEXT_LEN])
{
	uint64_t second = t / NANOTIME_SECOND;
	struct nanotime_day day = day_of((uint32_t)(second / SECONDS_OF_DAY));

	put_second(second, &day, out);
	return put_fraction((uint32_t)(t % NANOTIME_SECOND), out);
}
