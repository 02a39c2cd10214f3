#include "sensor/base/text.h"
#include "sensor/config/options.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PREFIX_TEXT_LEN = 64, DIGITS_MAX = 17 /* tell every double from its neighbours */ };

struct unit {
	const char *suffix;
	uint64_t factor;
};

/* Largest first, so that printing finds the shortest text. */
static const struct unit size_units[] = { { "G", UINT64_C(1) << 30 },
					  { "M", UINT64_C(1) << 20 },
					  { "K", UINT64_C(1) << 10 },
					  { "", 1 },
					  { NULL, 0 } };
static const struct unit duration_units[] = {
	{ "d", NANOTIME_DAY },    { "h", NANOTIME_HOUR },         { "m", NANOTIME_MINUTE },
	{ "s", NANOTIME_SECOND }, { "ms", NANOTIME_MILLISECOND }, { NULL, 0 },
};
static const struct unit count_units[] = { { "", 1 }, { NULL, 0 } };

static const struct unit *units_of(enum option_kind kind)
{
	if (kind == OPTION_SIZE)
		return size_units;
	return kind == OPTION_DURATION ? duration_units : count_units;
}

static enum err parse_whole(const char *text, const struct unit *units, uint64_t *out)
{
	char *end;

	if (text[0] < '0' || text[0] > '9')
		return ERR_SYNTAX;
	errno = 0;
	unsigned long long number = strtoull(text, &end, 10);

	if (errno == ERANGE)
		return ERR_RANGE;
	for (const struct unit *u = units; u->suffix; u++) {
		if (strcmp(end, u->suffix) != 0)
			continue;
		if (number > UINT64_MAX / u->factor)
			return ERR_RANGE;
		*out = number * u->factor;
		return ERR_OK;
	}
	return ERR_SYNTAX;
}

static enum err parse_share(const char *text, double *out)
{
	char *end;

	/* strtod() would take blanks, "0x1p-1", "inf" and "nan" too. */
	if (text[strspn(text, "0123456789.eE+-")] != '\0')
		return ERR_SYNTAX;

	double share = strtod(text, &end);

	if (end == text || *end != '\0' || !isfinite(share))
		return ERR_SYNTAX;
	*out = share;
	return ERR_OK;
}

static enum err parse_prefixes(const char *text, struct network_config *out)
{
	struct network_config list = { 0 };

	for (;;) {
		char one[PREFIX_TEXT_LEN];

		text += strspn(text, " ,");
		size_t len = strcspn(text, " ,");

		if (len == 0)
			break;
		if (len >= sizeof(one))
			return ERR_SYNTAX;
		memcpy(one, text, len);
		one[len] = '\0';

		struct prefix prefix;
		enum err err = prefix_parse(one, &prefix);

		if (err == ERR_OK)
			err = network_config_add(&list, &prefix);
		if (err != ERR_OK)
			return err;
		text += len;
	}
	*out = list;
	return ERR_OK;
}

/* The rest of the array is zero, so that equal paths are equal memory. */
static enum err parse_path(const char *text, char out[static CONFIG_PATH_LEN])
{
	size_t len = strlen(text);

	if (len >= CONFIG_PATH_LEN)
		return ERR_RANGE;
	for (const char *c = text; *c; c++) {
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			return ERR_SYNTAX;
	}
	memset(out, 0, CONFIG_PATH_LEN);
	memcpy(out, text, len + 1);
	return ERR_OK;
}

/* Names with blanks between; what an interface cannot be called is refused. */
static enum err parse_names(const char *text, struct interface_names *out)
{
	struct interface_names list = { 0 };

	for (;;) {
		text += strspn(text, " ,");
		size_t len = strcspn(text, " ,");

		if (len == 0)
			break;
		if (len >= INTERFACE_NAME_LEN || list.count == INTERFACES_MAX)
			return ERR_RANGE;
		for (size_t i = 0; i < len; i++) {
			if ((unsigned char)text[i] <= ' ' || text[i] == 0x7f || text[i] == '/')
				return ERR_SYNTAX;
		}
		memcpy(list.name[list.count++], text, len);
		text += len;
	}
	*out = list;
	return ERR_OK;
}

