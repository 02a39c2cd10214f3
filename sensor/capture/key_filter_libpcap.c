#include "sensor/capture/key_filter.h"

#include "sensor/base/text.h"

#include <pcap.h>
#include <stdlib.h>
#include <string.h>

enum {
	SNAP_LEN = 65535,
	IPV4_VERSION_AND_LENGTH = 0x45,
	IPV6_VERSION = 0x60,
	IPV4_LEN = 4,
	IPV4_TTL = 64,
};

/* The first bytes of TCP, UDP and SCTP; the rest is zero, and nobody asks for it. */
struct ports {
	uint8_t source[2];
	uint8_t destination[2];
	uint8_t rest[16];
};

struct ipv4_packet {
	uint8_t version_and_length;
	uint8_t service;
	uint8_t total_length[2];
	uint8_t id[2];
	uint8_t fragment[2]; /* zero: libpcap looks for ports in first fragments only */
	uint8_t ttl;
	uint8_t protocol;
	uint8_t checksum[2];
	uint8_t source[IPV4_LEN];
	uint8_t destination[IPV4_LEN];
	struct ports ports;
};

struct ipv6_packet {
	uint8_t version_and_class[4];
	uint8_t payload_length[2];
	uint8_t next;
	uint8_t hop_limit;
	uint8_t source[ADDRESS_LEN];
	uint8_t destination[ADDRESS_LEN];
	struct ports ports;
};

_Static_assert(sizeof(struct ipv4_packet) == 40 && sizeof(struct ipv6_packet) == 60,
	       "as they stand on the wire");

struct key_filter {
	struct bpf_program program;
	struct ipv4_packet v4;
	struct ipv6_packet v6;
};

/* A filter that asks for a packet's length would get that of our headers. */
static bool asks_for_length(const struct bpf_program *program)
{
	for (unsigned i = 0; i < program->bf_len; i++) {
		unsigned code = program->bf_insns[i].code;
		bool is_load = BPF_CLASS(code) == BPF_LD || BPF_CLASS(code) == BPF_LDX;

		if (is_load && BPF_MODE(code) == BPF_LEN)
			return true;
	}
	return false;
}

/* Brackets stand for bytes of a packet in that language, and for nothing else. */
static const char *beyond_key(const char *expression, const struct bpf_program *program)
{
	if (strchr(expression, '['))
		return "it asks for bytes of a packet, which a flow does not keep";
	if (asks_for_length(program))
		return "it asks for the length of a packet, which a flow does not keep";
	return NULL;
}

static enum err compile(struct key_filter *filter, const char *expression, struct text *why)
{
	pcap_t *pcap = pcap_open_dead(DLT_RAW, SNAP_LEN);

	if (!pcap)
		return ERR_MEMORY;

	bool is_good =
		pcap_compile(pcap, &filter->program, expression, 1, PCAP_NETMASK_UNKNOWN) == 0;

	if (!is_good)
		text_add(why, pcap_geterr(pcap));
	pcap_close(pcap);
	if (!is_good)
		return ERR_SYNTAX;

	const char *beyond = beyond_key(expression, &filter->program);

	if (beyond)
		text_add(why, beyond);
	return beyond ? ERR_SYNTAX : ERR_OK;
}

enum err key_filter_new(struct key_filter **out, const char *expression,
			char reason[static KEY_FILTER_REASON_LEN])
{
	struct text why = text_over(reason, KEY_FILTER_REASON_LEN);
	struct key_filter *filter = calloc(1, sizeof(*filter));

	if (!filter)
		return ERR_MEMORY;

	enum err err = compile(filter, expression, &why);

	if (err != ERR_OK) {
		key_filter_free(filter);
		return err;
	}
	filter->v4.version_and_length = IPV4_VERSION_AND_LENGTH;
	filter->v4.ttl = IPV4_TTL;
	filter->v6.version_and_class[0] = IPV6_VERSION;
	filter->v6.hop_limit = IPV4_TTL;
	*out = filter;
	return ERR_OK;
}

void key_filter_free(struct key_filter *filter)
{
	if (!filter)
		return;
	pcap_freecode(&filter->program); /* fine with a program that was never compiled */
	free(filter);
}

static void put_port(uint8_t to[static 2], uint16_t port)
{
	to[0] = (uint8_t)(port >> 8);
	to[1] = (uint8_t)port;
}

static void put_ports(struct ports *ports, uint8_t protocol, uint16_t source, uint16_t destination)
{
	bool has_ports = protocol == IP_TCP || protocol == IP_UDP || protocol == IP_SCTP;

	put_port(ports->source, has_ports ? source : 0);
	put_port(ports->destination, has_ports ? destination : 0);
}

static bool holds(const struct key_filter *filter, const void *packet, size_t len)
{
	const struct pcap_pkthdr header = { .caplen = (bpf_u_int32)len, .len = (bpf_u_int32)len };

	return pcap_offline_filter(&filter->program, &header, packet) != 0;
}

/* An IPv4 address is the last four bytes of its mapped form. */
static void put_v4(uint8_t to[static IPV4_LEN], const struct address *address)
{
	memcpy(to, &address->bytes[ADDRESS_LEN - IPV4_LEN], IPV4_LEN);
}

/* From the low end of the key to the high end, or back. */
static bool holds_one_way(struct key_filter *filter, const struct flow_key *key, bool from_low)
{
	const struct address *source = from_low ? &key->low : &key->high;
	const struct address *destination = from_low ? &key->high : &key->low;
	uint16_t source_port = from_low ? key->low_port : key->high_port;
	uint16_t destination_port = from_low ? key->high_port : key->low_port;

	if (key->ip_version == 4) {
		filter->v4.protocol = key->protocol;
		put_v4(filter->v4.source, source);
		put_v4(filter->v4.destination, destination);
		put_ports(&filter->v4.ports, key->protocol, source_port, destination_port);
		return holds(filter, &filter->v4, sizeof(filter->v4));
	}
	filter->v6.next = key->protocol;
	memcpy(filter->v6.source, source->bytes, ADDRESS_LEN);
	memcpy(filter->v6.destination, destination->bytes, ADDRESS_LEN);
	put_ports(&filter->v6.ports, key->protocol, source_port, destination_port);
	return holds(filter, &filter->v6, sizeof(filter->v6));
}

bool key_filter_matches(struct key_filter *filter, const struct flow_key *key)
{
	return holds_one_way(filter, key, true) || holds_one_way(filter, key, false);
}
