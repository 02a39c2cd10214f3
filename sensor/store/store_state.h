/* What a store is made of: for store.c and store_puts.c, and nobody else. */
#pragma once

#include "sensor/store/store_writer.h"

#include <pthread.h>
#include <semaphore.h>

/*
 * Each ring has one producer: cases, devices and capsules, and kept rows come from the judge's
 * thread, in a ring for each so that none waits behind another; facts of the sensor from the
 * capture thread.
 */
struct store {
	struct store_sides sides;
	struct store_writer *writer;
	sem_t wake;
	pthread_t thread;
	bool has_thread;
	atomic_bool is_stopping;
	uint64_t next_ticket;   /* the judge's */
	unsigned closing_tries; /* the judge's */
	bool has_closing_round; /* the same: it is done */
	_Atomic uint64_t refused[STORE_CLASSES];
};
