#include "sensor/courier/memory_text.h"

#include <stdlib.h>

bool memory_text_open(struct memory_text *text, struct json *j)
{
	*text = (struct memory_text){ 0 };
	text->out = open_memstream(&text->chars, &text->len);
	if (text->out)
		json_start(j, text->out);
	return text->out != NULL;
}

char *memory_text_close(struct memory_text *text, struct json *j, size_t *len)
{
	bool is_whole;

	json_line_end(j);
	json_flush(j);
	is_whole = !ferror(text->out);
	if (fclose(text->out) != 0 || !is_whole || text->len == 0) {
		free(text->chars);
		return NULL;
	}
	text->chars[text->len - 1] = '\0'; /* the line's end */
	*len = text->len - 1;
	return text->chars;
}
