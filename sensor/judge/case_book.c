#include "sensor/judge/case_book.h"

#include "sensor/base/lru_map.h"
#include "sensor/judge/priority.h"

#include <stdlib.h>
#include <string.h>

struct case_book {
	const char *identity;
	nanotime quiet;
	uint32_t capacity;
	uint32_t count;
	struct lru_map *case_of;          /* device number → index of its latest case */
	const struct case_record **order; /* for case_book_list() */
	struct case_record cases[];
};

enum err case_book_new(struct case_book **out, const struct judge_config *config,
		       const char *identity)
{
	uint32_t capacity = (uint32_t)config->cases;
	struct case_book *book = calloc(1, sizeof(*book) + capacity * sizeof(book->cases[0]));

	if (!book)
		return ERR_MEMORY;
	book->identity = identity;
	book->quiet = config->case_quiet;
	book->capacity = capacity;
	book->order = calloc(capacity, sizeof(const struct case_record *));
	if (!book->order ||
	    lru_map_new(&book->case_of, capacity, sizeof(uint32_t), sizeof(uint32_t)) != ERR_OK) {
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
	lru_map_free(book->case_of);
	free((void *)book->order);
	free(book);
}

static struct case_record *latest_case(struct case_book *book, uint32_t device)
{
	const uint32_t *latest = lru_map_find(book->case_of, &device);

	return latest ? &book->cases[*latest] : NULL;
}

static struct case_record *open_case(struct case_book *book, const struct signal *signal,
				     const struct device *device)
{
	bool is_new;

	if (book->count == book->capacity)
		return NULL;

	struct case_record *c = &book->cases[book->count];
	uint32_t *latest = lru_map_touch(book->case_of, &signal->device, &is_new);

	*latest = book->count++;
	c->opened = signal->last;
	c->first = signal->first;
	/* By the day it opened: what began long ago may open a second case, with an id of its own.
	 */
	case_id(c->id, book->identity, detector_of((enum signal_kind)signal->kind)->rule, device,
		signal->object.text, c->opened);
	return c;
}

/* The device's open case, one opened for it, or NULL when there is no more room. */
static struct case_record *case_for(struct case_book *book, const struct signal *signal,
				    const struct device *device)
{
	struct case_record *c = latest_case(book, signal->device);

	if (c && nanotime_between(c->last, signal->last) <= book->quiet)
		return c;
	return open_case(book, signal, device);
}

static struct finding *find_finding(struct case_record *c, const struct signal *signal)
{
	for (uint32_t i = 0; i < c->finding_count; i++) {
		const struct signal *known = &c->findings[i].signal;

		if (known->kind == signal->kind && known->object.port == signal->object.port &&
		    known->object.protocol == signal->object.protocol &&
		    strcmp(known->object.text, signal->object.text) == 0)
			return &c->findings[i];
	}
	return NULL;
}

/* Room for a finding: a free one, or that of the least urgent if `candidate` is more so. */
static struct finding *make_room(struct case_record *c, const struct finding *candidate)
{
	struct finding *least = &c->findings[0];

	if (c->finding_count < CASE_FINDINGS_MAX)
		return &c->findings[c->finding_count++];
	for (uint32_t i = 1; i < c->finding_count; i++) {
		if (finding_leads(least, &c->findings[i]))
			least = &c->findings[i];
	}
	return finding_leads(candidate, least) ? least : NULL;
}

static void name_finding(struct case_record *c, struct finding *f)
{
	const struct signal_object *o = &f->signal.object;
	char chars[FACT_NAME_LEN + 32];
	struct text object = text_over(chars, sizeof(chars));

	text_format(&object, "%s %u/%u", o->text, o->port, o->protocol);
	case_id(f->id, c->id, signal_kind_text((enum signal_kind)f->signal.kind), &c->device, chars,
		f->signal.first);
}

/* Findings of different rules support each other: the doubt that is left is the product. */
static void weigh_case(struct case_record *c)
{
	const struct finding *lead = case_lead(c);
	double doubt = 1;

	for (uint32_t i = 0; i < c->finding_count; i++) {
		const struct finding *f = &c->findings[i];
		bool repeats = false;

		for (uint32_t k = 0; k < i; k++)
			repeats |= c->findings[k].signal.kind == f->signal.kind;
		if (!repeats)
			doubt *= 1 - f->signal.confidence;
	}
	c->priority = lead->priority;
	c->impact = lead->impact;
	c->confidence = 1 - doubt;
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

static void fold(struct case_record *c, const struct signal *signal, const struct device *device)
{
	struct finding *f = find_finding(c, signal);
	struct finding now = { .signal = *signal,
			       .signal_count = 1,
			       .priority = priority_of(signal),
			       .impact = impact_of(signal) };

	c->device = *device;
	c->revision++;
	c->signal_count++;
	c->first = signal->first < c->first ? signal->first : c->first;
	c->last = signal->last > c->last ? signal->last : c->last;
	if (f) {
		now.signal_count += f->signal_count;
		if (f->signal.first < now.signal.first)
			now.signal.first = f->signal.first;
		keep_ends(&now.signal, &f->signal);
		memcpy(now.id, f->id, sizeof(now.id));
	} else {
		f = make_room(c, &now);
		name_finding(c, &now);
	}
	if (!f)
		return; /* counted in the case, and less urgent than all that it shows */
	*f = now;
	weigh_case(c);
}

bool case_book_fold(struct case_book *book, const struct signal *signal,
		    const struct device *device)
{
	struct case_record *c = case_for(book, signal, device);

	if (c)
		fold(c, signal, device);
	return c != NULL;
}

uint64_t case_book_withdraw(struct case_book *book, const struct signal *signal)
{
	struct case_record *c = latest_case(book, signal->device);
	struct finding *f = c ? find_finding(c, signal) : NULL;

	if (!f)
		return 0;

	uint64_t moved = c->finding_count == 1 ? c->signal_count : f->signal_count;

	c->signal_count -= moved;
	*f = c->findings[--c->finding_count];
	if (c->finding_count > 0)
		weigh_case(c);
	return moved;
}

void case_book_end_flow(struct case_book *book, uint32_t device, const struct fact *ended)
{
	struct case_record *c = book->count > 0 ? latest_case(book, device) : NULL;

	for (uint32_t i = 0; c && i < c->finding_count; i++) {
		struct signal *s = &c->findings[i].signal;

		(void)signal_end_flow(s->flows, s->flow_count, ended);
	}
}

uint32_t case_book_count(const struct case_book *book)
{
	uint32_t told = 0;

	for (uint32_t i = 0; i < book->count; i++)
		told += book->cases[i].finding_count > 0;
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
	size_t told = 0;

	for (uint32_t i = 0; i < book->count; i++) {
		if (book->cases[i].finding_count > 0) /* not withdrawn */
			book->order[told++] = &book->cases[i];
	}
	qsort((void *)book->order, told, sizeof(const struct case_record *), compare_order);
	*count = told;
	return book->order;
}
