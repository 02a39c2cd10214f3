/* Moves a damaged cases.db out of the way, where somebody may still look at it. */
#pragma once

#include "sensor/base/err.h"
#include "sensor/base/nanotime.h"

#define STORE_FILE_NAME "cases.db"

enum { STORE_ASIDE_LEN = 64 };

/*
 * In the folder `folder_fd`: cases.db and its log get the name cases.db.damaged-TIME (and -wal),
 * told in `name`. Of those moved before only the latest is kept, so that a disk that damages a file
 * each day does not fill up. ERR_IO.
 */
MUST_USE enum err store_aside(int folder_fd, nanotime now, char name[static STORE_ASIDE_LEN]);
