/*
 * How far Maltrail's own words for its trails are to be trusted. It gives all of them alike: the
 * server of a bot, what somebody finds suspicious, and addresses that scanned something last week.
 * Pure.
 */
#pragma once

#include <stddef.h>

enum {
	TRAIL_FAMILY_LEN = 64,
	TRAIL_TRUST_SUSPICIOUS = 50, /* percent of what the feed's rows are worth: a doubt, … */
	TRAIL_TRUST_REPUTATION = 40, /* … no case of its own; see listed.h */
};

/*
 * Of the second column of trails.csv: "emotet (malware)", "mass scanner". Gives the percent (0 is
 * all of it) and the family's name. A phrase for the report when nobody is to be blamed for it.
 */
const char *trail_of_info(const char *info, unsigned *trust, char family[static TRAIL_FAMILY_LEN]);

/* The same of where a list lies: "…/static/suspicious/pua.txt", "…/mass_scanner.txt". */
const char *trail_of_path(const char *path, unsigned *trust);
