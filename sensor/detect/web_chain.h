/*
 * What a server of the office does right after somebody came to it: it asks a directory and fetches
 * what that hands out, or fetches a program by itself. Part of web_attack. One thread.
 */
#pragma once

#include "sensor/base/lru_map.h"
#include "sensor/detect/detector.h"

struct web_chain {
	struct lru_map *told;   /* of the detector, borrowed; see attack_find.h */
	struct lru_map *served; /* address → what was done to it lately */
};

MUST_USE enum err web_chain_start(struct web_chain *self, struct lru_map *told, uint32_t devices);
void web_chain_stop(struct web_chain *self);

/* From outside, something came that is answered; and text of an attack. */
void web_chain_contacted(struct web_chain *self, const struct observation *seen);
void web_chain_attacked(struct web_chain *self, const struct observation *seen);

/* A device asks a directory; is handed something; asks for something. */
void web_chain_directory(struct web_chain *self, const struct observation *seen);
void web_chain_handed_out(struct web_chain *self, const struct observation *seen,
			  struct signal_sink *sink);
void web_chain_fetches(struct web_chain *self, const struct observation *seen,
		       struct signal_sink *sink);

/* For kept_table. */
bool web_served_is_sound(const void *key, const void *value);
