#include "sensor/intel/name_model.h"

#include "sensor/intel/name_model_inside.h"

enum { DIGIT = 26, HYPHEN = 27, EDGE = 28, LEVELS_A_BIT = 3 };

static unsigned symbol_of(char c)
{
	if (c >= 'a' && c <= 'z')
		return (unsigned)(c - 'a');
	return c == '-' ? HYPHEN : DIGIT;
}

double name_model_cost(const char *label, size_t len)
{
	unsigned before = EDGE;
	unsigned last = EDGE;
	unsigned levels = 0;

	if (len == 0)
		return 0;
	for (size_t i = 0; i <= len; i++) {
		unsigned next = i < len ? symbol_of(label[i]) : EDGE;
		char level = name_model_levels[before][last * NAME_MODEL_SYMBOLS + next];

		levels += (unsigned)(level - ']');
		before = last;
		last = next;
	}
	return (double)levels / (double)((len + 1) * LEVELS_A_BIT);
}
