#include "sensor/intel/intel_tables.h"

const char *intel_tables_text(void)
{
	return INTEL_TABLES; /* sensor/CMakeLists.txt says it */
}
