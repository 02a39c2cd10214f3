/*
 * A record with named fields, as abuse.ch's tables and JSON of URLhaus, ThreatFox, Feodo Tracker
 * and SSLBL have them: the same names in both forms, so the same reading.
 */
#pragma once

#include "sensor/feed/feed_row.h"

/* The text of a field, or NULL. Borrowed until the next call. */
typedef const char *feed_field_fn(void *arg, const char *name);

/* Whether one of the fields of such records holds an item. */
bool feed_record_is_known(feed_field_fn *field, void *arg);

MUST_USE enum err feed_take_record(feed_field_fn *field, void *arg, unsigned line,
				   const struct feed_sink *sink);
