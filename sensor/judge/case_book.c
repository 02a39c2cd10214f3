#include "sensor/judge/case_book_inside.h"

#include "sensor/judge/priority.h"

#include <stdlib.h>
#include <string.h>

enum err case_book_new(struct case_book **out, const struct judge_config *config,
		       const char *identity, bool may_let_go)
{
	uint32_t capacity = (uint32_t)config->cases;
	struct case_book *book = calloc(1, sizeof(*book));

	if (!book)
		return ERR_MEMORY;
	book->identity = identity;
	book->config = config;
	book->quiet = config->case_quiet;
	book->may_let_go = may_let_go;
	book->capacity = capacity;
	book->order = calloc(capacity, sizeof(const struct case_record *));
	book->several = calloc(capacity, sizeof(struct case_record *));
	book->changed = calloc(capacity, sizeof(*book->changed));
	if (!book->order || !book->several || !book->changed ||
	    lru_map_new(&book->places, capacity, sizeof(uint32_t), sizeof(struct booked_case)) !=
		    ERR_OK ||
	    lru_map_new(&book->case_of, capacity, sizeof(uint32_t), sizeof(uint32_t)) != ERR_OK ||
	    lru_map_new(&book->unread, capacity, sizeof(struct case_key), sizeof(uint32_t)) !=
		    ERR_OK) {
		case_book_free(book);
		return ERR_MEMORY;
	}
	*out = book;
	return ERR_OK;
}

void case_book_free(struct case_book *book)
{
	if (!book)
		return;
	lru_map_free(book->places);
	lru_map_free(book->case_of);
	lru_map_free(book->unread);
	free((void *)book->order);
	free((void *)book->several);
	free(book->changed);
	free(book);
}

static struct booked_case *place_of(struct case_record *c)
{
	return (struct booked_case *)(void *)c;
}

void case_book_note_change(struct case_book *book, struct case_record *c, enum case_change how)
{
	struct booked_case *place = place_of(c);

	lru_map_renew(book->places, place);
	if (place->change == CASE_UNCHANGED)
		book->changed[book->changed_count++] = place->number;
	if (how > (enum case_change)place->change)
		place->change = (uint8_t)how;
}

static struct case_record *latest_case(struct case_book *book, uint32_t device)
{
	const uint32_t *number = lru_map_find(book->case_of, &device);
	struct booked_case *place = number ? lru_map_find(book->places, number) : NULL;

	return place ? &place->record : NULL;
}

/* False when there is none, and none may be let go at `now`. */
static bool has_room(struct case_book *book, nanotime now)
{
	const struct booked_case *oldest;

	if (lru_map_count(book->places) < book->capacity)
		return true;
	oldest = lru_map_skim(book->places, NULL, NULL);
	if (!book->may_let_go || oldest->change != CASE_UNCHANGED ||
	    nanotime_between(oldest->record.last, now) <= book->quiet)
		return false;
	book->signals_let_go += oldest->record.signal_count;
	return true;
}

struct case_record *case_book_find_id(struct case_book *book, const char *id)
{
	struct booked_case *place = NULL;

	while ((place = lru_map_skim(book->places, place, NULL))) {
		if (strcmp(place->record.id, id) != 0)
			continue;
		lru_map_read(book->places, place);
		return &place->record;
	}
	return NULL;
}

static struct case_record *add_case(struct case_book *book, const char *id,
				    const struct signal *signal)
{
	const struct case_key key = case_key(id);
	const uint32_t *revision = lru_map_find(book->unread, &key);
	uint32_t number = book->last_number + 1;
	struct booked_case *place;
	bool is_new;

	if (!has_room(book, signal->last))
		return NULL;
	place = lru_map_touch(book->places, &number, &is_new);
	book->last_number = place->number = number;
	memcpy(place->record.id, id, CASE_ID_LEN);
	place->record.revision = revision ? *revision : 0;
	place->record.opened = signal->last;
	place->record.first = signal->first;
	case_book_note_change(book, &place->record, CASE_OPENED);
	return &place->record;
}

/* By the day it opens: what began long ago may open a second case, with an id of its own. */
static struct case_record *open_case(struct case_book *book, const struct signal *signal,
				     const struct device *device)
{
	char id[CASE_ID_LEN];
	struct case_record *c;
	bool is_new;

	case_id(id, book->identity, story_of((enum signal_kind)signal->kind)->rule, device,
		signal->object.text, signal->last);
	c = case_book_find_id(book, id);
	if (!c)
		c = add_case(book, id, signal);
	if (c)
		*(uint32_t *)lru_map_touch(book->case_of, &signal->device, &is_new) =
			place_of(c)->number;
	return c;
}

static struct case_record *open_case_of(struct case_book *book, uint32_t device, nanotime when)
{
	struct case_record *c = latest_case(book, device);

	return c && nanotime_between(c->last, when) <= book->quiet ? c : NULL;
}

const struct case_record *case_book_open_case(struct case_book *book, uint32_t device,
					      nanotime when)
{
	return open_case_of(book, device, when);
}

/* The device's open case, one opened for it, or NULL when there is no more room. */
static struct case_record *case_for(struct case_book *book, const struct signal *signal,
				    const struct device *device)
{
	struct case_record *c = open_case_of(book, signal->device, signal->last);

	return c ? c : open_case(book, signal, device);
}

/* What was learned of an example's end stays, when the signal that brings it again does not know.
 */
