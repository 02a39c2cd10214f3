/* `hinomi intel show`. */
#include "sensor/app/arguments.h"
#include "sensor/app/intel_command.h"
#include "sensor/app/intel_words.h"
#include "sensor/app/output.h"
#include "sensor/intel/suffix_rules.h"

#include <stdlib.h>
#include <time.h>

static const char *const class_texts[INTEL_CLASSES] = {
	[INTEL_OF_ITS_OWN] = "no list says that others share it",
	[INTEL_CDN] = "a content network, which many share",
	[INTEL_SINKHOLE] = "a sinkhole: somebody already took it over",
	[INTEL_SHARED_HOSTING] = "shared hosting",
	[INTEL_DYNAMIC_DNS] = "dynamic DNS: its address changes hands",
	[INTEL_RESOLVER] = "a resolver",
	[INTEL_POPULAR] = "popular",
	[INTEL_SERVICE] = "a maker's or authority's own service",
};

static const char show_help[] =
	"Usage: hinomi intel show --key PUBLIC SET [ITEM]\n"
	"ITEM is a name, an address, address:port, a URL or a fingerprint. Without one, show tells "
	"what\n"
	"the set is, who made it and how much each source gave.\n\n"
	"  --key PUBLIC   the maker's public key: a file of one or several, or the key itself;\n"
	"                 may be given again\n"
	"  --help\n\n"
	"Exit codes: 0 done (show ITEM: it is listed), 1 not listed or not readable, 2 wrong "
	"usage.\n";

static void print_day(const char *label, nanotime time)
{
	char text[NANOTIME_TEXT_LEN];

	nanotime_text(time, text);
	(void)printf("%-11s%.10s\n", label, time == 0 ? "not told" : text);
}

static void print_hit(const struct intel_set *set, const char *item, const struct intel_hit *hit)
{
	char first[ADDRESS_TEXT_LEN];
	char last[ADDRESS_TEXT_LEN];

	(void)printf("%-11s%s\n%-11s%s", "item", output_text(item).chars, "listed as",
		     intel_kind_text(hit->kind));
	if (hit->kind == INTEL_NAME)
		(void)printf(" %s%s", output_text(hit->name).chars,
			     hit->has_subdomains ? " and every name below it" : "");
	if (hit->kind == INTEL_NETWORK) {
		(void)address_text(&hit->first, first);
		(void)address_text(&hit->last, last);
		(void)printf(" %s to %s", first, last);
	}
	(void)printf("\n%-11s%s\n", "family", hit->family[0] != '\0' ? hit->family : "not told");
	(void)printf("%-11s", "sources");
	for (unsigned bit = 0; bit < 32; bit++) {
		if (hit->sources >> bit & 1)
			(void)printf("%s ", intel_set_source(set, bit));
	}
	(void)putchar('\n');
	print_day("since", hit->listed);
	print_day("confirmed", hit->confirmed);
	if (intel_set_purpose(set) == INTEL_PREVALENCE) {
		(void)printf("%-11s%u%s\n", "offices", hit->confidence,
			     hit->confidence == UINT8_MAX ? " or more" : "");
		return;
	}
	(void)printf("%-11s%u of 100\n%-11s%s\n", "sure", hit->confidence, "place",
		     class_texts[hit->class]);
	if (hit->is_harmless)
		(void)puts("           only a warning list names it: no reason to alert");
}

static bool find_name(const struct intel_set *set, const struct intel_item *item,
		      struct intel_hit *hit)
{
	static char name[INTEL_ITEM_MAX + 1]; /* the hit points into it */
	struct suffix_rules *suffixes;
	bool is_found;

	if (suffix_rules_new(&suffixes) != ERR_OK)
		return false;
	memcpy(name, item->bytes, item->len);
	name[item->len] = '\0';
	is_found = intel_find_name(set, name, suffix_rules_domain(suffixes, name), hit);
	suffix_rules_free(suffixes);
	return is_found;
}

static bool find(const struct intel_set *set, const struct intel_item *item, struct intel_hit *hit)
{
	enum intel_kind kind = item->kind;

	if (kind == INTEL_NAME)
		return find_name(set, item, hit);
	if (kind == INTEL_ADDRESS || kind == INTEL_ENDPOINT || kind == INTEL_NETWORK)
		return intel_find_address(set, &item->network.address, item->port, hit);
	return intel_find_item(set, item, hit);
}

static enum exit_code show_item(const struct intel_set *set, const char *text)
{
	struct intel_item item;
	struct intel_hit hit;

	if (intel_item_guess(text, &item) != ERR_OK) {
		(void)fprintf(stderr, "hinomi: no name, address, URL or fingerprint: %s\n",
			      output_text(text).chars);
		return EXIT_USAGE;
	}
	if (!find(set, &item, &hit)) {
		(void)printf("%s is not in the set, nor is what it lies in.\n",
			     output_text(text).chars);
		return EXIT_FAILED;
	}
	print_hit(set, text, &hit);
	return EXIT_DONE;
}

static void show_set(const struct intel_set *set)
{
	struct intel_issue issue = intel_set_issue(set);
	size_t per_source[32] = { 0 };
	size_t per_kind[INTEL_KINDS] = { 0 };
	struct intel_row row;
	size_t at = 0;

	while (intel_set_next(set, &at, &row)) {
		per_kind[row.hit.kind]++;
		for (unsigned bit = 0; bit < 32; bit++)
			per_source[bit] += row.hit.sources >> bit & 1;
	}
	(void)printf("%-11s%s\n%-11s%zu\n%-11s%llu\n", "purpose",
		     intel_set_purpose(set) == INTEL_PREVALENCE
			     ? "what is common among offices"
			     : "indicators and what is known of places",
		     "items", intel_set_count(set), "serial", (unsigned long long)issue.serial);
	print_day("made", issue.made);
	print_day("expires", issue.expires);
	if (issue.expires <= (nanotime)time(NULL) * NANOTIME_SECOND)
		(void)puts("           expired: sensors say so until a newer set is there");
	for (size_t i = 0; i < INTEL_KINDS; i++) {
		if (per_kind[i] > 0)
			(void)printf("%-11s%zu\n", intel_kind_text((enum intel_kind)i),
				     per_kind[i]);
	}
	for (unsigned bit = 0; bit < 32; bit++) {
		if (per_source[bit] > 0)
			(void)printf("from %s: %zu\n", intel_set_source(set, bit), per_source[bit]);
	}
}

enum exit_code intel_show(int argc, char **argv)
{
	struct intel_words s = { .most = 2 };
	enum exit_code code = EXIT_DONE;

	if (sign_start() != ERR_OK || !intel_take_words(&s, argc, argv))
		return EXIT_USAGE;
	if (s.is_help)
		return arguments_help(show_help);

	struct intel_set *set = intel_open_set(&s, s.words[0]);

	if (!set)
		return EXIT_FAILED;
	if (s.count == 2)
		code = show_item(set, s.words[1]);
	else
		show_set(set);
	intel_set_free(set);
	return output_is_written() ? code : EXIT_FAILED;
}
