#include "sensor/inventory/device_join.h"

#include "tests/support/cmocka.h"

#include <stdio.h>
#include <string.h>

#define MORNING (UINT64_C(1700000000) * NANOTIME_SECOND)

static const struct mac wifi = { { 0x00, 0x00, 0x5e, 0, 0x53, 1 } };
static const struct mac dock = { { 0x00, 0x00, 0x5e, 0, 0x53, 2 } };
static const struct mac random_one = { { 0x02, 0, 0, 0, 0, 1 } };
static const struct mac random_two = { { 0x06, 0, 0, 0, 0, 2 } };

struct manner_case {
	const char *name;
	enum name_manner want;
};

static struct manner_case manners[] = {
	{ "DESKTOP-3KF92LQ", NAME_OF_ONE },
	{ "LAPTOP-7A2B9C1D.office.example", NAME_OF_ONE },
	{ "android-9f8e7d6c5b4a3210", NAME_OF_ONE },
	{ "taro-no-iPhone", NAME_OF_PERSON },
	{ "Hanakos-MacBook-Air", NAME_OF_PERSON },
	{ "太郎のiPhone", NAME_OF_PERSON },
	{ "iPhone", NAME_OF_MODEL },
	{ "iPhone-2", NAME_OF_MODEL },
	{ "iPhone12Pro", NAME_OF_MODEL },
	{ "iPad", NAME_OF_MODEL },
	{ "Galaxy-S21-Ultra-5G", NAME_OF_MODEL },
	{ "GalaxyS21Ultra5G", NAME_OF_MODEL },
	{ "Pixel-7a", NAME_OF_MODEL },
	{ "Redmi-Note-11-Pro", NAME_OF_MODEL },
	{ "Xperia-1-III", NAME_OF_MODEL },
	{ "SO-51B", NAME_OF_MODEL },
	{ "AQUOS-sense4-plus", NAME_OF_MODEL },
	{ "MacBook-Pro", NAME_OF_MODEL },
	{ "android", NAME_OF_MODEL },
	{ "localhost", NAME_OF_MODEL },
	{ "raspberrypi", NAME_OF_MODEL },
	{ "ubuntu.local", NAME_OF_MODEL },
	{ "", NAME_OF_MODEL },
	{ "-.-", NAME_OF_MODEL },
};

static void run_manner(void **state)
{
	const struct manner_case *c = *state;

	assert_int_equal(device_name_manner(c->name), c->want);
}

/* A machine that asked for a lease under `name`, seen from `first` to `last` minutes. */
static struct device device_of(const struct mac *mac, const char *name, uint64_t first,
			       uint64_t last)
{
	struct device device = { .number = 1,
				 .has_mac = true,
				 .mac = *mac,
				 .first_seen = MORNING + first * NANOTIME_MINUTE,
				 .last_seen = MORNING + last * NANOTIME_MINUTE };

	(void)snprintf(device.names[DEVICE_NAME_DHCP], FACT_HOST_LEN, "%s", name);
	(void)snprintf(device.traits[DEVICE_DHCP_FINGERPRINT], DEVICE_TRAIT_LEN, "request=1,3,6");
	(void)snprintf(device.traits[DEVICE_VENDOR_CLASS], DEVICE_TRAIT_LEN, "MSFT 5.0");
	return device;
}

struct pair {
	struct device before;
	struct device now;
};

static struct pair telephones(const char *name)
{
	return (struct pair){ device_of(&random_one, name, 0, 60),
			      device_of(&random_two, name, 1440, 1441) };
}

static enum device_join join_of(const struct pair *pair)
{
	return device_join_of(&pair->before, &pair->now);
}

static void a_laptop_at_its_dock_is_one(void **state)
{
	struct pair pair = { device_of(&wifi, "DESKTOP-3KF92LQ", 0, 60),
			     device_of(&dock, "desktop-3kf92lq.office", 60, 61) };

	(void)state;
	assert_int_equal(join_of(&pair), JOIN_PROVEN);
	pair.before.last_seen = pair.now.last_seen; /* both interfaces are up */
	assert_int_equal(join_of(&pair), JOIN_PROVEN);
}

