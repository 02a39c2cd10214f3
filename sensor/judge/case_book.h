/*
 * The cases: signals that passed the gate are folded into findings, findings into the case of their
 * device. Owner: the judge. One thread; judge.cases of them, taken once. Where each is told as it
 * changes, a full book lets go of the one that has been quiet for longest, if it has been so for
 * judge.case_quiet; else the book holds all cases of a run.
 */
#pragma once

#include "sensor/case/case.h"
#include "sensor/config/config.h"

struct case_book;

/* `identity` (of office and sensor) is borrowed for the book's life. */
MUST_USE enum err case_book_new(struct case_book **out, const struct judge_config *config,
				const char *identity, bool may_let_go);
void case_book_free(struct case_book *book);

/* Whom a case is about, as the judge knows it now. */
struct case_subject {
	const struct device *device; /* NULL: forgotten; not to be folded */
	unsigned standing;           /* STANDING() bits */
};

/*
 * `count` signals like this one, into the device's open case, or a new one when it has none or has
 * been quiet for judge.case_quiet. False when there is no room for another case.
 */
bool case_book_fold(struct case_book *book, const struct signal *signal,
		    const struct considered *considered, uint64_t count,
		    const struct case_subject *subject);

/*
 * Two devices are one, `device`: the cases of `from` are its own from now on. Of two that are open
 * the findings and counts of the later go into the earlier one, and the later is withdrawn; both
 * revisions say so.
 */
void case_book_join(struct case_book *book, uint32_t from, const struct device *device);

/* The office gave its devices other labels: cases of devices that are known say them. */
void case_book_relabel(struct case_book *book, struct devices *devices);

/* The case that a signal of `device` at `when` would be folded into; NULL: it would open one. */
const struct case_record *case_book_open_case(struct case_book *book, uint32_t device,
					      nanotime when);

/* How many signals were taken out of cases. */
struct withdrawn {
	uint64_t own;  /* of the finding itself */
	uint64_t rest; /* of others, that are too little certain without it */
};

/*
 * What passed the gate before does not pass any more, because more is known now: its finding goes,
 * and the case with it where what is left is less certain than judge.confidence.
 */
struct withdrawn case_book_withdraw(struct case_book *book, const struct signal *signal);

/* The examples in the device's latest case learn how their flows ended. */
void case_book_end_flow(struct case_book *book, uint32_t device, const struct fact *ended);

/*
 * Cases to which nothing was added for judge.case_settled before `now` are quiet from here on,
 * which is a revision of each. What is folded in later makes them new again.
 */
void case_book_quieten(struct case_book *book, nanotime now);

/* How many cases there are to tell: not those that were withdrawn. */
uint32_t case_book_count(struct case_book *book);

/*
 * The next case that changed since it was last asked for, and how at most; NULL when there is none.
 * Each once, however often it changed. Borrowed until the next call that changes one.
 */
const struct case_record *case_book_changed(struct case_book *book, enum case_change *how);

/* Signals in cases that are in the book, and in those that it has let go. */
uint64_t case_book_signals(struct case_book *book);
uint64_t case_book_signals_let_go(const struct case_book *book);

/* What of it outlives the process; `struct case_book` is the owner. */
extern const struct kept_table case_book_kept[];

/* The case of a row that has just been handed out, by its key. */
const struct case_record *case_book_of_row(struct case_book *book, const void *key);

/*
 * A case that another version of the sensor kept in a way that this one cannot read: should it open
 * again, its revisions go on.
 */
void case_book_note_unread(struct case_book *book, const char *id, uint32_t revision);

/* After the last kept row: which case is whose. `signals_let_go` as it was. */
void case_book_settle(struct case_book *book, uint64_t signals_let_go);

/* The next case after `previous` (NULL is none), in any order; NULL at the end. */
struct case_record *case_book_next(struct case_book *book, struct case_record *previous);

/* The cases, most urgent first. Borrowed until the next call that changes one. */
const struct case_record *const *case_book_list(struct case_book *book, size_t *count);
