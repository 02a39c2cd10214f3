/* A detector on the bench, and what web clients and servers say to each other. */
#pragma once

#include "tests/support/cmocka.h"
#include "tests/support/facts.h"

#include <stdlib.h>
#include <string.h>

/* A named value of a message: numbers as text, flags as "". */
struct word {
	enum attribute attribute;
	const char *text;
};

enum { WORDS_MAX = 12 };

/* A list ends with a word without text. */
#define WORDS(...)                              \
	(const struct word[])                   \
	{                                       \
		__VA_ARGS__,                    \
		{                               \
			(enum attribute)0, NULL \
		}                               \
	}

struct web_trial {
	struct test_bench bench;
	struct fact_flow flow;
	uint64_t flow_id;
	double seconds;
	enum direction direction;
	const char *resolved; /* what DNS gave for the server */
};

static const char *const browser = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/120.0";

static inline void web_start(struct web_trial *t, const struct detector *detector)
{
	memset(t, 0, sizeof(*t));
	t->direction = DIRECTION_OUTBOUND;
	t->resolved = "";
	test_bench_prepare(&t->bench, detector);
	test_bench_start(&t->bench, NULL);
}

static inline void web_stop(struct web_trial *t)
{
	test_bench_stop(&t->bench);
}

/* What follows is said in a connection of its own. */
static inline void web_connect(struct web_trial *t, const char *client, const char *server,
			       uint16_t port)
{
	t->flow = test_flow(++t->flow_id, client, server, port, TEST_TCP);
	t->flow.first = test_after_seconds(t->seconds);
}

static inline void web_show(struct web_trial *t, struct fact *fact)
{
	struct observation seen;

	fact->time = test_after_seconds(t->seconds);
	seen = test_seen(fact);
	seen.direction = t->direction;
	seen.resolved = t->resolved;
	test_bench_show(&t->bench, &seen);
}

static inline void web_say(struct web_trial *t, enum message message, bool from_client,
			   const struct word *words)
{
	struct fact fact = test_fact(FACT_MESSAGE, test_after_seconds(t->seconds), &t->flow);

	fact.message.message = (uint8_t)message;
	fact.message.is_from_client = from_client;
	for (size_t i = 0; i < WORDS_MAX && words[i].text; i++) {
		switch (attribute_kind(words[i].attribute)) {
		case ATTRIBUTE_IS_FLAG:
			attributes_add_flag(&fact.message.said, words[i].attribute);
			break;
		case ATTRIBUTE_IS_NUMBER:
			attributes_add_number(&fact.message.said, words[i].attribute,
					      strtoul(words[i].text, NULL, 10));
			break;
		case ATTRIBUTE_IS_TEXT:
		case ATTRIBUTE_IS_ADDRESS:
		case ATTRIBUTE_IS_MAC:
		default:
			attributes_add_text(&fact.message.said, words[i].attribute, words[i].text);
			break;
		}
	}
	web_show(t, &fact);
}

static inline void web_ask(struct web_trial *t, const struct word *words)
{
	web_say(t, MESSAGE_HTTP_REQUEST, true, words);
}

static inline void web_answer(struct web_trial *t, const char *status, const char *type,
			      const char *length)
{
	web_say(t, MESSAGE_HTTP_RESPONSE, false,
		WORDS({ ATTRIBUTE_STATUS, status }, { ATTRIBUTE_CONTENT_TYPE, type },
		      { ATTRIBUTE_CONTENT_LENGTH, length }));
}

static inline void assert_told(const struct web_trial *t, size_t count)
{
	if (t->bench.count != count)
		fail_msg("%zu signals, not %zu", t->bench.count, count);
}
