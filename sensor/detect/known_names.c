#include "sensor/detect/known_names.h"

#include "sensor/detect/statistics.h"
#include "sensor/intel/suffix_rules.h"

#include <stdlib.h>
#include <string.h>

enum { SLOT_BITS = 9 };

struct known_names {
	const struct suffix_rules *rules;
	struct known_name slots[1 << SLOT_BITS];
};

enum err known_names_new(struct known_names **out, const struct suffix_rules *rules)
{
	struct known_names *names = calloc(1, sizeof(*names));

	if (!names)
		return ERR_MEMORY;
	names->rules = rules;
	*out = names;
	return ERR_OK;
}

void known_names_free(struct known_names *names)
{
	free(names);
}

static const char *top_label(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot ? dot + 1 : name;
}

static bool is_office_suffix(const char *label)
{
	static const char *const suffixes[] = { "local", "localdomain", "lan", "internal", "home" };

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		if (label[0] == suffixes[i][0] && strcmp(label, suffixes[i]) == 0)
			return true;
	}
	return false;
}

static bool is_under_arpa(const char *name)
{
	return strcmp(top_label(name), "arpa") == 0;
}

/*
 * A resolver that searches the office's own domain asks for "www.example.com.office.local": what
 * stands before that domain is what was meant. How much of `name` that is; 0 when nothing is left,
 * and for names that are addresses turned round ("….in-addr.arpa").
 */
static size_t meant_length(const struct known_names *names, const char *name, size_t len)
{
	char shorter[FACT_NAME_LEN];

	if (is_under_arpa(name))
		return 0;
	if (!is_office_suffix(top_label(name)))
		return len;

	const char *own = suffix_rules_domain(names->rules, name);

	if (!own || own == name)
		return 0;
	len = (size_t)(own - name) - 1;
	memcpy(shorter, name, len);
	shorter[len] = '\0';
	return is_under_arpa(shorter) ? 0 : len;
}

static void find_out(const struct known_names *names, const char *name, size_t len,
		     struct known_name *out)
{
	size_t meant_len = meant_length(names, name, len);
	char meant[FACT_NAME_LEN];

	out->len = (uint16_t)len;
	out->meant_len = (uint16_t)meant_len;
	out->domain_at = 0;
	memcpy(out->name, name, len);
	if (meant_len == 0)
		return;
	memcpy(meant, name, meant_len);
	meant[meant_len] = '\0';

	const char *domain = suffix_rules_domain(names->rules, meant);

	if (!domain || domain == meant)
		return;
	out->domain_at = (uint16_t)(domain - meant);
	out->hash = distinct_hash(meant, meant_len);
	out->domain_hash = distinct_hash(domain, meant_len - out->domain_at);
}

/* By both ends of the name. Who fills a slot on purpose makes us find out again, no more. */
static size_t slot_of(const char *name, size_t len)
{
	uint64_t first = 0;
	uint64_t last = 0;

	if (len >= sizeof(first)) {
		memcpy(&first, name, sizeof(first));
		memcpy(&last, name + len - sizeof(last), sizeof(last));
	} else {
		memcpy(&first, name, len);
	}
	first = (first ^ len) * UINT64_C(0x9e3779b97f4a7c15);
	last = (last ^ first >> 32) * UINT64_C(0xc2b2ae3d27d4eb4f);
	return (size_t)((first ^ last) >> (64 - SLOT_BITS));
}

const struct known_name *known_names_of(struct known_names *names, const char *name)
{
	size_t len = strlen(name);
	struct known_name *known = &names->slots[slot_of(name, len)];

	if (known->len != len || memcmp(known->name, name, len) != 0)
		find_out(names, name, len, known);
	return known;
}
