/*
 * Readers tried on dialogues given as text: what they tell comes out as lines, one a fact,
 * "> smtp.command method=EHLO host=a.example" from the client and "< …" from the server. The same
 * lines must come out however the bytes are cut into segments.
 *
 * Each segment lies in a heap block of its own size, so that ASan sees an over-read.
 */
#pragma once

#include "sensor/dialogue/datagram.h"
#include "sensor/dialogue/session.h"
#include "tests/support/cmocka.h"
#include "tests/support/facts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DIALOGUE_LINES_MAX = 32768 };

struct dialogue_part {
	bool from_client;
	const char *bytes;
	size_t len;
};

#define CLIENT(text)                         \
	{                                    \
		true, text, sizeof(text) - 1 \
	}
#define SERVER(text)                          \
	{                                     \
		false, text, sizeof(text) - 1 \
	}

struct dialogue {
	const char *name;
	uint16_t port; /* the server's */
	const struct dialogue_part *parts;
	size_t count;
	const char *lines; /* what is to be told */
};

struct dialogue_bench {
	struct sessions *sessions;
	uint32_t handle;
	uint32_t next[2]; /* sequence numbers: of the server, of the client */
	uint32_t first;   /* of the client, where has_first */
	bool has_first;
	uint16_t port;
	bool is_over; /* nobody listens but for a message that begins */
	size_t used;
	char lines[DIALOGUE_LINES_MAX];
};

static inline void dialogue_add(struct dialogue_bench *bench, const char *before, const char *text)
{
	int len = snprintf(bench->lines + bench->used, sizeof(bench->lines) - bench->used, "%s%s",
			   before, text);

	assert_true(len >= 0 && bench->used + (size_t)len < sizeof(bench->lines));
	bench->used += (size_t)len;
}

static inline void dialogue_add_value(struct dialogue_bench *bench,
				      const struct attribute_value *value)
{
	char text[ADDRESS_TEXT_LEN] = "";

	dialogue_add(bench, " ", attribute_name(value->attribute));
	switch (attribute_kind(value->attribute)) {
	case ATTRIBUTE_IS_TEXT:
		dialogue_add(bench, "=", value->text);
		break;
	case ATTRIBUTE_IS_NUMBER:
		(void)snprintf(text, sizeof(text), "%llu", (unsigned long long)value->number);
		dialogue_add(bench, "=", text);
		break;
	case ATTRIBUTE_IS_ADDRESS:
		(void)address_text(&value->address, text);
		dialogue_add(bench, "=", text);
		break;
	case ATTRIBUTE_IS_MAC:
		mac_text(&value->mac, text);
		dialogue_add(bench, "=", text);
		break;
	case ATTRIBUTE_IS_FLAG:
		break;
	}
}

/* Of IPv4. */
static inline void dialogue_add_prefix(struct dialogue_bench *bench, const struct prefix *prefix)
{
	char text[ADDRESS_TEXT_LEN];
	char bits[8];

	(void)address_text(&prefix->address, text);
	(void)snprintf(bits, sizeof(bits), "/%u", prefix->bits - V4_PREFIX_BITS);
	dialogue_add(bench, "prefix ", text);
	dialogue_add(bench, bits, "");
}

static inline void dialogue_told(void *arg, const struct fact *fact)
{
	struct dialogue_bench *bench = arg;
	const struct attributes *said = fact_attributes_of(fact);
	struct attribute_value value;
	size_t at = 0;

	if (fact->kind == FACT_MESSAGE) {
		dialogue_add(bench, fact->message.is_from_client ? "> " : "< ",
			     message_name((enum message)fact->message.message));
	} else if (fact->kind == FACT_DNS) {
		dialogue_add(bench, "dns ", fact->dns.name);
	} else if (fact->kind == FACT_DEVICE_NAME) {
		dialogue_add(bench, "device_name ", fact->device_name.name);
	} else if (fact->kind == FACT_PREFIX) {
		dialogue_add_prefix(bench, &fact->prefix.prefix);
	}
	while (said && attributes_next(said, &at, &value))
		dialogue_add_value(bench, &value);
	dialogue_add(bench, said && said->is_cut ? " (cut)" : "", "\n");
}

