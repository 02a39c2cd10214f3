/* A directory for the files of one test, removed with them. */
#pragma once

#include "tests/support/cmocka.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { SCRATCH_FILES_MAX = 16, SCRATCH_PATH_MAX = 64 };

struct scratch_dir {
	size_t count;
	char dir[SCRATCH_PATH_MAX / 2];
	char files[SCRATCH_FILES_MAX][SCRATCH_PATH_MAX];
};

static inline void scratch_make(struct scratch_dir *scratch)
{
	*scratch = (struct scratch_dir){ .dir = "/tmp/hinomi-test-XXXXXX" };
	assert_non_null(mkdtemp(scratch->dir));
}

/* Writes a new file; its path is borrowed until scratch_remove(). */
static inline const char *scratch_write(struct scratch_dir *scratch, const void *data, size_t len)
{
	assert_true(scratch->count < SCRATCH_FILES_MAX);

	char *path = scratch->files[scratch->count];

	(void)snprintf(path, SCRATCH_PATH_MAX, "%s/%zu.pcap", scratch->dir, scratch->count);
	scratch->count++;

	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(data, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
	return path;
}

static inline void scratch_remove(struct scratch_dir *scratch)
{
	for (size_t i = 0; i < scratch->count; i++)
		assert_int_equal(unlink(scratch->files[i]), 0);
	assert_int_equal(rmdir(scratch->dir), 0);
}
