#include "sensor/intel/indicator_list.h"

#include "tests/fuzz/fuzz.h"
#include "tests/support/memory_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static FILE *nowhere;
	struct indicator_list *list;
	struct address address = { { 0 } };
	size_t refused;

	if (!nowhere)
		nowhere = fopen("/dev/null", "w");
	if (!nowhere || indicator_list_new(&list) != ERR_OK)
		abort();
	(void)!indicator_list_read(list, memory_file(data, len), nowhere, &refused);
	(void)indicator_find_name(list, "www.example.net");
	(void)indicator_find_address(list, &address, 80);
	indicator_list_free(list);
	return 0;
}
