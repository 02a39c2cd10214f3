#include "sensor/app/device_contacts.h"

#include "sensor/app/output.h"
#include "sensor/base/json.h"
#include "sensor/base/text.h"
#include "sensor/judge/contact_block.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_FIRST = 1024, DEVICE_NAME_LEN = FACT_HOST_LEN, NUMBER_LEN = 16 };

/* Everything in memory: a month of an office is some 10,000 rows once they are joined. */
struct listing {
	struct store_view *view;
	const char *item; /* in lower case; "" is all */
	struct contact *rows;
	size_t count;
	size_t room;
	uint64_t unsound;
	bool is_out_of_memory;
};

static bool is_meant(const struct listing *l, const struct contact *c)
{
	char address[ADDRESS_TEXT_LEN];

	if (l->item[0] == '\0')
		return true;
	if (c->kind == CONTACT_NAME)
		return text_host_under(c->name, l->item);
	address_text(&c->address, address);
	return strcmp(address, l->item) == 0;
}

static int by_contact(const void *a, const void *b)
{
	return contact_compare(a, b);
}

/* Sorted; what is of one device and item becomes one row. */
static void join(struct listing *l)
{
	size_t to = 0;

	if (l->count == 0)
		return;
	qsort(l->rows, l->count, sizeof(*l->rows), by_contact);
	for (size_t i = 1; i < l->count; i++) {
		if (contact_compare(&l->rows[to], &l->rows[i]) == 0)
			contact_join(&l->rows[to], &l->rows[i]);
		else
			l->rows[++to] = l->rows[i];
	}
	l->count = to + 1;
}

/* Joined before more is taken: most rows are of what is there already. */
static bool make_room(struct listing *l)
{
	size_t room = l->room > 0 ? l->room * 2 : ROWS_FIRST;
	struct contact *rows;

	if (l->count < l->room)
		return true;
	join(l);
	if (l->count < l->room / 2)
		return true;
	rows = realloc(l->rows, room * sizeof(*rows));
	if (!rows)
		return false;
	l->rows = rows;
	l->room = room;
	return true;
}

/* A store_contacts_fn. */
static bool take_block(void *arg, const struct store_contacts *block)
{
	struct listing *l = arg;
	struct contact_rows rows;
	struct contact contact;

	l->unsound += !contact_rows_open(&rows, block->bytes);
	while (!l->is_out_of_memory && contact_rows_next(&rows, &contact)) {
		if (!is_meant(l, &contact))
			continue;
		l->is_out_of_memory = !make_room(l);
		if (!l->is_out_of_memory)
			l->rows[l->count++] = contact;
	}
	l->unsound += rows.unsound;
	return !l->is_out_of_memory;
}

/* What the inventory calls a device. */
struct named {
	char number[NUMBER_LEN];
	char name[DEVICE_NAME_LEN];
};

/* A store_device_fn. */
static bool match_device(void *arg, const struct store_device *row)
{
	struct named *named = arg;

	if (strcmp(row->key, named->number) != 0)
		return true;
	(void)snprintf(named->name, sizeof(named->name), "%s",
		       row->name[0] != '\0' ? row->name : row->address);
	return false;
}

static enum err name_device(const struct listing *l, uint32_t number, struct named *out)
{
	*out = (struct named){ 0 };
	(void)snprintf(out->number, sizeof(out->number), "%" PRIu32, number);
	return store_view_devices(l->view, match_device, out);
}

static void item_text(const struct contact *c, char out[static FACT_HOST_LEN])
{
	char address[ADDRESS_TEXT_LEN];

	if (c->kind == CONTACT_NAME) {
		(void)snprintf(out, FACT_HOST_LEN, "%s", c->name);
		return;
	}
	address_text(&c->address, address);
	(void)snprintf(out, FACT_HOST_LEN, strchr(address, ':') ? "[%s]:%u" : "%s:%u", address,
		       c->port);
}

static void put_line(const struct contact *c)
{
	char item[FACT_HOST_LEN];
	char first[NANOTIME_TEXT_LEN];
	char last[NANOTIME_TEXT_LEN];

	item_text(c, item);
	nanotime_text(c->first, first);
	nanotime_text(c->last, last);
	(void)printf("    %-40s %.16sZ to %.16sZ", output_text(item).chars, first, last);
	if ((c->flags & CONTACT_MET) != 0)
		(void)printf("  %" PRIu64 " times, %" PRIu64 " bytes up, %" PRIu64 " down",
			     c->flows, c->bytes_up, c->bytes_down);
	else
		(void)printf("  looked up alone, %" PRIu64 " times", c->lookups);
	(void)printf("%s\n", (c->flags & CONTACT_WAS_LISTED) != 0 ? "  (listed at that time)" : "");
}

static void put_json(struct json *j, const struct contact *c, const struct named *device)
{
	json_object_begin(j, NULL);
	json_string(j, "schema", "hinomi.contact/1");
	json_uint(j, "device", c->device);
	json_string(j, "device_name", device->name);
	if (c->kind == CONTACT_NAME) {
		json_string(j, "name", c->name);
	} else {
		json_address(j, "address", &c->address);
		json_uint(j, "port", c->port);
	}
	json_time(j, "first", c->first);
	json_time(j, "last", c->last);
	json_bool(j, "answered", (c->flags & CONTACT_MET) != 0);
	json_bool(j, "was_listed", (c->flags & CONTACT_WAS_LISTED) != 0);
	json_uint(j, "flows", c->flows);
	json_uint(j, "lookups", c->lookups);
	json_uint(j, "bytes_up", c->bytes_up);
	json_uint(j, "bytes_down", c->bytes_down);
	json_object_end(j);
	json_line_end(j);
}

static enum err print(const struct listing *l, bool as_json)
{
	struct named device = { 0 };
	enum err err = ERR_OK;
	struct json json;

	json_start(&json, stdout);
	for (size_t i = 0; i < l->count && err == ERR_OK; i++) {
		const struct contact *c = &l->rows[i];

		if (i == 0 || c->device != l->rows[i - 1].device) {
			err = name_device(l, c->device, &device);
			if (!as_json)
				(void)printf("%s %s\n", device.number,
					     device.name[0] != '\0' ? output_text(device.name).chars
								    : "(not known any more)");
		}
		if (as_json)
			put_json(&json, c, &device);
		else
			put_line(c);
	}
	json_flush(&json);
	return err;
}

enum err device_contacts(struct store_view *view, const char *item, bool as_json)
{
	char wanted[FACT_NAME_LEN];
	struct listing l = { .view = view, .item = wanted };
	enum err err;

	(void)snprintf(wanted, sizeof(wanted), "%s", item ? item : "");
	text_to_lower(wanted);
	err = store_view_contacts(view, take_block, &l);
	if (err == ERR_OK && l.is_out_of_memory)
		err = ERR_MEMORY;
	join(&l);
	if (err == ERR_OK)
		err = print(&l, as_json);
	if (l.unsound > 0)
		(void)fprintf(stderr,
			      "hinomi: %" PRIu64 " rows of contacts are damaged, and left out\n",
			      l.unsound);
	if (err == ERR_OK && l.count == 0 && !as_json)
		(void)puts(
			item ? "No device was in contact with it in the last 30 days, as far as "
			       "is written down (every two hours, and when the sensor stops)."
			     : "No contacts are written down. A sensor does that every two hours, "
			       "and when it stops.");
	free(l.rows);
	return err;
}