/* Two letters each, told as capitals. */
static enum err parse_countries(const char *text, struct country_codes *out)
{
	struct country_codes list = { 0 };

	for (;;) {
		text += strspn(text, " ,");
		size_t len = strcspn(text, " ,");

		if (len == 0)
			break;
		if (len != COUNTRY_LEN - 1)
			return ERR_SYNTAX;
		if (list.count == COUNTRIES_MAX)
			return ERR_RANGE;
		for (size_t i = 0; i < len; i++) {
			unsigned char letter = (unsigned char)text[i] & 0xdfU;

			if (letter < 'A' || letter > 'Z')
				return ERR_SYNTAX;
			list.code[list.count][i] = (char)letter;
		}
		list.count++;
		text += len;
	}
	*out = list;
	return ERR_OK;
}

/* The `at`th of the choices; its length is 0 behind the last. */
static const char *choice(const char *choices, uint64_t at, size_t *len)
{
	while (at-- > 0) {
		choices += strcspn(choices, " ");
		choices += strspn(choices, " ");
	}
	*len = strcspn(choices, " ");
	return choices;
}

static enum err parse_choice(const char *choices, const char *text, uint64_t *out)
{
	size_t text_len = strlen(text);

	for (uint64_t at = 0;; at++) {
		size_t len;
		const char *word = choice(choices, at, &len);

		if (len == 0)
			return ERR_SYNTAX;
		if (len == text_len && memcmp(word, text, len) == 0) {
			*out = at;
			return ERR_OK;
		}
	}
}

static enum err parse_value(const struct option *o, const char *text, union option_value *out)
{
	switch (o->kind) {
	case OPTION_SHARE:
		return parse_share(text, &out->share);
	case OPTION_PATH:
		return parse_path(text, out->path);
	case OPTION_PREFIXES:
		return parse_prefixes(text, &out->prefixes);
	case OPTION_NAMES:
		return parse_names(text, &out->names);
	case OPTION_COUNTRIES:
		return parse_countries(text, &out->countries);
	case OPTION_CHOICE:
		return parse_choice(o->min, text, &out->whole);
	case OPTION_COUNT:
	case OPTION_SIZE:
	case OPTION_DURATION:
	case OPTION_KINDS:
		break;
	}
	return parse_whole(text, units_of(o->kind), &out->whole);
}

static bool is_within(const struct option *o, const union option_value *value)
{
	union option_value min = { 0 };
	union option_value max = { 0 };

	if (!o->max)
		return true;
	if (parse_value(o, o->min, &min) != ERR_OK || parse_value(o, o->max, &max) != ERR_OK)
		return false;
	if (o->kind == OPTION_SHARE)
		return value->share >= min.share && value->share <= max.share;
	return value->whole >= min.whole && value->whole <= max.whole;
}

enum err option_parse(const struct option *option, const char *text, union option_value *out)
{
	enum err err = parse_value(option, text, out);

	return err == ERR_OK && !is_within(option, out) ? ERR_RANGE : err;
}

size_t option_size(enum option_kind kind)
{
	static const size_t sizes[OPTION_KINDS] = {
		[OPTION_COUNT] = sizeof(uint64_t),
		[OPTION_SIZE] = sizeof(uint64_t),
		[OPTION_DURATION] = sizeof(nanotime),
		[OPTION_SHARE] = sizeof(double),
		[OPTION_PATH] = CONFIG_PATH_LEN,
		[OPTION_PREFIXES] = sizeof(struct network_config),
		[OPTION_NAMES] = sizeof(struct interface_names),
		[OPTION_COUNTRIES] = sizeof(struct country_codes),
		[OPTION_CHOICE] = sizeof(uint64_t),
	};

	return sizes[kind];
}

