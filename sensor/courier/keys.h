/* The sensor's pair of keys is changed: the desk learns the new one by the old one's word. */
#pragma once

#include "sensor/courier/https_client.h"
#include "sensor/courier/outbox.h"

/*
 * Offers the next pair to the desk, and signs with it once the desk has it. `problem` is one line
 * that says what to do: ERR_IO the line or the disk, the same pair is offered again by the next
 * call; ERR_MISSING the desk refuses it.
 */
MUST_USE enum err keys_rotate(struct outbox *outbox, struct https_client *client,
			      char problem[static OUTPUT_SAID_LEN]);

/* Whether the text is the desk's word that it holds the new key. */
bool keys_are_taken(const char *text, size_t len);
