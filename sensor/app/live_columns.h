/*
 * Live flows as lines of columns for people: 80 wide, wider where there is room. All of it is
 * printable ASCII, whatever the names in the network are.
 */
#pragma once

#include "sensor/app/live_flows.h"

#include <stdio.h>

enum live_column {
	LIVE_CLIENT,
	LIVE_SERVER,
	LIVE_PORT,
	LIVE_NAME, /* 0 wide where there is no room: the server's name then stands as the server */
	LIVE_PROTOCOL,
	LIVE_UP,
	LIVE_DOWN,
	LIVE_RATE,
	LIVE_AGE,
	LIVE_IDLE,
	LIVE_STATE,
	LIVE_COLUMNS,
};

enum { LIVE_LINE_MAX = 256 }; /* no line is wider, however wide the screen */

/* How wide each column is. */
struct live_columns {
	size_t line;
	size_t width[LIVE_COLUMNS];
};

/* For lines of `width` characters; a narrower one than 80 loses its right end. */
struct live_columns live_columns_for(size_t width);

/* What the lines are a part of: "1234 flows live, 12 match; by rate; …" in `width` characters. */
void live_columns_print_totals(const struct live_flows *live, enum live_order order, size_t width,
			       FILE *out);

/* Without the end of the line, as are the totals, so that the caller can say what stands around it.
 */
void live_columns_print_titles(const struct live_columns *columns, FILE *out);
void live_columns_print(const struct live_columns *columns, const struct live_flows *live,
			const struct live_flow *flow, FILE *out);