static void a_windows_name_is_one_machines(void **state)
{
	struct pair pair = { device_of(&wifi, "keiri", 0, 60), device_of(&dock, "keiri", 60, 61) };

	(void)state;
	assert_int_equal(join_of(&pair), JOIN_NOT);
	memcpy(pair.before.names[DEVICE_NAME_NBNS], "KEIRI", 6);
	memcpy(pair.now.names[DEVICE_NAME_NBNS], "KEIRI", 6);
	assert_int_equal(join_of(&pair), JOIN_PROVEN);
}

static void a_telephone_of_yesterday(void **state)
{
	struct pair pair = telephones("taro-no-iPhone");

	(void)state;
	assert_int_equal(join_of(&pair), JOIN_LIKELY);
}

/* Each alone: two rows are better than a doubtful one. */
static void what_leaves_two_rows(void **state)
{
	struct pair pair;

	(void)state;
	pair = telephones("iPhone");
	assert_int_equal(join_of(&pair), JOIN_NOT);
	pair = telephones("taro-no-iPhone");
	pair.before.last_seen = pair.now.first_seen - JOIN_SILENCE + 1;
	assert_int_equal(join_of(&pair), JOIN_NOT);
	pair = telephones("taro-no-iPhone");
	pair.before.mac = wifi;
	assert_int_equal(join_of(&pair), JOIN_NOT);
	pair = telephones("taro-no-iPhone");
	pair.now.is_shared_name = true;
	assert_int_equal(join_of(&pair), JOIN_NOT);
	pair = telephones("taro-no-iPhone");
	memcpy(pair.now.names[DEVICE_NAME_DHCP], "jiro", 5);
	assert_int_equal(join_of(&pair), JOIN_NOT);
	pair = telephones("DESKTOP-3KF92LQ");
	memcpy(pair.now.traits[DEVICE_DHCP_FINGERPRINT], "request=2", 10);
	assert_int_equal(join_of(&pair), JOIN_NOT);
	pair = telephones("DESKTOP-3KF92LQ");
	pair.now.traits[DEVICE_DHCP_FINGERPRINT][0] = '\0';
	assert_int_equal(join_of(&pair), JOIN_NOT);
	pair = telephones("DESKTOP-3KF92LQ");
	pair.now.traits[DEVICE_VENDOR_CLASS][0] = '\0';
	assert_int_equal(join_of(&pair), JOIN_NOT);
	pair = telephones("DESKTOP-3KF92LQ");
	pair.before.is_router = true;
	assert_int_equal(join_of(&pair), JOIN_NOT);
	pair = telephones("DESKTOP-3KF92LQ");
	memcpy(pair.before.given.label, "a", 2);
	assert_int_equal(join_of(&pair), JOIN_PROVEN);
	memcpy(pair.now.given.label, "b", 2);
	assert_int_equal(join_of(&pair), JOIN_NOT);
}

/* Who breaks in calls himself as he likes there. */
static void a_name_in_logins_proves_nothing(void **state)
{
	struct pair pair = telephones("");

	(void)state;
	memcpy(pair.before.names[DEVICE_NAME_LOGIN], "DESKTOP-3KF92LQ", 16);
	memcpy(pair.now.names[DEVICE_NAME_LOGIN], "DESKTOP-3KF92LQ", 16);
	assert_int_equal(join_of(&pair), JOIN_NOT);
}

int main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(a_laptop_at_its_dock_is_one),
		cmocka_unit_test(a_windows_name_is_one_machines),
		cmocka_unit_test(a_telephone_of_yesterday),
		cmocka_unit_test(what_leaves_two_rows),
		cmocka_unit_test(a_name_in_logins_proves_nothing),
	};
	struct CMUnitTest tests[ARRAY_LEN(manners) + ARRAY_LEN(others)];
	size_t count = ADD_ROWS(tests, manners, run_manner);

	memcpy(tests + count, others, sizeof(others));
	return cmocka_run_group_tests_name("device_join", tests, NULL, NULL);
}
