#include "sensor/app/json_row.h"

#include <stdlib.h>

bool json_row_open(struct json_row *row)
{
	*row = (struct json_row){ 0 };
	row->out = open_memstream(&row->chars, &row->len);
	return row->out != NULL;
}

struct span json_row_close(struct json_row *row)
{
	size_t len;

	if (fclose(row->out) != 0)
		return (struct span){ 0 };
	len = row->len > 0 && row->chars[row->len - 1] == '\n' ? row->len - 1 : row->len;
	return cursor_over((const uint8_t *)row->chars, len).rest;
}

void json_row_free(struct json_row *row)
{
	free(row->chars);
}
