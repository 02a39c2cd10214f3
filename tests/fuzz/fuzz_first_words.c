#include "dissectors/first_words.h"

#include "tests/fuzz/fuzz.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	if (first_words_signs((struct span){ data, len }) >
	    (FIRST_WORDS_PACKED | FIRST_WORDS_COUNTED | FIRST_WORDS_BOT_NICK))
		abort();
	return 0;
}
