/*
 * Which cases people were told of by the web hook, and how urgent they were then: so that a case
 * is told once, and once more only when it has become more urgent, also after a restart. In the
 * file webhook.told of the courier's folder, a line for each: id and priority.
 *
 * The latest WEBHOOK_TOLD_MAX are known, some months of them; an older one would be told again.
 * One thread.
 */
#pragma once

#include "sensor/base/err.h"

enum { WEBHOOK_TOLD_MAX = 2048, WEBHOOK_TOLD_NEVER = 9 };

struct webhook_told;

/* ERR_IO: errno says why the file cannot be written. A damaged one is read as far as it goes. */
MUST_USE enum err webhook_told_open(struct webhook_told **out, const char *folder);
/* NULL is fine. */
void webhook_told_close(struct webhook_told *told);

/* The priority that was told last; WEBHOOK_TOLD_NEVER. */
unsigned webhook_told_priority(const struct webhook_told *told, const char *id);

/*
 * On the disk when it returns ERR_OK; known to this process in any case. `priority` is below
 * WEBHOOK_TOLD_NEVER, `id` a name of at most 63 characters without blanks.
 */
MUST_USE enum err webhook_told_put(struct webhook_told *told, const char *id, unsigned priority);
