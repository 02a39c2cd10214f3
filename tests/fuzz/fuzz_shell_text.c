#include "dissectors/shell_text.h"

#include "tests/fuzz/fuzz.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	if (shell_text_signs((struct span){ data, len }) >
	    (SHELL_PROMPT | SHELL_BANNER | SHELL_IDENTITY | SHELL_SYSTEM))
		abort();
	return 0;
}
