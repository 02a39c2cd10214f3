#include "sensor/inventory/devices.h"

#include "tests/support/cmocka.h"

#include <stdio.h>
#include <string.h>

#define SECONDS(n) ((nanotime)(n)*NANOTIME_SECOND)

enum { BUDGET = 16 };

static const struct mac no_mac;
static const struct mac laptop = { { 2, 0, 0, 0, 0, 1 } };
static const struct mac phone = { { 2, 0, 0, 0, 0, 2 } };
static const struct mac router = { { 2, 0, 0, 0, 0, 0xfe } };
static const struct mac group = { { 1, 0, 0x5e, 0, 0, 1 } };

static struct devices *devices_of(uint64_t budget)
{
	const struct judge_config config = { .devices = budget };
	struct devices *devices = NULL;

	assert_int_equal(devices_new(&devices, &config), ERR_OK);
	return devices;
}

static struct address address_of(const char *text)
{
	struct address a;

	assert_int_equal(address_parse(text, &a), ERR_OK);
	return a;
}

static uint32_t see(struct devices *devices, const char *address, const struct mac *mac,
		    unsigned second)
{
	struct address a = address_of(address);
	const struct device *device = devices_see(devices, &a, mac, SECONDS(second));

	assert_non_null(device);
	assert_int_not_equal(device->number, DEVICE_NONE);
	assert_ptr_equal(devices_get(devices, device->number), device);
	assert_ptr_equal(devices_at(devices, &a), device);
	return device->number;
}

static uint32_t number_at(struct devices *devices, const char *address)
{
	struct address a = address_of(address);
	const struct device *device = devices_at(devices, &a);

	return device ? device->number : DEVICE_NONE;
}

static void carry(struct devices *devices, const struct mac *mac, const char *outside)
{
	struct address a = address_of(outside);

	devices_note_outside(devices, mac, &a);
}

static void name(struct devices *devices, const struct mac *mac, const char *address,
		 enum device_name_source source, const char *text)
{
	struct fact_device_name told = { .mac = *mac, .source = (uint8_t)source };

	if (address)
		told.address = address_of(address);
	(void)snprintf(told.name, sizeof(told.name), "%s", text);
	devices_name(devices, &told, SECONDS(50));
}

static void expect_addresses(struct devices *devices, uint32_t number, const char *const *want,
			     size_t count)
{
	const struct device *device = devices_get(devices, number);

	assert_int_equal(device->address_count, count);
	for (size_t i = 0; i < count; i++) {
		char text[ADDRESS_TEXT_LEN];

		address_text(&device->addresses[i], text);
		assert_string_equal(text, want[i]);
	}
}

static void nobody_is_there_at_first(void **state)
{
	struct devices *devices = devices_of(BUDGET);

	(void)state;
	assert_int_equal(devices_count(devices), 0);
	assert_null(devices_get(devices, 1));
	assert_null(devices_get(devices, DEVICE_NONE));
	assert_int_equal(number_at(devices, "192.168.0.2"), DEVICE_NONE);
	devices_free(devices);
	devices_free(NULL);
}

static void a_device_remembers_when_it_was_seen(void **state)
{
	struct devices *devices = devices_of(BUDGET);
	uint32_t number = see(devices, "192.168.0.2", &laptop, 10);

	(void)state;
	assert_int_equal(see(devices, "192.168.0.2", &laptop, 30), number);
	assert_int_equal(see(devices, "192.168.0.2", &laptop, 20), number);

	const struct device *device = devices_get(devices, number);

	assert_int_equal(device->first_seen, SECONDS(10));
	assert_int_equal(device->last_seen, SECONDS(30));
	assert_true(device->has_mac);
	assert_true(mac_equal(&device->mac, &laptop));
	assert_false(device->is_router);
	assert_int_equal(devices_count(devices), 1);
	devices_free(devices);
}

static void both_families_of_one_mac_are_one_device(void **state)
{
	static const char *const addresses[] = { "192.168.0.2", "2001:db8::2", "fe80::2" };
	struct devices *devices = devices_of(BUDGET);
	uint32_t number = see(devices, addresses[2], &laptop, 1);

	(void)state;
	assert_int_equal(see(devices, addresses[1], &laptop, 2), number);
	assert_int_equal(see(devices, addresses[0], &laptop, 3), number);
	expect_addresses(devices, number, addresses, ARRAY_LEN(addresses));
	for (size_t i = 0; i < ARRAY_LEN(addresses); i++)
		assert_int_equal(number_at(devices, addresses[i]), number);
	assert_int_equal(devices_count(devices), 1);
	devices_free(devices);
}

