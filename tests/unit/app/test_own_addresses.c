#include "sensor/app/own_addresses.h"

#include "tests/support/cmocka.h"

#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { LAN = 2, WAN = 3, ROOM = 512 };

/* Messages as the kernel writes them, one behind the other. */
struct messages {
	uint8_t bytes[ROOM];
	size_t len;
};

static void put(struct messages *m, const void *bytes, size_t len)
{
	assert_true(m->len + len + NLMSG_ALIGNTO <= ROOM);
	memcpy(m->bytes + m->len, bytes, len);
	m->len += len;
	while (m->len % NLMSG_ALIGNTO != 0)
		m->bytes[m->len++] = 0;
}

static void put_attribute(struct messages *m, uint16_t type, const char *text)
{
	struct address a;

	assert_int_equal(address_parse(text, &a), ERR_OK);

	size_t len = address_is_v4(&a) ? sizeof(uint32_t) : ADDRESS_LEN;
	struct rtattr attribute = { .rta_len = (uint16_t)(sizeof(attribute) + len),
				    .rta_type = type };

	put(m, &attribute, sizeof(attribute));
	put(m, a.bytes + ADDRESS_LEN - len, len);
}

/* `local` may be NULL; an attribute that nobody here reads stands between. */
static void put_message(struct messages *m, uint16_t type, uint32_t interface, const char *address,
			const char *local)
{
	struct nlmsghdr header = { .nlmsg_type = type };
	struct ifaddrmsg about = { .ifa_family = strchr(address, ':') ? AF_INET6 : AF_INET,
				   .ifa_index = interface };
	struct rtattr label = { .rta_len = sizeof(label) + 5, .rta_type = IFA_LABEL };
	size_t start = m->len;

	put(m, &header, sizeof(header));
	put(m, &about, sizeof(about));
	if (local)
		put_attribute(m, IFA_LOCAL, local);
	put(m, &label, sizeof(label));
	put(m, "cap0", 5);
	put_attribute(m, IFA_ADDRESS, address);
	header.nlmsg_len = (uint32_t)(m->len - start);
	memcpy(m->bytes + start, &header, sizeof(header));
}

static bool take(struct own_addresses *own, uint16_t type, uint32_t interface, const char *address)
{
	struct messages m = { .len = 0 };

	put_message(&m, type, interface, address, NULL);
	return own_addresses_take(own, (struct span){ m.bytes, m.len });
}

static bool knows(const struct own_addresses *own, const char *text)
{
	struct address a;

	assert_int_equal(address_parse(text, &a), ERR_OK);
	return network_config_holds(&own->networks, &a);
}

static void addresses_come_and_go(void **state)
{
	struct own_addresses own = { .fd = -1 };

	(void)state;
	assert_true(take(&own, RTM_NEWADDR, LAN, "192.168.1.5"));
	assert_false(take(&own, RTM_NEWADDR, LAN, "192.168.1.5")); /* its time is prolonged */
	assert_true(take(&own, RTM_NEWADDR, LAN, "2001:db8::5"));
	assert_true(knows(&own, "192.168.1.5") && knows(&own, "2001:db8::5"));
	assert_false(knows(&own, "192.168.1.6"));
	assert_true(take(&own, RTM_DELADDR, LAN, "192.168.1.5"));
	assert_false(take(&own, RTM_DELADDR, LAN, "192.168.1.5"));
	assert_false(knows(&own, "192.168.1.5"));
	assert_true(knows(&own, "2001:db8::5"));
}

static void address_of_two_interfaces_stays_until_both_lose_it(void **state)
{
	struct own_addresses own = { .fd = -1 };

	(void)state;
	(void)take(&own, RTM_NEWADDR, LAN, "192.168.1.5");
	(void)take(&own, RTM_NEWADDR, WAN, "192.168.1.5");
	(void)take(&own, RTM_DELADDR, LAN, "192.168.1.5");
	assert_true(knows(&own, "192.168.1.5"));
	(void)take(&own, RTM_DELADDR, WAN, "192.168.1.5");
	assert_false(knows(&own, "192.168.1.5"));
}

static void other_end_of_a_line_is_not_own(void **state)
{
	struct own_addresses own = { .fd = -1 };
	struct messages m = { .len = 0 };

	(void)state;
	put_message(&m, RTM_NEWADDR, LAN, "198.51.100.1", "203.0.113.9");
	assert_true(own_addresses_take(&own, (struct span){ m.bytes, m.len }));
	assert_true(knows(&own, "203.0.113.9"));
	assert_false(knows(&own, "198.51.100.1"));
}

static void loopback_and_other_news_teach_nothing(void **state)
{
	struct own_addresses own = { .fd = -1 };

	(void)state;
	assert_false(take(&own, RTM_NEWADDR, 1, "127.0.0.1"));
	assert_false(take(&own, RTM_NEWADDR, 1, "::1"));
	assert_false(take(&own, RTM_NEWROUTE, LAN, "192.168.1.5"));
	assert_int_equal(own.count, 0);
}

static void more_than_there_is_room_for(void **state)
{
	struct own_addresses own = { .fd = -1 };
	char text[ADDRESS_TEXT_LEN];

	(void)state;
	for (unsigned i = 0; i < 3 * OWN_ADDRESSES_MAX; i++) {
		(void)snprintf(text, sizeof(text), "2001:db8::%x", i + 1);
		assert_int_equal(take(&own, RTM_NEWADDR, LAN, text), i < OWN_ADDRESSES_MAX);
		assert_int_equal(own.is_full, i >= OWN_ADDRESSES_MAX);
	}
	assert_true(knows(&own, "2001:db8::1"));
	assert_true(take(&own, RTM_DELADDR, LAN, "2001:db8::1"));
	assert_true(take(&own, RTM_NEWADDR, LAN, text));
	assert_true(knows(&own, text));
}

/* In a block of exactly its size: what is cut teaches nothing of its last message. */
static void each_message_that_is_cut(void **state)
{
	struct messages m = { .len = 0 };
	size_t first;

	(void)state;
	put_message(&m, RTM_NEWADDR, LAN, "192.168.1.5", "192.168.1.5");
	first = m.len;
	put_message(&m, RTM_NEWADDR, LAN, "2001:db8::5", NULL);
	for (size_t len = 0; len <= m.len; len++) {
		struct own_addresses own = { .fd = -1 };
		uint8_t *exact = malloc(len + 1);

		assert_non_null(exact);
		memcpy(exact + 1, m.bytes, len);
		assert_int_equal(own_addresses_take(&own, (struct span){ exact + 1, len }),
				 len >= first);
		assert_int_equal(own.count, (len >= first) + (len == m.len));
		free(exact);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_come_and_go),
		cmocka_unit_test(address_of_two_interfaces_stays_until_both_lose_it),
		cmocka_unit_test(other_end_of_a_line_is_not_own),
		cmocka_unit_test(loopback_and_other_news_teach_nothing),
		cmocka_unit_test(more_than_there_is_room_for),
		cmocka_unit_test(each_message_that_is_cut),
	};

	return cmocka_run_group_tests_name("own addresses", tests, NULL, NULL);
}
