#include "dissectors/x509_time.h"

enum {
	TAG_UTC_TIME = 0x17,
	TAG_GENERALIZED_TIME = 0x18,
};

enum {
	CENTURY_PIVOT = 50, /* RFC 5280 4.1.2.5.1: two digits from 50 on are of the 20th century */
	SECONDS_PER_MINUTE = 60,
	SECONDS_PER_HOUR = 3600,
	SECONDS_PER_DAY = 86400,
	LEAP_SECOND = 60,
};

struct calendar {
	int year, month, day, hour, minute, second;
};

/* `count` digits; any other byte fails the cursor. */
static int digits(struct cursor *in, int count)
{
	int number = 0;

	while (count-- > 0) {
		uint8_t byte = cursor_u8(in);

		if (byte < '0' || byte > '9')
			*in = (struct cursor){ .failed = true };
		number = number * 10 + (byte - '0');
	}
	return cursor_ok(in) ? number : 0;
}

static bool next_is_digit(struct cursor in)
{
	uint8_t byte = cursor_u8(&in);

	return cursor_ok(&in) && byte >= '0' && byte <= '9';
}

static bool is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static bool is_calendar(const struct calendar *t)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	if (t->month < 1 || t->month > 12 || t->day < 1)
		return false;

	int last = days[t->month - 1] + (t->month == 2 && is_leap(t->year) ? 1 : 0);

	return t->day <= last && t->hour < 24 && t->minute < 60 && t->second <= LEAP_SECOND;
}

/* Days since 1970-01-01, for any year from 0 on: March begins the year, so leap days end it. */
static int64_t days_since_1970(const struct calendar *t)
{
	enum { DAYS_FROM_0_TO_1970 = 719468 }; /* from 1 March of the year 0 */
	int64_t year = t->month <= 2 ? t->year - 1 : t->year;
	int64_t month = t->month <= 2 ? t->month + 9 : t->month - 3;
	int64_t leaps = year < 0 ? -1 : year / 4 - year / 100 + year / 400;

	return year * 365 + leaps + (month * 153 + 2) / 5 + t->day - 1 - DAYS_FROM_0_TO_1970;
}

static void skip_fraction(struct cursor *in)
{
	struct cursor peek = *in;
	uint8_t mark = cursor_u8(&peek);

	if (mark != '.' && mark != ',')
		return;
	while (next_is_digit(peek))
		cursor_skip(&peek, 1);
	*in = peek;
}

/* How far the time is ahead of UTC: Z, or a sign with hours and minutes. None at all is UTC. */
static int64_t zone_seconds(struct cursor *in)
{
	uint8_t sign = cursor_left(in) > 0 ? cursor_u8(in) : 'Z';

	if (sign == 'Z')
		return 0;

	int64_t hours = digits(in, 2);
	int64_t minutes = digits(in, 2);

	if (sign != '+' && sign != '-')
		*in = (struct cursor){ .failed = true };
	int64_t ahead = hours * SECONDS_PER_HOUR + minutes * SECONDS_PER_MINUTE;

	return sign == '-' ? -ahead : ahead;
}

static int year_of(uint8_t tag, struct cursor *in)
{
	if (tag == TAG_GENERALIZED_TIME)
		return digits(in, 4);

	int year = digits(in, 2);

	return year < CENTURY_PIVOT ? 2000 + year : 1900 + year;
}

bool x509_time(uint8_t tag, struct cursor value, int64_t *out)
{
	if (tag != TAG_UTC_TIME && tag != TAG_GENERALIZED_TIME)
		return false;

	struct calendar t = { .year = year_of(tag, &value) };

	t.month = digits(&value, 2);
	t.day = digits(&value, 2);
	t.hour = digits(&value, 2);
	t.minute = digits(&value, 2);
	t.second = next_is_digit(value) ? digits(&value, 2) : 0;
	skip_fraction(&value);
	int64_t ahead = zone_seconds(&value);

	if (!cursor_ok(&value) || cursor_left(&value) > 0 || !is_calendar(&t))
		return false;
	*out = days_since_1970(&t) * SECONDS_PER_DAY + (int64_t)t.hour * SECONDS_PER_HOUR +
	       (int64_t)t.minute * SECONDS_PER_MINUTE + t.second - ahead;
	return true;
}
