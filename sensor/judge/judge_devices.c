#include "sensor/judge/judge_inside.h"

void judge_take_joined(struct judge *judge)
{
	struct device_joined joined;

	if (!devices_joined(judge->devices, &joined))
		return;
	doubts_move(judge->doubts, joined.from, joined.into);
	case_book_join(judge->book, joined.from, devices_get(judge->devices, joined.into));
	parties_forget(&judge->parties);
}

void judge_use_labels(struct judge *judge, const struct device_labels *labels)
{
	devices_use_labels(judge->devices, labels);
	case_book_relabel(judge->book, judge->devices);
	if (judge->setup.case_changed)
		judge_tell_changes(judge);
}

struct judge_totals judge_totals(const struct judge *judge)
{
	struct judge_totals totals = judge->totals;

	totals.cases = case_book_count(judge->book);
	totals.devices_forgotten += devices_forgotten(judge->devices);
	totals.names_forgotten += resolved_names_forgotten(judge->names);
	totals.devices = devices_count(judge->devices);
	return totals;
}

uint64_t judge_told_of(const struct judge *judge, enum signal_kind kind)
{
	return judge->told_of[kind];
}

const struct case_record *const *judge_cases(struct judge *judge, size_t *count)
{
	return case_book_list(judge->book, count);
}
