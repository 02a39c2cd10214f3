/* What the readers of JSON share. */
#pragma once

#include "sensor/base/text.h"
#include "sensor/feed/feed_row.h"

#include <jansson.h>

/* A member's text, "" when there is none; borrowed from the object. */
const char *feed_json_text(const json_t *object, const char *name);
struct span feed_json_span(const json_t *object, const char *name);

/* feed_misp.c: what stands below "Event". */
MUST_USE enum err feed_take_misp_event(const json_t *object, const struct feed_sink *sink);
/* feed_stix.c: a whole bundle. */
MUST_USE enum err feed_take_stix(const json_t *root, const struct feed_sink *sink);
