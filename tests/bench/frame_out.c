#include "tests/bench/frame_out.h"

#include "sensor/base/flow_key.h"

#include <assert.h>
#include <string.h>

enum {
	FRAME_MIN = 60,
	IPV4_LEN = 20,
	IPV6_LEN = 40,
	TCP_LEN = 20,
	TCP_OPTIONS_LEN = 20,
	UDP_LEN = 8,
	TTL = 64,
	MAC_PAIR_LEN = 12,
	MAC_AT_LAST = 5,
	OFFICE_NET = 10, /* 10/8 is the office, the rest lies behind the router */
	V4_SOURCE = 12,
	V4_DESTINATION = 16,
	V4_CHECKSUM = 10,
	V6_SOURCE = 8,
	TCP_CHECKSUM = 16,
	UDP_CHECKSUM = 6,
};

void frame_put16(uint8_t *to, uint32_t value)
{
	to[0] = (uint8_t)(value >> 8);
	to[1] = (uint8_t)value;
}

void frame_put32(uint8_t *to, uint32_t value)
{
	frame_put16(to, value >> 16);
	frame_put16(to + 2, value & UINT16_MAX);
}

static uint32_t sum_words(const uint8_t *bytes, size_t len, uint32_t sum)
{
	for (size_t i = 0; i + 1 < len; i += 2)
		sum += (uint32_t)bytes[i] << 8 | bytes[i + 1];
	if (len % 2 == 1)
		sum += (uint32_t)bytes[len - 1] << 8;
	return sum;
}

static uint16_t fold(uint32_t sum)
{
	sum = (sum >> 16) + (sum & UINT16_MAX);
	sum = (sum >> 16) + (sum & UINT16_MAX);
	return (uint16_t)sum;
}

static void replace_in(uint8_t *checksum, const uint8_t *old, const uint8_t *with, size_t len)
{
	uint32_t sum = (uint16_t) ~(checksum[0] << 8 | checksum[1]);

	for (size_t i = 0; i < len; i += 2) {
		sum += (uint16_t) ~(old[i] << 8 | old[i + 1]);
		sum += (uint32_t)with[i] << 8 | with[i + 1];
	}
	frame_put16(checksum, (uint16_t)~fold(sum));
}

void frame_replace(uint8_t *field, const uint8_t *with, size_t len, uint8_t *const checksums[2])
{
	for (int i = 0; i < 2; i++) {
		if (checksums[i])
			replace_in(checksums[i], field, with, len);
	}
	memcpy(field, with, len);
}

struct frame_head frame_head_v4(uint32_t source, uint16_t source_port, uint32_t destination,
				uint16_t destination_port, uint8_t protocol)
{
	struct frame_head head = { .ip_len = IPV4_LEN,
				   .protocol = protocol,
				   .source_port = source_port,
				   .destination_port = destination_port };
	static const uint8_t macs[MAC_PAIR_LEN] = { 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 1 };
	bool from_office = source >> 24 == OFFICE_NET;
	uint8_t *ip = head.bytes + FRAME_ETHERNET_LEN;

	memcpy(head.bytes, macs, sizeof(macs));
	head.bytes[from_office ? MAC_AT_LAST : MAC_PAIR_LEN - 1] = 2; /* the router */
	frame_put16(head.bytes + MAC_PAIR_LEN, 0x0800);
	ip[0] = 0x45;
	ip[6] = 0x40; /* do not fragment */
	ip[8] = TTL;
	ip[9] = protocol;
	frame_put32(ip + V4_SOURCE, source);
	frame_put32(ip + V4_DESTINATION, destination);
	return head;
}

static void swap(uint8_t *a, uint8_t *b, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		uint8_t kept = a[i];

		a[i] = b[i];
		b[i] = kept;
	}
}

struct frame_head frame_head_reversed(const struct frame_head *head)
{
	struct frame_head other = *head;
	size_t address_len = head->ip_len == IPV4_LEN ? 4 : 16;
	uint8_t *source = other.bytes + FRAME_ETHERNET_LEN +
			  (head->ip_len == IPV4_LEN ? V4_SOURCE : V6_SOURCE);

