/*
 * Orders that a line was pushed (MQTT), on their way to the thread that takes them. One list at a
 * time: a later one says more than the one before. Any thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct order_inbox;

enum { ORDER_INBOX_MAX = 8 << 20 }; /* bytes of a list; a longer one is left out */

/* NULL without memory. */
struct order_inbox *order_inbox_new(void);
/* NULL is fine. */
void order_inbox_free(struct order_inbox *inbox);

/* A copy is kept. */
void order_inbox_put(struct order_inbox *inbox, const void *text, size_t len);

/* The caller's to free(); NULL when there is none. */
char *order_inbox_take(struct order_inbox *inbox, size_t *len);

/* The last order that was taken: a line asks for those behind it. */
void order_inbox_note_done(struct order_inbox *inbox, uint64_t number);
uint64_t order_inbox_done(struct order_inbox *inbox);
