#include "sensor/config/config.h"

#include "tests/fuzz/fuzz.h"
#include "tests/support/memory_file.h"

#include <stdlib.h>
#include <string.h>

/* One line, whatever was in the file. */
static void tell(void *arg, const char *fault)
{
	unsigned *count = arg;

	if (++*count > CONFIG_FAULTS_MAX + 1 ||
	    strnlen(fault, CONFIG_PROBLEM_LEN) == CONFIG_PROBLEM_LEN)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	unsigned faults = 0;
	struct config config;

	config_defaults(&config);
	if ((config_read(&config, memory_file(data, len), tell, &faults) == ERR_OK) !=
	    (faults == 0))
		abort();
	return 0;
}
