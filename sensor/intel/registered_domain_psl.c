#include "sensor/intel/registered_domain.h"

#include <libpsl.h>
#include <stddef.h>
#include <string.h>

const char *registered_domain(const char *name)
{
	return psl_registrable_domain(psl_builtin(), name);
}

bool is_public_suffix(const char *name)
{
	return psl_is_public_suffix(psl_builtin(), name) != 0;
}

bool is_top_level_domain(const char *label)
{
	return strcmp(label, "arpa") == 0 ||
	       psl_is_public_suffix2(psl_builtin(), label,
				     PSL_TYPE_ICANN | PSL_TYPE_NO_STAR_RULE) != 0;
}

struct suffix_list_source suffix_list_source(void)
{
	const char *path = psl_builtin_filename();
	const char *sha1 = psl_builtin_sha1sum();

	return (struct suffix_list_source){ .path = path ? path : "", .sha1 = sha1 ? sha1 : "" };
}
