#include "dissectors/dns_records.h"

#include "tests/fuzz/fuzz.h"

#include <assert.h>

static void walk(struct cursor message)
{
	size_t bytes = cursor_left(&message);
	size_t octets = 0;
	struct dns_record record;
	struct dns_walk walk;

	if (dns_walk_start(message, &walk) != DISSECT_OK)
		return;
	while (dns_walk_next(&walk, &record)) {
		assert(memchr(record.owner.text, '\0', DNS_NAME_TEXT_LEN));
		assert(memchr(record.target.text, '\0', DNS_NAME_TEXT_LEN));
		assert(record.binding.ipv4_count <= DNS_HINTS_MAX);
		assert(record.binding.ipv6_count <= DNS_HINTS_MAX);
		fuzz_touch_span(record.rdata);
		fuzz_touch_span(record.text);
		fuzz_touch_span(record.binding.alpn);
		octets += (size_t)record.owner.octets + record.target.octets;
	}
	/* The time that a message may take: its last record may go beyond with two names. */
	assert(octets <= 8192 + 5 * bytes + 510);
}

/* The same bytes as one datagram, and as a stream of messages behind their lengths. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct cursor stream = cursor_over(data, len);
	struct cursor message;

	walk(stream);
	while (dns_tcp_message(&stream, &message) == DISSECT_OK)
		walk(message);
	return 0;
}
