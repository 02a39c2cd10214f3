#include "sensor/geo/place_mmdb.h"

#include "tests/fuzz/fuzz.h"
#include "tests/support/memory_file.h"

/* libmaxminddb 1.7 keeps what it took for a description that turns out to be damaged. */
__attribute__((visibility("default"))) const char *__lsan_default_suppressions(
	void);                                /* NOLINT: LeakSanitizer's name */
const char *__lsan_default_suppressions(void) /* NOLINT */
{
	return "leak:libmaxminddb";
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const uint8_t servers[][4] = { { 203, 0, 113, 5 }, { 1, 2, 3, 4 }, { 1, 1, 1, 16 } };
	struct address six = { { 0x20, 0x01, 0x0d, 0xb8 } };
	struct place_database *db;
	char why[PLACE_WHY_LEN];
	struct place place;

	if (place_database_open(&db, memory_file(data, len), why) != ERR_OK)
		return 0;
	(void)place_database_find(db, &six, &place);
	for (size_t i = 0; i < sizeof(servers) / sizeof(servers[0]); i++) {
		struct address four = address_v4(servers[i]);

		if (place_database_find(db, &four, &place) == PLACE_TOLD && !place_is_sound(&place))
			abort();
	}
	place_database_free(db);
	return 0;
}
