/* The input: a direction and a length of 16 bits for each packet. */
#include "dissectors/ssh_login.h"

#include "tests/fuzz/fuzz.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct cursor in = cursor_over(data, len);
	struct ssh_login login = { 0 };
	bool was_accepted = false;

	while (cursor_left(&in) > 0) {
		bool from_client = (cursor_u8(&in) & 1) != 0;

		ssh_login_add(&login, from_client, cursor_be16(&in));
		bool is_accepted = ssh_login_outcome(&login) == SSH_LOGIN_ACCEPTED;

		if (was_accepted && !is_accepted)
			abort();
		was_accepted = is_accepted;
		if (ssh_login_attempts(&login) > len)
			abort();
	}
	return 0;
}
