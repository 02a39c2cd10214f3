#include "sensor/judge/capsule_slice.h"

#include <stdlib.h>
#include <string.h>

enum {
	PACKETS_MOST = 200,
	LINKTYPE_RAW = 101,
	PCAP_VERSION_MAJOR = 2,
	PCAP_VERSION_MINOR = 4,
	TLS_HANDSHAKE = 22,
	TLS_MAJOR = 3,
};

static const uint32_t pcap_magic_ns = 0xa1b23c4d;
static const nanotime ns_per_second = 1000000000;

struct kept_packet {
	nanotime time;
	struct fact_flow flow;
	struct fact_excerpt excerpt;
};

struct capsule_slice {
	uint64_t count; /* kept since the start; the latest stands at (count - 1) % … */
	struct kept_packet packets[CAPSULE_SLICE_KEPT];
};

enum err capsule_slice_new(struct capsule_slice **out)
{
	*out = calloc(1, sizeof(**out));
	return *out ? ERR_OK : ERR_MEMORY;
}

void capsule_slice_free(struct capsule_slice *slice)
{
	free(slice);
}

void capsule_slice_keep(struct capsule_slice *slice, const struct fact *excerpt)
{
	struct kept_packet *packet = &slice->packets[slice->count++ % CAPSULE_SLICE_KEPT];
	size_t head = offsetof(struct fact_excerpt, bytes);

	packet->time = excerpt->time;
	packet->flow = excerpt->flow;
	memcpy(&packet->excerpt, &excerpt->excerpt, head + excerpt->excerpt.len);
}

static bool is_of_flows(const struct kept_packet *p, const struct slice_wanted *wanted)
{
	for (size_t i = 0; i < wanted->flow_count; i++) {
		if (p->flow.id == wanted->flows[i])
			return true;
	}
	return false;
}

static bool is_of_device(const struct kept_packet *p, const struct slice_wanted *wanted)
{
	for (size_t i = 0; i < wanted->address_count; i++) {
		if (address_equal(&p->flow.client, &wanted->addresses[i]) ||
		    address_equal(&p->flow.server, &wanted->addresses[i]))
			return true;
	}
	return false;
}

typedef bool wanted_fn(const struct kept_packet *p, const struct slice_wanted *wanted);

/* From the latest back; how many were found. */
static size_t choose(const struct capsule_slice *slice, size_t most, wanted_fn *is_wanted,
		     const struct slice_wanted *wanted,
		     const struct kept_packet *out[static PACKETS_MOST])
{
	uint64_t oldest = slice->count > CAPSULE_SLICE_KEPT ? slice->count - CAPSULE_SLICE_KEPT : 0;
	size_t found = 0;

	for (uint64_t at = slice->count; at > oldest && found < most; at--) {
		const struct kept_packet *p = &slice->packets[(at - 1) % CAPSULE_SLICE_KEPT];

		if (is_wanted(p, wanted))
			out[found++] = p;
	}
	return found;
}

/* Names that are asked for, and leases; what people write goes over none of these. */
static bool is_lookup_port(uint16_t port)
{
	static const uint16_t ports[] = { 53, 67, 68, 123, 137, 546, 547, 5353, 5355 };

	for (size_t i = 0; i < sizeof(ports) / sizeof(ports[0]); i++) {
		if (port == ports[i])
			return true;
	}
	return false;
}

static bool is_harmless(const struct kept_packet *p)
{
	const struct fact_excerpt *e = &p->excerpt;
	size_t payload = (size_t)(e->len - e->payload_at);
	const uint8_t *at = e->bytes + e->payload_at;

	return is_lookup_port(p->flow.server_port) || is_lookup_port(p->flow.client_port) ||
	       (payload > 1 && at[0] == TLS_HANDSHAKE && at[1] == TLS_MAJOR);
}

static void write_packet(const struct kept_packet *p, bool masks, struct capsule_writer *w)
{
	const struct fact_excerpt *e = &p->excerpt;
	const uint32_t head[] = { (uint32_t)(p->time / ns_per_second),
				  (uint32_t)(p->time % ns_per_second), e->len,
				  e->wire_len > e->len ? e->wire_len : e->len };
	uint8_t bytes[FACT_EXCERPT_BYTES];

	memcpy(bytes, e->bytes, e->len);
	if (masks && !is_harmless(p))
		memset(bytes + e->payload_at, 0, (size_t)(e->len - e->payload_at));
	capsule_write(w, head, sizeof(head));
	capsule_write(w, bytes, e->len);
}

/* In the writer's byte order, which readers know by the magic number. */
static void write_file_head(struct capsule_writer *w)
{
	const uint16_t version[] = { PCAP_VERSION_MAJOR, PCAP_VERSION_MINOR };
	const uint32_t rest[] = { 0, 0, FACT_EXCERPT_BYTES, LINKTYPE_RAW };

	capsule_write(w, &pcap_magic_ns, sizeof(pcap_magic_ns));
	capsule_write(w, version, sizeof(version));
	capsule_write(w, rest, sizeof(rest));
}

void capsule_slice_write(const struct capsule_slice *slice, const struct capsule_config *config,
			 const struct slice_wanted *wanted, struct capsule_writer *w)
{
	const struct kept_packet *packets[PACKETS_MOST];
	size_t most = config->packets < PACKETS_MOST ? (size_t)config->packets : PACKETS_MOST;
	size_t count = choose(slice, most, is_of_flows, wanted, packets);

	if (count == 0)
		count = choose(slice, most, is_of_device, wanted, packets);
	if (count == 0)
		return;
	write_file_head(w);
	while (count-- > 0)
		write_packet(packets[count], config->payload == CAPSULE_PAYLOAD_MASKED, w);
}
