#include "tests/model/week_store.h"

#include "sensor/store/store_state.h"

static struct store *open_store;

void week_store_begin(struct store *store, nanotime now)
{
	store_writer_begin(store->writer, now, now);
	store->has_thread = true; /* who calls week_store_step() */
	open_store = store;
}

void week_store_step(nanotime now)
{
	while (open_store && store_writer_step(open_store->writer, now))
		;
}

bool week_store_end(nanotime now)
{
	struct store *store = open_store;
	bool is_written = store_writer_end(store->writer, now, now);

	open_store = NULL;
	store->has_thread = false;
	return store_close(store, now) == ERR_OK && is_written;
}
