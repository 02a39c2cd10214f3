/* The store without its thread: its writer takes a step when the test says so. One at a time. */
#pragma once

#include "sensor/store/store.h"

/* In place of store_start(). */
void week_store_begin(struct store *store, nanotime now);

/* All that is due by then. */
void week_store_step(nanotime now);

/* In place of store_close(); false when something could not be written. */
bool week_store_end(nanotime now);
