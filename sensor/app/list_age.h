/* How old indicator sets and databases of places are, as health and figures tell it. */
#pragma once

#include "sensor/geo/place_databases.h"
#include "sensor/health/health_surroundings.h"
#include "sensor/intel/intel_sets.h"

/* Each may be NULL: there is none. */
struct health_lists list_age_of(const struct intel_sets *sets, const struct place_databases *dbs);

/* For who only checks: those that `config` names, opened for that. Faults go to standard error. */
struct health_lists list_age_on_disk(const struct config *config);
