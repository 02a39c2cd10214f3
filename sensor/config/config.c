#include "sensor/config/config.h"

#include "sensor/config/options.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PREFIX_TEXT_LEN = 64, DIGITS_MAX = 17 /* tell every double from its neighbours */ };

union option_value {
	uint64_t whole;
	double share;
	char path[CONFIG_PATH_LEN];
	struct network_config prefixes;
};

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

static enum err parse_value(const struct option *o, const char *text, union option_value *out)
{
	switch (o->kind) {
	case OPTION_SHARE:
		return parse_share(text, &out->share);
	case OPTION_PATH:
		return parse_path(text, out->path);
	case OPTION_PREFIXES:
		return parse_prefixes(text, &out->prefixes);
	case OPTION_COUNT:
	case OPTION_SIZE:
	case OPTION_DURATION:
		break;
	}
	return parse_whole(text, units_of(o->kind), &out->whole);
}

static bool is_within(const struct option *o, const union option_value *value)
{
	union option_value min = { 0 };
	union option_value max = { 0 };

	if (!o->min)
		return true;
	if (parse_value(o, o->min, &min) != ERR_OK || parse_value(o, o->max, &max) != ERR_OK)
		return false;
	if (o->kind == OPTION_SHARE)
		return value->share >= min.share && value->share <= max.share;
	return value->whole >= min.whole && value->whole <= max.whole;
}

static void store(const struct option *o, struct config *config, const union option_value *value)
{
	char *at = (char *)config + o->offset;

	if (o->kind == OPTION_PREFIXES)
		memcpy(at, &value->prefixes, sizeof(value->prefixes));
	else if (o->kind == OPTION_PATH)
		memcpy(at, value->path, sizeof(value->path));
	else if (o->kind == OPTION_SHARE)
		memcpy(at, &value->share, sizeof(value->share));
	else
		memcpy(at, &value->whole, sizeof(value->whole));
}

static const struct option *find(const char *name)
{
	for (size_t i = 0; i < options_count; i++) {
		if (strcmp(options[i].name, name) == 0)
			return &options[i];
	}
	return NULL;
}

/* How much `prefix` holds of the addresses that begin with the first `bits` of `start`. */
static enum holding holding_of(const struct prefix *prefix, const struct address *start,
			       unsigned bits)
{
	struct prefix wider = *prefix;

	if (prefix->bits <= bits)
		return prefix_holds(prefix, start) ? HOLDS_ALL : HOLDS_NONE;
	wider.bits = (uint8_t)bits;
	return prefix_holds(&wider, start) ? HOLDS_SOME : HOLDS_NONE;
}

static void note_holding(uint8_t *holding, enum holding more)
{
	if (more > *holding)
		*holding = (uint8_t)more;
}

enum err network_config_add(struct network_config *network, const struct prefix *prefix)
{
	if (network->inside_count == CONFIG_PREFIXES_MAX)
		return ERR_RANGE;
	network->inside[network->inside_count++] = *prefix;
	for (unsigned first = 0; first <= UINT8_MAX; first++) {
		const uint8_t byte = (uint8_t)first;
		struct address v4 = address_v4((const uint8_t[4]){ byte });
		struct address v6 = address_v6((const uint8_t[ADDRESS_LEN]){ byte });

		note_holding(&network->holding_v4[first],
			     holding_of(prefix, &v4, V4_PREFIX_BITS + CHAR_BIT));
		note_holding(&network->holding_v6[first], holding_of(prefix, &v6, CHAR_BIT));
	}
	return ERR_OK;
}

bool network_config_searches(const struct network_config *network, const struct address *address)
{
	for (size_t i = 0; i < network->inside_count; i++) {
		if (prefix_holds(&network->inside[i], address))
			return true;
	}
	return false;
}

void config_defaults(struct config *config)
{
	memset(config, 0, sizeof(*config));
	for (size_t i = 0; i < options_count; i++) {
		union option_value value = { 0 };

		if (parse_value(&options[i], options[i].initial, &value) == ERR_OK)
			store(&options[i], config, &value);
	}
}

/* What was asked for may hold anything; what is said of it is one line. */
static void clean_problem(char *problem)
{
	for (char *c = problem; *c; c++) {
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = '?';
	}
}

enum err config_set(struct config *config, const char *name, const char *text,
		    char problem[static CONFIG_PROBLEM_LEN])
{
	const struct option *o = find(name);
	union option_value value = { 0 };

	if (!o) {
		(void)snprintf(problem, CONFIG_PROBLEM_LEN,
			       "%.100s: no such option; 'hinomi check-config' lists them", name);
		clean_problem(problem);
		return ERR_MISSING;
	}

	enum err err = parse_value(o, text, &value);

	if (err == ERR_OK && !is_within(o, &value))
		err = ERR_RANGE;
	if (err == ERR_OK) {
		store(o, config, &value);
		return ERR_OK;
	}
	if (o->min)
		(void)snprintf(problem, CONFIG_PROBLEM_LEN, "%s: '%.60s' is %s (%s to %s)", name,
			       text, err_text(err), o->min, o->max);
	else if (o->kind == OPTION_PATH)
		(void)snprintf(problem, CONFIG_PROBLEM_LEN,
			       "%s: '%.60s' is %s (a path of at most %d bytes)", name, text,
			       err_text(err), CONFIG_PATH_LEN - 1);
	else
		(void)snprintf(problem, CONFIG_PROBLEM_LEN,
			       "%s: '%.60s' is %s (networks such as 192.168.0.0/16, at most %d)",
			       name, text, err_text(err), CONFIG_PREFIXES_MAX);
	clean_problem(problem);
	return err;
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

static void print_value(const struct option *o, const struct config *config, FILE *out)
{
	const char *at = (const char *)config + o->offset;
	union option_value value;

	if (o->kind == OPTION_PREFIXES) {
		memcpy(&value.prefixes, at, sizeof(value.prefixes));
		print_prefixes(&value.prefixes, out);
	} else if (o->kind == OPTION_PATH) {
		print_path(at, out);
	} else if (o->kind == OPTION_SHARE) {
		memcpy(&value.share, at, sizeof(value.share));
		print_share(value.share, out);
	} else {
		memcpy(&value.whole, at, sizeof(value.whole));
		print_whole(value.whole, units_of(o->kind), out);
	}
}

void config_print(const struct config *config, FILE *out)
{
	size_t module_len = 0;
	const char *module = "";

	for (size_t i = 0; i < options_count; i++) {
		const struct option *o = &options[i];
		size_t len = strcspn(o->name, ".");

		if (len != module_len || strncmp(o->name, module, len) != 0)
			(void)fprintf(out, "%.*s:\n", (int)len, o->name);
		module = o->name;
		module_len = len;
		(void)fprintf(out, "  # %s", o->help);
		if (o->min)
			(void)fprintf(out, " %s to %s.", o->min, o->max);
		(void)fprintf(out, "\n  %s: ", o->name + len + 1);
		print_value(o, config, out);
		(void)fputc('\n', out);
	}
}
