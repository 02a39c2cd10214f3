/* Packets written as text, and what flow_count() makes of one. */
#pragma once

#include "sensor/flow/flow_count.h"

#include "tests/support/cmocka.h"

#include <ctype.h>

#define START (1700000000 * NANOTIME_SECOND)

static const struct flow_config config = {
	.closed = 10 * NANOTIME_SECOND,
	.embryonic = 10 * NANOTIME_SECOND,
	.unanswered = 60 * NANOTIME_SECOND,
	.established = 300 * NANOTIME_SECOND,
	.datagram = 120 * NANOTIME_SECOND,
	.check_in_silence = 5 * NANOTIME_SECOND,
};

struct endpoints {
	uint8_t protocol;
	uint16_t low_port;
	uint16_t high_port;
};

/* The number at `*text`; 0 when there is none. */
static inline uint32_t read_number(const char **text)
{
	uint32_t number = 0;

	for (; isdigit((unsigned char)**text); ++*text)
		number = number * 10 + (uint32_t)(**text - '0');
	return number;
}

static inline uint32_t read_number_after(char mark, const char **text)
{
	if (**text != mark)
		return 0;
	++*text;
	return read_number(text);
}

/*
 * A packet in the text of a case: side, flags, sequence number, ^acknowledged, +payload, @ms
 * after the first; "lSA9^8+100@20". The sides are l and h; f is a later fragment.
 */
static inline const char *read_packet(const char *text, struct endpoints ends, struct packet *out)
{
	static const char letters[] = "FSRPA"; /* in the order of their bits */
	struct packet p = {
		.time = START,
		.key = { .low_port = ends.low_port,
			 .high_port = ends.high_port,
			 .protocol = ends.protocol,
			 .ip_version = 4 },
		.source_is_low = text[0] == 'l',
	};

	for (text++; isalpha((unsigned char)*text); text++) {
		const char *letter = strchr(letters, *text);

		if (letter == NULL)
			p.is_fragment_rest = true;
		else
			p.tcp_flags |= (uint8_t)(1U << (letter - letters));
	}
	p.tcp_sequence = read_number(&text);
	p.tcp_acknowledged = read_number_after('^', &text);
	p.payload_len = read_number_after('+', &text);
	p.time += read_number_after('@', &text) * NANOTIME_MILLISECOND;
	p.ip_len = 40 + p.payload_len;
	*out = p;
	return text + strspn(text, " ");
}

static inline struct flow_touch counted(struct flow_record *flow, const struct packet *p)
{
	struct flow_touch touch = { 0 };

	flow_count(flow, p, p->time, &config, &touch);
	return touch;
}
