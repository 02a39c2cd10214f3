/*
 * The door for sensors: POST /v1/parcels, /v1/enrol, /v1/keys; GET /v1/orders, /v1/files/NAME.
 * Each knows its caller by a bearer token or by the name in a client's certificate; what a stranger
 * sends is not even read. `arg` is the struct desk.
 */
#pragma once

#include "tools/desk/desk.h"

size_t desk_sensor_admit(void *arg, const struct desk_request *request, struct desk_answer *out);
void desk_sensor_answer(void *arg, const struct desk_request *request, struct desk_answer *out);
