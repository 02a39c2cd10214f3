#include "sensor/app/vantage.h"

#include "tests/support/cmocka.h"

#include <stdio.h>
#include <string.h>

#define SENSOR "192.168.10.250"
#define HOST   "192.168.10.5"
#define REMOTE "203.0.113.7"

static struct config config;

static struct address address(const char *text)
{
	struct address a;

	assert_int_equal(address_parse(text, &a), ERR_OK);
	return a;
}

static struct network_config one_address(const char *text)
{
	struct network_config network = { 0 };
	struct prefix prefix = { .address = address(text), .bits = ADDRESS_LEN * 8 };

	assert_int_equal(network_config_add(&network, &prefix), ERR_OK);
	return network;
}

static struct packet packet(const char *source, const char *destination)
{
	struct address from = address(source);
	struct address to = address(destination);
	struct packet p = { .kind = PACKET_IP };

	p.key = flow_key_of(&from, 40000, &to, 443, &p.source_is_low);
	p.key.protocol = IP_TCP;
	return p;
}

static bool admits(struct vantage *vantage, const char *source, const char *destination)
{
	struct packet p = packet(source, destination);

	return vantage_admits(vantage, 0, &p);
}

static bool admits_arp(struct vantage *vantage, const char *sender, const char *target)
{
	static const uint8_t head[] = { 0, 1, 8, 0, 6, 4, 0, 1 };
	uint8_t bytes[28] = { 0 };
	struct address from = address(sender);
	struct address to = address(target);
	struct packet p = { .kind = PACKET_ARP, .payload = { bytes, sizeof(bytes) } };

	memcpy(bytes, head, sizeof(head));
	memcpy(bytes + 14, from.bytes + V4_PREFIX_BITS / 8, 4);
	memcpy(bytes + 24, to.bytes + V4_PREFIX_BITS / 8, 4);
	return vantage_admits(vantage, 0, &p);
}

static void without_a_place_everything_is_judged(void **state)
{
	const struct vantage_setup setup = { .config = &config };
	struct vantage *vantage = NULL;

	(void)state;
	config_defaults(&config);
	assert_int_equal(vantage_new(&vantage, &setup), ERR_OK);
	assert_null(vantage);
	vantage_free(vantage);
}

static void own_traffic_is_left_out(void **state)
{
	const struct network_config own = one_address(SENSOR);
	const struct vantage_setup setup = { .config = &config, .own = &own };
	struct vantage *vantage = NULL;

	(void)state;
	config_defaults(&config);
	assert_int_equal(vantage_new(&vantage, &setup), ERR_OK);
	assert_false(admits(vantage, SENSOR, REMOTE));
	assert_false(admits(vantage, HOST, SENSOR));
	assert_true(admits(vantage, HOST, REMOTE));
	assert_false(admits_arp(vantage, SENSOR, HOST));
	assert_false(admits_arp(vantage, HOST, SENSOR));
	assert_true(admits_arp(vantage, HOST, "192.168.10.1"));
	assert_int_equal(vantage_totals(vantage).own_traffic, 4);
	assert_int_equal(vantage_totals(vantage).outside_wire, 0);
	vantage_free(vantage);
}

static void named_networks_are_left_out_anywhere(void **state)
{
	const struct vantage_setup setup = { .config = &config };
	struct vantage *vantage = NULL;

	(void)state;
	config_defaults(&config);
	config.own = one_address(HOST);
	assert_int_equal(vantage_new(&vantage, &setup), ERR_OK);
	assert_false(admits(vantage, HOST, REMOTE));
	assert_true(admits(vantage, SENSOR, REMOTE));
	vantage_free(vantage);
}

static void wire_outside_teaches_nothing(void **state)
{
	const struct vantage_setup setup = { .config = &config, .outside = 1 };
	struct vantage *vantage = NULL;
	struct packet lldp = { .kind = PACKET_LLDP };

	(void)state;
	config_defaults(&config);
	assert_int_equal(vantage_new(&vantage, &setup), ERR_OK);
	assert_false(admits_arp(vantage, "198.18.0.2", "198.18.0.1"));
	assert_false(vantage_admits(vantage, 0, &lldp));
	assert_true(vantage_admits(vantage, 1, &lldp));
	assert_int_equal(vantage_totals(vantage).outside_wire, 2);
	vantage_free(vantage);
}

static void outside_is_named_by_interface(void **state)
{
	struct capture_config capture = { .interfaces = { .name = { "lan0", "wan0", "wan1" },
							  .count = 3 } };
	const char *unknown = NULL;
	uint8_t outside;

	(void)state;
	assert_true(vantage_outside_of(&capture, &outside, &unknown));
	assert_int_equal(outside, 0);
	capture.outside = (struct interface_names){ .name = { "wan1", "lan0" }, .count = 2 };
	assert_true(vantage_outside_of(&capture, &outside, &unknown));
	assert_int_equal(outside, 5);
	capture.outside = (struct interface_names){ .name = { "wan1", "eth7" }, .count = 2 };
	assert_false(vantage_outside_of(&capture, &outside, &unknown));
	assert_string_equal(unknown, "eth7");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_place_everything_is_judged),
		cmocka_unit_test(own_traffic_is_left_out),
		cmocka_unit_test(named_networks_are_left_out_anywhere),
		cmocka_unit_test(wire_outside_teaches_nothing),
		cmocka_unit_test(outside_is_named_by_interface),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
