/*
 * What a judge of a busy office would keep, changed as the input says, goes to a new judge, which
 * then sees the same again. The input: of each change which row, which byte of its value as it lies
 * in memory (the last is its key's), and what is put there; a row number beyond all drops one.
 */
#include "sensor/base/kept_bytes.h"
#include "sensor/case/case_json.h"
#include "sensor/case/case_text.h"
#include "sensor/judge/judge.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/busy_office.h"
#include "tests/support/facts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	ROWS_MAX = 2048,
	NAME_LEN = 32,
	CASE_HEAD = 64, /* of a record, before its value */
	CHANGES_MAX = 64,
	CHANGE_LEN = 5,
	LATER = 3600,
};

struct row {
	char table[NAME_LEN]; /* "": a case */
	uint32_t layout;
	uint64_t used;
	uint8_t key[CASE_HEAD];
	size_t key_len;
	size_t len;
	bool is_dropped;
	_Alignas(16) uint8_t value[KEPT_VALUE_MAX]; /* unpacked */
};

static struct row rows[ROWS_MAX];
static size_t row_count;
static struct config config;
static struct intel_sets *indicators;

static struct row *add_row(const char *table, uint32_t layout, struct span packed)
{
	struct row *row = &rows[row_count++];

	if (row_count == ROWS_MAX)
		abort();
	(void)snprintf(row->table, sizeof(row->table), "%s", table);
	row->layout = layout;
	row->len = layout & UINT16_MAX;
	if (!kept_unpack(packed, row->value, row->len))
		abort();
	return row;
}

static bool take_row(void *arg, const struct kept_row *kept)
{
	struct row *row = add_row(kept->table, kept->layout, kept->value);

	(void)arg;
	row->used = kept->used;
	memcpy(row->key, kept->key.data, kept->key.len);
	row->key_len = kept->key.len;
	return true;
}

static bool take_case(void *arg, const struct case_record *c, struct span record)
{
	struct span packed = { .data = record.data + CASE_HEAD, .len = record.len - CASE_HEAD };
	struct row *row;
	uint32_t layout;

	(void)arg;
	(void)c;
	memcpy(&layout, record.data + sizeof(uint64_t), sizeof(layout));
	row = add_row("", layout, packed);
	memcpy(row->key, record.data, CASE_HEAD);
	row->key_len = CASE_HEAD;
	return true;
}

static FILE *nowhere;

static void print_case(void *arg, const struct case_record *c, enum case_change how)
{
	static const struct case_view view;

	(void)arg;
	(void)how;
	if (!nowhere)
		nowhere = fopen("/dev/null", "w");
	if (!nowhere)
		return;
	case_json(c, &view, nowhere);
	case_text(c, &view, LANGUAGE_EN, LANGUAGES, nowhere);
}

static void print_cases(struct judge *judge)
{
	size_t count;
	const struct case_record *const *cases = judge_cases(judge, &count);

	for (size_t i = 0; i < count; i++)
		print_case(NULL, cases[i], CASE_UNCHANGED);
}

static struct judge *start(void)
{
	const struct judge_setup setup = { .config = &config,
					   .indicators = indicators,
					   .identity = "",
					   .case_changed = print_case };
	struct judge *judge;

	if (judge_new(&judge, &setup) != ERR_OK)
		abort();
	return judge;
}

static void make_rows(void)
{
	uint64_t flow_id = 0;
	struct judge *judge;

	config_defaults(&config);
	indicators = test_indicators(OFFICE_INDICATORS);
	judge = start();
	busy_office(0, &flow_id, judge_take, judge);
	judge_keep_begin(judge, true);
	(void)judge_keep_some(judge, ROWS_MAX, take_row, NULL);
	(void)judge_keep_cases(judge, take_case, NULL);
	judge_free(judge);
}

static void restore(struct judge *judge, const struct row *row)
{
	static uint8_t bytes[CASE_HEAD + KEPT_PACKED_MOST(KEPT_VALUE_MAX)];
	uint8_t *packed = bytes + CASE_HEAD;
	struct span value = { .data = packed, .len = kept_pack(row->value, row->len, packed) };

	if (row->is_dropped)
		return;
	if (row->table[0] == '\0') {
		memcpy(bytes, row->key, CASE_HEAD);
		(void)judge_restore_case(judge, (struct span){ bytes, CASE_HEAD + value.len });
		return;
	}
	(void)judge_restore(judge, &(struct kept_row){ .table = row->table,
						       .layout = row->layout,
						       .used = row->used,
						       .key = { row->key, row->key_len },
						       .value = value });
}

static void check_account(const struct judge *judge)
{
	struct judge_totals totals = judge_totals(judge);
	uint64_t sum = totals.in_cases;

	for (size_t i = 0; i < GATE_ANSWERS; i++)
		sum += totals.held[i];
	if (sum != totals.signals)
		abort();
}

static void try_rows(void)
{
	struct judge *judge = start();
	uint64_t flow_id = 0;

	for (size_t i = 0; i < row_count; i++)
		restore(judge, &rows[i]);
	(void)judge_restored(judge);
	check_account(judge);
	print_cases(judge);
	busy_office(LATER, &flow_id, judge_take, judge);
	judge_finish(judge);
	check_account(judge);
	print_cases(judge);
	judge_free(judge);
}

struct change {
	struct row *row;
	uint8_t *at;
	uint8_t before;
	bool was_dropped;
};

static struct change make_change(struct cursor *in)
{
	size_t number = cursor_be16(in);
	size_t at = cursor_be16(in);
	struct row *row = &rows[number % row_count];
	struct change change = { .row = row, .was_dropped = row->is_dropped };

	change.at = at < row->len ? &row->value[at] : &row->key[at % row->key_len];
	change.before = *change.at;
	*change.at = cursor_u8(in);
	row->is_dropped |= number >= row_count && number % 2 == 0;
	return change;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct cursor in = cursor_over(data, len);
	struct change changes[CHANGES_MAX];
	size_t count = 0;

	if (row_count == 0)
		make_rows();
	while (cursor_left(&in) >= CHANGE_LEN && count < CHANGES_MAX)
		changes[count++] = make_change(&in);
	try_rows();
	while (count-- > 0) {
		*changes[count].at = changes[count].before;
		changes[count].row->is_dropped = changes[count].was_dropped;
	}
	return 0;
}
