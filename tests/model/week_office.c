#include "tests/model/week_office.h"

#include "tests/support/packets.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
	SITES = 400,    /* that people visit again and again */
	NEW_IN = 50,    /* one visit in so many is to another site */
	DEVICE_AT = 10, /* of the source's MAC, in a frame: two bytes */
	MAC_LEN = 6,
	DNS_MAX = 300,
	DNS_HEAD = 12,
};

uint64_t week_draw(struct week_office *office, uint64_t below)
{
	office->random ^= office->random << 13;
	office->random ^= office->random >> 7;
	office->random ^= office->random << 17;
	return office->random % below;
}

/* A frame of the office's, a moment after the last. */
static void send(struct week_office *office, struct test_packet *p, unsigned device,
		 bool is_from_device)
{
	const struct frame frame = { .time = *office->now += NANOTIME_SECOND / 100000,
				     .bytes = { p->bytes, p->len },
				     .wire_len = (uint32_t)p->len,
				     .link_type = LINK_ETHERNET };

	/* The router's MAC ends with 0. */
	uint8_t *mac = p->bytes + (is_from_device ? DEVICE_AT : DEVICE_AT - MAC_LEN);
	uint8_t *router = p->bytes + (is_from_device ? DEVICE_AT - MAC_LEN : DEVICE_AT);

	mac[0] = (uint8_t)(device >> 8);
	mac[1] = (uint8_t)device;
	router[0] = 0;
	router[1] = 0;
	office->take(office->take_arg, &frame);
}

/* One side of a conversation between a device and a server. */
struct side {
	struct week_office *office;
	unsigned device;
	char inside[20];
	char outside[20];
	uint16_t port;
	bool is_from_device;
};

static void send_ip(const struct side *s, struct test_packet *p, uint8_t protocol)
{
	const struct test_ipv4 ip = { .source = s->is_from_device ? s->inside : s->outside,
				      .destination = s->is_from_device ? s->outside : s->inside,
				      .protocol = protocol };

	test_packet_ipv4(p, &ip);
	test_packet_ethernet(p, 0x0800);
	send(s->office, p, s->device, s->is_from_device);
}

static size_t put_name(uint8_t *at, uint64_t site)
{
	char label[24];
	int len = snprintf(label, sizeof(label), "site-%" PRIu64, site);

	at[0] = (uint8_t)len;
	memcpy(at + 1, label, (size_t)len);
	memcpy(at + 1 + len, "\7example\3com", sizeof("\7example\3com"));
	return (size_t)len + 1 + sizeof("\7example\3com");
}

/* RFC 1035: one question for an address, and its answer. */
static void look_up(struct side *s, uint64_t site, const uint8_t address[4])
{
	static const uint8_t record[] = { 0xc0, 12, 0, 1, 0, 1, 0, 0, 1, 0, 0, 4 };
	uint8_t message[DNS_MAX] = { (uint8_t)site, (uint8_t)s->port, 1, 0, 0, 1 };
	size_t len = 12 + put_name(message + 12, site);
	struct side resolver = *s;
	struct test_packet p;

	memcpy(message + len, "\0\1\0\1", 4);
	len += 4;
	(void)snprintf(resolver.outside, sizeof(resolver.outside), "192.168.10.1");
	for (int is_answer = 0; is_answer < 2; is_answer++) {
		if (is_answer) {
			message[2] = 0x81;
			message[3] = 0x80;
			message[7] = 1;
			memcpy(message + len, record, sizeof(record));
			memcpy(message + len + sizeof(record), address, 4);
			len += sizeof(record) + 4;
		}
		resolver.is_from_device = !is_answer;
		test_packet_payload(&p, message, len);
		test_packet_udp(&p, is_answer ? 53 : s->port, is_answer ? s->port : 53);
		send_ip(&resolver, &p, 17);
	}
}

static void send_tcp(struct side *s, bool is_from_device, uint8_t flags, uint32_t payload_len)
{
	const struct test_tcp tcp = { .source_port = is_from_device ? s->port : 443,
				      .destination_port = is_from_device ? 443 : s->port,
				      .sequence = (flags & 2) != 0 ? 1000 : 1001,
				      .acknowledged = 1001,
				      .flags = flags,
				      .window = 1000 };
	struct test_packet p;

	test_packet_payload(&p, NULL, payload_len);
	test_packet_tcp(&p, &tcp);
	s->is_from_device = is_from_device;
	send_ip(s, &p, 6);
}

void week_visit(struct week_office *office, unsigned device)
{
	enum { SYN = 2, ACK = 16, PUSH = 8, FIN = 1 };
	/* Some sites are visited far more often than others. */
	bool is_new = week_draw(office, NEW_IN) == 0;
	uint64_t site =
		is_new ? SITES + office->visits : week_draw(office, 1 + week_draw(office, SITES));
	const uint8_t address[4] = { 100, 64 + (uint8_t)(site >> 16 & 31), (uint8_t)(site >> 8),
				     (uint8_t)site };
	struct side s = { .office = office, .device = device };

	s.port = (uint16_t)(20000 + office->visits++ % 40000);
	(void)snprintf(s.inside, sizeof(s.inside), "192.168.10.%u", 2 + device % 250);
	(void)snprintf(s.outside, sizeof(s.outside), "%u.%u.%u.%u", address[0], address[1],
		       address[2], address[3]);
	look_up(&s, site, address);
	send_tcp(&s, true, SYN, 0);
	send_tcp(&s, false, SYN | ACK, 0);
	send_tcp(&s, true, ACK, 0);
	send_tcp(&s, true, PUSH | ACK, 200 + (uint32_t)week_draw(office, 300));
	send_tcp(&s, false, PUSH | ACK, 200 + (uint32_t)week_draw(office, 1000));
	send_tcp(&s, true, FIN | ACK, 0);
	send_tcp(&s, false, FIN | ACK, 0);
	send_tcp(&s, true, ACK, 0);
}
