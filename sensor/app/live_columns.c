#include "sensor/app/live_columns.h"

#include "sensor/base/text.h"

#include <inttypes.h>
#include <string.h>

enum {
	NARROW = 80,
	NAME_LEAST = 20, /* a column for names is worth its room from this width on */
	CELL_LEN = FACT_HOST_LEN,
};

struct column {
	const char *title;
	uint8_t least;
	uint8_t most;
	bool is_number; /* set to the right */
};

/* The least widths of all but the name make 80 with a blank between them. */
static const struct column shapes[LIVE_COLUMNS] = {
	[LIVE_CLIENT] = { "CLIENT", 15, 39, false },
	[LIVE_SERVER] = { "SERVER", 15, 39, false },
	[LIVE_PORT] = { "PORT", 9, 9, false },
	[LIVE_NAME] = { "NAME", 0, 40, false },
	[LIVE_PROTOCOL] = { "PROTOCOL", 8, 20, false },
	[LIVE_UP] = { "UP", 4, 4, true },
	[LIVE_DOWN] = { "DOWN", 4, 4, true },
	[LIVE_RATE] = { "RATE", 4, 4, true },
	[LIVE_AGE] = { "AGE", 4, 4, true },
	[LIVE_IDLE] = { "IDLE", 4, 4, true },
	[LIVE_STATE] = { "STAT", 4, 4, false },
};

/* Who gets what is left: IPv6 addresses last, because most offices have few. */
static const enum live_column growth[] = { LIVE_NAME, LIVE_PROTOCOL, LIVE_SERVER, LIVE_CLIENT };

struct live_columns live_columns_for(size_t width)
{
	struct live_columns columns = { .line = width < LIVE_LINE_MAX ? width : LIVE_LINE_MAX };
	size_t room = width > NARROW ? width - NARROW : 0;
	bool has_name = room > NAME_LEAST;

	room -= has_name; /* the blank behind it */
	for (size_t i = 0; i < LIVE_COLUMNS; i++)
		columns.width[i] = shapes[i].least;
	for (size_t i = 0; i < sizeof(growth) / sizeof(growth[0]); i++) {
		enum live_column which = growth[i];
		size_t more = shapes[which].most - columns.width[which];

		if (which == LIVE_NAME && !has_name)
			continue;
		if (more > room)
			more = room;
		columns.width[which] += more;
		room -= more;
	}
	return columns;
}

struct line {
	const struct live_columns *columns;
	struct text text;
	char chars[LIVE_LINE_MAX + 1];
};

static void begin(struct line *line, const struct live_columns *columns)
{
	line->columns = columns;
	line->text = text_over(line->chars, columns->line + 1);
}

/* Cells come in the order of their columns. */
static void put_cell(struct line *line, enum live_column which, const char *cell)
{
	int width = (int)line->columns->width[which];

	if (width == 0)
		return;
	if (which > 0)
		text_add_char(&line->text, ' ');
	if (which == LIVE_COLUMNS - 1)
		text_add(&line->text, cell); /* no blanks at the end of a line */
	else if (shapes[which].is_number)
		text_format(&line->text, "%*s", width, cell);
	else
		text_format(&line->text, "%-*.*s", width, width, cell);
}

void live_columns_print_titles(const struct live_columns *columns, FILE *out)
{
	struct line line;

	begin(&line, columns);
	for (enum live_column i = 0; i < LIVE_COLUMNS; i++)
		put_cell(&line, i, shapes[i].title);
	(void)fputs(line.chars, out);
}

void live_columns_print_totals(const struct live_flows *live, enum live_order order, size_t width,
			       FILE *out)
{
	static const char *const orders[] = {
		[LIVE_BY_BYTES] = "bytes",
		[LIVE_BY_RATE] = "rate",
		[LIVE_BY_AGE] = "age",
	};
	const struct live_totals totals = live_flows_totals(live);
	char chars[LIVE_LINE_MAX + 1];
	char clock[NANOTIME_TEXT_LEN];
	struct text text = text_over(chars, width < sizeof(chars) ? width + 1 : sizeof(chars));

	nanotime_text(totals.clock, clock);
	text_format(&text, "%" PRIu32 " flows live, ", totals.flows);
	if (totals.matched < totals.flows)
		text_format(&text, "%" PRIu32 " match, ", totals.matched);
	if (totals.busy > 0)
		text_format(&text, "%" PRIu32 " busy, ", totals.busy);
	text_format(&text, "by %s, %.19sZ", orders[order], clock);
	(void)fputs(chars, out);
}

/* Both ends of an address say something: a long one loses its middle. */
static void put_address(struct line *line, enum live_column which, const struct address *address)
{
	char whole[ADDRESS_TEXT_LEN];
	char cell[CELL_LEN];
	struct text text = text_over(cell, sizeof(cell));
	size_t width = line->columns->width[which];

	address_text(address, whole);

	size_t len = strlen(whole);

	if (len <= width) {
		put_cell(line, which, whole);
		return;
	}
	text_format(&text, "%.*s~%s", (int)(width / 2), whole,
		    whole + len - (width - width / 2 - 1));
	put_cell(line, which, cell);
}