static inline void dialogue_begin(struct dialogue_bench *bench, uint16_t port)
{
	sessions_drop(bench->sessions, bench->handle);
	bench->handle = 0;
	bench->next[0] = 7;
	bench->next[1] = UINT32_MAX - 20; /* comes round soon */
	bench->port = port;
	bench->is_over = false;
	bench->has_first = false;
	bench->used = 0;
	bench->lines[0] = '\0';
}

/* A segment of `len` bytes, of which `captured` were captured. */
static inline void dialogue_hear_cut(struct dialogue_bench *bench, bool from_client,
				     const char *bytes, size_t captured, size_t len)
{
	static struct hearing hearing;
	uint8_t *block = malloc(captured > 0 ? captured : 1);

	assert_non_null(block);
	memcpy(block, bytes, captured);
	hearing.time = test_start;
	hearing.flow = test_flow(1, "192.168.1.10", "192.0.2.1", bench->port, TEST_TCP);
	hearing.from_client = from_client;
	hearing.tells_all = true;
	hearing.told = dialogue_told;
	hearing.told_arg = bench;

	const struct session_segment segment = {
		.payload = { .data = block, .len = captured },
		.payload_len = (uint32_t)len,
		.sequence = bench->next[from_client],
		.acknowledged = bench->next[!from_client],
		.has_acknowledged = true,
		.first = bench->first,
		.has_first = from_client && bench->has_first,
	};

	bench->next[from_client] += (uint32_t)len;
	if (!bench->is_over || session_may_begin(from_client, segment.payload))
		bench->is_over = sessions_hear(bench->sessions, &bench->handle, 1, &hearing,
					       &segment) == SESSION_OVER;
	free(block);
}

static inline void dialogue_hear(struct dialogue_bench *bench, bool from_client, const char *bytes,
				 size_t len)
{
	dialogue_hear_cut(bench, from_client, bytes, len, len);
}

/* All parts, each in segments of `size` bytes; part `cut_part` instead in two, cut at `cut_at`. */
static inline void dialogue_play(struct dialogue_bench *bench, const struct dialogue *dialogue,
				 size_t size, size_t cut_part, size_t cut_at)
{
	dialogue_begin(bench, dialogue->port);
	for (size_t i = 0; i < dialogue->count; i++) {
		const struct dialogue_part *part = &dialogue->parts[i];
		size_t step = i == cut_part ? cut_at : size;

		for (size_t at = 0; at < part->len;) {
			size_t len = part->len - at < step ? part->len - at : step;

			dialogue_hear(bench, part->from_client, part->bytes + at, len);
			at += len;
			step = i == cut_part ? SIZE_MAX : step;
		}
	}
}

/* All parts whole, but of part `damaged` only the first `captured` bytes were captured, or nothing.
 */
static inline void dialogue_play_damaged(struct dialogue_bench *bench,
					 const struct dialogue *dialogue, size_t damaged,
					 size_t captured)
{
	dialogue_begin(bench, dialogue->port);
	for (size_t i = 0; i < dialogue->count; i++) {
		const struct dialogue_part *part = &dialogue->parts[i];

		if (i == damaged && captured == 0)
			bench->next[part->from_client] += (uint32_t)part->len;
		else
			dialogue_hear_cut(bench, part->from_client, part->bytes,
					  i == damaged ? captured : part->len, part->len);
	}
}

/*
 * What is told where something is missing is another thing with each; but never a password, which
 * in these tests is "secret", nor what it is in base64.
 */
static inline void dialogue_run_damaged(struct dialogue_bench *bench,
					const struct dialogue *dialogue)
{
	enum { LENGTHS = 5 };
	bool is_told = strstr(dialogue->lines, "secret") != NULL; /* a server's word for it */

	for (size_t i = 0; i < dialogue->count; i++) {
		for (size_t n = 0; n < LENGTHS; n++) {
			dialogue_play_damaged(bench, dialogue, i,
					      n * dialogue->parts[i].len / LENGTHS);
			assert_true(is_told || !strstr(bench->lines, "secret"));
			assert_null(strstr(bench->lines, "c2VjcmV0"));
		}
	}
}

