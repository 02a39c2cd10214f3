#include "sensor/judge/case_book_inside.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

uint64_t case_book_signals(struct case_book *book)
{
	struct case_record *c = NULL;
	uint64_t signals = 0;

	while ((c = case_book_next(book, c)))
		signals += c->signal_count;
	return signals;
}

uint64_t case_book_signals_let_go(const struct case_book *book)
{
	return book->signals_let_go;
}

static void tidy_place(void *value)
{
	struct booked_case *place = value;

	case_tidy(&place->record);
	place->change = CASE_UNCHANGED;
}

static bool is_place_sound(const void *key, const void *value)
{
	const uint32_t *number = key;
	const struct booked_case *place = value;

	return place->number == *number && *number > 0 && *number < UINT32_MAX / 2 &&
	       place->change == CASE_UNCHANGED && case_is_sound(&place->record);
}

/* A full book was kept by a larger one: the longest quiet go. */
static bool put_place(void *owner, const void *key, const void *value)
{
	struct case_book *book = owner;
	const struct booked_case *kept = value;
	bool is_new;

	if (case_book_find_id(book, kept->record.id) || lru_map_find(book->places, key))
		return false;
	*(struct booked_case *)lru_map_touch(book->places, key, &is_new) = *kept;
	if (kept->number > book->last_number)
		book->last_number = kept->number;
	return true;
}

const struct kept_table case_book_kept[] = {
	{ .name = "cases",
	  .version = 3,
	  .at = offsetof(struct case_book, places),
	  .tidy = tidy_place,
	  .is_sound = is_place_sound,
	  .put = put_place },
	{ .name = "cases.latest",
	  .version = 1,
	  .at = offsetof(struct case_book, case_of),
	  .use = KEPT_AS_READ },
	{ .name = "cases.unread",
	  .version = 1,
	  .at = offsetof(struct case_book, unread),
	  .use = KEPT_AS_READ },
	{ 0 },
};

struct case_key case_key(const char *id)
{
	struct case_key key = { .digits = { 0 } };
	size_t len = 0;

	for (; *id != '\0' && len < sizeof(key.digits); id++) {
		if (*id != '-')
			key.digits[len++] = *id;
	}
	return key;
}

void case_book_note_unread(struct case_book *book, const char *id, uint32_t revision)
{
	const struct case_key key = case_key(id);
	bool is_new;

	*(uint32_t *)lru_map_touch(book->unread, &key, &is_new) = revision;
}

const struct case_record *case_book_of_row(struct case_book *book, const void *key)
{
	return lru_map_find(book->places, key);
}

static int compare_age(const void *left, const void *right)
{
	const struct case_record *const *a = left;
	const struct case_record *const *b = right;

	if ((*a)->last != (*b)->last)
		return (*a)->last < (*b)->last ? -1 : 1;
	return strcmp((*a)->id, (*b)->id);
}

/* They may come back in any order, and the longest quiet is let go first. */
static void order_by_age(struct case_book *book)
{
	struct case_record *c = NULL;
	size_t count = 0;
	bool is_new;

	while ((c = case_book_next(book, c)))
		book->order[count++] = c;
	qsort((void *)book->order, count, sizeof(const struct case_record *), compare_age);
	for (size_t i = 0; i < count; i++) {
		const struct booked_case *place =
			(const struct booked_case *)(const void *)book->order[i];
		uint32_t number = place->number;

		(void)lru_map_touch(book->places, &number, &is_new);
	}
}

void case_book_settle(struct case_book *book, uint64_t signals_let_go)
{
	struct booked_case *place = NULL;
	bool is_new;

	book->signals_let_go = signals_let_go;
	order_by_age(book);
	while ((place = lru_map_next(book->places, place, NULL))) {
		uint32_t *latest =
			lru_map_touch(book->case_of, &place->record.device.number, &is_new);

		if (is_new || *latest < place->number)
			*latest = place->number;
	}
}