/* The right labels of a name say whose it is: a long one loses those on the left. */
static void put_name(struct line *line, enum live_column which, const char *name)
{
	char cell[CELL_LEN];
	size_t width = line->columns->width[which];

	text_host_copy(name, cell, width < sizeof(cell) ? width + 1 : sizeof(cell));
	put_cell(line, which, cell);
}

static void put_port(struct line *line, const struct flow_record *f)
{
	char cell[CELL_LEN];
	struct text text = text_over(cell, sizeof(cell));
	const char *protocol = ip_protocol_text(f->key.protocol);

	if (f->key.protocol == IP_TCP || f->key.protocol == IP_UDP)
		text_format(&text, "%u/%s", flow_server_port(f), protocol);
	else if (f->key.protocol == IP_ICMP || f->key.protocol == IP_ICMPV6)
		text_add(&text, protocol);
	else
		text_format(&text, "%s/%u", protocol, f->key.protocol);
	put_cell(line, LIVE_PORT, cell);
}

/* Four characters at most, cut and not rounded, so that 999,999 stays below a million. */
static void put_size(struct line *line, enum live_column which, uint64_t size)
{
	static const char units[] = " KMGTPE";
	char cell[CELL_LEN];
	struct text text = text_over(cell, sizeof(cell));
	uint64_t unit = 1;
	size_t power = 0;

	while (size / unit >= 1000) {
		unit *= 1000;
		power++;
	}
	if (power == 0)
		text_format(&text, "%" PRIu64, size);
	else if (size / unit < 10)
		text_format(&text, "%" PRIu64 ".%" PRIu64 "%c", size / unit,
			    size % unit / (unit / 10), units[power]);
	else
		text_format(&text, "%" PRIu64 "%c", size / unit, units[power]);
	put_cell(line, which, cell);
}

static void put_duration(struct line *line, enum live_column which, nanotime duration)
{
	static const struct {
		nanotime until;
		nanotime unit;
		char name;
	} forms[] = {
		{ 2 * NANOTIME_MINUTE, NANOTIME_SECOND, 's' },
		{ 2 * NANOTIME_HOUR, NANOTIME_MINUTE, 'm' },
		{ 2 * NANOTIME_DAY, NANOTIME_HOUR, 'h' },
		{ 1000 * NANOTIME_DAY, NANOTIME_DAY, 'd' },
	};

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		char cell[CELL_LEN];
		struct text text = text_over(cell, sizeof(cell));

		if (duration >= forms[i].until)
			continue;
		text_format(&text, "%" PRIu64 "%c", duration / forms[i].unit, forms[i].name);
		put_cell(line, which, cell);
		return;
	}
	put_cell(line, which, "old");
}

static const char *state_of(const struct flow_record *f)
{
	if (f->flags & FLOW_CLOSED)
		return "shut";
	if (f->class == FLOW_ESTABLISHED)
		return "open";
	return f->class == FLOW_UNANSWERED ? "1way" : "new";
}

/* A table may say anything; no line is faster. */
#define RATE_MOST UINT64_C(1000000000000000000)

static void put_traffic(struct line *line, const struct live_totals *totals,
			const struct live_flow *flow)
{
	const struct flow_record *f = &flow->record;
	unsigned client = f->client_side == FLOW_SIDE_LOW ? FLOW_SIDE_LOW : FLOW_SIDE_HIGH;
	double rate = live_rate(totals, flow, flow->bytes);

	put_size(line, LIVE_UP, f->bytes[client]);
	put_size(line, LIVE_DOWN, f->bytes[client ^ 1U]);
	put_size(line, LIVE_RATE, rate < RATE_MOST ? (uint64_t)rate : RATE_MOST);
	put_duration(line, LIVE_AGE, nanotime_between(f->first, totals->clock));
	put_duration(line, LIVE_IDLE, nanotime_between(f->last, totals->clock));
}

void live_columns_print(const struct live_columns *columns, const struct live_flows *live,
			const struct live_flow *flow, FILE *out)
{
	const struct live_totals totals = live_flows_totals(live);
	const struct flow_record *f = &flow->record;
	const struct lane_slot_view names = live_flows_names(live, flow);
	struct line line;

	begin(&line, columns);
	put_address(&line, LIVE_CLIENT, flow_client(f));
	if (columns->width[LIVE_NAME] == 0 && names.host[0] != '\0')
		put_name(&line, LIVE_SERVER, names.host);
	else
		put_address(&line, LIVE_SERVER, flow_server(f));
	put_port(&line, f);
	if (columns->width[LIVE_NAME] > 0)
		put_name(&line, LIVE_NAME, names.host);
	put_cell(&line, LIVE_PROTOCOL, names.protocol);
	put_traffic(&line, &totals, flow);
	put_cell(&line, LIVE_STATE, state_of(f));
	(void)fputs(line.chars, out);
}
