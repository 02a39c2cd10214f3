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

struct suffix_list_source suffix_list_source(void)
{
	const char *path = psl_builtin_filename();
	const char *sha1 = psl_builtin_sha1sum();

	return (struct suffix_list_source){ .path = path ? path : "", .sha1 = sha1 ? sha1 : "" };
}
