/* Writing HTML: what comes from outside goes through desk_html_text() alone. */
#pragma once

#include "sensor/base/language.h"

#include <stdio.h>

void desk_html_begin(FILE *out, const char *title, enum language language);
void desk_html_end(FILE *out);

/* With & < > " ' escaped; in text and in quoted attributes. */
void desk_html_text(FILE *out, const char *text);
/* For a value in a link's query: all but letters, digits, '.', '_', '-' as %XX. */
void desk_html_query(FILE *out, const char *value);
/* <TAG>text</TAG>; `tag` is a literal. */
void desk_html_element(FILE *out, const char *tag, const char *text);
