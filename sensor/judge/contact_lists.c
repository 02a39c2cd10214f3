#include "sensor/judge/contact_lists.h"

bool contact_lists_are_empty(const struct contact_lists *lists)
{
	static const enum intel_kind kinds[] = { INTEL_NAME, INTEL_ADDRESS, INTEL_ENDPOINT,
						 INTEL_NETWORK };

	for (size_t i = 0; lists->sets && i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (intel_sets_hold(lists->sets, INTEL_INDICATORS, kinds[i]))
			return false;
	}
	return true;
}

bool contact_lists_find(const struct contact_lists *lists, const struct contact *contact,
			struct intel_match *out)
{
	const char *domain;

	if (!lists->sets)
		return false;
	if (contact->kind == CONTACT_ADDRESS)
		return intel_sets_find_address(lists->sets, INTEL_INDICATORS, &contact->address,
					       contact->port, out) &&
		       !out->hit.is_harmless;
	domain = suffix_rules_domain(lists->suffixes, contact->name);
	return intel_sets_find_name(lists->sets, INTEL_INDICATORS, contact->name, domain, out) &&
	       !out->hit.is_harmless;
}
