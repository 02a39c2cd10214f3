/*
 * A stand-in for the store: keeps the rows and cases that a judge hands out, in memory, and gives
 * them to the next judge. It can be made to refuse, lose and damage them.
 */
#pragma once

#include "sensor/judge/judge.h"

struct kept_shelf;

struct kept_shelf *kept_shelf_new(void);
void kept_shelf_free(struct kept_shelf *shelf);

/* As kept_take_fn and judge_keep_case_fn; `arg` is the shelf. */
bool kept_shelf_take(void *arg, const struct kept_row *row);
bool kept_shelf_take_case(void *arg, const struct case_record *c, struct span record);

/* One row in so many is refused, by chance; 0 is none. */
void kept_shelf_refuse(struct kept_shelf *shelf, unsigned one_in);

/* One row in so many is lost, and one in so many has some bytes changed; 0 is none. */
void kept_shelf_spoil(struct kept_shelf *shelf, uint64_t *random, unsigned lost, unsigned damaged);

/* All rows and cases; with `backwards` the tables from the last to the first. */
struct judge_restored kept_shelf_restore(const struct kept_shelf *shelf, struct judge *judge,
					 bool backwards);

/* A whole round, and the cases. */
void kept_shelf_fill(struct kept_shelf *shelf, struct judge *judge, bool is_last);

size_t kept_shelf_rows(const struct kept_shelf *shelf);
size_t kept_shelf_bytes(const struct kept_shelf *shelf);
