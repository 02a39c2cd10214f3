#include "dissectors/attack_text.h"

#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const struct span bytes = { data, len };
	char *text = malloc(len + 1);

	if (!text)
		return 0;
	memcpy(text, data, len);
	text[len] = '\0';
	if (attack_text_in(text) > ATTACK_TEXT_QUERY ||
	    attack_text_in_head(bytes) > ATTACK_TEXT_QUERY ||
	    attack_text_name(attack_text_in_body(bytes)) == NULL)
		abort();
	free(text);
	return 0;
}
