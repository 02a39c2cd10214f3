#include "sensor/app/file_stamp.h"

#include "sensor/detect/statistics.h"

#include <sys/stat.h>

uint64_t file_stamp(const char *path)
{
	struct stat status;
	uint64_t words[5] = { 0 };

	if (stat(path, &status) == 0) {
		words[0] = (uint64_t)status.st_dev;
		words[1] = (uint64_t)status.st_ino;
		words[2] = (uint64_t)status.st_size;
		words[3] = (uint64_t)status.st_mtim.tv_sec;
		words[4] = (uint64_t)status.st_mtim.tv_nsec;
	}
	return distinct_hash(words, sizeof(words));
}
