/* What can still be read of a data base that was moved aside. One thread. */
#pragma once

#include "sensor/store/store_file_sqlite.h"

/*
 * Copies the cases of the damaged data base `name`, in the same folder, into `file`, which took its
 * place: all that can be read, past pages that cannot. The damaged one stays as it is. Returns how
 * many.
 */
uint64_t store_salvage(struct store_file *file, const char *name, const char *vfs);