static void numbers_are_given_in_order_of_discovery(void **state)
{
	struct devices *devices = devices_of(BUDGET);

	(void)state;
	assert_int_equal(see(devices, "192.168.0.3", &phone, 1), 1);
	assert_int_equal(see(devices, "192.168.0.9", &no_mac, 1), 2);
	assert_int_equal(see(devices, "192.168.0.2", &laptop, 1), 3);
	assert_int_equal(see(devices, "192.168.0.3", &phone, 2), 1);
	assert_int_equal(see(devices, "192.168.0.1", &router, 2), 4);
	devices_free(devices);
}

static void without_a_mac_the_address_is_the_device(void **state)
{
	struct devices *devices = devices_of(BUDGET);
	uint32_t first = see(devices, "192.168.0.2", &no_mac, 1);
	uint32_t second = see(devices, "192.168.0.3", &no_mac, 2);

	(void)state;
	assert_int_not_equal(first, second);
	assert_int_equal(see(devices, "192.168.0.2", &no_mac, 3), first);
	assert_int_equal(see(devices, "192.168.0.2", &group, 4), first);
	assert_false(devices_get(devices, first)->has_mac);
	assert_int_equal(devices_get(devices, first)->last_seen, SECONDS(4));
	devices_free(devices);
}

/* A packet without a MAC is of the machine that was known to hold its address. */
static void an_address_known_by_its_mac_stays_so(void **state)
{
	struct devices *devices = devices_of(BUDGET);
	uint32_t number = see(devices, "192.168.0.2", &laptop, 1);

	(void)state;
	assert_int_equal(see(devices, "192.168.0.2", &no_mac, 2), number);
	assert_int_equal(devices_count(devices), 1);
	devices_free(devices);
}

static void an_address_given_to_another_mac_is_its(void **state)
{
	struct devices *devices = devices_of(BUDGET);
	uint32_t first = see(devices, "192.168.0.2", &laptop, 1);
	uint32_t second = see(devices, "192.168.0.2", &phone, 2);

	(void)state;
	assert_int_not_equal(first, second);
	assert_int_equal(number_at(devices, "192.168.0.2"), second);
	assert_int_equal(see(devices, "192.168.0.7", &laptop, 3), first);
	assert_int_equal(number_at(devices, "192.168.0.2"), second);
	assert_int_equal(see(devices, "192.168.0.2", &no_mac, 4), second);
	assert_int_equal(see(devices, "192.168.0.2", &laptop, 5), first);
	assert_int_equal(number_at(devices, "192.168.0.2"), first);
	devices_free(devices);
}

static void a_router_does_not_swallow_the_hosts_behind_it(void **state)
{
	struct devices *devices = devices_of(BUDGET);
	uint32_t itself = see(devices, "192.168.0.1", &router, 1);

	(void)state;
	carry(devices, &router, "203.0.113.1");
	carry(devices, &router, "203.0.113.2");
	assert_false(devices_get(devices, itself)->is_router);
	carry(devices, &router, "198.51.100.1");
	assert_true(devices_get(devices, itself)->is_router);

	uint32_t first = see(devices, "192.168.7.2", &router, 2);
	uint32_t second = see(devices, "192.168.7.3", &router, 3);

	assert_int_not_equal(first, itself);
	assert_int_not_equal(second, itself);
	assert_int_not_equal(first, second);
	assert_false(devices_get(devices, first)->has_mac);
	assert_false(devices_get(devices, first)->is_router);
	assert_int_equal(see(devices, "192.168.0.1", &router, 4), itself);
	assert_int_equal(see(devices, "192.168.7.2", &router, 5), first);
	assert_int_equal(devices_count(devices), 3);
	devices_free(devices);
}

static void a_network_of_its_own_makes_no_router(void **state)
{
	static const char *const own[] = { "2001:db8:1:2::5", "2001:db8:1:2:a:b:c:d",
					   "2001:db8:1:2::5" };
	struct devices *devices = devices_of(BUDGET);
	uint32_t number = see(devices, "fe80::5", &laptop, 1);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(own); i++)
		carry(devices, &laptop, own[i]);
	assert_false(devices_get(devices, number)->is_router);
	assert_int_equal(see(devices, "192.168.0.2", &laptop, 2), number);
	carry(devices, &laptop, "2001:db8:1:3::5");
	assert_true(devices_get(devices, number)->is_router);
	devices_free(devices);
}

