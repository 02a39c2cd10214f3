#include "sensor/intel/registered_domain.h"

#include <libpsl.h>
#include <stddef.h>

const char *registered_domain(const char *name)
{
	return psl_registrable_domain(psl_builtin(), name);
}

bool is_public_suffix(const char *name)
{
	return psl_is_public_suffix(psl_builtin(), name) != 0;
}
