#include "sensor/config/config.h"

#include "tests/fuzz/fuzz.h"
#include "tests/support/memory_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char problem[CONFIG_PROBLEM_LEN];
	struct config config;

	config_defaults(&config);
	(void)!config_read(&config, memory_file(data, len), problem);
	return 0;
}