static void packets_without_a_mac_make_no_router(void **state)
{
	struct devices *devices = devices_of(BUDGET);

	(void)state;
	carry(devices, &no_mac, "203.0.113.1");
	carry(devices, &no_mac, "198.51.100.1");
	carry(devices, &group, "203.0.113.1");
	carry(devices, &group, "198.51.100.1");
	assert_int_equal(devices_count(devices), 0);
	assert_false(devices_get(devices, see(devices, "192.168.0.2", &no_mac, 1))->is_router);
	devices_free(devices);
}

static void names_are_kept_by_their_source(void **state)
{
	struct devices *devices = devices_of(BUDGET);
	uint32_t number = see(devices, "192.168.0.2", &laptop, 1);

	(void)state;
	name(devices, &laptop, NULL, DEVICE_NAME_DHCP, "from-dhcp");
	name(devices, &no_mac, "192.168.0.2", DEVICE_NAME_MDNS, "from-mdns");
	name(devices, &laptop, "192.168.0.99", DEVICE_NAME_NBNS, "first");
	name(devices, &laptop, NULL, DEVICE_NAME_NBNS, "last");
	name(devices, &laptop, NULL, DEVICE_NAME_SOURCES, "nonsense");

	const struct device *device = devices_get(devices, number);

	assert_string_equal(device->names[DEVICE_NAME_DHCP], "from-dhcp");
	assert_string_equal(device->names[DEVICE_NAME_MDNS], "from-mdns");
	assert_string_equal(device->names[DEVICE_NAME_NBNS], "last");
	assert_int_equal(device->last_seen, SECONDS(50));
	assert_int_equal(devices_count(devices), 1);
	devices_free(devices);
}

static void a_name_may_come_before_an_address(void **state)
{
	struct devices *devices = devices_of(BUDGET);

	(void)state;
	name(devices, &phone, NULL, DEVICE_NAME_DHCP, "phone");
	assert_int_equal(devices_count(devices), 1);
	assert_int_equal(devices_get(devices, 1)->address_count, 0);
	assert_int_equal(devices_get(devices, 1)->first_seen, SECONDS(50));
	assert_int_equal(devices_get(devices, 1)->last_seen, SECONDS(50));
	assert_int_equal(see(devices, "192.168.0.3", &phone, 51), 1);
	assert_string_equal(devices_get(devices, 1)->names[DEVICE_NAME_DHCP], "phone");
	devices_free(devices);
}

/* Nor may a name make a device of an address that has not been seen, or of a group. */
static void a_name_needs_somebody_to_have_it(void **state)
{
	struct devices *devices = devices_of(BUDGET);

	(void)state;
	name(devices, &no_mac, NULL, DEVICE_NAME_MDNS, "nobody");
	name(devices, &no_mac, "192.168.0.2", DEVICE_NAME_MDNS, "nobody");
	name(devices, &group, NULL, DEVICE_NAME_DHCP, "nobody");
	assert_int_equal(devices_count(devices), 0);
	devices_free(devices);
}

/* What a router forwards says nothing about its own name; its address may. */
static void a_router_passes_on_names_of_others(void **state)
{
	struct devices *devices = devices_of(BUDGET);
	uint32_t itself = see(devices, "192.168.0.1", &router, 1);

	(void)state;
	carry(devices, &router, "203.0.113.1");
	carry(devices, &router, "198.51.100.1");

	uint32_t behind = see(devices, "192.168.7.2", &router, 2);

	name(devices, &router, "192.168.7.2", DEVICE_NAME_NBNS, "behind");
	assert_string_equal(devices_get(devices, behind)->names[DEVICE_NAME_NBNS], "behind");
	assert_string_equal(devices_get(devices, itself)->names[DEVICE_NAME_NBNS], "");
	devices_free(devices);
}

static void the_latest_addresses_are_kept(void **state)
{
	static const char *const want[DEVICE_ADDRESSES_MAX] = { "10.0.0.5", "10.0.0.10", "10.0.0.9",
								"10.0.0.8", "10.0.0.7",  "10.0.0.6",
								"10.0.0.4", "10.0.0.3" };
	struct devices *devices = devices_of(BUDGET);
	uint32_t number = DEVICE_NONE;

	(void)state;
	for (unsigned i = 1; i <= 10; i++) {
		char text[ADDRESS_TEXT_LEN];

		(void)snprintf(text, sizeof(text), "10.0.0.%u", i);
		number = see(devices, text, &laptop, i);
	}
	assert_int_equal(see(devices, "10.0.0.5", &laptop, 11), number);
	expect_addresses(devices, number, want, ARRAY_LEN(want));
	devices_free(devices);
}

