/*
 * The orderings of the seqlock with one writer, by which readers look at a live flow's record,
 * searched by Relacy under the C++11 memory model (Boehm, "Can seqlocks get along with programming
 * language memory models?", 2012).
 *
 * -DMUTANT=n breaks one ordering, and then Relacy must find a failure: run_proofs.py runs all.
 */
#include <relacy/relacy.hpp>

#ifndef MUTANT
#define MUTANT 0
#endif

enum mutant {
	NO_WRITER_FENCE = 1,
	NO_READER_FENCE = 2,
	RELEASE_STORE_FOR_WRITER_FENCE = 3, /* orders what stands before it, not the fields after */
	END_RELAXED = 4,
	BEGIN_RELAXED = 5,
};

enum {
	WRITES = 3,
	ITERATIONS = 200000,
};

struct seqlock_test : rl::test_suite<seqlock_test, 3> {
	rl::atomic<unsigned> sequence;
	rl::atomic<unsigned> packets;
	rl::atomic<unsigned> bytes;

	void before()
	{
		sequence($) = 0;
		packets($) = 0;
		bytes($) = 0;
	}

	void write(unsigned value)
	{
		unsigned start = sequence($).load(rl::mo_relaxed);

		if (MUTANT == RELEASE_STORE_FOR_WRITER_FENCE) {
			sequence($).store(start + 1, rl::mo_release);
		} else {
			sequence($).store(start + 1, rl::mo_relaxed);
			if (MUTANT != NO_WRITER_FENCE)
				rl::atomic_thread_fence(rl::mo_release, $);
		}
		packets($).store(value, rl::mo_relaxed);
		bytes($).store(value, rl::mo_relaxed);
		sequence($).store(start + 2,
				  MUTANT == END_RELAXED ? rl::mo_relaxed : rl::mo_release);
	}

	/* A try; what it accepts is one write's, whole. */
	void read()
	{
		unsigned start =
			sequence($).load(MUTANT == BEGIN_RELAXED ? rl::mo_relaxed : rl::mo_acquire);

		if (start % 2 != 0)
			return;

		unsigned packets_read = packets($).load(rl::mo_relaxed);
		unsigned bytes_read = bytes($).load(rl::mo_relaxed);

		if (MUTANT != NO_READER_FENCE)
			rl::atomic_thread_fence(rl::mo_acquire, $);
		if (sequence($).load(rl::mo_relaxed) == start)
			RL_ASSERT(packets_read == start / 2 && bytes_read == start / 2);
	}

	void thread(unsigned id)
	{
		if (id == 0) {
			for (unsigned value = 1; value <= WRITES; value++)
				write(value);
		} else {
			read();
			read();
		}
	}
};

int main()
{
	rl::test_params params;

	params.search_type = rl::sched_random;
	params.iteration_count = ITERATIONS;
	params.execution_depth_limit = 10000;
	return rl::simulate<seqlock_test>(params) ? 0 : 1;
}
