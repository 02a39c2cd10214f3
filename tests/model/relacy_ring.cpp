/*
 * The orderings of sensor/base/ring.c, searched by Relacy under the C++11 memory model: the same
 * positions, cached opposite position, skip and header, with cells in place of bytes.
 *
 * -DMUTANT=n weakens one ordering, and then Relacy must find a failure: run_proofs.py runs all.
 */
#include <relacy/relacy.hpp>

#ifndef MUTANT
#define MUTANT 0
#endif

enum mutant {
	PUBLISH_RELAXED = 1,
	PEEK_RELAXED = 2,
	CONSUME_RELAXED = 3,
	RESERVE_RELAXED = 4,
};

enum {
	CELLS = 8,
	SKIP = 99, /* a header that is no length */
	ITERATIONS = 100000,
};

/* Payload cells; at most CELLS / 2 - 1. One record skips to the start, two end at the end. */
static const unsigned record_lens[] = { 3, 1, 3, 2, 0, 3, 3 };

static rl::memory_order order_unless(enum mutant broken, rl::memory_order sound)
{
	return MUTANT == broken ? rl::mo_relaxed : sound;
}

struct ring_test : rl::test_suite<ring_test, 2> {
	rl::atomic<unsigned> published;
	rl::atomic<unsigned> consumed;
	rl::var<unsigned> cells[CELLS];

	void before()
	{
		published($) = 0;
		consumed($) = 0;
	}

	void produce()
	{
		unsigned consumed_seen = 0;

		for (unsigned len : record_lens) {
			unsigned start = published($).load(rl::mo_relaxed);
			unsigned to_end = CELLS - start % CELLS;
			unsigned at = 1 + len <= to_end ? start : start + to_end;
			rl::linear_backoff wait;

			while (at + 1 + len - consumed_seen > CELLS) {
				consumed_seen = consumed($).load(
					order_unless(RESERVE_RELAXED, rl::mo_acquire));
				wait.yield($);
			}
			if (at != start)
				cells[start % CELLS]($) = SKIP;
			for (unsigned i = 1; i <= len; i++)
				cells[(at + i) % CELLS]($) = at + i;
			cells[at % CELLS]($) = len;
			published($).store(at + 1 + len,
					   order_unless(PUBLISH_RELAXED, rl::mo_release));
		}
	}

	void consume()
	{
		unsigned published_seen = 0;

		for (unsigned want : record_lens) {
			unsigned at = consumed($).load(rl::mo_relaxed);
			rl::linear_backoff wait;

			while (at == published_seen) {
				published_seen = published($).load(
					order_unless(PEEK_RELAXED, rl::mo_acquire));
				wait.yield($);
			}
			if (cells[at % CELLS]($) == SKIP)
				at += CELLS - at % CELLS;

			unsigned len = cells[at % CELLS]($);

			RL_ASSERT(len == want);
			for (unsigned i = 1; i <= len; i++)
				RL_ASSERT(cells[(at + i) % CELLS]($) == at + i);
			consumed($).store(at + 1 + len,
					  order_unless(CONSUME_RELAXED, rl::mo_release));
		}
	}

	void thread(unsigned id)
	{
		if (id == 0)
			produce();
		else
			consume();
	}
};

int main()
{
	rl::test_params params;

	params.search_type = rl::sched_random;
	params.iteration_count = ITERATIONS;
	params.execution_depth_limit = 10000;
	return rl::simulate<ring_test>(params) ? 0 : 1;
}