	other.source_port = head->destination_port;
	other.destination_port = head->source_port;
	swap(other.bytes, other.bytes + MAC_PAIR_LEN / 2, MAC_PAIR_LEN / 2);
	swap(source, source + address_len, address_len);
	return other;
}

static size_t write_tcp(uint8_t *tcp, const struct frame_segment *segment)
{
	static const uint8_t options[TCP_OPTIONS_LEN] = { 2, 4, 5, 0xb4, 4, 2, 8, 10, 0, 1,
							  2, 3, 0, 0,    0, 0, 1, 3,  3, 7 };
	size_t len = TCP_LEN + (segment->has_options ? TCP_OPTIONS_LEN : 0);

	memset(tcp, 0, TCP_LEN);
	frame_put32(tcp + 4, segment->sequence);
	frame_put32(tcp + 8, segment->acknowledged);
	tcp[12] = (uint8_t)(len / 4 << 4);
	tcp[13] = segment->flags;
	frame_put16(tcp + 14, 64240);
	if (segment->has_options)
		memcpy(tcp + TCP_LEN, options, sizeof(options));
	return len;
}

/* Over the pseudo header (RFC 9293 3.1, RFC 768), the transport header and the payload. */
static void seal_transport(uint8_t *ip, const struct frame_head *head, size_t len)
{
	uint8_t *transport = ip + head->ip_len;
	bool is_v4 = head->ip_len == IPV4_LEN;
	uint32_t sum = is_v4 ? sum_words(ip + V4_SOURCE, 8, 0) : sum_words(ip + V6_SOURCE, 32, 0);

	sum = sum_words(transport, len, sum + head->protocol + (uint32_t)len);
	uint16_t checksum = (uint16_t)~fold(sum);

	if (checksum == 0 && head->protocol == IP_UDP)
		checksum = UINT16_MAX;
	frame_put16(transport + (head->protocol == IP_TCP ? TCP_CHECKSUM : UDP_CHECKSUM), checksum);
}

static void seal_ip(uint8_t *ip, const struct frame_head *head, size_t len, uint16_t ip_id)
{
	if (head->ip_len == IPV6_LEN) {
		frame_put16(ip + 4, (uint32_t)len);
		return;
	}
	frame_put16(ip + 2, (uint32_t)(head->ip_len + len));
	frame_put16(ip + 4, ip_id);
	frame_put16(ip + V4_CHECKSUM, 0);
	frame_put16(ip + V4_CHECKSUM, (uint16_t)~fold(sum_words(ip, head->ip_len, 0)));
}

size_t frame_write(uint8_t out[static FRAME_OUT_MAX], const struct frame_head *head,
		   const struct frame_segment *segment, uint16_t ip_id)
{
	uint8_t *ip = out + FRAME_ETHERNET_LEN;
	uint8_t *transport = ip + head->ip_len;
	size_t len = UDP_LEN;

	assert(segment->payload_len <= FRAME_PAYLOAD_MAX);
	memcpy(out, head->bytes, FRAME_ETHERNET_LEN + (size_t)head->ip_len);
	if (head->protocol == IP_TCP)
		len = write_tcp(transport, segment);
	else
		memset(transport, 0, UDP_LEN);
	frame_put16(transport, head->source_port);
	frame_put16(transport + 2, head->destination_port);
	if (segment->payload_len > 0)
		memcpy(transport + len, segment->payload, segment->payload_len);
	len += segment->payload_len;
	if (head->protocol == IP_UDP)
		frame_put16(transport + 4, (uint32_t)len);
	seal_transport(ip, head, len);
	seal_ip(ip, head, len, ip_id);

	size_t whole = FRAME_ETHERNET_LEN + (size_t)head->ip_len + len;

	if (whole < FRAME_MIN) {
		memset(out + whole, 0, FRAME_MIN - whole);
		whole = FRAME_MIN;
	}
	return whole;
}