void option_allowed(const struct option *option, char *out, size_t room)
{
	struct text allowed = text_over(out, room);

	if (option->kind == OPTION_PATH)
		text_format(&allowed, "a path of at most %d bytes", CONFIG_PATH_LEN - 1);
	else if (option->kind == OPTION_PREFIXES)
		text_format(&allowed, "networks such as 192.168.0.0/16, at most %d",
			    CONFIG_PREFIXES_MAX);
	else if (option->kind == OPTION_NAMES)
		text_format(&allowed, "names of interfaces, at most %d, each of at most %d bytes",
			    INTERFACES_MAX, INTERFACE_NAME_LEN - 1);
	else if (option->kind == OPTION_COUNTRIES)
		text_format(&allowed, "ISO codes of countries such as JP, at most %d",
			    COUNTRIES_MAX);
	else if (option->kind == OPTION_CHOICE)
		text_format(&allowed, "one of: %s", option->min);
	else
		text_format(&allowed, "%s to %s", option->min, option->max);
}

static void print_whole(uint64_t value, const struct unit *units, FILE *out)
{
	const struct unit *u = units;

	while (u[1].suffix && (value == 0 || value % u->factor != 0))
		u++;
	(void)fprintf(out, "%" PRIu64 "%s", value / u->factor, u->suffix);
}

/* The shortest text that is read as the same number. */
static void print_share(double share, FILE *out)
{
	char text[32];

	for (int digits = 6; digits <= DIGITS_MAX; digits++) {
		(void)snprintf(text, sizeof(text), "%.*g", digits, share);
		if (strtod(text, NULL) == share)
			break;
	}
	(void)fputs(text, out);
}

static void print_prefixes(const struct network_config *list, FILE *out)
{
	for (size_t i = 0; i < list->inside_count; i++) {
		const struct prefix *p = &list->inside[i];
		unsigned skipped = address_is_v4(&p->address) ? V4_PREFIX_BITS : 0;
		char text[ADDRESS_TEXT_LEN];

		address_text(&p->address, text);
		(void)fprintf(out, "%s%s/%u", i > 0 ? " " : "", text, p->bits - skipped);
	}
}

/* In YAML's single quotes, in which only the quote itself is special. */
static void print_path(const char *path, FILE *out)
{
	(void)fputc('\'', out);
	for (const char *c = path; *c; c++) {
		if (*c == '\'')
			(void)fputc('\'', out);
		(void)fputc(*c, out);
	}
	(void)fputc('\'', out);
}

static void print_names(const struct interface_names *list, FILE *out)
{
	(void)fputc('\'', out);
	for (size_t i = 0; i < list->count; i++)
		(void)fprintf(out, "%s%s", i > 0 ? " " : "", list->name[i]);
	(void)fputc('\'', out);
}

static void print_countries(const struct country_codes *list, FILE *out)
{
	(void)fputc('\'', out);
	for (size_t i = 0; i < list->count; i++)
		(void)fprintf(out, "%s%s", i > 0 ? " " : "", list->code[i]);
	(void)fputc('\'', out);
}

static void print_choice(const char *choices, uint64_t at, FILE *out)
{
	size_t len;
	const char *word = choice(choices, at, &len);

	(void)fprintf(out, "%.*s", (int)len, word);
}

void option_print(const struct option *option, const union option_value *value, FILE *out)
{
	switch (option->kind) {
	case OPTION_PREFIXES:
		print_prefixes(&value->prefixes, out);
		return;
	case OPTION_PATH:
		print_path(value->path, out);
		return;
	case OPTION_SHARE:
		print_share(value->share, out);
		return;
	case OPTION_NAMES:
		print_names(&value->names, out);
		return;
	case OPTION_COUNTRIES:
		print_countries(&value->countries, out);
		return;
	case OPTION_CHOICE:
		print_choice(option->min, value->whole, out);
		return;
	case OPTION_COUNT:
	case OPTION_SIZE:
	case OPTION_DURATION:
	case OPTION_KINDS:
		break;
	}
	print_whole(value->whole, units_of(option->kind), out);
}
