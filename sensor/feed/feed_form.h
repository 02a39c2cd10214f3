/* Which of the formats a feed's file has, by how it begins. */
#pragma once

#include "sensor/feed/feed_row.h"

#include <stddef.h>

/* Reads the file by the reader of its format; `stem` is the family of lists that tell none. */
MUST_USE enum err feed_read(FILE *from, const char *stem, const struct feed_sink *sink);

/* A file's name without its folder and ending: "…/trails/emotet.txt" is "emotet". */
void feed_stem(const char *path, char *out, size_t size);
