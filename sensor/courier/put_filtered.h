/* A single parcel's way into the outbox: through the table of what may leave the office. */
#pragma once

#include "sensor/courier/outbox.h"

/* As outbox_put() of one row, with what the table does not list left out; ERR_SYNTAX: no JSON. */
MUST_USE enum err put_filtered(struct outbox *outbox, const struct outbox_row *row);
