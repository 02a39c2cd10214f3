/* What is to be thought of a data base that was found, before it is written. */
#pragma once

#include "sensor/store/store_check_sqlite.h"

struct verdict {
	bool is_damaged;
	bool is_newer;
	bool is_unreadable; /* the disk fails, not the file */
	char why[STORE_CHECK_WHY_LEN];
};

/* By the connection's latest error; NULL is one that could not be made. */
void verdict_blame(sqlite3 *db, struct verdict *v);

/*
 * Whether it is one of ours and has what ours have; and whether it is whole, as far as that does
 * not take long. `is_suspect`: it is known not to be. `*version` is 0 for an empty one.
 */
void verdict_judge(sqlite3 *db, bool is_suspect, int *version, struct verdict *v);
