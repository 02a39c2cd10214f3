/*
 * The cases of a run: signals that passed the gate are folded into findings, findings into the case
 * of their device. Owner: the judge. One thread; judge.cases of them, taken once.
 */
#pragma once

#include "sensor/case/case.h"
#include "sensor/config/config.h"

struct case_book;

/* `identity` (of office and sensor) is borrowed for the book's life. */
MUST_USE enum err case_book_new(struct case_book **out, const struct judge_config *config,
				const char *identity);
void case_book_free(struct case_book *book);

/*
 * Into the device's open case, or a new one when it has none or has been quiet for
 * judge.case_quiet. False when there is no room for another case.
 */
bool case_book_fold(struct case_book *book, const struct signal *signal,
		    const struct device *device);

/*
 * What passed the gate before does not pass any more, because more is known now: its finding goes,
 * and a case that has no other with it. How many signals that takes out of cases.
 */
uint64_t case_book_withdraw(struct case_book *book, const struct signal *signal);

/* The examples in the device's latest case learn how their flows ended. */
void case_book_end_flow(struct case_book *book, uint32_t device, const struct fact *ended);

/* How many cases there are to tell: not those that were withdrawn. */
uint32_t case_book_count(const struct case_book *book);

/* The cases, most urgent first. Borrowed until the next call that changes one. */
const struct case_record *const *case_book_list(struct case_book *book, size_t *count);
