/*
 * Writes down contacts as a sensor does, so that `hinomi devices --contacts` has something to show:
 * contact_probe FOLDER, which is empty. For test_contacts.py, which knows the rows.
 */
#include "sensor/judge/contact_block.h"
#include "sensor/store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define T0 (UINT64_C(1790000000) * NANOTIME_SECOND)

/* Cleared first: no padding is read. */
static struct contact contact_of(uint32_t device, uint8_t flags)
{
	struct contact c;

	memset(&c, 0, sizeof(c));
	c.device = device;
	c.flags = flags;
	c.first = T0;
	c.last = T0 + NANOTIME_HOUR;
	return c;
}

static struct contact name_of(uint32_t device, uint8_t flags, const char *name)
{
	struct contact c = contact_of(device, flags);

	c.kind = CONTACT_NAME;
	(void)snprintf(c.name, sizeof(c.name), "%s", name);
	c.lookups = 3;
	return c;
}

static struct contact address_of(uint32_t device, uint8_t flags, const char *address, uint16_t port)
{
	struct contact c = contact_of(device, flags);

	c.kind = CONTACT_ADDRESS;
	c.port = port;
	if (address_parse(address, &c.address) != ERR_OK)
		abort();
	c.flows = 2;
	c.bytes_up = 1000;
	c.bytes_down = 5000000000;
	return c;
}

static bool put_device(struct store *store)
{
	static const char json[] = "{}";
	const struct store_device row = { .key = "7",
					  .name = "ANNA-LAPTOP",
					  .address = "192.168.1.10",
					  .first = T0,
					  .last = T0,
					  .json = { (const uint8_t *)json, sizeof(json) - 1 } };

	return store_put_device(store, &row, true);
}

static bool put_all(struct store *store)
{
	static struct contact_block block;
	const struct contact rows[] = {
		name_of(7, CONTACT_MET, "cdn.example"),
		name_of(7, 0, "only.looked.up.example"),
		address_of(7, CONTACT_MET | CONTACT_WAS_LISTED, "203.0.113.7", 443),
		address_of(8, CONTACT_MET | CONTACT_KNOWN_NAME, "2001:db8::7", 0),
	};

	contact_block_begin(&block);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (!contact_block_add(&block, &rows[i]))
			return false;
	}

	const struct span bytes = contact_block_end(&block);
	const struct store_contacts row = {
		.first = block.first, .last = block.last, .rows = block.rows, .bytes = bytes
	};

	/* The same again, as of two hours later: one row of both is shown. */
	return put_device(store) && store_put_contacts(store, &row) &&
	       store_put_contacts(store, &row);
}

int main(int argc, char **argv)
{
	struct config config;
	char problem[STORE_PROBLEM_LEN] = "";
	struct store *store;
	bool good;

	if (argc != 2)
		return 2;
	config_defaults(&config);
	(void)snprintf(config.store.folder, sizeof(config.store.folder), "%s", argv[1]);

	const struct store_setup setup = { .config = &config.store, .now = T0 };

	if (store_open(&store, &setup, problem) != ERR_OK) {
		(void)fprintf(stderr, "%s\n", problem);
		return EXIT_FAILURE;
	}
	good = store_start(store, T0) == ERR_OK && put_all(store);
	good &= store_close(store, T0 + NANOTIME_HOUR) == ERR_OK;
	return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
