#include "sensor/lane/agents.h"

#include "tests/support/cmocka.h"

#include <stdio.h>
#include <string.h>

enum { ROOM = 8, TEXTS = 20, STEPS = 20000, HELD_MAX = 64 };

static void text_of(unsigned n, char out[static FACT_AGENT_LEN])
{
	memset(out, 0, FACT_AGENT_LEN);
	(void)snprintf(out, FACT_AGENT_LEN, "Browser/%u (like all the others)", n);
}

static struct agents *agents_for(uint32_t count)
{
	struct agents *agents = NULL;

	assert_int_equal(agents_new(&agents, count), ERR_OK);
	return agents;
}

static uint32_t take(struct agents *agents, unsigned n)
{
	char text[FACT_AGENT_LEN];

	text_of(n, text);
	return agents_take(agents, text);
}

static void nothing_has_no_handle(void **state)
{
	static const char nothing[FACT_AGENT_LEN];
	struct agents *agents = agents_for(1);

	(void)state;
	assert_int_equal(agents_take(agents, nothing), 0);
	assert_string_equal(agents_text(agents, 0), "");
	agents_give_back(agents, 0);
	assert_int_equal(agents_refused(agents), 0);
	assert_int_not_equal(take(agents, 1), 0); /* and takes up no room */
	agents_free(agents);
	agents_free(NULL);
}

static void one_text_is_kept_once(void **state)
{
	struct agents *agents = agents_for(1);
	uint32_t first = take(agents, 1);

	(void)state;
	assert_int_not_equal(first, 0);
	for (unsigned i = 0; i < 1000; i++)
		assert_int_equal(take(agents, 1), first);
	assert_int_equal(take(agents, 2), 0);
	assert_int_equal(agents_refused(agents), 1);
	for (unsigned i = 0; i < 1000; i++)
		agents_give_back(agents, first);
	assert_int_equal(take(agents, 2), 0); /* one flow still has it */
	agents_give_back(agents, first);
	assert_int_not_equal(take(agents, 2), 0);
	assert_int_equal(agents_refused(agents), 2);
	agents_free(agents);
}

static void texts_differ_in_any_byte(void **state)
{
	struct agents *agents = agents_for(4);
	char full[FACT_AGENT_LEN];
	char other[FACT_AGENT_LEN];

	(void)state;
	memset(full, 'a', sizeof(full));
	full[sizeof(full) - 1] = '\0';
	memcpy(other, full, sizeof(full));
	other[sizeof(other) - 2] = 'b';

	uint32_t one = agents_take(agents, full);
	uint32_t two = agents_take(agents, other);

	assert_int_not_equal(one, two);
	assert_string_equal(agents_text(agents, one), full);
	assert_string_equal(agents_text(agents, two), other);
	agents_free(agents);
}

/* Which texts are held, and by how many flows. */
struct held {
	struct agents *agents;
	uint64_t refused;
	unsigned different;
	unsigned flows[TEXTS];
	unsigned count;
	unsigned texts[HELD_MAX];
	uint32_t handles[HELD_MAX];
};

static void hold(struct held *h, unsigned text)
{
	uint32_t handle = take(h->agents, text);
	bool has_room = h->flows[text] > 0 || h->different < ROOM;

	assert_int_equal(handle != 0, has_room);
	h->refused += !has_room;
	if (!has_room)
		return;
	h->different += h->flows[text]++ == 0;
	h->texts[h->count] = text;
	h->handles[h->count++] = handle;
}

static void let_go(struct held *h, unsigned at)
{
	unsigned text = h->texts[at];

	agents_give_back(h->agents, h->handles[at]);
	h->different -= --h->flows[text] == 0;
	h->count--;
	h->texts[at] = h->texts[h->count];
	h->handles[at] = h->handles[h->count];
}

static void texts_stay_while_a_flow_has_them(void **state)
{
	struct held h = { .agents = agents_for(ROOM) };
	uint64_t random = 7;

	(void)state;
	for (unsigned i = 0; i < STEPS; i++) {
		random = random * UINT64_C(6364136223846793005) + 1442695040888963407;
		if (h.count < HELD_MAX && (h.count == 0 || random >> 63))
			hold(&h, (unsigned)(random >> 40) % TEXTS);
		else
			let_go(&h, (unsigned)(random >> 40) % h.count);
		for (unsigned k = 0; k < h.count; k++) {
			char text[FACT_AGENT_LEN];

			text_of(h.texts[k], text);
			assert_string_equal(agents_text(h.agents, h.handles[k]), text);
		}
	}
	assert_int_equal(agents_refused(h.agents), h.refused);
	assert_true(h.refused > 100);
	agents_free(h.agents);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_has_no_handle),
		cmocka_unit_test(one_text_is_kept_once),
		cmocka_unit_test(texts_differ_in_any_byte),
		cmocka_unit_test(texts_stay_while_a_flow_has_them),
	};

	return cmocka_run_group_tests_name("agents", tests, NULL, NULL);
}
