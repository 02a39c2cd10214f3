#include "sensor/app/device_list.h"

#include "sensor/app/makers.h"
#include "sensor/app/output.h"
#include "sensor/fact/fact.h"

#include <stdlib.h>
#include <string.h>

enum { KEYS_MAX = 4096, KEY_LEN = ADDRESS_TEXT_LEN, MAKE_LEN = 160, SHOWN_MAX = 4 };

/* Whom a case is about: by MAC, else by address. */
struct listing {
	struct store_view *view;
	const char *only;
	bool as_json;
	struct makers *makers; /* NULL: no list on this machine */
	char (*of_case)[KEY_LEN];
	size_t case_count;
	uint64_t told;
};

static const char *read_key(const struct listing *l, struct span json, const char *mac_path,
			    const char *address_path, char out[static KEY_LEN])
{
	store_view_text(l->view, json, mac_path, out, KEY_LEN);
	if (out[0] == '\0')
		store_view_text(l->view, json, address_path, out, KEY_LEN);
	return out;
}

/* A store_case_fn. */
static bool count_case(void *arg, const struct store_case *row)
{
	struct listing *l = arg;

	if (!row->is_withdrawn && l->case_count < KEYS_MAX)
		(void)read_key(l, row->json, "$.device.mac", "$.device.ip[0]",
			       l->of_case[l->case_count++]);
	return true;
}

static size_t cases_of(const struct listing *l, const char *key)
{
	size_t count = 0;

	for (size_t i = 0; i < l->case_count; i++)
		count += strcmp(l->of_case[i], key) == 0;
	return count;
}

static void put_field(const struct listing *l, struct span json, const char *title,
		      const char *path)
{
	char text[MAKE_LEN];

	store_view_text(l->view, json, path, text, sizeof(text));
	if (text[0] != '\0')
		(void)printf("  %s %s", title, output_text(text).chars);
}

/* A phone's address at a café says more by four than by eight of them. */
static void put_addresses(const struct listing *l, struct span json)
{
	char path[32];
	char text[ADDRESS_TEXT_LEN];

	for (unsigned i = 0; i < SHOWN_MAX; i++) {
		(void)snprintf(path, sizeof(path), "$.ip[%u]", i);
		store_view_text(l->view, json, path, text, sizeof(text));
		if (text[0] != '\0')
			(void)printf("%s%s", i == 0 ? "  " : " ", text);
	}
}

static void put_mac(const struct listing *l, struct span json)
{
	char text[MAC_TEXT_LEN];
	char is_random[8];
	const char *maker;

	store_view_text(l->view, json, "$.mac", text, sizeof(text));
	if (text[0] == '\0')
		return;
	store_view_text(l->view, json, "$.mac_random", is_random, sizeof(is_random));
	maker = makers_find(l->makers, text);
	(void)printf("  %s%s", text, strcmp(is_random, "1") == 0 ? " (random)" : "");
	if (maker)
		(void)printf(" %s", output_text(maker).chars);
}

static void put_device(const struct listing *l, const struct store_device *row)
{
	char key[KEY_LEN];
	char first[NANOTIME_TEXT_LEN];
	char last[NANOTIME_TEXT_LEN];
	size_t cases = cases_of(l, read_key(l, row->json, "$.mac", "$.ip[0]", key));

	nanotime_text(row->first, first);
	nanotime_text(row->last, last);
	(void)printf("%-6s %s", row->key, output_text(row->name).chars);
	if (cases > 0)
		(void)printf("  [%zu case%s]", cases, cases == 1 ? "" : "s");
	(void)printf("\n       ");
	put_addresses(l, row->json);
	put_mac(l, row->json);
	(void)printf("\n         first seen %.16sZ, last %.16sZ", first, last);
	put_field(l, row->json, " named", "$.names[0].name");
	put_field(l, row->json, " make", "$.vendor_class");
	put_field(l, row->json, " used by", "$.owner");
	put_field(l, row->json, " kind", "$.kind");
	(void)putchar('\n');
}

/* A store_device_fn. */
static bool take_device(void *arg, const struct store_device *row)
{
	struct listing *l = arg;

	if (l->only && strcmp(row->key, l->only) != 0)
		return true;
	l->told++;
	if (l->as_json) {
		(void)fwrite(row->json.data, 1, row->json.len, stdout);
		(void)putchar('\n');
	} else {
		put_device(l, row);
	}
	return true;
}

enum err device_list(struct store_view *view, const char *only, bool as_json)
{
	struct listing l = { .view = view, .only = only, .as_json = as_json };
	enum err err = ERR_OK;

	if (!as_json) {
		l.of_case = calloc(KEYS_MAX, sizeof(*l.of_case));
		if (!l.of_case)
			return ERR_MEMORY;
		l.makers = makers_read();
		err = store_view_cases(view, count_case, &l);
	}
	if (err == ERR_OK)
		err = store_view_devices(view, take_device, &l);
	makers_free(l.makers);
	free(l.of_case);
	if (err == ERR_OK && l.told == 0 && !as_json)
		(void)puts("No device is written down. A sensor does that every store.interval "
			   "(15m), and when it stops.");
	return err;
}
