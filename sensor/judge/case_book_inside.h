/*
 * How cases are stored, for the files that make up the book: case_book.c folds signals,
 * case_book_findings.c weighs what a case holds, case_book_join.c follows what is learned of
 * devices, case_book_kept.c says what outlives the process, budget.c what goes to the digest. No
 * one else includes this.
 */
#pragma once

#include "sensor/base/lru_map.h"
#include "sensor/judge/case_book.h"

/* A case and what is not told of it. */
struct booked_case {
	struct case_record record; /* first: a record's place is found by it */
	uint32_t number;           /* in order of opening, from 1; never given again */
	uint8_t change;            /* enum case_change, since it was last asked for */
};

struct case_book {
	const char *identity;
	const struct judge_config *config;
	nanotime quiet;
	bool may_let_go;
	uint32_t capacity;
	uint32_t last_number;
	uint64_t signals_let_go;
	struct lru_map *places;           /* a case's number → struct booked_case */
	struct lru_map *case_of;          /* device number → number of its latest case */
	struct lru_map *unread;           /* case_key() → revision, of cases of another layout */
	const struct case_record **order; /* for case_book_list() */
	struct case_record **several;     /* room for all, for whoever changes many at once */
	uint32_t *changed;                /* numbers, for case_book_changed() */
	uint32_t changed_count;
};

/* An id without its dashes: 32 characters. */
struct case_key {
	char digits[LRU_MAP_KEY_MOST];
};

struct case_key case_key(const char *id);

/* Every change goes with a touch, by which it is kept. */
void case_book_note_change(struct case_book *book, struct case_record *c, enum case_change how);

/*
 * Whether `c`, which changed at `now` and was of priority `before` (0: it has just opened), is told
 * by itself or in the digest: see budget.c.
 */
void case_book_budget(struct case_book *book, struct case_record *c, enum priority before,
		      nanotime now);

/* One case has one id: the same device, story and day go on with it, whatever came between. */
struct case_record *case_book_find_id(struct case_book *book, const char *id);

/* The finding of the same rule about the same object; NULL is none. */
struct finding *case_book_find_finding(struct case_record *c, const struct signal *signal);

/* Room for a finding: a free one, or that of the least urgent if `candidate` is more so. */
struct finding *case_book_make_room(struct case_record *c, const struct finding *candidate);

/* Gives it the id that its rule, object and first time have within its case. */
void case_book_name_finding(struct case_record *c, struct finding *f);

/* Priority, impact and confidence anew. */
void case_book_weigh(struct case_record *c);
