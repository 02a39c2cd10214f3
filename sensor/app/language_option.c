#include "sensor/app/language_option.h"

#include <string.h>

bool language_choice_read(const char *name, struct language_choice *out)
{
	static const struct {
		const char *name;
		struct language_choice choice;
	} known[] = {
		{ "en", { LANGUAGE_EN, 1 } },
		{ "ja", { LANGUAGE_JA, 1 } },
		{ "both", { LANGUAGE_EN, LANGUAGES } },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strcmp(known[i].name, name) == 0) {
			*out = known[i].choice;
			return true;
		}
	}
	return false;
}
