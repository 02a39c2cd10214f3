#include "sensor/inventory/devices.h"

#include "tests/support/cmocka.h"

#include <stdio.h>
#include <string.h>

#define MORNING (UINT64_C(1700000000) * NANOTIME_SECOND)

static const struct mac wifi = { { 0x00, 0x00, 0x5e, 0, 0x53, 1 } };
static const struct mac dock = { { 0x00, 0x00, 0x5e, 0, 0x53, 2 } };
static const struct mac random_one = { { 0x02, 0, 0, 0, 0, 1 } };
static const struct mac random_two = { { 0x06, 0, 0, 0, 0, 2 } };
static const struct mac random_three = { { 0x0a, 0, 0, 0, 0, 3 } };

static struct devices *start(void)
{
	const struct judge_config config = { .devices = 16 };
	struct devices *devices;

	assert_int_equal(devices_new(&devices, &config), ERR_OK);
	return devices;
}

static struct address at(const char *text)
{
	struct address address;

	assert_int_equal(address_parse(text, &address), ERR_OK);
	return address;
}

static uint32_t see(struct devices *devices, const char *text, const struct mac *mac,
		    uint64_t minute)
{
	struct address address = at(text);

	return devices_see(devices, &address, mac, MORNING + minute * NANOTIME_MINUTE)->number;
}

/* Asks for a lease, and is seen at its address. */
static uint32_t arrive(struct devices *devices, const struct mac *mac, const char *name,
		       const char *text, uint64_t minute)
{
	nanotime when = MORNING + minute * NANOTIME_MINUTE;
	struct fact_device_name told = { .mac = *mac, .source = DEVICE_NAME_DHCP };
	const struct device_description manner = { .mac = *mac,
						   .trait = DEVICE_DHCP_FINGERPRINT,
						   .text = "request=1,3,6" };

	(void)snprintf(told.name, sizeof(told.name), "%s", name);
	devices_describe(devices, &manner, when);
	devices_name(devices, &told, when);
	return see(devices, text, mac, minute);
}

static void a_dock_is_no_other_machine(void **state)
{
	struct devices *devices = start();
	struct device_joined joined;
	struct address address = at("192.168.0.9");
	uint32_t first = arrive(devices, &wifi, "DESKTOP-3KF92LQ", "192.168.0.8", 0);
	const struct device *device;

	(void)state;
	assert_false(devices_joined(devices, &joined));
	assert_int_equal(arrive(devices, &dock, "DESKTOP-3KF92LQ", "192.168.0.9", 10), first);
	assert_true(devices_joined(devices, &joined));
	assert_int_equal(joined.into, first);
	assert_int_not_equal(joined.from, first);
	assert_null(devices_get(devices, joined.from));
	assert_false(devices_joined(devices, &joined));
	assert_int_equal(devices_count(devices), 1);
	device = devices_at(devices, &address);
	assert_int_equal(device->number, first);
	assert_int_equal(device->address_count, 2);
	assert_true(mac_equal(&device->mac, &dock));
	assert_int_equal(device->former_count, 1);
	assert_true(mac_equal(&device->former[0], &wifi));
	assert_int_equal(see(devices, "192.168.0.8", &wifi, 11), first);
	assert_int_equal(see(devices, "192.168.0.9", &dock, 12), first);
	assert_int_equal(device->former_count, 1);
	devices_free(devices);
}

/* It was known by its address before it told its name: what it did then is its own, too. */
static void two_known_devices_become_one(void **state)
{
	struct devices *devices = start();
	struct device_joined joined;
	struct address address = at("192.168.0.9");
	uint32_t first = arrive(devices, &wifi, "DESKTOP-3KF92LQ", "192.168.0.8", 0);
	uint32_t second = see(devices, "192.168.0.9", &dock, 5);

	(void)state;
	assert_int_not_equal(first, second);
	(void)arrive(devices, &dock, "DESKTOP-3KF92LQ", "192.168.0.9", 10);
	assert_true(devices_joined(devices, &joined));
	assert_int_equal(joined.from, second);
	assert_int_equal(devices_at(devices, &address)->number, first);
	devices_free(devices);
}

static void a_telephone_comes_back_each_day(void **state)
{
	static const struct mac *const macs[] = { &random_one, &random_two, &random_three };
	struct devices *devices = start();
	uint32_t first = 0;

	(void)state;
	for (uint64_t day = 0; day < 9; day++) {
		struct mac mac = *macs[day % 3];
		uint32_t number;

		mac.bytes[5] = (uint8_t)(10 + day);
		number = arrive(devices, &mac, "taro-no-iPhone", "192.168.0.8", day * 1440);
		first = day == 0 ? number : first;
		assert_int_equal(number, first);
	}
	assert_int_equal(devices_count(devices), 1);
	assert_int_equal(devices_get(devices, first)->former_count, DEVICE_FORMER_MAX);
	devices_free(devices);
}

static void two_telephones_of_a_model_are_two(void **state)
{
	struct devices *devices = start();
	uint32_t first = arrive(devices, &random_one, "iPhone", "192.168.0.8", 0);

	(void)state;
	assert_int_not_equal(arrive(devices, &random_two, "iPhone", "192.168.0.9", 1440), first);
	assert_int_equal(devices_count(devices), 2);
	devices_free(devices);
}

/* One name for two: they show by speaking at the same time, and are not taken for one again. */
static void who_speaks_at_the_same_time_is_two(void **state)
{
	struct devices *devices = start();
	struct device_joined joined;
	uint32_t first = arrive(devices, &random_one, "taro-no-iPhone", "192.168.0.8", 0);
	uint32_t other;

	(void)state;
	assert_int_equal(arrive(devices, &random_two, "taro-no-iPhone", "192.168.0.9", 60), first);
	assert_true(devices_joined(devices, &joined));
	other = see(devices, "192.168.0.8", &random_one, 61);
	assert_int_not_equal(other, first);
	assert_int_equal(see(devices, "192.168.0.9", &random_two, 62), first);
	assert_int_equal(see(devices, "192.168.0.8", &random_one, 63), other);
	(void)arrive(devices, &random_three, "taro-no-iPhone", "192.168.0.10", 1440);
	assert_false(devices_joined(devices, &joined));
	assert_int_equal(devices_count(devices), 3);
	devices_free(devices);
}

/* Of two that it could be it is neither. */
static void a_name_of_two_tells_nobody(void **state)
{
	struct devices *devices = start();
	struct device_joined joined;

	(void)state;
	(void)arrive(devices, &random_one, "taro-no-iPhone", "192.168.0.8", 0);
	(void)arrive(devices, &random_two, "taro-no-iPhone", "192.168.0.9", 1);
	(void)arrive(devices, &random_three, "taro-no-iPhone", "192.168.0.10", 1440);
	assert_false(devices_joined(devices, &joined));
	assert_int_equal(devices_count(devices), 3);
	devices_free(devices);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_dock_is_no_other_machine),
		cmocka_unit_test(two_known_devices_become_one),
		cmocka_unit_test(a_telephone_comes_back_each_day),
		cmocka_unit_test(two_telephones_of_a_model_are_two),
		cmocka_unit_test(who_speaks_at_the_same_time_is_two),
		cmocka_unit_test(a_name_of_two_tells_nobody),
	};

	return cmocka_run_group_tests_name("devices_join", tests, NULL, NULL);
}