/* In one piece, byte by byte, cut at every point, and with something missing. */
static inline void dialogue_run(void **state)
{
	const struct dialogue *dialogue = *state;
	struct dialogue_bench *bench = calloc(1, sizeof(*bench));

	assert_non_null(bench);
	assert_int_equal(sessions_new(&bench->sessions, NULL, NULL), ERR_OK);
	dialogue_play(bench, dialogue, SIZE_MAX, SIZE_MAX, 0);
	assert_string_equal(bench->lines, dialogue->lines);
	dialogue_play(bench, dialogue, 1, SIZE_MAX, 0);
	assert_string_equal(bench->lines, dialogue->lines);
	for (size_t i = 0; i < dialogue->count; i++) {
		for (size_t at = 1; at < dialogue->parts[i].len; at++) {
			dialogue_play(bench, dialogue, SIZE_MAX, i, at);
			assert_string_equal(bench->lines, dialogue->lines);
		}
	}
	dialogue_run_damaged(bench, dialogue);
	sessions_drop(bench->sessions, bench->handle);
	sessions_free(bench->sessions);
	free(bench);
}

static inline int dialogue_run_all(const char *group, struct dialogue *dialogues, size_t count)
{
	enum { DIALOGUES_MAX = 64 };
	struct CMUnitTest tests[DIALOGUES_MAX] = { 0 };

	assert_true(count <= DIALOGUES_MAX);
	for (size_t i = 0; i < count; i++)
		tests[i] = (struct CMUnitTest){ .name = dialogues[i].name,
						.test_func = dialogue_run,
						.initial_state = &dialogues[i] };
	return _cmocka_run_group_tests(group, tests, count, NULL, NULL);
}

/* The lines that one datagram brings about; valid until the next call. */
static inline const char *dialogue_datagram(bool from_client, uint16_t port, const char *bytes,
					    size_t len)
{
	enum { CLIENT_PORT = 40001 };
	static struct hearing hearing;
	static struct dialogue_bench bench;
	uint8_t *block = malloc(len > 0 ? len : 1);

	assert_non_null(block);
	memcpy(block, bytes, len);
	assert_int_equal(sessions_new(&bench.sessions, NULL, NULL), ERR_OK);
	bench.used = 0;
	bench.lines[0] = '\0';
	hearing.time = test_start;
	hearing.flow = test_flow(1, "192.168.1.10", "192.0.2.1", port, TEST_UDP);
	hearing.from_client = from_client;
	hearing.source = from_client ? hearing.flow.client : hearing.flow.server;
	hearing.tells_all = true;
	hearing.told = dialogue_told;
	hearing.told_arg = &bench;

	const struct datagram datagram = {
		.hearing = &hearing,
		.desk = sessions_desk(bench.sessions),
		.payload = cursor_over(block, len),
		.source_port = from_client ? (uint16_t)CLIENT_PORT : port,
		.destination_port = from_client ? port : (uint16_t)CLIENT_PORT,
	};

	(void)datagram_read(&datagram);
	sessions_free(bench.sessions);
	free(block);
	return bench.lines;
}

/* All parts as datagrams of one flow, each in a block of its own; what is told is one text. */
static inline void dialogue_run_datagrams(void **state)
{
	enum { CLIENT_PORT = 40001 };
	static struct hearing hearing;
	const struct dialogue *dialogue = *state;
	struct dialogue_bench *bench = calloc(1, sizeof(*bench));

	assert_non_null(bench);
	assert_int_equal(sessions_new(&bench->sessions, NULL, NULL), ERR_OK);
	hearing.time = test_start;
	hearing.flow = test_flow(1, "192.168.1.10", "192.0.2.1", dialogue->port, TEST_UDP);
	hearing.tells_all = true;
	hearing.told = dialogue_told;
	hearing.told_arg = bench;
	for (size_t i = 0; i < dialogue->count; i++) {
		const struct dialogue_part *part = &dialogue->parts[i];
		uint8_t *block = malloc(part->len > 0 ? part->len : 1);

		assert_non_null(block);
		memcpy(block, part->bytes, part->len);
		hearing.from_client = part->from_client;

		const struct datagram datagram = {
			.hearing = &hearing,
			.desk = sessions_desk(bench->sessions),
			.payload = cursor_over(block, part->len),
			.source_port = part->from_client ? (uint16_t)CLIENT_PORT : dialogue->port,
			.destination_port =
				part->from_client ? dialogue->port : (uint16_t)CLIENT_PORT,
		};

		(void)datagram_read(&datagram);
		free(block);
	}
	assert_string_equal(bench->lines, dialogue->lines);
	sessions_free(bench->sessions);
	free(bench);
}
