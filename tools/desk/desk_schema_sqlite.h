/* The tables of desk.db. Times are nanoseconds since the epoch by the desk's clock. */
#pragma once

enum { DESK_SCHEMA_VERSION = 1 };

extern const char desk_schema[];
