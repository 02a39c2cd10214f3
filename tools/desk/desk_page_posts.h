/* What rangers do: POST /v1/desk/codes, /v1/desk/orders, /v1/desk/revoke. Any thread. */
#pragma once

#include "tools/desk/desk.h"

void desk_page_post(const struct desk *desk, const struct desk_request *request,
		    struct desk_answer *out);
