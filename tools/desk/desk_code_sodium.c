#include "tools/desk/desk_code.h"

#include <sodium.h>
#include <stdio.h>

static const size_t group = 5;

void desk_code_make(char code[static ENROL_CODE_LEN])
{
	static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

	for (size_t i = 0; i + 1 < ENROL_CODE_LEN; i++)
		code[i] = digits[randombytes_uniform(sizeof(digits) - 1)];
	code[ENROL_CODE_LEN - 1] = '\0';
}

void desk_code_show(const char code[static ENROL_CODE_LEN], char out[static DESK_CODE_SHOWN_LEN])
{
	(void)snprintf(out, DESK_CODE_SHOWN_LEN, "%.5s-%.5s-%.5s-%.5s", code, code + group,
		       code + 2 * group, code + 3 * group);
}
