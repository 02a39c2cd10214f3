/* A file in memory with a path, for what only reads files. */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { MEMORY_FILE_PATH_LEN = 32 };

/* Writes `data` over one and the same file; its path stays the same too. */
static inline const char *memory_file(const uint8_t *data, size_t len)
{
	static char path[MEMORY_FILE_PATH_LEN];
	static int file = -1;

	if (file < 0) {
		file = memfd_create("memory_file", MFD_CLOEXEC);
		(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	}
	if (ftruncate(file, 0) != 0 || pwrite(file, data, len, 0) != (ssize_t)len)
		abort();
	return path;
}
