#include "sensor/detect/data_label.h"

#include <string.h>

enum {
	DATA_LEAST = 16,  /* shorter ones are names of servers */
	FULL_LEAST = 57,  /* of 63: base32 and hex fill whole groups */
	LONG_TOTAL = 120, /* of all labels together, with a zone of the usual length behind them */
	NUMBER_MOST = 7,  /* digits */
};

/* What the characters of a label are. */
struct makeup {
	size_t letters;
	size_t vowels;
	size_t wide; /* letters behind f */
	size_t digits;
	size_t hyphens;
	size_t turns; /* from letter to digit and back */
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static struct makeup makeup_of(const char *label, size_t len)
{
	struct makeup m = { 0 };

	for (size_t i = 0; i < len; i++) {
		bool is_letter = label[i] >= 'a' && label[i] <= 'z';

		m.letters += is_letter;
		m.wide += is_letter && label[i] > 'f';
		m.digits += is_digit(label[i]);
		m.hyphens += label[i] == '-';
		m.vowels += is_letter && strchr("aeiou", label[i]) != NULL;
		if (i > 0 && (is_letter || is_digit(label[i])) &&
		    is_digit(label[i]) != is_digit(label[i - 1]))
			m.turns++;
	}
	return m;
}

/* "8-4-4-4-12" digits of hex: an id that every system hands out. */
static bool is_guid(const char *label, size_t len)
{
	return len == 36 && label[8] == '-' && label[13] == '-' && label[18] == '-' &&
	       label[23] == '-';
}

static bool is_data(const char *label, size_t len)
{
	enum { TURNS_LEAST = 3, VOWELS_SHARE = 4, HYPHENS_SHARE = 6 };
	struct makeup m;

	if (memchr(label, '\\', len)) /* a byte that no host name has */
		return true;
	if (len < DATA_LEAST) /* nearly all */
		return false;
	m = makeup_of(label, len);
	if (is_guid(label, len) || m.digits == len || m.hyphens * HYPHENS_SHARE > len)
		return false;
	return m.turns >= TURNS_LEAST || m.vowels * VOWELS_SHARE < m.letters;
}

/* Digits of a number to the base of 32 or more, and enough of them. */
static bool is_wide(const char *label, size_t len)
{
	enum { WIDE_LEAST = 24, WIDE_SHARE = 3 };

	return len >= WIDE_LEAST && makeup_of(label, len).wide * WIDE_SHARE >= len;
}

static bool is_number(const char *label, size_t len)
{
	return len > 0 && len <= NUMBER_MOST && strspn(label, "0123456789") >= len;
}

static uint32_t number_of(const char *label, size_t len)
{
	uint32_t number = 0;

	for (size_t i = 0; i < len; i++)
		number = number * 10 + (uint32_t)(label[i] - '0');
	return number;
}

struct data_labels data_labels_of(const char *name, size_t len)
{
	struct data_labels found = { 0 };

	for (size_t at = 0; at < len;) {
		size_t label = 0;

		while (at + label < len && name[at + label] != '.')
			label++;
		if (is_data(name + at, label)) {
			found.is_data = true;
			found.is_wide |= is_wide(name + at, label);
			found.is_full |= label >= FULL_LEAST || len >= LONG_TOTAL;
		}
		found.is_service |= name[at] == '_' && at > 0;
		if (!found.has_number && is_number(name + at, label)) {
			found.has_number = true;
			found.number = number_of(name + at, label);
		}
		at += label + 1;
	}
	return found;
}
