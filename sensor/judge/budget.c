/*
 * The alert budget: of P2 and P3, so many cases a day and a week (judge.budget_*) are told one by
 * one, by packet time; what exceeds that goes to the digest, ranked. A more urgent case takes the
 * place of the least of those that were told, so that late in the day P2 is not behind P3. What
 * must be told goes past it, and takes nothing from it.
 */
#include "sensor/judge/case_book_inside.h"

#include "sensor/judge/priority.h"

static const nanotime week = 7 * NANOTIME_DAY;

static bool is_exempt(const struct case_record *c)
{
	for (uint32_t i = 0; i < c->finding_count; i++) {
		if (must_be_told(&c->findings[i].signal))
			return true;
	}
	return c->priority == PRIORITY_1;
}

/* What is left of the budget at one time, and which told case would give way. */
struct spending {
	uint64_t day;
	uint64_t week;
	struct case_record *least_of_day;
	struct case_record *least_of_week;
};

static struct case_record *lesser(struct case_record *a, struct case_record *b)
{
	return !a || case_compare(a, b) < 0 ? b : a;
}

static struct spending spent(struct case_book *book, const struct case_record *but, nanotime now)
{
	struct spending s = { 0 };
	struct case_record *c = NULL;

	while ((c = case_book_next(book, c))) {
		nanotime age = nanotime_between(c->opened, now);

		if (c == but || c->finding_count == 0 || c->is_digest || is_exempt(c) ||
		    age >= week || nanotime_went_back(c->opened, now))
			continue;
		s.week++;
		s.least_of_week = lesser(s.least_of_week, c);
		if (age >= NANOTIME_DAY)
			continue;
		s.day++;
		s.least_of_day = lesser(s.least_of_day, c);
	}
	return s;
}

static void set_digest(struct case_book *book, struct case_record *c, bool is_digest)
{
	if (c->is_digest == is_digest)
		return;
	c->is_digest = is_digest;
	c->revision++;
	case_book_note_change(book, c, CASE_GREW);
}

static bool gets_told(struct case_book *book, struct case_record *c, nanotime now)
{
	struct spending s = spent(book, c, now);
	bool is_day_full = s.day >= book->config->budget_day;
	struct case_record *least = is_day_full ? s.least_of_day : s.least_of_week;

	if (!is_day_full && s.week < book->config->budget_week)
		return true;
	if (!least || least->priority <= c->priority)
		return false;
	set_digest(book, least, true);
	return true;
}

void case_book_budget(struct case_book *book, struct case_record *c, enum priority before,
		      nanotime now)
{
	bool is_opened = before == 0;
	bool is_raised = c->is_digest && c->priority < before;

	if (is_exempt(c))
		c->is_digest = false;
	else if (is_opened || is_raised)
		c->is_digest = !gets_told(book, c, now);
}