/* One device of each kind is seen again and again while others come and go. */
static void the_longest_unseen_is_forgotten(void **state)
{
	struct devices *devices = devices_of(BUDGET);
	uint32_t by_mac = see(devices, "192.168.0.2", &laptop, 1);
	uint32_t by_address = see(devices, "192.168.0.3", &no_mac, 1);
	uint32_t silent = see(devices, "192.168.0.4", &phone, 1);

	(void)state;
	for (unsigned i = 0; i < 20 * BUDGET; i++) {
		const struct mac mac = { { 2, 0, 0, 1, (uint8_t)(i >> 8), (uint8_t)i } };
		char text[ADDRESS_TEXT_LEN];

		(void)snprintf(text, sizeof(text), "10.0.%u.%u", i / 250, i % 250 + 1);
		assert_int_equal(see(devices, text, i % 2 == 0 ? &mac : &no_mac, 2 + i),
				 silent + 1 + i);
		assert_int_equal(see(devices, "192.168.0.2", i % 2 == 0 ? &laptop : &no_mac, 2 + i),
				 by_mac);
		assert_int_equal(see(devices, "192.168.0.3", &no_mac, 2 + i), by_address);
		assert_true(devices_count(devices) <= BUDGET);
	}
	assert_int_equal(devices_count(devices), BUDGET);
	assert_null(devices_get(devices, silent));
	assert_int_equal(number_at(devices, "192.168.0.4"), DEVICE_NONE);
	assert_int_equal(see(devices, "192.168.0.4", &phone, 999), silent + 1 + 20 * BUDGET);
	assert_int_equal(devices_count(devices), BUDGET);
	devices_free(devices);
}

static void what_it_says_of_its_make_is_kept(void **state)
{
	struct devices *devices = devices_of(BUDGET);
	struct device_description told = { .mac = laptop,
					   .trait = DEVICE_VENDOR_CLASS,
					   .text = "MSFT 5.0" };
	const struct device *device;
	char longer[DEVICE_TRAIT_LEN + 9];

	(void)state;
	devices_describe(devices, &told, SECONDS(1)); /* before it has an address */
	assert_int_equal(devices_count(devices), 1);
	(void)see(devices, "192.168.0.2", &laptop, 2);
	memset(longer, 'x', sizeof(longer));
	longer[sizeof(longer) - 1] = '\0';
	told = (struct device_description){ .address = address_of("192.168.0.2"),
					    .trait = DEVICE_SYN_SIGNATURE,
					    .text = longer };
	devices_describe(devices, &told, SECONDS(3));
	told.address = address_of("192.168.0.3"); /* nobody's */
	devices_describe(devices, &told, SECONDS(4));
	assert_int_equal(devices_count(devices), 1);
	device = devices_get(devices, number_at(devices, "192.168.0.2"));
	assert_string_equal(device->traits[DEVICE_VENDOR_CLASS], "MSFT 5.0");
	assert_int_equal(strlen(device->traits[DEVICE_SYN_SIGNATURE]), DEVICE_TRAIT_LEN - 1);
	assert_string_equal(device->traits[DEVICE_DESCRIPTION], "");
	assert_true(device->last_seen == SECONDS(3));
	devices_free(devices);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(nobody_is_there_at_first),
		cmocka_unit_test(a_device_remembers_when_it_was_seen),
		cmocka_unit_test(both_families_of_one_mac_are_one_device),
		cmocka_unit_test(numbers_are_given_in_order_of_discovery),
		cmocka_unit_test(without_a_mac_the_address_is_the_device),
		cmocka_unit_test(an_address_known_by_its_mac_stays_so),
		cmocka_unit_test(an_address_given_to_another_mac_is_its),
		cmocka_unit_test(a_router_does_not_swallow_the_hosts_behind_it),
		cmocka_unit_test(a_network_of_its_own_makes_no_router),
		cmocka_unit_test(packets_without_a_mac_make_no_router),
		cmocka_unit_test(names_are_kept_by_their_source),
		cmocka_unit_test(a_name_may_come_before_an_address),
		cmocka_unit_test(a_name_needs_somebody_to_have_it),
		cmocka_unit_test(a_router_passes_on_names_of_others),
		cmocka_unit_test(what_it_says_of_its_make_is_kept),
		cmocka_unit_test(the_latest_addresses_are_kept),
		cmocka_unit_test(the_longest_unseen_is_forgotten),
	};

	return cmocka_run_group_tests_name("devices", tests, NULL, NULL);
}
