/*
 * Reads JSON texts from outside: what a member says, or nothing where it is not of that kind. A
 * name may be a way down, "device.name". Plain; one thread for each.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct desk_body {
	void *root; /* NULL: nothing, of which every member is missing */
};

/* False when `text` is no JSON object (or one of its members stands twice). */
bool desk_body_open(struct desk_body *out, const char *text, size_t len);
void desk_body_close(struct desk_body *body);

/* Borrowed until the close; "" when it is missing, no text, or holds a NUL. */
const char *desk_body_text(const struct desk_body *body, const char *name);
/* 0 when it is missing or no number; what is no whole one is cut. */
int64_t desk_body_number(const struct desk_body *body, const char *name);
double desk_body_decimal(const struct desk_body *body, const char *name);
bool desk_body_is_true(const struct desk_body *body, const char *name);
bool desk_body_has(const struct desk_body *body, const char *name); /* null is nothing */

/* Of a list; what is taken out of it is borrowed and not closed. */
size_t desk_body_count(const struct desk_body *body, const char *name);
struct desk_body desk_body_item(const struct desk_body *body, const char *name, size_t i);
/* A list of texts. */
const char *desk_body_item_text(const struct desk_body *body, const char *name, size_t i);
