/*
 * Two threads and one small ring for about two seconds: every record carries its number and a
 * checksum of its random bytes, and must arrive once, in order and whole. Run it under
 * -fsanitize=thread as well; an argument gives another number of seconds.
 */
#include "sensor/base/ring.h"

#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum {
	CAPACITY = 4096,
	SECONDS = 2,
	RECORDS_BETWEEN_CLOCKS = 256,
};

/* Followed by the record's random bytes. The last record has number UINT64_MAX and none. */
struct header {
	uint64_t number;
	uint64_t checksum;
};

struct test {
	struct ring *ring;
	time_t until;
	uint64_t produced;
	unsigned long full;
	unsigned long empty;
};

static uint32_t random_next(uint32_t *state)
{
	/* xorshift32 (Marsaglia 2003) */
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

/* FNV-1a (Fowler, Noll, Vo). */
static uint64_t checksum(const uint8_t *bytes, size_t len)
{
	uint64_t sum = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < len; i++)
		sum = (sum ^ bytes[i]) * UINT64_C(0x100000001b3);
	return sum;
}

static time_t monotonic_seconds(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

static void produce(struct test *test, uint64_t number, size_t len, uint32_t *random)
{
	struct header *header;

	while (!(header = ring_reserve(test->ring, sizeof(*header) + len))) {
		test->full++;
		sched_yield();
	}

	uint8_t *bytes = (uint8_t *)(header + 1);

	for (size_t i = 0; i < len; i++)
		bytes[i] = (uint8_t)random_next(random);
	*header = (struct header){ number, checksum(bytes, len) };
	ring_publish(test->ring, sizeof(*header) + len);
}

static void *producer(void *arg)
{
	struct test *test = arg;
	size_t largest = ring_largest(test->ring) - sizeof(struct header);
	uint32_t random = 2463534242;

	while (test->produced % RECORDS_BETWEEN_CLOCKS != 0 || monotonic_seconds() < test->until) {
		size_t bound = random_next(&random) % 64 == 0 ? largest + 1 : 100;

		produce(test, test->produced++, random_next(&random) % bound, &random);
	}
	produce(test, UINT64_MAX, 0, &random);
	return NULL;
}

/* The count of records that arrived; stops at the first that is not as it was sent. */
static uint64_t consume_all(struct test *test)
{
	for (uint64_t number = 0;;) {
		size_t len;
		const struct header *header = ring_peek(test->ring, &len);

		if (!header) {
			test->empty++;
			sched_yield();
			continue;
		}
		if (header->number == UINT64_MAX)
			return number;
		if (header->number != number || len < sizeof(*header) ||
		    header->checksum !=
			    checksum((const uint8_t *)(header + 1), len - sizeof(*header))) {
			(void)fprintf(stderr, "record %ju came damaged\n", (uintmax_t)number);
			exit(EXIT_FAILURE);
		}
		ring_consume(test->ring);
		number++;
	}
}

int main(int argc, char **argv)
{
	long seconds = argc > 1 ? strtol(argv[1], NULL, 10) : SECONDS;
	struct test test = { .until = monotonic_seconds() + seconds };
	pthread_t thread;

	if (ring_new(&test.ring, CAPACITY) != ERR_OK ||
	    pthread_create(&thread, NULL, producer, &test) != 0) {
		perror("ring_threads");
		return EXIT_FAILURE;
	}

	uint64_t arrived = consume_all(&test);

	(void)pthread_join(thread, NULL);
	(void)printf("%ju of %ju records arrived; the ring was full %lu and empty %lu times\n",
		     (uintmax_t)arrived, (uintmax_t)test.produced, test.full, test.empty);
	ring_free(test.ring);
	return arrived == test.produced ? EXIT_SUCCESS : EXIT_FAILURE;
}