static void keep_ends(struct signal *now, const struct signal *before)
{
	for (uint8_t i = 0; i < now->flow_count; i++) {
		for (uint8_t k = 0; k < before->flow_count && !now->flows[i].has_ended; k++) {
			if (before->flows[k].flow.id == now->flows[i].flow.id)
				now->flows[i] = before->flows[k];
		}
	}
}

/* What `f` tells is of a later time than `now`: it stands. */
static void tell_later(struct finding *now, const struct finding *f)
{
	nanotime first = now->signal.first;

	now->signal = f->signal;
	now->considered = f->considered;
	now->priority = f->priority;
	now->impact = f->impact;
	if (first < now->signal.first)
		now->signal.first = first;
}

static void fold(struct case_book *book, struct case_record *c, const struct signal *signal,
		 const struct considered *considered, uint64_t count,
		 const struct case_subject *subject)
{
	struct finding *f = case_book_find_finding(c, signal);
	enum priority before = c->priority;
	enum case_change change = f ? CASE_GREW : CASE_FOUND;
	struct finding now = { .signal = *signal,
			       .considered = *considered,
			       .signal_count = count,
			       .priority = priority_of(signal, subject->standing),
			       .impact = impact_of(signal, subject->standing) };

	c->is_quiet = false;
	c->device = *subject->device;
	c->standing = (uint8_t)subject->standing;
	c->revision++;
	c->signal_count += count;
	c->first = signal->first < c->first ? signal->first : c->first;
	c->last = signal->last > c->last ? signal->last : c->last;
	if (f) {
		now.signal_count += f->signal_count;
		if (signal->last < f->signal.last) /* an old doubt, now believed */
			tell_later(&now, f);
		else if (f->signal.first < now.signal.first)
			now.signal.first = f->signal.first;
		keep_ends(&now.signal, &f->signal);
		memcpy(now.id, f->id, sizeof(now.id));
	} else {
		f = case_book_make_room(c, &now);
		case_book_name_finding(c, &now);
	}
	if (!f) { /* counted in the case, and less urgent than all that it shows */
		case_book_note_change(book, c, CASE_GREW);
		return;
	}
	*f = now;
	case_book_weigh(c);
	case_book_note_change(book, c,
			      change == CASE_GREW && c->priority < before ? CASE_RAISED : change);
	case_book_budget(book, c, before, signal->last);
}

bool case_book_fold(struct case_book *book, const struct signal *signal,
		    const struct considered *considered, uint64_t count,
		    const struct case_subject *subject)
{
	struct case_record *c = case_for(book, signal, subject->device);

	if (c)
		fold(book, c, signal, considered, count, subject);
	return c != NULL;
}

/* Its findings go, but for one, which tells what it was: see case_tidy(). */
static struct withdrawn withdraw_case(struct case_book *book, struct case_record *c, uint64_t own)
{
	const struct withdrawn moved = { .own = own, .rest = c->signal_count };

	c->findings[0] = *case_lead(c);
	c->finding_count = 0;
	c->signal_count = 0;
	case_book_note_change(book, c, CASE_WITHDRAWN);
	return moved;
}

struct withdrawn case_book_withdraw(struct case_book *book, const struct signal *signal)
{
	struct case_record *c = latest_case(book, signal->device);
	struct finding *f = c ? case_book_find_finding(c, signal) : NULL;
	uint64_t own;

	if (!f)
		return (struct withdrawn){ 0 };
	own = c->finding_count == 1 ? c->signal_count : f->signal_count;
	c->revision++;
	c->signal_count -= own;
	*f = c->findings[--c->finding_count];
	if (c->finding_count > 0)
		case_book_weigh(c);
	if (c->finding_count > 0 && c->confidence < book->config->confidence)
		return withdraw_case(book, c, own);
	case_book_note_change(book, c, c->finding_count > 0 ? CASE_GREW : CASE_WITHDRAWN);
	return (struct withdrawn){ .own = own };
}

void case_book_end_flow(struct case_book *book, uint32_t device, const struct fact *ended)
{
	struct case_record *c = book->last_number > 0 ? latest_case(book, device) : NULL;
	bool has_learned = false;

	for (uint32_t i = 0; c && i < c->finding_count; i++) {
		struct signal *s = &c->findings[i].signal;

		has_learned |= signal_end_flow(s->flows, s->flow_count, ended);
	}
	if (has_learned)
		case_book_note_change(book, c, CASE_GREW);
}

const struct case_record *case_book_changed(struct case_book *book, enum case_change *how)
{
	struct booked_case *place;

	if (book->changed_count == 0)
		return NULL;
	place = lru_map_find(book->places, &book->changed[--book->changed_count]);
	*how = (enum case_change)place->change;
	place->change = CASE_UNCHANGED;
	return &place->record;
}

struct case_record *case_book_next(struct case_book *book, struct case_record *previous)
{
	return lru_map_skim(book->places, previous, NULL);
}

uint32_t case_book_count(struct case_book *book)
{
	struct case_record *c = NULL;
	uint32_t told = 0;

	while ((c = case_book_next(book, c)))
		told += c->finding_count > 0;
	return told;
}

static int compare_order(const void *left, const void *right)
{
	const struct case_record *const *a = left;
	const struct case_record *const *b = right;

	return case_compare(*a, *b);
}

const struct case_record *const *case_book_list(struct case_book *book, size_t *count)
{
	struct case_record *c = NULL;
	size_t told = 0;

	while ((c = case_book_next(book, c))) {
		if (c->finding_count > 0) /* not withdrawn */
			book->order[told++] = c;
	}
	qsort((void *)book->order, told, sizeof(const struct case_record *), compare_order);
	*count = told;
	return book->order;
}
