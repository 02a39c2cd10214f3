/* Whether a file is the one that it was. */
#pragma once

#include <stdint.h>

/* A number that changes when the file is changed or replaced, comes, or goes. */
uint64_t file_stamp(const char *path);
