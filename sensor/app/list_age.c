#include "sensor/app/list_age.h"

#include "sensor/app/intel_files.h"
#include "sensor/app/place_files.h"

struct health_lists list_age_of(const struct intel_sets *sets, const struct place_databases *dbs)
{
	const struct intel_sets_age age = intel_sets_age(sets);
	const struct place_databases_state places = place_databases_state(dbs);

	return (struct health_lists){ .entries = age.entries,
				      .made = age.made,
				      .expires = age.expires,
				      .has_refused = age.has_refusal,
				      .built = places.built,
				      .oldest = places.oldest,
				      .databases_refused = places.refused };
}

struct health_lists list_age_on_disk(const struct config *config)
{
	const struct intel_files none = { 0 };
	struct intel_sets *sets = NULL;
	struct place_databases *dbs = NULL;
	bool is_read = intel_files_read(&none, config, &sets, NULL, NULL);
	struct health_lists lists;

	(void)place_files_open(config, &dbs, NULL, NULL);
	lists = list_age_of(sets, dbs);
	lists.has_refused |= !is_read;
	intel_sets_free(sets);
	place_databases_free(dbs);
	return lists;
}
