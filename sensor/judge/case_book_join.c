#include "sensor/judge/case_book_inside.h"

#include <string.h>

/* All that `from` tells goes into `into`, as far as there is room; what is less urgent is counted.
 */
static void take_findings(struct case_record *into, const struct case_record *from)
{
	for (uint32_t i = 0; i < from->finding_count; i++) {
		struct finding *own = case_book_find_finding(into, &from->findings[i].signal);
		struct finding *f = own ? own : case_book_make_room(into, &from->findings[i]);
		uint64_t before = own ? own->signal_count : 0;

		if (!f)
			continue;
		if (!own || own->signal.last < from->findings[i].signal.last)
			*f = from->findings[i];
		f->signal_count = before + from->findings[i].signal_count;
		f->signal.device = into->device.number;
	}
	into->signal_count += from->signal_count;
	into->first = from->first < into->first ? from->first : into->first;
	into->last = from->last > into->last ? from->last : into->last;
}

/* Withdrawn, as one is whose findings are gone: it is told of in the other from now on. */
static void fold_case(struct case_book *book, struct case_record *into, struct case_record *from)
{
	take_findings(into, from);
	case_book_weigh(into);
	from->findings[0] = *case_lead(from);
	from->finding_count = 0;
	from->signal_count = 0;
	from->revision++;
	case_book_note_change(book, from, CASE_WITHDRAWN);
}

static bool is_open_beside(const struct case_book *book, const struct case_record *a,
			   const struct case_record *b)
{
	nanotime earlier = a->last < b->last ? a->last : b->last;
	nanotime later = a->last < b->last ? b->last : a->last;

	return a->finding_count > 0 && b->finding_count > 0 &&
	       nanotime_between(earlier, later) <= book->quiet;
}

static struct case_record *latest_of(struct case_book *book, uint32_t device)
{
	const uint32_t *number = lru_map_find(book->case_of, &device);
	struct booked_case *place = number ? lru_map_find(book->places, number) : NULL;

	return place ? &place->record : NULL;
}

static void make_latest(struct case_book *book, uint32_t device, const struct case_record *c)
{
	const struct booked_case *place = (const struct booked_case *)(const void *)c;
	bool is_new;

	*(uint32_t *)lru_map_touch(book->case_of, &device, &is_new) = place->number;
}

/* Those of before are the device's, too. */
static void rename_cases(struct case_book *book, uint32_t from, const struct device *device)
{
	struct case_record *c = NULL;
	uint32_t moved = 0;

	while ((c = case_book_next(book, c))) {
		if (c->device.number == from)
			book->several[moved++] = c;
	}
	for (uint32_t i = 0; i < moved; i++) {
		c = book->several[i];
		c->device = *device;
		c->revision++;
		for (uint32_t k = 0; k < c->finding_count; k++)
			c->findings[k].signal.device = device->number;
		case_book_note_change(book, c, CASE_GREW);
	}
}

void case_book_join(struct case_book *book, uint32_t from, const struct device *device)
{
	struct case_record *of_from = latest_of(book, from);
	struct case_record *of_into = latest_of(book, device->number);

	if (!of_from)
		return;
	rename_cases(book, from, device);
	lru_map_remove(book->case_of, &from);
	if (!of_into) {
		make_latest(book, device->number, of_from);
		return;
	}
	if (!is_open_beside(book, of_into, of_from)) {
		make_latest(book, device->number,
			    of_from->last > of_into->last ? of_from : of_into);
		return;
	}

	bool is_later = of_from->opened >= of_into->opened;
	struct case_record *stays = is_later ? of_into : of_from;

	stays->device = *device;
	stays->revision++;
	fold_case(book, stays, is_later ? of_from : of_into);
	make_latest(book, device->number, stays);
	case_book_note_change(book, stays, CASE_FOUND);
}

void case_book_quieten(struct case_book *book, nanotime now)
{
	struct case_record *c = NULL;
	uint32_t changed = 0;

	while ((c = case_book_next(book, c))) {
		if (!c->is_quiet && c->finding_count > 0 &&
		    nanotime_between(c->last, now) >= book->config->case_settled)
			book->several[changed++] = c;
	}
	for (uint32_t i = 0; i < changed; i++) {
		c = book->several[i];
		c->is_quiet = true;
		c->revision++;
		case_book_note_change(book, c, CASE_GREW);
	}
}

void case_book_relabel(struct case_book *book, struct devices *devices)
{
	struct case_record *c = NULL;
	uint32_t changed = 0;

	while ((c = case_book_next(book, c))) {
		const struct device *device = devices_get(devices, c->device.number);

		if (device && memcmp(&device->given, &c->device.given, sizeof(device->given)) != 0)
			book->several[changed++] = c;
	}
	for (uint32_t i = 0; i < changed; i++) {
		c = book->several[i];
		c->device.given = devices_get(devices, c->device.number)->given;
		c->revision++;
		if (c->finding_count > 0)
			case_book_note_change(book, c, CASE_GREW);
	}
}
