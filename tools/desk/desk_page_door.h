/*
 * The door for rangers: GET / and /case (HTML); GET /v1/desk/sensors, cases, cases/ID, stream,
 * keys, notes; POST /v1/desk/codes, orders, revoke (JSON). On loopback without a token only
 * requests that name loopback as their host count, and posts are JSON by their type: no page of
 * another site can make a browser ask. `arg` is the struct desk.
 */
#pragma once

#include "tools/desk/desk.h"

size_t desk_page_admit(void *arg, const struct desk_request *request, struct desk_answer *out);
void desk_page_answer(void *arg, const struct desk_request *request, struct desk_answer *out);
