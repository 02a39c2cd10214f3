#include "sensor/config/config.h"

#include "sensor/base/text.h"
#include "sensor/config/options.h"

#include <ctype.h>
#include <limits.h>
#include <string.h>

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

bool interface_names_hold(const struct interface_names *names, const char *name)
{
	for (size_t i = 0; i < names->count; i++) {
		if (strcmp(names->name[i], name) == 0)
			return true;
	}
	return false;
}

bool country_codes_hold(const struct country_codes *codes, const char *code)
{
	for (size_t i = 0; i < codes->count; i++) {
		if (strcmp(codes->code[i], code) == 0)
			return true;
	}
	return false;
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

static void store(const struct option *o, struct config *config, const union option_value *value)
{
	memcpy((char *)config + o->offset, value, option_size(o->kind));
}

static void load(const struct option *o, const struct config *config, union option_value *value)
{
	memset(value, 0, sizeof(*value));
	memcpy(value, (const char *)config + o->offset, option_size(o->kind));
}

void config_defaults(struct config *config)
{
	memset(config, 0, sizeof(*config));
	for (size_t i = 0; i < options_count; i++) {
		union option_value value = { 0 };

		if (option_parse(&options[i], options[i].initial, &value) == ERR_OK)
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

	enum err err = option_parse(o, text, &value);

	if (err == ERR_OK) {
		store(o, config, &value);
		return ERR_OK;
	}

	char allowed[CONFIG_PROBLEM_LEN / 2];

	option_allowed(o, allowed, sizeof(allowed));
	(void)snprintf(problem, CONFIG_PROBLEM_LEN, "%s: '%.60s' is %s (%s)", name, text,
		       err_text(err), allowed);
	clean_problem(problem);
	return err;
}

void config_take_live(struct config *running, const struct config *next, char *left, size_t room)
{
	struct text names = text_over(left, room);

	for (size_t i = 0; i < options_count; i++) {
		const struct option *o = &options[i];
		char *before = (char *)running + o->offset;
		const char *after = (const char *)next + o->offset;

		if (memcmp(before, after, option_size(o->kind)) == 0)
			continue;
		if (o->change == LIVE) {
			memcpy(before, after, option_size(o->kind));
			continue;
		}
		if (names.len > 0)
			text_add(&names, " ");
		text_add(&names, o->name);
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
		if (o->min) {
			char allowed[CONFIG_PROBLEM_LEN];

			option_allowed(o, allowed, sizeof(allowed));
			(void)fprintf(out, " %c%s.", toupper((unsigned char)allowed[0]),
				      allowed + 1);
		}
		(void)fprintf(out, "\n  %s: ", o->name + len + 1);

		union option_value value;

		load(o, config, &value);
		option_print(o, &value, out);
		(void)fputc('\n', out);
	}
}
